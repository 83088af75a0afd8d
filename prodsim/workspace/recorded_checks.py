"""Checks that heed what people decided, with their counts kept for the trend."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.output.health import Health, waiting
from prodsim.progress import SILENT, Progress
from prodsim.quality import Level
from prodsim.quality.duplicates.thresholds import describe_origin
from prodsim.records import WAITING, Decision, Records, State, finding_key, states_of
from prodsim.workspace.checks import CheckReport, judged_pairs
from prodsim.workspace.open_catalog import OpenCatalog


@dataclass(frozen=True, slots=True)
class DecidedFindings:
    """Findings with what was decided about them.

    Attributes:
        findings: surest first.
        states: of each finding.
        decisions: the newest of each finding by key.
    """

    findings: tuple[Finding, ...]
    states: tuple[State, ...]
    decisions: Mapping[str, Decision]

    @classmethod
    def of(cls, report: CheckReport, records: Records, catalog: Catalog) -> Self:
        """Return the findings of a report with what is decided by now: somebody may have done so while checks ran."""
        decisions = records.decisions()
        return cls(report.findings, states_of(report.findings, decisions, catalog), decisions)

    def only_open(self) -> Self:
        """Return those that wait for a decision."""
        kept = [pair for pair in zip(self.findings, self.states, strict=True) if pair[1] in WAITING]
        return type(self)(tuple(one for one, _ in kept), tuple(state for _, state in kept), self.decisions)

    def counts(self, kinds: Sequence[str]) -> dict[str, int]:
        """Return the number of findings per kind, 0 included."""
        return {**dict.fromkeys(kinds, 0), **Counter(finding.kind for finding in self.findings)}


def check_and_record(
    opened: OpenCatalog,
    records: Records,
    kinds: Sequence[str] = (),
    level: Level = "usual",
    threshold: float | None = None,
    progress: Progress = SILENT,
) -> CheckReport:
    """Run checks that learn from what people decided, and keep what a whole run found for the trend.

    Args:
        opened: the catalog.
        records: its decisions; the summary is written only where the newest one says something else.
        kinds: of findings, or names of checks; none for everything.
        level: how sensitive the checks are.
        threshold: of duplicates and variants, in place of the level's; ``None`` for the level's.
        progress: see ``check_catalog``.

    Raises:
        As ``check_catalog``.
    """
    judged = judged_pairs(records.decisions().values(), opened.catalog)
    report = opened.check(kinds, level, progress, threshold=threshold, judged=judged)
    if report.is_whole:
        states = states_of(report.findings, records.decisions(), opened.catalog)
        n_faulty = Health(opened.catalog, report.findings).n_faulty(waiting(states))
        summary, newest = replace(report.summary, faulty=n_faulty), records.summaries(level)[-1:]
        if [replace(one, when=summary.when) for one in newest] != [summary]:
            records.keep_summary(summary)
    return report


def findings_facts(shown: DecidedFindings, report: CheckReport, n_open: Mapping[str, int]) -> dict[str, Any]:
    """Return the findings with their states, and how many there are of each kind as facts."""
    findings = [
        {
            "key": finding_key(one),
            "kind": one.kind,
            "severity": one.severity,
            "skus": one.skus,
            "score": one.score,
            "what": one.what,
            "column": one.column,
            "evidence": one.evidence,
            "proposal": one.proposal,
            "state": state,
            "decision": decision.action if (decision := shown.decisions.get(finding_key(one))) else None,
        }
        for one, state in zip(shown.findings, shown.states, strict=True)
    ]
    counts = {"counts": shown.counts(report.kinds), "open": dict(n_open)}
    used = report.threshold
    threshold = {"value": used[0], "from": used[1], "reason": describe_origin(used[1])} if used else None
    return {"findings": findings, **counts, "level": report.level, "threshold": threshold, "products": report.products}


def waiting_findings(opened: OpenCatalog, records: Records) -> list[Finding]:
    """Return what checks at the usual level found that somebody should decide about, surest first; none is run."""
    decisions = records.decisions()
    findings = opened.kept_findings(judged=judged_pairs(decisions.values(), opened.catalog))
    states = states_of(findings, decisions, opened.catalog)
    return [finding for finding, state in zip(findings, states, strict=True) if state in WAITING]
