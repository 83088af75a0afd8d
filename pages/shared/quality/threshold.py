"""The sensitivity of the checks, and the scores beside which another threshold is tried."""

from typing import get_args

import streamlit as st

from pages.shared import link, state
from pages.shared.background import answered, ask
from pages.shared.checks import DEFAULT_LEVEL, THRESHOLD_LINK, linked_threshold
from pages.shared.quality import texts
from prodsim.jobs import Job
from prodsim.output.charts import thresholds_figure
from prodsim.phrases import Plural
from prodsim.quality import Level
from prodsim.quality.duplicates.explorer import ThresholdExplorer
from prodsim.quality.duplicates.thresholds import describe_origin
from prodsim.quality.subject import LEVEL_TITLES
from prodsim.workspace import OpenCatalog
from prodsim.workspace.checks import judged_pairs

SCORES_PLACE = "scores"
THRESHOLD_STEP = 0.01
"""Of the slider."""


def choose_level() -> Level:
    """Draw the choice of how certain a finding must be."""
    levels: dict[Level, str] = {level: LEVEL_TITLES[level]() for level in get_args(Level)}
    return link.choose(
        st.segmented_control,
        texts.SENSITIVITY(),
        levels,
        "level",
        DEFAULT_LEVEL,
        required=True,
        help=texts.SENSITIVITY_HELP(),
    )


def draw_scores(opened: OpenCatalog, level: Level) -> None:
    """Draw, on demand, the scores of closest products and random pairs, with a threshold that can be moved."""
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level)
    work = lambda job: _explorer(opened, level, job)  # noqa: E731 - runs as a job
    st.button(
        texts.SHOW_SCORES(),
        icon=":material/bar_chart:",
        on_click=ask,
        key="scores",
        width="stretch",
        args=(SCORES_PLACE, question, texts.SCORES(), work),
        help=texts.SCORES_HELP(),
    )
    explorer: ThresholdExplorer | None = answered(SCORES_PLACE, question, 220)
    if explorer is not None:
        _draw_threshold(explorer, level)


@st.fragment
def _draw_threshold(explorer: ThresholdExplorer, level: Level) -> None:
    """Draw the histogram with its line, a slider that moves it, what that would give, and where it comes from."""
    thresholds, linked = explorer.candidates.thresholds, linked_threshold()
    of_level = thresholds.of_level[level]
    now = of_level if linked is None else linked
    place = st.container()
    moved = st.slider(
        texts.THRESHOLD(), explorer.lowest, 1.0, round(max(now, explorer.lowest), 2), THRESHOLD_STEP,
        key=f"threshold {level} {now:.4f}", help=texts.THRESHOLD_HELP(),
    )  # fmt: skip
    value = now if abs(moved - now) < THRESHOLD_STEP / 2 else moved
    figure = thresholds_figure(thresholds, value)
    place.plotly_chart(figure, key="threshold", config={"displayModeBar": False}, alt=texts.SCORES_ALT())
    st.caption(describe_threshold(explorer, now, value))
    with st.container(horizontal=True):
        apply = st.button(texts.APPLY_THRESHOLD(value=value), key="apply", type="primary", disabled=value == now)
        reset = st.button(texts.RESET_THRESHOLD(value=of_level), key="reset", disabled=linked is None)
    st.caption(describe_origin(thresholds.origin if linked is None else "asked"))
    if apply or reset:
        _put_into_link(value if apply else None)
        st.rerun()


def describe_threshold(explorer: ThresholdExplorer, now: float, value: float) -> str:
    """Say how many groups a threshold gives, and how many more that is than at the present one."""
    after = explorer.groups(value)
    before = explorer.groups(now) if now >= explorer.lowest else after
    sentence = texts.AT_THRESHOLD(
        value=value,
        duplicates=_count(texts.N_DUPLICATE_GROUPS, len(before.duplicates), len(after.duplicates)),
        repeated=_count(texts.N_REPEATED, before.repeated, after.repeated),
        variants=_count(texts.N_VARIANT_GROUPS, len(before.variants), len(after.variants)),
    )
    return f"{sentence} {texts.BELOW_LOWEST(value=now)}" if now < explorer.lowest else sentence


def _count(text: Plural, before: int, after: int) -> str:
    return text(after) if after == before else texts.COUNT_CHANGE(count=text(after), change=after - before)


def _put_into_link(threshold: float | None) -> None:
    if threshold is None:
        st.query_params.pop(THRESHOLD_LINK, None)
    else:
        st.query_params[THRESHOLD_LINK] = f"{threshold:g}"


def _explorer(opened: OpenCatalog, level: Level, job: Job) -> ThresholdExplorer:
    job.step("duplicates", len(opened.catalog), "products")
    decided = state.workspace().records(opened.name).decisions().values()
    return ThresholdExplorer.of(opened.subject(level, judged=judged_pairs(decided, opened.catalog)), job)
