"""What the Adapt page is made of: a recipe, what it will use, a run as it goes, and what came of it."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.shared import state
from pages.shared.adapt.outcome import draw_measures, draw_options, draw_verdict
from pages.shared.background import answered, ask_anew
from pages.shared.frame import errors_shown, show_error
from prodsim.adapt import FEWEST, RECIPES, SOURCES, Kind, Method, Plan, RunFolder, Status, TrainingRecipe
from prodsim.adapt.runs import CARD, RECIPE
from prodsim.encoders.adapted import PREFIX, SCRATCH
from prodsim.encoders.transformer import MINILM
from prodsim.errors import ProdsimError, StaleArtifact
from prodsim.jobs import Job
from prodsim.progress import duration
from prodsim.workspace import BUILD_SHARES, OpenCatalog, build_key, go_back
from prodsim.workspace.adaptations import Adaptations
from prodsim.workspace.tensorboard import start_tensorboard

N_EXAMPLES = 200
POLLED_S = 2.0
METHODS: tuple[Method, ...] = ("lora", "full")
STATES = {
    "running": "at work",
    "done": "done",
    "failed": "failed",
    "stopped": "stopped",
    "interrupted": "interrupted",
}
DOING = {
    "pairs": "finding pairs",
    "counterexamples": "finding what must be told apart",
    "load": "loading the model",
    "masked words": "guessing masked words",
    "taught": "learning from the encoder that it has",
    "train": "training",
    "save": "saving",
    "encode": "encoding the catalog",
    "quantise": "turning weights into whole numbers",
    "measure": "asking questions on products kept out",
    "search": "asking questions on products kept out",
}
NEEDS: dict[Kind, str] = {
    "language": "Needs nothing but the catalog.",
    "judgements": f"Needs {FEWEST} pairs or more: judgements, decisions on findings, or a file of pairs.",
    "shoppers": "Needs histories, brought on the Recommend page.",
    "smaller": "Tries half of the layers, whole numbers and shorter vectors, and lets you pick.",
}


@dataclass(frozen=True)
class _Planned:
    """What a run would use, and how long it would take."""

    plan: Plan
    seconds: float


def adaptations() -> Adaptations:
    """Of this server's workspace."""
    return Adaptations(state.workspace())


def draw_present(opened: OpenCatalog) -> None:
    """Which encoder reads the catalog now, and the way back where it was adapted."""
    before = adaptations().before(opened.name)
    if before is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(f"This catalog is read by {opened.info.encoder}; before it was {before.encoder}.")
        st.space("stretch")
        st.button("Go back", icon=":material/undo:", on_click=_go_back, args=(opened.name,))


def ask_recipe(opened: OpenCatalog) -> tuple[TrainingRecipe, Path | None]:
    """The recipe, and a file of pairs if one is given."""
    kinds: list[Kind] = list(RECIPES)
    kind: Kind = st.radio(
        "Recipe", kinds, format_func=lambda one: RECIPES[one], captions=[NEEDS[one] for one in kinds], key="kind",
        bind="query-params",
    )  # fmt: skip
    suits = adaptations().base_of(opened)
    usual = TrainingRecipe(kind)
    with st.expander("More", icon=":material/tune:"), st.container(horizontal=True, vertical_alignment="bottom"):
        base = st.selectbox(
            "Base", list(dict.fromkeys([suits, MINILM.name, SCRATCH])), key=f"base {opened.name}",
            accept_new_options=True, width=180,
            format_func=lambda one: f"{one} (suits)" if one == suits else one,
            help="The model to begin with. Another sentence-transformers model can be typed, by its name or folder.",
        )  # fmt: skip
        method: Method = st.segmented_control(
            "Train", METHODS, default="lora", key="method", required=True,
            help="lora: a few small matrices beside the base, a few megabytes a catalog. full: all of its weights.",
        )  # fmt: skip
        batches = st.number_input(
            "Batches", 5, 5000, usual.batches, step=20, key="batches", help=f"Of {usual.batch} pairs, at most."
        )
        rate = st.number_input(
            "Learning rate", 1e-6, 1e-2, usual.learning_rate, step=1e-4, format="%.2e", key="learning rate",
            help="At its highest. Lower it where the loss jumps, or where all weights are trained.",
        )  # fmt: skip
        seed = st.number_input("Seed", 0, 10_000, 0, key="seed", help="The same seed gives the same model.")
        adversarial = st.toggle(
            "Adversarial", key="adversarial",
            help="Moves the words' vectors where it hurts most while it learns: sturdier, and takes twice the time.",
        )  # fmt: skip
    uploaded = None
    if kind in ("language", "judgements"):
        uploaded = st.file_uploader(
            "Known pairs (sku_a, sku_b, label) or clusters (sku, cluster_id), optional", ("csv", "parquet"),
            key="truth", help="The first recipe only measures by them; the second learns from four fifths of them.",
        )  # fmt: skip
    truth = _kept(uploaded) if uploaded else None
    base = suits if kind == "smaller" else base or suits
    said = "a small model of the catalog's own" if base == SCRATCH else base
    said = opened.info.encoder if kind == "smaller" else said
    st.caption(
        f"Begins with {said}. One product in five is kept out, and only measured on. Nothing leaves this machine."
    )
    recipe = TrainingRecipe(
        kind, base, method, batches=int(batches), learning_rate=rate, seed=int(seed),
        perturbation=0.1 if adversarial else 0.0,
    )  # fmt: skip
    return recipe, truth


