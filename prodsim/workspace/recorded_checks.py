"""Checks that heed what people decided, with their counts kept for the trend."""

from collections.abc import Sequence
from dataclasses import replace

from prodsim.output.health import Health, waiting
from prodsim.progress import SILENT, Progress
from prodsim.quality import Level
from prodsim.records import Records, states_of
from prodsim.workspace.checks import CheckReport, judged_pairs
from prodsim.workspace.open_catalog import OpenCatalog


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
