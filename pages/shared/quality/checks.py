"""Run the checks at a level, join the findings with the decisions, and try another threshold."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Self, TypeAlias, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.shared import link, state
from pages.shared.background import PATIENCE_S, answered, ask, is_current
from pages.shared.frame import as_written
from pages.shared.quality import texts
from pages.shared.quality.finding_card import ReviewItem
from prodsim.catalog import Catalog
from prodsim.jobs import Job
from prodsim.output.charts import thresholds_figure
from prodsim.output.health import Health
from prodsim.phrases import Plural
from prodsim.progress import duration
from prodsim.quality import Level
from prodsim.quality.duplicates.explorer import ThresholdExplorer
from prodsim.quality.duplicates.thresholds import describe_origin
from prodsim.quality.subject import LEVEL_TITLES
from prodsim.records import CheckSummary, Decision, Records, finding_key
from prodsim.records.decisions import product_digests, state_of
from prodsim.workspace import OpenCatalog
from prodsim.workspace.checks import CheckReport, judged_pairs
from prodsim.workspace.recorded_checks import check_and_record

Work: TypeAlias = "Callable[[Job], CheckResults]"

CHECKS_PLACE, SCORES_PLACE = "checks", "scores"
DEFAULT_LEVEL: Level = "usual"
SECONDS_PER_PRODUCT = 120 / 100_000
"""That all checks take at most, on two cores."""
THRESHOLD_LINK = "threshold"
"""Name of the threshold in the link."""
THRESHOLD_STEP = 0.01
"""Of the slider."""


@dataclass(frozen=True)
class CheckResults:
    """What the checks report, with what every click looks up of it.

    Attributes:
        report: of the checks.
        health: of the catalog by its findings.
        kinds: of each finding.
        items: the findings while nothing is decided.
        places: of the findings, by key.
        looks: of products that were decided about, see ``product_digests``; filled as they are needed.
    """

    report: CheckReport
    health: Health
    kinds: NDArray[np.str_]
    items: tuple[ReviewItem, ...]
    places: Mapping[str, Sequence[int]]
    looks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, report: CheckReport, opened: OpenCatalog) -> Self:
        """Look everything up once."""
        items = tuple(
            ReviewItem(finding, finding_key(finding), state_of(finding, None, {}), None) for finding in report.findings
        )
        places: dict[str, list[int]] = {}
        for place, item in enumerate(items):
            places.setdefault(item.key, []).append(place)
        kinds = np.array([finding.kind for finding in report.findings], np.str_)
        return cls(report, Health(opened.catalog, report.findings), kinds, items, places)


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


def get_results(opened: OpenCatalog, records: Records, level: Level) -> CheckResults | None:
    """Return what the checks report; None while there is nothing, with a way to run them or their progress drawn."""
    threshold = linked_threshold()
    if threshold is not None:
        st.caption(texts.OWN_THRESHOLD(threshold=threshold))
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level, threshold)
    work = lambda job: run_checks(opened, records, level, job, threshold)  # noqa: E731 - runs as a job
    if is_checked(opened, records, level):
        ask(CHECKS_PLACE, question, texts.CHECKS(), work)
    results: CheckResults | None = answered(CHECKS_PLACE, question, 420, PATIENCE_S)
    if results is None and not is_current(CHECKS_PLACE, question):
        _offer_checks(opened, records.summaries(level), question, work)
    return results


def run_checks(
    opened: OpenCatalog, records: Records, level: Level, job: Job, threshold: float | None = None
) -> CheckResults:
    """Run the checks as a job; findings that were kept are only read. A whole run of a new version joins the trend."""
    results = CheckResults.of(check_and_record(opened, records, (), level, threshold, job), opened)
    _look(results, records.decisions(), opened.catalog)  # here rather than at the first click: many take a second
    return results


def is_checked(opened: OpenCatalog, records: Records, level: Level) -> bool:
    """Return whether the catalog as it is now was checked at that level."""
    return any(summary.version == opened.info.artifacts["catalog"] for summary in records.summaries(level))


def with_decisions(
    results: CheckResults, decisions: Mapping[str, Decision], catalog: Catalog
) -> tuple[ReviewItem, ...]:
    """Return each finding with its state and decision."""
    items = list(results.items)
    _look(results, decisions, catalog)
    for key, decision in decisions.items():
        for place in results.places.get(key, ()):
            became = state_of(items[place].finding, decision, results.looks)
            items[place] = replace(items[place], state=became, decision=decision)
    return tuple(items)


def _look(results: CheckResults, decisions: Mapping[str, Decision], catalog: Catalog) -> None:
    """Add how the products look now that were decided about since the last time."""
    skus = dict.fromkeys(sku for decision in decisions.values() for sku in decision.looked if sku not in results.looks)
    results.looks.update(product_digests(catalog, skus) if skus else {})


def linked_threshold() -> float | None:
    """Return the threshold of the link, which replaces the level's; say so where it cannot be used."""
    text = st.query_params.get(THRESHOLD_LINK)
    try:
        value = None if text is None else float(text)
    except ValueError:
        value = nan
    if value is not None and not 0 <= value <= 1:
        st.caption(texts.THRESHOLD_IGNORED(text=as_written(str(text))))
        return None
    return value


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


def _offer_checks(opened: OpenCatalog, earlier: Sequence[CheckSummary], question: Hashable, work: Work) -> None:
    """Draw a button that starts the checks, with the time they take."""
    seconds = max(2.0, SECONDS_PER_PRODUCT * len(opened.catalog))
    why = texts.CATALOG_CHANGED if earlier else texts.NOT_CHECKED
    st.info(why(duration=duration(seconds)), icon=":material/fact_check:")
    label = texts.CHECK_AGAIN() if earlier else texts.CHECK()
    arguments = (CHECKS_PLACE, question, texts.CHECKS(), work)
    st.button(
        label, key="check", type="primary", icon=":material/play_arrow:", on_click=ask, args=arguments,
        kwargs={"is_for_everybody": True},
    )  # fmt: skip
