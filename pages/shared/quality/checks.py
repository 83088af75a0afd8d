"""Checking: running the checks at a level, and what was decided about their findings."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Self, TypeAlias, cast, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.shared import state
from pages.shared.background import PATIENCE_S, answered, ask, is_asked
from pages.shared.quality.finding_card import Found
from prodsim.catalog import Catalog
from prodsim.jobs import Job
from prodsim.output.charts import thresholds_figure
from prodsim.output.health import Health
from prodsim.progress import duration
from prodsim.quality import Level
from prodsim.quality.duplicates.explorer import ThresholdExplorer
from prodsim.quality.duplicates.thresholds import describe_origin
from prodsim.records import CheckSummary, Decision, Records, finding_key
from prodsim.records.decisions import looks_of, state_of
from prodsim.workspace import OpenCatalog
from prodsim.workspace.checks import CheckReport, judged_pairs
from prodsim.workspace.recorded_checks import check_and_record

Work: TypeAlias = "Callable[[Job], Checked]"

PLACE, SCORES = "checks", "scores"
SECONDS_PER_PRODUCT = 120 / 100_000
"""That all checks take at most, on two cores."""
SCORES_HELP = "How close each product is to its closest other, next to random pairs, and where the threshold lies."
LINK = "threshold"
"""Name of the moved threshold in the link."""
STEP = 0.01
"""Of the slider."""
MOVE_HELP = "Products are taken for one from this score on. Nothing is found anew before you say so."
LEVEL_HELP = "Strict gives few and sure findings, loose many and less sure ones. Each level keeps its own findings."


@dataclass(frozen=True)
class Checked:
    """What the checks found, with what is looked up of it at every click.

    Attributes:
        report: of the checks.
        health: of the catalog by its findings.
        kinds: of each finding.
        found: the findings as they are while nothing is decided.
        places: of the findings, by key.
        looks: of products that were decided about, see ``looks_of``; filled as they are asked for.
    """

    report: CheckReport
    health: Health
    kinds: NDArray[np.str_]
    found: tuple[Found, ...]
    places: Mapping[str, Sequence[int]]
    looks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, report: CheckReport, opened: OpenCatalog) -> Self:
        """Look everything up once."""
        found = tuple(Found(one, finding_key(one), state_of(one, None, {}), None) for one in report.findings)
        places: dict[str, list[int]] = {}
        for place, one in enumerate(found):
            places.setdefault(one.key, []).append(place)
        kinds = np.array([one.kind for one in report.findings], np.str_)
        return cls(report, Health(opened.catalog, report.findings), kinds, found, places)


def ask_level() -> Level:
    """How much it takes to be found."""
    levels = get_args(Level)
    chosen = st.segmented_control(
        "Found is what is",
        levels,
        key="level",
        bind="query-params",
        default="usual",
        required=True,
        help=LEVEL_HELP,
        label_visibility="collapsed",
    )
    return cast("Level", chosen)


def checked(opened: OpenCatalog, records: Records, level: Level) -> Checked | None:
    """What was found; None, with what can be done about it, while there is nothing to show."""
    threshold = asked_threshold()
    if threshold is not None:
        st.caption(f"The threshold of duplicates and variants is {threshold:g}, chosen by hand.")
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level, threshold)
    work = lambda job: check(opened, records, level, job, threshold)  # noqa: E731 - runs as a job
    if is_checked(opened, records, level):
        ask(PLACE, question, "Checks", work)
    found: Checked | None = answered(PLACE, question, 420, PATIENCE_S)
    if found is None and not is_asked(PLACE, question):
        _offer_checks(opened, records.summaries(level), question, work)
    return found


def check(opened: OpenCatalog, records: Records, level: Level, job: Job, threshold: float | None = None) -> Checked:
    """Run the checks as a job; what was found before is only read. A whole run of a new version joins the trend."""
    report = check_and_record(opened, records, (), level, threshold, job)
    checked = Checked.of(report, opened)
    _look(checked, records.decisions(), opened.catalog)  # here rather than at the first click: many take a second
    return checked


def is_checked(opened: OpenCatalog, records: Records, level: Level) -> bool:
    """Whether the catalog as it is now was checked at that level."""
    return any(one.version == opened.info.artifacts["catalog"] for one in records.summaries(level))


def with_decisions(checked: Checked, decisions: Mapping[str, Decision], catalog: Catalog) -> tuple[Found, ...]:
    """Each finding with its state and decision."""
    found = list(checked.found)
    _look(checked, decisions, catalog)
    for key, decision in decisions.items():
        for place in checked.places.get(key, ()):
            became = state_of(found[place].finding, decision, checked.looks)
            found[place] = replace(found[place], state=became, decision=decision)
    return tuple(found)


def _look(checked: Checked, decisions: Mapping[str, Decision], catalog: Catalog) -> None:
    """Learn how the products look now that were decided about since the last time."""
    asked = dict.fromkeys(sku for one in decisions.values() for sku in one.looked if sku not in checked.looks)
    checked.looks.update(looks_of(catalog, asked) if asked else {})


def asked_threshold() -> float | None:
    """The threshold that the link asks for in place of the level's; one that cannot be used is told."""
    text = st.query_params.get(LINK)
    try:
        value = None if text is None else float(text)
    except ValueError:
        value = nan
    if value is not None and not 0 <= value <= 1:
        st.caption(f"The link's threshold {text!r} is left out: it must be within 0 and 1.")
        return None
    return value


