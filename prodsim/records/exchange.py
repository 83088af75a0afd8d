"""Decisions as a table that other systems import, and back; what a file of them would change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from prodsim.errors import CatalogError
from prodsim.findings import Finding
from prodsim.records.decisions import Action, Decision
from prodsim.records.judgements import Lines, left_out, utc

EXPORTED = ("sku", "finding", "action", "note", "who", "when", "decision", "looked")
"""Columns of a table of decisions."""
VARIANT_OF = "variant of "
AHEAD = timedelta(days=1)
"""How far ahead of this clock a decision may come from: local times without a zone are up to 14 hours ahead."""

_DEFUSED = re.compile(r"^'(?='*[=+\-@\t\r])")  # as spreadsheets are kept from running a cell


def decisions_table(decisions: Iterable[Decision]) -> pd.DataFrame:
    """One row a product, with ``EXPORTED``, which a PIM can import.

    ``action`` is what to do with the product: ``keep``, ``remove``, ``variant of SKU``, ``change`` (as was proposed) or
    ``none``. ``decision`` and ``looked`` let ``read_decisions`` give back what was decided.
    """
    rows = [
        (sku, f"{one.kind} {one.key}", _done_to(sku, one), one.note, one.who, one.when, one.action, look)
        for one in decisions
        for sku in one.skus or ("",)
        for look in (one.looked.get(sku, ""),)
    ]
    return pd.DataFrame(rows, columns=list(EXPORTED))


def read_decisions(table: pd.DataFrame, lines: Lines) -> tuple[list[Decision], list[Finding]]:
    """The decisions of a table as ``decisions_table`` gives it, in its order; formulas may be defused.

    Args:
        table: ``sku, finding, action``; maybe ``note, who, when, decision, looked``. Without ``decision`` it is told
            by the actions; without ``looked`` products are never taken for changed.
        lines: of the rows, in the file they come from.

    Returns:
        Decisions, and a finding for each that is left out, at its first line.

    Raises:
        CatalogError: a column is missing.
    """
    missing = [name for name in ("sku", "finding", "action") if name not in table]
    if missing:
        has = ", ".join(map(str, table.columns))
        raise CatalogError(
            f"The decisions lack the column {', '.join(missing)}; they have {has}.",
            "A table with sku, finding and action is needed, as it was exported.",
        )
    decisions, findings = [], []
    for line, rows in _by_finding(table, lines):
        try:
            decisions.append(_decision_of(rows))
        except ValueError as error:
            what = f"The decision that begins at line {line} is left out: {error}."
            findings.append(left_out("unusable decision", what, line))
    return decisions, findings


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the decisions of a file would change, each in the file's order.

    Attributes:
        new: those that would count from now on.
        older: of findings about which something was decided later; they would be kept under it.
        known: those that are here already.
    """

    new: tuple[Decision, ...]
    older: tuple[Decision, ...]
    known: tuple[Decision, ...]


def sort_incoming(read: Iterable[Decision], kept: Mapping[str, Decision]) -> Incoming:
    """Tell the decisions of a file apart.

    Args:
        read: as ``read_decisions`` gives them.
        kept: the newest ones by key, as ``Records.decisions`` gives them.
    """
    new: list[Decision] = []
    older: list[Decision] = []
    known: list[Decision] = []
    for decision in read:
        there = kept.get(decision.key)
        if decision == there:
            known.append(decision)
        else:
            (older if there and decision.when < there.when else new).append(decision)
    return Incoming(tuple(new), tuple(older), tuple(known))


def _done_to(sku: str, decision: Decision) -> str:
    """What is to be done with one product."""
    if decision.action == "keep":
        return "keep" if sku == decision.keep else "remove"
    if decision.action == "variants":
        return "none" if sku == decision.keep else f"{VARIANT_OF}{decision.keep}"
    return "change" if decision.action == "accepted" else "none"


def _by_finding(table: pd.DataFrame, lines: Lines) -> list[tuple[int, list[dict[str, str]]]]:
    """The rows of each decision with its first line; decisions in the order of their first lines."""
    texts = pd.DataFrame({name: table.get(name, "") for name in EXPORTED}, index=table.index)
    filled = texts.astype(object).where(texts.notna(), "").map(lambda cell: _DEFUSED.sub("", str(cell)))
    grouped: dict[tuple[str, str, str], tuple[int, list[dict[str, str]]]] = {}
    for line, cells in zip(map(int, lines), filled.to_dict("records"), strict=True):
        row = {str(name): str(cell) for name, cell in cells.items()}
        grouped.setdefault((row["finding"], row["when"], row["who"]), (line, []))[1].append(row)
    return list(grouped.values())


def _decision_of(rows: Sequence[Mapping[str, str]]) -> Decision:
    kind, _, key = rows[0]["finding"].rpartition(" ")
    if not kind or not re.fullmatch("[0-9a-f]{16}", key):
        raise ValueError(f"its finding must be a kind and a key of 16 digits, got {rows[0]['finding']!r}")
    skus = tuple(row["sku"] for row in rows if row["sku"])
    done = [row["action"].strip() for row in rows]
    action: Any = rows[0]["decision"].strip() or _told_by(done)
    first = rows[0]
    if first["when"] and utc(first["when"]) > (datetime.now(UTC) + AHEAD).isoformat(timespec="seconds"):
        raise ValueError(f"its time lies in the future, got {first['when']}")
    looked = {row["sku"]: row["looked"] for row in rows if row["looked"]}
    return Decision(key, kind, skus, action, _kept(rows, action), first["note"], first["who"], first["when"], looked)


def _told_by(done: Sequence[str]) -> Action:
    """The decision that the actions on products come to."""
    wrong = [one for one in done if one not in ("keep", "remove", "change", "none") and not one.startswith(VARIANT_OF)]
    if wrong:
        raise ValueError(f"an action must be keep, remove, variant of SKU, change or none, got {wrong[0]!r}")
    if "keep" in done:
        return "keep"
    if any(one.startswith(VARIANT_OF) for one in done):
        return "variants"
    if "remove" in done:
        raise ValueError("products are removed, but none is kept")
    return "accepted" if "change" in done else "dismissed"


def _kept(rows: Sequence[Mapping[str, str]], action: str) -> str:
    if action == "keep":
        kept = [row["sku"] for row in rows if row["action"].strip() == "keep"]
        if len(kept) != 1:
            raise ValueError(f"one product must be kept, got {len(kept)}")
        return kept[0]
    variants = (row["action"].strip() for row in rows if action == "variants")
    return next((done.removeprefix(VARIANT_OF) for done in variants if done.startswith(VARIANT_OF)), "")