def draw_plan(opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None) -> None:
    """What it will use and how long it takes, examples that can be struck out, and the start."""
    question = (opened.name, opened.info.built, recipe, str(truth))

    def work(job: Job) -> _Planned:
        plan = adaptations().plan(opened, recipe, truth, progress=job)
        job.step("estimate")
        return _Planned(plan, adaptations().estimate_s(opened, recipe, plan))

    st.button(
        "See what it will use", icon=":material/visibility:", on_click=ask_anew,
        args=("plan", question, "Preparing", work), key="see plan",
    )  # fmt: skip
    found: _Planned | None = answered("plan", question, 420)
    if found is None:
        return
    plan = found.plan
    if recipe.kind != "smaller":
        st.markdown("\n".join(f"* {n:,} × {SOURCES[source]}" for source, n in plan.pairs.counts().items()))
    st.text(
        f"{len(plan.kept_out):,} of {opened.info.products:,} products are kept out; {len(plan.probes):,} questions "
        f"about them are asked at the end. It will take about {duration(found.seconds)} here."
    )
    struck = _ask_struck(opened, plan) if recipe.kind != "smaller" else set()
    told = f"Start without {len(struck):,} pairs" if struck else "Start"
    st.button(told, type="primary", icon=":material/play_arrow:", on_click=_start, args=(opened, recipe, truth, struck))


def _ask_struck(opened: OpenCatalog, plan: Plan) -> set[tuple[str, str, str]]:
    """Examples in a table; the rows chosen are struck out."""
    table = plan.pairs.table(opened.catalog)
    between = table[table["source"] != "two views"]
    shown = (between if len(between) else table).sample(frac=1, random_state=0).head(N_EXAMPLES)
    st.caption(
        f"{len(shown):,} of {len(table):,} pairs, drawn evenly, those of one text last. Choose rows to strike them out."
    )
    picked = st.dataframe(
        shown[["text_a", "text_b", "source"]].rename(columns={"text_a": "this", "text_b": "belongs to"}),
        hide_index=True, key="pairs table", on_select="rerun", selection_mode="multi-row", height=320,
        alt="Pairs to learn from",
    )  # fmt: skip
    rows = shown.iloc[picked["selection"]["rows"]]
    return set(rows[["sku_a", "sku_b", "source"]].itertuples(index=False, name=None))


