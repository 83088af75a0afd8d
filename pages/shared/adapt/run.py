"""A run: which one is shown, how it goes, and what can be done with its model."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.adapt import texts
from pages.shared.adapt.outcome import draw_measures, draw_options, draw_together, draw_verdict
from pages.shared.frame import errors_shown, show_error
from pages.shared.permission import permitted
from prodsim.adapt import RunFolder, Status, TrainingRecipe
from prodsim.adapt.runs import CARD, RECIPE
from prodsim.encoders.adapted import ADAPTED_PREFIX
from prodsim.errors import ProdsimError, StaleArtifact
from prodsim.progress import duration
from prodsim.roles import require_role
from prodsim.workspace import BUILD_SHARES, OpenCatalog, build_key, go_back
from prodsim.workspace.adaptations import Adaptations
from prodsim.workspace.tensorboard import start_tensorboard

VIEW = "adapt view"
"""The key of the choice between a new run and those there are, also in the link."""
POLLED_S = 2.0


def adaptations() -> Adaptations:
    """Return those of this server's workspace."""
    return Adaptations(state.workspace())


def draw_present(opened: OpenCatalog) -> None:
    """Draw which encoder the catalog uses now, and the way back where it was adapted."""
    before = adaptations().before(opened.name)
    if before is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(texts.PRESENT(encoder=opened.info.encoder, before=before.encoder))
        st.space("stretch")
        st.button(
            texts.GO_BACK(), icon=":material/undo:", on_click=_go_back, args=(opened.name,),
            **permitted("build"),
        )  # fmt: skip


def choose_run(runs: list[RunFolder]) -> RunFolder:
    """Draw the choice of a run, the newest by default, and return it."""
    names = {run.name: run for run in runs}
    if st.session_state.get("run") not in names:
        st.session_state.pop("run", None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            texts.RUN(), list(names), key="run", format_func=lambda name: _label(names[name]), width=560
        )
    if len(runs) > 1:
        with st.expander(texts.ALL_RUNS(n=len(runs)), icon=":material/table_rows:"):
            st.dataframe(_table(runs), hide_index=True, alt=texts.ALL_RUNS(n=len(runs)))
    return names[chosen]


def draw_run(opened: OpenCatalog, run: RunFolder) -> None:
    """Draw a run: as it goes, or what came of it."""
    run_state = adaptations().state(run)
    if run_state == "running":
        _draw_live(run)
        return
    numbers = run.numbers()
    outcome = None
    try:
        outcome = run.outcome
    except StaleArtifact as error:
        show_error(error)
    if outcome is None:
        _draw_unfinished(run, run_state)
    else:
        draw_verdict(outcome)
        option = draw_options(outcome)
        _offer_model(opened, run, option, is_better=outcome.is_better)
        draw_together(outcome)
        draw_measures(outcome)
    if len(numbers):
        _draw_numbers(numbers, outcome.best_at if outcome else None)


def _draw_unfinished(run: RunFolder, run_state: str) -> None:
    status = run.status
    if status is not None and any(status.error):
        show_error(ProdsimError(*status.error))
    else:
        st.info(texts.UNFINISHED(state=texts.STATES[run_state]()), icon=":material/pause_circle:")
    with st.container(horizontal=True):
        st.button(
            shared.CONTINUE(), icon=":material/play_arrow:", type="primary", on_click=_go_on, args=(run,),
            **permitted("build"),
        )  # fmt: skip
        st.button(
            shared.DISCARD(),
            icon=":material/delete:",
            on_click=_discard,
            args=(run,),
            **permitted("build"),
        )


@st.fragment(run_every=POLLED_S)
def _draw_live(run: RunFolder) -> None:
    """Draw the run at work: how far it is, loss and quality; the page is drawn anew when it ends."""
    status = run.status
    if status is None or adaptations().state(run) != "running":
        st.rerun(scope="app")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(status.step / status.total if status.total else 0.0, text=_progress(status), width="stretch")
        is_stopping = run.is_stop_requested
        st.button(
            texts.STOPPING() if is_stopping else texts.STOP(),
            icon=":material/stop_circle:",
            key="stop run",
            on_click=_stop,
            args=(run,),
            **permitted("build", is_off=is_stopping),
        )
    st.caption(texts.OWN_PROCESS())
    numbers = run.numbers()
    _draw_rounds(run.recipe, numbers)
    if len(numbers):
        _draw_numbers(numbers, None)


