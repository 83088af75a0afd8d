"""Values as what is printed: facts for JSON, and lines for people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from prodsim.catalog import CatalogChanges
from prodsim.findings import Finding
from prodsim.phrases import retold
from prodsim.search import SearchResult, left_out_text
from prodsim.workspace import BuildReport
from prodsim.workspace.backup import BackupReport

N_PRINTED_FINDINGS = 10
"""Findings that are printed for people; JSON has all."""


def facts_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return the facts of a catalog as lines for people."""
    plain = {**facts, "built": when_text(facts["built"])}
    return [f"{name}: {_fact_text(fact)}" for name, fact in plain.items() if fact != ""]


def _fact_text(fact: Any) -> str:
    if isinstance(fact, Mapping):
        return ", ".join(f"{name} = {_fact_text(each)}" for name, each in fact.items()) or "none"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def when_text(when: str) -> str:
    """Return a saved time as people read it, to the minute."""
    return f"{when[:16].replace('T', ' ')} UTC"


def report_facts(report: BuildReport) -> dict[str, Any]:
    """Return what ``build`` prints."""
    info = report.info
    return {
        "name": info.name,
        "profile": info.profile,
        "products": info.products,
        "encoder": info.encoder,
        "dim": info.dim,
        "vectors": info.vectors,
        "encoded": report.encoded,
        "reused": report.reused,
        "described": report.described,
        "findings": sum(info.findings.values()),
        "findings_by_kind": dict(info.findings),
        "mapping": dict(info.mapping),
        "recall@10": info.recall,
        "languages": dict(info.languages),
        "unknown_share": info.unknown_share,
        "n_truncated": info.n_truncated,
        "pictures": info.pictures,
        "steps": dict(report.steps),
        "wall_s": report.wall_s,
    }


def changes_facts(changes: CatalogChanges | None) -> dict[str, Any]:
    """Return the numbers of what changed in a catalog, by kind and by field; empty where it is not known."""
    if changes is None:
        return {}
    return {
        "new": len(changes.new),
        "gone": len(changes.gone),
        "edited": len(changes.changed),
        "same": changes.n_same,
        "fields": dict(changes.fields),
        "new_columns": list(changes.new_columns),
        "gone_columns": list(changes.gone_columns),
    }


def changes_text(changes: CatalogChanges) -> str:
    """Return what changed in a line or two."""
    lines = [
        f"{len(changes.new):,} new, {len(changes.changed):,} edited, {len(changes.gone):,} gone, "
        f"{changes.n_same:,} unchanged"
    ]
    fields = ", ".join(f"{field} {count:,}" for field, count in changes.fields.items())
    lines += [f"edited by field: {fields}"] if fields else []
    lines += [f"new columns: {', '.join(changes.new_columns)}"] if changes.new_columns else []
    lines += [f"columns that are gone: {', '.join(changes.gone_columns)}"] if changes.gone_columns else []
    return "\n".join(lines)


def report_text(report: BuildReport) -> str:
    """Return a build in a few lines."""
    info = report.info
    mapped = ", ".join(f"{field} = {column}" for field, column in info.mapping.items())
    findings = ", ".join(f"{count:,} {kind}" for kind, count in info.findings.items()) or "none"
    return (
        f'"{info.name}": {info.products:,} products in {report.wall_s:.1f} s\n'
        f"columns: {mapped}\n"
        f"texts: {report.encoded:,} encoded, {report.reused:,} reused; encoder {info.encoder}\n"
        f"descriptions: {report.described:,} encoded\n"
        f"findings: {findings}\n"
        f"index: finds {100 * info.recall:.1f} % of what an exact search finds"
    )


def hits_text(result: SearchResult) -> str:
    """Return hits as lines: score, SKU, title, rules."""
    lines = [result.note] if result.note else []
    for hit in result.hits:
        ruled = f"  [{'; '.join(hit.rules)}]" if hit.rules else ""
        others = f"  (and {len(hit.variants):,} of its variants)" if hit.variants else ""
        lines.append(f"{hit.score:6.3f}  {hit.sku:<16}  {hit.title}{others}{ruled}")
    lines += [left_out_text(result.left_out)] if result.left_out else []
    lines.append(f"{len(result.hits):,} of {result.n_allowed:,} products, {result.took_ms:.0f} ms")
    return "\n".join(lines)


def findings_lines(findings: Sequence[Finding]) -> list[str]:
    """Return the first findings, and how many more there are."""
    lines = [retold(finding.what) for finding in findings[:N_PRINTED_FINDINGS]]
    return [*lines, *more_line(len(findings) - N_PRINTED_FINDINGS)]


def scored_lines(findings: Sequence[Finding]) -> list[str]:
    """Return the first findings with their scores, and how many more there are."""
    lines = [f"{finding.score:.2f}  {retold(finding.what)}" for finding in findings[:N_PRINTED_FINDINGS]]
    return [*lines, *more_line(len(findings) - N_PRINTED_FINDINGS)]


def more_line(n: int) -> list[str]:
    """Return the line that says how many more there are; none where there are none."""
    return [f"and {n:,} more; --json prints all"] if n > 0 else []


def backup_facts(report: BackupReport) -> dict[str, Any]:
    """Return what ``backup`` and ``restore`` print of a backup."""
    return {**asdict(report), "path": str(report.path)}


def backup_text(report: BackupReport) -> str:
    """Return in words what a backup holds."""
    n = len(report.catalogs)
    return f"{n:,} catalog{'' if n == 1 else 's'} ({report.files:,} files, {report.mb:,.1f} MB)"


def interval_text(low: float, high: float, sign: str = "") -> str:
    """Return a 95 % interval in words."""
    return f"95 % interval {low:{sign}.3f} to {high:{sign}.3f}"
