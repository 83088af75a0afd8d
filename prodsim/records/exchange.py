"""Decisions as a table for other systems, and back; a preview of what a file of decisions would change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from prodsim.errors import CatalogError
from prodsim.findings import Finding
from prodsim.phrases import phrase
from prodsim.records.decisions import Action, Decision
from prodsim.records.judgements import Lines, left_out, utc

EXPORTED = ("sku", "finding", "action", "note", "who", "when", "decision", "looked")
"""Columns of a table of decisions."""
VARIANT_OF = "variant of "
AHEAD = timedelta(days=1)
"""How far ahead of this clock a decision may come from: local times without a zone are up to 14 hours ahead."""


def decisions_table(decisions: Iterable[Decision]) -> pd.DataFrame:
    """Return a table with a row per product and the columns ``EXPORTED``, which a PIM can import.

    ``action`` is what to do with the product: ``keep``, ``remove``, ``variant of SKU``, ``change`` (as was proposed) or
    ``none``. ``decision`` and ``looked`` let ``read_decisions`` give back what was decided.
    """
    rows = [
        (
            sku,
            f"{decision.kind} {decision.key}",
            _product_action(sku, decision),
            decision.note,
            decision.who,
            decision.when,
            decision.action,
            decision.looked.get(sku, ""),
        )
        for decision in decisions
        for sku in decision.skus or ("",)
    ]
    return pd.DataFrame(rows, columns=list(EXPORTED))


def read_decisions(table: pd.DataFrame, lines: Lines) -> tuple[list[Decision], list[Finding]]:
    """Read the decisions of a table as ``decisions_table`` gives it, in its order.

    Args:
        table: ``sku, finding, action``; maybe ``note, who, when, decision, looked``. Without ``decision`` it follows
            from the actions; without ``looked`` products never count as changed.
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
            phrase(
                "The table of decisions lacks {missing}; its columns are {columns}.",
                missing=", ".join(missing),
                columns=has,
            ),
            phrase("Import a table with the columns sku, finding and action, as it was exported."),
        )
    decisions, findings = [], []
    for line, rows in _by_finding(table, lines):
        try:
            decisions.append(_decision_of(rows))
        except ValueError as error:
            what = phrase("The decision on line {line} is left out: {reason}.", line=line, reason=error)
            findings.append(left_out("unusable decision", what, line))
    return decisions, findings


@dataclass(frozen=True, slots=True)
class Incoming:
    """The effect of importing a file of decisions, each in the file's order.

    Attributes:
        new: those that would count from now on.
        older: those of findings that were decided later; they would be kept in the history.
        known: those that are here already.
    """

    new: tuple[Decision, ...]
    older: tuple[Decision, ...]
    known: tuple[Decision, ...]


def sort_incoming(read: Iterable[Decision], kept: Mapping[str, Decision]) -> Incoming:
    """Sort the decisions of a file into new, older and known ones.

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


def _product_action(sku: str, decision: Decision) -> str:
    """Return what is to be done with a product: ``keep``, ``remove``, ``variant of SKU``, ``change`` or ``none``."""
    if decision.action == "keep":
        return "keep" if sku == decision.keep else "remove"
    if decision.action == "variants":
        return "none" if sku == decision.keep else f"{VARIANT_OF}{decision.keep}"
    return "change" if decision.action == "accepted" else "none"


def _by_finding(table: pd.DataFrame, lines: Lines) -> list[tuple[int, list[dict[str, str]]]]:
    """Return the rows of each decision with its first line, in the order of the first lines."""
    texts = pd.DataFrame({name: table.get(name, "") for name in EXPORTED}, index=table.index)
    filled = texts.astype(object).where(texts.notna(), "").map(str)
    grouped: dict[tuple[str, str, str], tuple[int, list[dict[str, str]]]] = {}
    for line, cells in zip(map(int, lines), filled.to_dict("records"), strict=True):
        row = {str(name): str(cell) for name, cell in cells.items()}
        grouped.setdefault((row["finding"], row["when"], row["who"]), (line, []))[1].append(row)
    return list(grouped.values())


def _decision_of(rows: Sequence[Mapping[str, str]]) -> Decision:
    kind, _, key = rows[0]["finding"].rpartition(" ")
    if not kind or not re.fullmatch("[0-9a-f]{16}", key):
        raise ValueError(
            phrase("the finding must be a kind and a key of 16 digits, got {value}", value=repr(rows[0]["finding"]))
        )
    skus = tuple(row["sku"] for row in rows if row["sku"])
    actions = [row["action"].strip() for row in rows]
    action: Any = rows[0]["decision"].strip() or _decision_by(actions)
    first = rows[0]
    if first["when"] and utc(first["when"]) > (datetime.now(UTC) + AHEAD).isoformat(timespec="seconds"):
        raise ValueError(phrase("its time is in the future, got {time}", time=first["when"]))
    looked = {row["sku"]: row["looked"] for row in rows if row["looked"]}
    return Decision(key, kind, skus, action, _kept(rows, action), first["note"], first["who"], first["when"], looked)


def _decision_by(actions: Sequence[str]) -> Action:
    """Return the decision that the actions on its products amount to."""
    known = ("keep", "remove", "change", "none")
    wrong = [action for action in actions if action not in known and not action.startswith(VARIANT_OF)]
    if wrong:
        raise ValueError(
            phrase("an action must be keep, remove, variant of SKU, change or none, got {value}", value=repr(wrong[0]))
        )
    if "keep" in actions:
        return "keep"
    if any(action.startswith(VARIANT_OF) for action in actions):
        return "variants"
    if "remove" in actions:
        raise ValueError(phrase("products are removed, but none is kept"))
    return "accepted" if "change" in actions else "dismissed"


def _kept(rows: Sequence[Mapping[str, str]], action: str) -> str:
    if action == "keep":
        kept = [row["sku"] for row in rows if row["action"].strip() == "keep"]
        if len(kept) != 1:
            raise ValueError(phrase("exactly one product must be kept, got {n}", n=len(kept)))
        return kept[0]
    variants = (row["action"].strip() for row in rows if action == "variants")
    return next((variant.removeprefix(VARIANT_OF) for variant in variants if variant.startswith(VARIANT_OF)), "")