def pick_run(runs: list[RunFolder]) -> RunFolder:
    """The run that is looked at; the newest by default."""
    names = {run.name: run for run in runs}
    if st.session_state.get("run") not in names:
        st.session_state.pop("run", None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Run", list(names), key="run", format_func=lambda name: _told(names[name]), width=560)
    if len(runs) > 1:
        with st.expander(f"All {len(runs):,} runs", icon=":material/table_rows:"):
            st.dataframe(_table(runs), hide_index=True, alt="All runs")
    return names[chosen]


def draw_run(opened: OpenCatalog, run: RunFolder) -> None:
    """A run: as it goes, or what came of it."""
    kept = adaptations().state(run)
    if kept == "running":
        _draw_live(run)
        return
    status = run.status
    numbers = run.numbers()
    outcome = None
    try:
        outcome = run.outcome
    except StaleArtifact as error:
        show_error(error)
    if outcome is not None:
        draw_verdict(outcome)
        option = draw_options(outcome)
        _offer_end(opened, run, option, is_better=outcome.is_better)
        draw_measures(outcome)
    else:
        if status is not None and any(status.error):
            show_error(ProdsimError(*status.error))
        else:
            st.info(f"This run was {STATES[kept]}; what it did so far is kept.", icon=":material/pause_circle:")
        with st.container(horizontal=True):
            st.button("Go on", icon=":material/play_arrow:", type="primary", on_click=_go_on, args=(run,))
            st.button("Throw away", icon=":material/delete:", on_click=_throw_away, args=(run,))
    if len(numbers):
        _draw_numbers(numbers, outcome.best_at if outcome else None)


@st.fragment(run_every=POLLED_S)
def _draw_live(run: RunFolder) -> None:
    """The run at work: how far it is, loss and quality; the page is drawn anew when it ends."""
    status = run.status
    if status is None or adaptations().state(run) != "running":
        st.rerun(scope="app")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(status.step / status.total if status.total else 0.0, text=_progress(status), width="stretch")
        is_stopping = run.is_asked_to_stop
        st.button(
            "Stopping" if is_stopping else "Stop and keep the best", icon=":material/stop_circle:", key="stop run",
            on_click=run.ask_to_stop, disabled=is_stopping,
        )  # fmt: skip
    st.caption("It runs in a process of its own at a low priority: this page, and the server, may be closed meanwhile.")
    numbers = run.numbers()
    if len(numbers):
        _draw_numbers(numbers, None)


def _draw_numbers(numbers: pd.DataFrame, best_at: int | None) -> None:
    from prodsim.output.charts import training_figure

    st.plotly_chart(
        training_figure(numbers, best_at), key="training", config={"displayModeBar": False},
        alt="Loss and held-out quality by batch",
    )  # fmt: skip


def _offer_end(opened: OpenCatalog, run: RunFolder, option: str, *, is_better: bool) -> None:
    is_used = opened.info.encoder == f"{PREFIX}{run.name}" + (f"/{option}" if option else "")
    is_building = any(job.title == run.catalog for job in state.active_jobs())
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_used:
            st.badge("This catalog's encoder", icon=":material/check:", color="green")
        elif is_better:
            st.button(
                "Use it",
                type="primary",
                icon=":material/check:",
                on_click=_use,
                args=(run, option),
                disabled=is_building,
            )
        st.download_button(
            "Model card", (run.path / CARD).read_text(encoding="utf-8"), f"{run.name}.md", "text/markdown",
            on_click="ignore", icon=":material/description:",
        )  # fmt: skip
        st.download_button(
            "Recipe", (run.path / RECIPE).read_text(encoding="utf-8"), f"{run.name}.yaml", "text/yaml",
            on_click="ignore", icon=":material/receipt_long:",
        )  # fmt: skip
        if not is_used:
            st.button("Throw away", icon=":material/delete:", on_click=_throw_away, args=(run,), disabled=is_building)
        st.button("TensorBoard", icon=":material/monitoring:", on_click=_open_tensorboard, args=(run.path.parent,))
    if "tensorboard" in st.session_state:
        st.link_button("Open TensorBoard", st.session_state["tensorboard"], icon=":material/open_in_new:")


def _open_tensorboard(folder: Path) -> None:
    with errors_shown():
        st.session_state["tensorboard"] = tensorboard_of(str(folder))


@st.cache_resource(max_entries=1)
def tensorboard_of(folder: str) -> str:
    """The address of a TensorBoard over all runs, started once per server, for this machine alone."""
    return start_tensorboard(Path(folder))


def _kept(uploaded: UploadedFile) -> Path:
    """The uploaded file on the disk, written once."""
    key = f"kept {uploaded.file_id}"
    if key not in st.session_state:
        st.session_state[key] = state.workspace().keep_upload(uploaded.name, uploaded)
    path: Path = st.session_state[key]
    return path


def _start(opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None, struck: set[tuple[str, str, str]]) -> None:
    with errors_shown():
        run = adaptations().start(opened, recipe, truth, struck)
        st.session_state["run"] = run.name
        st.session_state["adapt view"] = "Runs"


def _go_on(run: RunFolder) -> None:
    with errors_shown():
        adaptations().go_on(run)


def _throw_away(run: RunFolder) -> None:
    with errors_shown():
        adaptations().throw_away(run)
        st.toast("Thrown away; nothing of it is left.")


def _use(run: RunFolder, option: str) -> None:
    name = run.catalog
    state.job_runner().submit(
        build_key(name), name, lambda job: adaptations().use(run, option, job), BUILD_SHARES
    )  # a job as any build


def _go_back(name: str) -> None:
    state.job_runner().submit(build_key(name), name, lambda job: go_back(state.workspace(), name, job), BUILD_SHARES)


def _told(run: RunFolder) -> str:
    return f"{run.name} · {STATES[adaptations().state(run)]}"


def _progress(status: Status) -> str:
    told = DOING.get(status.doing, status.doing or "starting").capitalize()
    if not status.total:
        return told
    left = f" · about {duration(status.left_s)} left" if status.left_s else ""
    return f"{told} · batch {status.step:,} of {status.total:,}{left}"


def _table(runs: list[RunFolder]) -> pd.DataFrame:
    rows = []
    for run in runs:
        outcome = run.find_outcome()
        gain = None if outcome is None else outcome.measured.of("meaning", "recall@1")
        rows.append(
            {
                "run": run.name,
                "recipe": run.recipe.kind,
                "state": STATES[adaptations().state(run)],
                "before": None if gain is None else round(gain.before, 3),
                "after": None if gain is None else round(gain.after, 3),
                "minutes": round(run.status.seconds / 60, 1) if run.status else None,
            }
        )
    return pd.DataFrame(rows)
