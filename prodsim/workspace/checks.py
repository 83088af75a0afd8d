"""All checks of an open catalog, each one's findings kept on the disk until something they depend on changes."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
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
from prodsim.quality.duplicates.thresholds import MIN_JUDGED_PAIRS, Origin
from prodsim.records import WAITING, CheckSummary, Decision, state_of
from prodsim.records.decisions import digests_of_decided
from prodsim.shipped import PACKAGE_FOLDER
from prodsim.version import __version__
from prodsim.workspace.catalog_info import CatalogInfo

READ = (
    "catalog",
    "index",
    "words",
    "traits",
    "describe",
    "look",
    "depictions",
    "lettering",
    "chance",
    "graph",
    "crowding",
)
"""Parts of a catalog that checks read."""
FINDINGS_FILE = "findings.jsonl"

JudgedPairs: TypeAlias = tuple[tuple[str, str, bool], ...]
"""Two SKUs, and whether a person says that they are the same product."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The findings of a run of checks, and what was checked.

    Attributes:
        findings: surest first.
        kinds: that were checked.
        level: how sensitive the checks were.
        version: of the catalog; another one after each upload that changes it.
        products: how many there are.
        chosen_threshold: the one that was chosen in place of the level's.
    """

    findings: tuple[Finding, ...]
    kinds: tuple[str, ...]
    level: Level
    version: str
    products: int
    chosen_threshold: float | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether all checks ran as the level says, so that the summary may be kept for the trend."""
        return set(self.kinds) >= set(kinds_to_check()) and self.chosen_threshold is None

    @property
    def threshold(self) -> tuple[float, Origin] | None:
        """Return the score from which products count as duplicates, and its origin; ``None`` if no finding has it."""
        evidence = next((finding.evidence for finding in self.findings if "threshold_from" in finding.evidence), None)
        return (evidence["threshold"], evidence["threshold_from"]) if evidence else None

    @property
    def summary(self) -> CheckSummary:
        """Return what is kept for the trend: what would be open if nothing had been decided."""
        n_waiting = Counter(finding.kind for finding in self.findings if state_of(finding, None, {}) in WAITING)
        return CheckSummary(self.version, self.level, self.products, {**dict.fromkeys(self.kinds, 0), **n_waiting})


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
    judged, threshold = subject.judged, subject.threshold
    moved = judged if threshold is None else threshold
    kept = [
        _with_memory(check, folder / _folder_of(info, check, subject.level, subject.comparer.metric, moved))
        for check in CHECKS
    ]
    findings = run_checks(subject, kinds, progress, kept)
    version = info.artifacts["catalog"]
    return CheckReport(findings, kinds_to_check(kinds), subject.level, version, info.products, subject.threshold)


def kept_findings(
    folder: Path, info: CatalogInfo, metric: Metric, kinds: Sequence[str] = (), judged: JudgedPairs = ()
) -> tuple[Finding, ...]:
    """Return what checks at the usual level found in the catalog as it is, surest first; those never run give nothing.

    Args:
        folder: the catalog's folder.
        info: what it consists of.
        metric: by which its vectors are compared.
        kinds: of findings; none for everything.
        judged: see ``judged_pairs``; the check of duplicates heeds them.
    """
    findings: list[Finding] = []
    for check in CHECKS:
        with suppress(StaleArtifact):
            findings += _load(folder / _folder_of(info, check, "usual", metric, judged)) if _gives(check, kinds) else []
    wanted = [finding for finding in findings if not kinds or finding.kind in kinds]
    return tuple(sorted(wanted, key=lambda finding: -finding.score))


def _gives(check: CheckSpec, kinds: Sequence[str]) -> bool:
    return not kinds or any(kind in check.kinds for kind in kinds)


