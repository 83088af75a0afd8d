"""All checks of an open catalog, each one's findings kept on the disk until something they depend on changes."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import TypeAlias, get_args

from prodsim.artifacts import file_digest, fingerprint, load_artifact, open_artifact, write_artifact
from prodsim.catalog import Catalog
from prodsim.errors import StaleArtifact
from prodsim.findings import Finding
from prodsim.index import Metric
from prodsim.progress import SILENT, Progress
from prodsim.quality import Check, CheckSpec, Level, Subject
from prodsim.quality.checks.registry import CHECKS, expand_kinds, run_checks
from prodsim.quality.duplicates.thresholds import Origin
from prodsim.records import WAITING, CheckSummary, Decision, Records, state_of
from prodsim.records.decisions import looks_decided
from prodsim.shipped import PACKAGE
from prodsim.version import __version__
from prodsim.workspace.catalog_info import CatalogInfo
from prodsim.workspace.open_catalog import OpenCatalog

READ = ("catalog", "index", "words", "traits", "describe", "chance", "graph")
"""Parts of a catalog that checks read."""
FILE = "findings.jsonl"
JUDGED = 20
"""Judged pairs are listened to from this many on, then at each doubling: not every decision makes findings anew."""

JudgedPairs: TypeAlias = tuple[tuple[str, str, bool], ...]
"""Two SKUs, and whether a person takes them for one product."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What checks found.

    Attributes:
        findings: surest first.
        kinds: that were looked for.
        level: how much it took to be found.
        version: of the catalog; another one after each upload that changes it.
        products: how many there are.
        asked: the threshold that was asked for in place of the level's.
    """

    findings: tuple[Finding, ...]
    kinds: tuple[str, ...]
    level: Level
    version: str
    products: int
    asked: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether everything was looked for as the level says, so that the summary may be kept for the trend."""
        return set(self.kinds) >= set(kinds_asked()) and self.asked is None

    @property
    def threshold(self) -> tuple[float, Origin] | None:
        """From which score on products were taken for one, and where that comes from; None if no finding tells."""
        told = next((one.evidence for one in self.findings if "threshold_from" in one.evidence), None)
        return (told["threshold"], told["threshold_from"]) if told else None

    @property
    def summary(self) -> CheckSummary:
        """What is kept for the trend: what there would be to decide if nothing had been."""
        found = Counter(finding.kind for finding in self.findings if state_of(finding, None, {}) in WAITING)
        return CheckSummary(self.version, self.level, self.products, {**dict.fromkeys(self.kinds, 0), **found})


