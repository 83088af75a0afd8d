"""Run the checks at a level, and join the findings with the decisions."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Self, TypeAlias

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.shared import texts
from pages.shared.background import PATIENCE_S, answered, ask, is_current
from pages.shared.frame import as_written
from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.jobs import Job
from prodsim.output.health import Health
from prodsim.progress import duration
from prodsim.quality import Level
from prodsim.records import CheckSummary, Decision, Records, State, finding_key
from prodsim.records.decisions import product_digests, state_of
from prodsim.workspace import OpenCatalog
from prodsim.workspace.checks import CheckReport
from prodsim.workspace.recorded_checks import check_and_record

Work: TypeAlias = "Callable[[Job], CheckResults]"

CHECKS_PLACE = "checks"
DEFAULT_LEVEL: Level = "usual"
SECONDS_PER_PRODUCT = 120 / 100_000
"""That all checks take at most, on two cores."""
THRESHOLD_LINK = "threshold"
"""Name of the threshold in the link."""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A finding with what was decided about it.

    Attributes:
        finding: as a check gave it.
        key: its identity.
        state: whether it waits for a decision.
        decision: the newest one, if there is one.
    """

    finding: Finding
    key: str
    state: State
    decision: Decision | None


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
