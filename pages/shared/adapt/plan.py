"""The plan of a run: what it would learn from, how long it would take, pairs to exclude, and the start."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.shared import texts as shared
from pages.shared.adapt import texts
from pages.shared.adapt.run import VIEW, adaptations
from pages.shared.background import answered, ask_anew
from pages.shared.frame import errors_shown
from pages.shared.permission import permitted
from prodsim.adapt import PAIR_SOURCES, Plan, TrainingRecipe
from prodsim.jobs import Job
from prodsim.progress import duration
from prodsim.workspace import OpenCatalog

N_EXAMPLE_PAIRS = 200

Excluded = set[tuple[str, str, str]]
"""Pairs that a person took out: both SKUs and the source."""


@dataclass(frozen=True)
class _Preview:
    """What a run would use, and how long it would take."""

    plan: Plan
    seconds: float


def draw_plan(opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None) -> None:
    """Draw what the run would use and how long it takes, pairs that can be excluded, and the start."""
    question = (opened.name, opened.info.built, recipe, str(truth))

    def work(job: Job) -> _Preview:
        plan = adaptations().plan(opened, recipe, truth, progress=job)
        job.step("estimate")
        return _Preview(plan, adaptations().estimate_s(opened, recipe, plan))

    # no callback: it would ask for the recipe as it was drawn last, and one that was just changed had no answer
    if st.button(texts.PREVIEW(), icon=":material/visibility:", key="see plan"):
        ask_anew("plan", question, texts.PREPARING(), work)
    preview: _Preview | None = answered("plan", question, 420)
    if preview is None:
        return
    plan = preview.plan
    if recipe.kind != "smaller":
        lines = [texts.PAIRS_OF_SOURCE(n=n, source=PAIR_SOURCES[source]()) for source, n in plan.pairs.counts().items()]
        st.markdown("\n".join(f"* {line}" for line in lines))
    st.text(
        texts.PLAN(
            held_out=len(plan.kept_out),
            products=shared.N_PRODUCTS(opened.info.products),
            questions=len(plan.probes),
            time=duration(preview.seconds),
        )
    )
    excluded = _choose_excluded(opened, plan) if recipe.kind != "smaller" else set()
    st.button(
        texts.START_WITHOUT(len(excluded)) if excluded else texts.START(),
        type="primary",
        icon=":material/play_arrow:",
        on_click=_start,
        args=(opened, recipe, truth, excluded),
        **permitted("build"),
    )


def _choose_excluded(opened: OpenCatalog, plan: Plan) -> Excluded:
    """Draw a sample of the pairs as a table; return the selected ones."""
    table = plan.pairs.table(opened.catalog)
    between = table[table["source"] != "two views"]
    shown = (between if len(between) else table).sample(frac=1, random_state=0).head(N_EXAMPLE_PAIRS)
    st.caption(texts.PAIRS_SHOWN(shown=len(shown), total=len(table)))
    picked = st.dataframe(
        shown[["text_a", "text_b", "source"]],
        hide_index=True,
        key="pairs table",
        on_select="rerun",
        selection_mode="multi-row",
        height=320,
        alt=texts.PAIRS(),
        column_config={"text_a": texts.TEXT(), "text_b": texts.PARTNER(), "source": texts.SOURCE()},
    )
    rows = shown.iloc[picked["selection"]["rows"]]
    return set(rows[["sku_a", "sku_b", "source"]].itertuples(index=False, name=None))


def _start(opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None, excluded: Excluded) -> None:
    with errors_shown():
        run = adaptations().start(opened, recipe, truth, excluded)
        st.session_state["run"] = run.name
        st.session_state[VIEW] = "Runs"