def check_catalog(
    folder: Path, info: CatalogInfo, subject: Subject, kinds: Sequence[str] = (), progress: Progress = SILENT
) -> CheckReport:
    """Run checks, or load what they found in the same catalog before.

    A check's findings are kept as soon as it ends, so a cancelled run goes on where it stopped.

    Args:
        folder: the catalog's folder.
        info: what it consists of.
        subject: the same catalog, open.
        kinds: of findings, or names of checks; none for everything.
        progress: told a step per check; ``Cancelled`` passes through.

    Raises:
        ValueError: a kind that no check gives.
        StorageError: the findings cannot be kept.
    """
    kept = [_with_memory(check, folder / _folder_of(info, check, subject)) for check in CHECKS]
    findings = run_checks(subject, kinds, progress, kept)
    version = info.artifacts["catalog"]
    return CheckReport(findings, kinds_asked(kinds), subject.level, version, info.products, subject.threshold)


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
        level: how much it takes to be found.
        threshold: of duplicates and variants, in place of the level's; ``None`` for the level's.
        progress: see ``check_catalog``.

    Raises:
        As ``check_catalog``.
    """
    judged = judged_pairs(records.decisions().values(), opened.catalog)
    report = opened.check(kinds, level, progress, threshold=threshold, judged=judged)
    newest = records.summaries(level)[-1:]
    if report.is_whole and [replace(one, when=report.summary.when) for one in newest] != [report.summary]:
        records.keep_summary(report.summary)
    return report


def judged_pairs(decisions: Iterable[Decision], catalog: Catalog, *, every: bool = False) -> JudgedPairs:
    """What decisions say of two products being one.

    Keeping one of several, or doing as proposed, says that they are one; variants are not, nor is a pair of which it is
    no fault that it was found (of a larger group two may still be one). A thumb tells of likeness, and is not heard.

    Args:
        decisions: the newest of each finding, oldest first. Those on products that look otherwise by now are left out.
        catalog: tells how they look.
        every: of all findings, however few.

    Returns:
        Each of a finding's products with its main one; the first 20, 40, 80 … findings', none below 20, so that a
        threshold learned of them does not move with each decision.
    """
    about = [one for one in decisions if _is_one(one) is not None]
    looks = looks_decided(catalog, about)
    held = [one for one in about if all(looks.get(sku) == look for sku, look in one.looked.items())]
    if len(held) < JUDGED and not every:
        return ()
    heard = held if every else held[: JUDGED << (len(held) // JUDGED).bit_length() - 1]
    return tuple((one.keep or one.skus[0], sku, bool(_is_one(one))) for one in heard for sku in _others(one))


def _is_one(decision: Decision) -> bool | None:
    """Whether its products are one product; None where it does not say."""
    said = {("duplicates", "keep"): True, ("duplicates", "accepted"): True, ("duplicates", "variants"): False,
            ("variants", "keep"): True, ("variants", "variants"): False, ("variants", "accepted"): False}  # fmt: skip
    if (decision.kind, decision.action, len(decision.skus)) == ("duplicates", "dismissed", 2):
        return False
    return said.get((decision.kind, decision.action))


def _others(decision: Decision) -> list[str]:
    return [sku for sku in decision.skus if sku != (decision.keep or decision.skus[0])]


def kinds_asked(kinds: Sequence[str] = ()) -> tuple[str, ...]:
    """The kinds of findings that ``check_catalog`` looks for when given these; see ``expand_kinds``."""
    return expand_kinds(kinds, CHECKS)


def check_folders(folder: Path, info: CatalogInfo) -> set[str]:
    """Names of all folders that checks of the catalog as it is now may be kept in; of other thresholds, those there."""
    every = product(CHECKS, get_args(Level), get_args(Metric))
    names = {_folder_name(info, check, level, metric) for check, level, metric in every}
    moved = (path.name for path in folder.glob("check-*.*"))
    return names | {name for name in moved if name.partition(".")[0] in names}


def _with_memory(check: CheckSpec, folder: Path) -> CheckSpec:
    """The check, but what it found before is loaded."""
    return replace(check, run=partial(_run_or_load, check.run, folder))


def _run_or_load(run: Check, folder: Path, subject: Subject, progress: Progress) -> Sequence[Finding]:
    try:
        findings = _load(folder)
    except StaleArtifact:
        _save(run(subject, progress), folder)
        return _load(folder)  # the same from the first time on: JSON knows no tuples
    progress.advance(len(subject.catalog))
    return findings


def _save(findings: Sequence[Finding], folder: Path) -> None:
    with write_artifact(folder, {"findings": len(findings)}) as work:
        lines = [json.dumps(asdict(finding), ensure_ascii=False) + "\n" for finding in findings]
        (work / FILE).write_text("".join(lines), encoding="utf-8")


def _load(folder: Path) -> list[Finding]:
    load_artifact(folder, verify=True)
    with open_artifact(folder), (folder / FILE).open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
        return [Finding(**{**one, "skus": tuple(one["skus"])}) for one in found]


def _folder_of(info: CatalogInfo, check: CheckSpec, subject: Subject) -> str:
    """The folder's name, with a part of its own for a threshold or judgements where the check heeds them."""
    name = _folder_name(info, check, subject.level, subject.comparer.metric)
    moved = subject.judged if subject.threshold is None else subject.threshold
    return f"{name}.{fingerprint(moved)}" if "duplicates" in check.kinds and moved != () else name


def _folder_name(info: CatalogInfo, check: CheckSpec, level: str, metric: str) -> str:
    parts = {step: info.artifacts.get(step) for step in READ}
    return f"check-{fingerprint(check.name, _code_version(), parts, level, metric)}"


@cache
def _code_version() -> str:
    """Changes with any line of the checks, so that nobody has to remember to raise a number."""
    folder = PACKAGE / "quality"
    return fingerprint(__version__, [file_digest(path) for path in sorted(folder.rglob("*.py"))])