def judged_pairs(decisions: Iterable[Decision], catalog: Catalog, *, every: bool = False) -> JudgedPairs:
    """Return what decisions say about two products being the same.

    Keeping one of several, or accepting the proposal, says that they are the same; variants are not, nor is a pair
    that was dismissed (of a larger group, two may still be the same). A thumb is about similarity and does not count.

    Args:
        decisions: the newest of each finding, oldest first. Those on products that have changed since are left out.
        catalog: the products as they are now.
        every: of all findings, however few.

    Returns:
        Each of a finding's products with its main one; the first 20, 40, 80 … findings', none below 20, so that a
        threshold learned of them does not move with each decision.
    """
    deciding = [decision for decision in decisions if _says_same_product(decision) is not None]
    looks = digests_of_decided(catalog, deciding)
    held = [each for each in deciding if all(looks.get(sku) == look for sku, look in each.looked.items())]
    # From the least that decides a threshold on, more count at each doubling: not every decision runs the checks again.
    if len(held) < MIN_JUDGED_PAIRS and not every:
        return ()
    used = held if every else held[: MIN_JUDGED_PAIRS << (len(held) // MIN_JUDGED_PAIRS).bit_length() - 1]
    return tuple(
        (each.keep or each.skus[0], sku, bool(_says_same_product(each))) for each in used for sku in _others(each)
    )


def _says_same_product(decision: Decision) -> bool | None:
    """Return whether its products are the same product; None where it says nothing about that."""
    is_same = {("duplicates", "keep"): True, ("duplicates", "accepted"): True, ("duplicates", "variants"): False,
            ("variants", "keep"): True, ("variants", "variants"): False, ("variants", "accepted"): False}  # fmt: skip
    if (decision.kind, decision.action, len(decision.skus)) == ("duplicates", "dismissed", 2):
        return False
    return is_same.get((decision.kind, decision.action))


def _others(decision: Decision) -> list[str]:
    return [sku for sku in decision.skus if sku != (decision.keep or decision.skus[0])]


def kinds_to_check(kinds: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the kinds of findings that ``check_catalog`` looks for when given these; see ``expand_kinds``."""
    return expand_kinds(kinds, CHECKS)


def check_folders(folder: Path, info: CatalogInfo) -> set[str]:
    """Return all folder names for findings of the catalog as it is now; for other thresholds, those that exist."""
    every = product(CHECKS, get_args(Level), get_args(Metric))
    names = {_folder_name(info, check, level, metric) for check, level, metric in every}
    moved = (path.name for path in folder.glob("check-*.*"))
    return names | {name for name in moved if name.partition(".")[0] in names}


def _with_memory(check: CheckSpec, folder: Path) -> CheckSpec:
    """Return the check, but with what it found before loaded."""
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
        lines = [json.dumps(finding.saved(), ensure_ascii=False) + "\n" for finding in findings]
        (work / FINDINGS_FILE).write_text("".join(lines), encoding="utf-8")


def _load(folder: Path) -> list[Finding]:
    load_artifact(folder)
    with open_artifact(folder), (folder / FINDINGS_FILE).open(encoding="utf-8") as lines:
        return [Finding.of_saved(json.loads(line)) for line in lines]


def _folder_of(info: CatalogInfo, check: CheckSpec, level: str, metric: str, moved: JudgedPairs | float) -> str:
    """Return the folder's name, with a part of its own for a threshold or judgements where the check heeds them."""
    name = _folder_name(info, check, level, metric)
    return f"{name}.{fingerprint(moved)}" if "duplicates" in check.kinds and moved != () else name


def _folder_name(info: CatalogInfo, check: CheckSpec, level: str, metric: str) -> str:
    parts = {step: info.artifacts.get(step) for step in READ}
    return f"check-{fingerprint(check.name, _code_version(), parts, level, metric)}"


@cache
def _code_version() -> str:
    """Return a text that changes with any line of the checks, so that nobody has to remember to raise a number."""
    folder = PACKAGE_FOLDER / "quality"
    return fingerprint(__version__, [file_digest(path) for path in sorted(folder.rglob("*.py"))])