def _draw_rounds(recipe: TrainingRecipe, numbers: pd.DataFrame) -> None:
    """Draw how many rounds catalogs have learned together, and how many took part in the last."""
    taken = numbers.loc[numbers["name"] == "clients", "value"]
    if len(taken):
        n = len(recipe.partners) + 1
        st.caption(texts.ROUNDS(n=len(taken), total=recipe.rounds, taken=int(taken.iloc[-1]), catalogs=n))


def _draw_numbers(numbers: pd.DataFrame, best_at: int | None) -> None:
    from prodsim.output.charts import training_figure

    figure = training_figure(numbers, best_at)
    st.plotly_chart(figure, key="training", config={"displayModeBar": False}, alt=texts.CHART())


def _offer_model(opened: OpenCatalog, run: RunFolder, option: str, *, is_better: bool) -> None:
    is_used = opened.info.encoder == f"{ADAPTED_PREFIX}{run.name}" + (f"/{option}" if option else "")
    is_building = any(job.title == run.catalog for job in state.active_jobs())
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_used:
            st.badge(texts.IN_USE(), icon=":material/check:", color="green")
        elif is_better:
            st.button(
                texts.USE_MODEL(),
                type="primary",
                icon=":material/check:",
                on_click=_use,
                args=(run, option),
                **permitted("build", is_off=is_building),
            )
        _offer_file(texts.MODEL_CARD(), run.path / CARD, f"{run.name}.md", ":material/description:")
        _offer_file(texts.RECIPE(), run.path / RECIPE, f"{run.name}.yaml", ":material/receipt_long:")
        if not is_used:
            st.button(
                shared.DISCARD(), icon=":material/delete:", on_click=_discard, args=(run,),
                **permitted("build", is_off=is_building),
            )  # fmt: skip
        st.button(
            texts.TENSORBOARD(), icon=":material/monitoring:", on_click=_open_tensorboard, args=(run.path.parent,),
            **permitted("build"),
        )  # fmt: skip
    if "tensorboard" in st.session_state:
        st.link_button(texts.OPEN_TENSORBOARD(), st.session_state["tensorboard"], icon=":material/open_in_new:")


def _offer_file(label: str, path: Path, name: str, icon: str) -> None:
    st.download_button(label, path.read_text(encoding="utf-8"), name, on_click="ignore", icon=icon)


def _open_tensorboard(folder: Path) -> None:
    with errors_shown():
        st.session_state["tensorboard"] = tensorboard_of(str(folder))


@st.cache_resource(max_entries=1)
def tensorboard_of(folder: str) -> str:
    """Return the address of a TensorBoard over all runs, started once per server, for this machine alone."""
    return start_tensorboard(Path(folder))


def _stop(run: RunFolder) -> None:
    """Ask a run of adapting to stop."""
    with errors_shown():
        require_role("build" if run.is_shown else "administer")
        run.ask_to_stop()


def _go_on(run: RunFolder) -> None:
    with errors_shown():
        adaptations().go_on(run)


def _discard(run: RunFolder) -> None:
    with errors_shown():
        adaptations().throw_away(run)
        st.toast(texts.DISCARDED())


def _use(run: RunFolder, option: str) -> None:
    name = run.catalog
    work = lambda job: adaptations().use(run, option, job)  # noqa: E731 - runs as a job, as any build
    state.job_runner().submit(build_key(name), name, work, BUILD_SHARES)


def _go_back(name: str) -> None:
    state.job_runner().submit(build_key(name), name, lambda job: go_back(state.workspace(), name, job), BUILD_SHARES)


def _label(run: RunFolder) -> str:
    return texts.RUN_STATE(run=run.name, state=texts.STATES[adaptations().state(run)]())


def _progress(status: Status) -> str:
    activity = texts.ACTIVITIES.get(status.doing, texts.STARTING)()
    if not status.total:
        return activity
    if not status.left_s:
        return texts.BATCH(activity=activity, step=status.step, total=status.total)
    return texts.BATCH_LEFT(activity=activity, step=status.step, total=status.total, time=duration(status.left_s))


def _table(runs: list[RunFolder]) -> pd.DataFrame:
    rows = []
    for run in runs:
        outcome = run.find_outcome()
        gain = None if outcome is None else outcome.measured.of("meaning", "recall@1")
        rows.append(
            {
                texts.RUN(): run.name,
                texts.RECIPE(): run.recipe.kind,
                texts.STATE(): texts.STATES[adaptations().state(run)](),
                texts.BEFORE(): None if gain is None else round(gain.before, 3),
                texts.AFTER(): None if gain is None else round(gain.after, 3),
                texts.MINUTES(): round(run.status.seconds / 60, 1) if run.status else None,
            }
        )
    return pd.DataFrame(rows)
