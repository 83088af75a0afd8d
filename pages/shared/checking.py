"""Checking: running the checks at a level, and what was decided about their findings."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeAlias, cast, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.shared.finding import Found
from pages.shared.waiting import PATIENCE_S, answered, ask, is_asked
from prodsim.catalog import Catalog
from prodsim.charts import thresholds_figure
from prodsim.health import Health
from prodsim.jobs import Job
from prodsim.quality import Level
from prodsim.quality.levels import Thresholds
from prodsim.quality.matches import match_products
from prodsim.records import CheckSummary, Decision, Records, finding_key
from prodsim.records.decisions import looks_of, state_of
from prodsim.workspace import CheckReport, OpenCatalog

Work: TypeAlias = "Callable[[Job], Checked]"

PLACE, SCORES = "checks", "scores"
SECONDS_PER_PRODUCT = 120 / 100_000
"""At most, on two cores."""
SCORES_HELP = "How close each product is to its closest other, next to random pairs, and where the threshold lies."
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
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level)
    work = lambda job: check(opened, records, level, job)  # noqa: E731 - runs as a job
    if is_checked(opened, records, level):
        ask(PLACE, question, "Checks", work)
    found: Checked | None = answered(PLACE, question, 420, PATIENCE_S)
    if found is None and not is_asked(PLACE, question):
        _offer_checks(opened, records.summaries(level), question, work)
    return found


def check(opened: OpenCatalog, records: Records, level: Level, job: Job) -> Checked:
    """The work behind it; what was found before is only read."""
    report = opened.check(level=level, progress=job)
    if [one.version for one in records.summaries(level)][-1:] != [report.version]:
        records.keep_summary(report.summary)
    checked = Checked.of(report, opened)
    _look(checked, records.decisions(), opened.catalog)  # many decisions take a second
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
            state = state_of(found[place].finding, decision, checked.looks)
            found[place] = replace(found[place], state=state, decision=decision)
    return tuple(found)


def _look(checked: Checked, decisions: Mapping[str, Decision], catalog: Catalog) -> None:
    """Learn how the products look now that were decided about since the last time."""
    asked = dict.fromkeys(sku for one in decisions.values() for sku in one.looked if sku not in checked.looks)
    checked.looks.update(looks_of(catalog, asked) if asked else {})


def draw_scores(opened: OpenCatalog, level: Level) -> None:
    """On demand, how close products are to their closest one and by chance, and what each level's threshold finds."""
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level)
    st.button(
        "Show the scores", icon=":material/bar_chart:", on_click=ask, key="scores", width="stretch",
        args=(SCORES, question, "Scores", lambda job: _thresholds(opened, level, job)), help=SCORES_HELP,
    )  # fmt: skip
    thresholds: Thresholds | None = answered(SCORES, question, 220)
    if thresholds is None:
        return
    figure = thresholds_figure(thresholds, level)
    st.plotly_chart(figure, key="threshold", config={"displayModeBar": False}, alt="Scores and threshold")
    counts = (f"{name} {thresholds.pairs_from(value):,}" for name, value in thresholds.of_level.items())
    st.caption(f"Pairs from the threshold on: {', '.join(counts)}. {thresholds.reason}")


def _thresholds(opened: OpenCatalog, level: Level, job: Job) -> Thresholds:
    job.step("duplicates", len(opened.catalog), "products")
    return match_products(opened.subject(level), job).thresholds


def _offer_checks(opened: OpenCatalog, earlier: Sequence[CheckSummary], question: Hashable, work: Work) -> None:
    """A button that starts the checks, with the time they take."""
    seconds = max(2.0, SECONDS_PER_PRODUCT * len(opened.catalog))
    takes = f"about {seconds:.0f} seconds" if seconds < 90 else f"about {seconds / 60:.0f} minutes"
    told = "The catalog has changed since it was checked." if earlier else "The catalog is not checked yet."
    st.info(f"{told} Checking takes {takes}; what was decided stays decided.", icon=":material/fact_check:")
    label = "Check again" if earlier else "Check the catalog"
    arguments = (PLACE, question, "Checks", work)
    st.button(label, type="primary", icon=":material/play_arrow:", on_click=ask, args=arguments)