def draw_scores(opened: OpenCatalog, level: Level) -> None:
    """On demand, how close products are to their closest one and by chance, with a threshold that can be moved."""
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level)
    st.button(
        "Show the scores", icon=":material/bar_chart:", on_click=ask, key="scores", width="stretch",
        args=(SCORES, question, "Scores", lambda job: _movable(opened, level, job)), help=SCORES_HELP,
    )  # fmt: skip
    movable: ThresholdExplorer | None = answered(SCORES, question, 220)
    if movable is not None:
        _draw_threshold(movable, level)


@st.fragment
def _draw_threshold(movable: ThresholdExplorer, level: Level) -> None:
    """The histogram with its line, a slider that moves it, what that would find, and what makes it so."""
    thresholds, asked = movable.candidates.thresholds, asked_threshold()
    now = thresholds.of_level[level] if asked is None else asked
    place = st.container()
    moved = st.slider(
        "Threshold", movable.lowest, 1.0, round(max(now, movable.lowest), 2), STEP,
        key=f"threshold {level} {now:.4f}", help=MOVE_HELP,
    )  # fmt: skip
    value = now if abs(moved - now) < STEP / 2 else moved
    figure = thresholds_figure(thresholds, value)
    place.plotly_chart(figure, key="threshold", config={"displayModeBar": False}, alt="Scores and threshold")
    st.caption(told_move(movable, now, value))
    with st.container(horizontal=True):
        apply = st.button(f"Find from {value:.2f} on", type="primary", disabled=value == now)
        back = st.button(f"Back to {level}", disabled=asked is None)
    st.caption(describe_origin(thresholds.origin if asked is None else "asked"))
    if apply or back:
        _put_into_link(value if apply else None)
        st.rerun()


def told_move(movable: ThresholdExplorer, now: float, value: float) -> str:
    """What a threshold finds, and how much more that is than the present one does."""
    after = movable.groups(value)
    before = movable.groups(now) if now >= movable.lowest else after
    each = (
        ("group of duplicates", "groups of duplicates", len(before.duplicates), len(after.duplicates)),
        ("product that repeats another", "products that repeat another", before.repeated, after.repeated),
        ("group of variants", "groups of variants", len(before.variants), len(after.variants)),
    )
    told = ", ".join(
        f"{new:,} {one if new == 1 else several}" + (f" ({new - old:+,})" if new != old else "")
        for one, several, old, new in each
    )
    below = f" The present {now:.2f} lies below what can be tried here." if now < movable.lowest else ""
    return f"From {value:.2f} on: {told}.{below}"


def _put_into_link(threshold: float | None) -> None:
    if threshold is None:
        st.query_params.pop(LINK, None)
    else:
        st.query_params[LINK] = f"{threshold:g}"


def _movable(opened: OpenCatalog, level: Level, job: Job) -> ThresholdExplorer:
    job.step("duplicates", len(opened.catalog), "products")
    decided = state.workspace().records(opened.name).decisions().values()
    return ThresholdExplorer.of(opened.subject(level, judged=judged_pairs(decided, opened.catalog)), job)


def _offer_checks(opened: OpenCatalog, earlier: Sequence[CheckSummary], question: Hashable, work: Work) -> None:
    """A button that starts the checks, with the time they take."""
    seconds = max(2.0, SECONDS_PER_PRODUCT * len(opened.catalog))
    told = "The catalog has changed since it was checked." if earlier else "The catalog is not checked yet."
    st.info(
        f"{told} Checking takes about {duration(seconds)}; what was decided stays decided.",
        icon=":material/fact_check:",
    )
    label = "Check again" if earlier else "Check the catalog"
    arguments = (PLACE, question, "Checks", work)
    st.button(label, type="primary", icon=":material/play_arrow:", on_click=ask, args=arguments)
