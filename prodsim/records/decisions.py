"""What people decide about findings, and what checks found at each state of a catalog."""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

import pandas as pd

from prodsim.artifacts import fingerprint
from prodsim.catalog import Catalog
from prodsim.errors import CatalogError
from prodsim.findings import Finding
from prodsim.records.judgements import Lines, left_out, utc

Action = Literal["keep", "variants", "dismissed", "accepted", "later"]
"""Keep one product of several, they are variants of one, it is no fault, do as proposed, ask again."""
State = Literal["open", "decided", "changed", "grouped"]
"""*changed*: decided, but a product has other fields by now, or is gone; *grouped*: nothing is to be decided, since the
catalog says the same itself, as of variants that share a group."""
WAITING: tuple[State, ...] = ("open", "changed")
"""Of findings that somebody should decide about."""

EXPORTED = ("sku", "finding", "action", "note", "who", "when", "decision", "looked")
"""Columns of a table of decisions."""
PASSING = ("availability",)
"""Fields that may change without a decision being asked for again: stock says nothing of what a product is."""
VARIANT_OF = "variant of "
AHEAD = timedelta(days=1)
"""How far ahead of this clock a decision may come from: local times without a zone are up to 14 hours ahead."""

_COLUMNS = 'key, kind, skus, action, keep, note, who, "when", looked'
_ADD = f"INSERT INTO decided ({_COLUMNS}, session) VALUES ({', '.join('?' * 10)})"
_LAST_OF = "SELECT id, key FROM decided WHERE who = ? AND session = ? ORDER BY id DESC LIMIT 1"
_NEWEST = 'SELECT max("when") FROM decided WHERE key = ?'
_SUMMARISE = 'INSERT OR REPLACE INTO checked (version, level, "when", products, counts) VALUES (?, ?, ?, ?, ?)'
_DEFUSED = re.compile(r"^'(?='*[=+\-@\t\r])")  # as spreadsheets are kept from running a cell


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a finding.

    Attributes:
        key: the finding's identity, see ``finding_key``.
        kind, skus: the finding's, main product first.
        action: what is to be done.
        keep: the SKU that is kept, or of which the others are variants (the first by default); only with these two.
        note: why; may be empty.
        who: who says so; may be empty.
        when: ISO 8601 in UTC to the second; the present when not given.
        looked: SKU to the digest of its fields as they were; products that are not in it are not compared.

    Raises:
        ValueError: an unknown action, a kept product that is none of the finding's, none with *keep*, no time.
    """

    key: str
    kind: str
    skus: tuple[str, ...]
    action: Action
    keep: str = ""
    note: str = ""
    who: str = ""
    when: str = ""
    looked: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", utc(self.when))
        if self.action not in get_args(Action):
            raise ValueError(f"an action must be one of {', '.join(get_args(Action))}, got {self.action!r}")
        if self.keep and (self.keep not in self.skus or self.action not in ("keep", "variants")):
            raise ValueError(f"{self.keep!r} cannot be kept by {self.action!r} of {', '.join(self.skus)}")
        if self.action == "keep" and not self.keep:
            raise ValueError(f"say which of {', '.join(self.skus)} is kept")
        if self.action == "variants" and not self.keep and self.skus:
            object.__setattr__(self, "keep", self.skus[0])


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """What all checks found at one state of the catalog.

    Attributes:
        version: of the catalog: another one after each upload that changes it.
        level: at which they were run.
        products: how many there were.
        counts: findings per kind, 0 included, whatever was decided.
        when: ISO 8601 in UTC to the second; the present when not given.
    """

    version: str
    level: str
    products: int
    counts: Mapping[str, int]
    when: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", utc(self.when))


def finding_key(finding: Finding) -> str:
    """A finding's identity: its kind, column and products in any order; where it has no products, also its sentence."""
    said = () if finding.skus else (finding.what,)
    return fingerprint(finding.kind, finding.column, sorted(finding.skus), *said)


def looks_of(catalog: Catalog, skus: Iterable[str]) -> dict[str, str]:
    """SKU to a digest of the product's fields, without empty ones and ``PASSING``; unknown SKUs are left out."""
    rows = {sku: catalog.row_of[sku] for sku in skus if sku in catalog.row_of}
    kept = [name for name in catalog.products.columns if name not in PASSING]
    lines = catalog.products[kept].iloc[list(rows.values())].astype(str).to_dict("records")
    return {sku: fingerprint(_filled(cells)) for sku, cells in zip(rows, lines, strict=True)}


def looks_decided(catalog: Catalog, decisions: Iterable[Decision]) -> dict[str, str]:
    """``looks_of`` every product that one of the decisions is about: what ``state_of`` compares with."""
    return looks_of(catalog, dict.fromkeys(sku for decision in decisions for sku in decision.looked))


def state_of(finding: Finding, decision: Decision | None, products: Mapping[str, str]) -> State:
    """Whether a finding is still to be decided.

    Args:
        finding: as a check gives it.
        decision: the newest of its key, if there is one; *later* leaves it as it is without one.
        products: how they look now, see ``looks_decided``.

    Raises:
        ValueError: the decision is about another finding.
    """
    if decision is not None and decision.key != finding_key(finding):
        raise ValueError(f"the decision is about {decision.kind} of {', '.join(decision.skus)}, not about this finding")
    if decision is None or decision.action == "later":
        return "grouped" if finding.evidence.get("declared") else "open"
    is_same = all(products.get(sku) == look for sku, look in decision.looked.items())
    return "decided" if is_same else "changed"


def states_of(findings: Sequence[Finding], decisions: Mapping[str, Decision], catalog: Catalog) -> tuple[State, ...]:
    """``state_of`` each finding; decisions by key, as ``Records.decisions`` gives them."""
    about = [decisions.get(finding_key(finding)) for finding in findings]
    products = looks_decided(catalog, filter(None, about))
    return tuple(state_of(finding, one, products) for finding, one in zip(findings, about, strict=True))


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


def add_decisions(connection: sqlite3.Connection, decisions: Iterable[Decision], session: str = "") -> int:
    """Keep decisions beside the earlier ones, except what is kept already; returns how many were new."""
    kept = set(_all(connection))
    new = [values for values in map(_values, decisions) if values not in kept]
    connection.executemany(_ADD, [(*values, session) for values in new])
    return len(new)


def add_decision(connection: sqlite3.Connection, decision: Decision, session: str) -> Decision:
    """Keep a decision over the earlier ones of its finding, also over one from a clock that is ahead; gives it."""
    (newest,) = connection.execute(_NEWEST, (decision.key,)).fetchone()
    kept = replace(decision, when=max(decision.when, newest or ""))
    connection.execute(_ADD, (*_values(kept), session))
    return kept


def newest_decisions(connection: sqlite3.Connection) -> dict[str, Decision]:
    """The newest decision of each finding by its key, oldest first; of one second the one kept last."""
    newest: dict[str, Decision] = {}
    for values in _all(connection):
        newest.pop(str(values[0]), None)  # to its new place
        newest[str(values[0])] = _decision(values)
    return newest


def undo_last(connection: sqlite3.Connection, who: str, session: str) -> Decision | None:
    """Forget the last decision of a person in a session, and give it."""
    found = connection.execute(_LAST_OF, (who, session)).fetchone()
    if found is None:
        return None
    values = connection.execute(f"SELECT {_COLUMNS} FROM decided WHERE id = ?", found[:1]).fetchone()
    connection.execute("DELETE FROM decided WHERE id = ?", found[:1])
    return _decision(values)


def add_summary(connection: sqlite3.Connection, summary: CheckSummary) -> None:
    """Keep a summary, in place of the one of the same version and level."""
    counts = json.dumps(dict(summary.counts), ensure_ascii=False)
    connection.execute(_SUMMARISE, (summary.version, summary.level, summary.when, summary.products, counts))


def summaries(connection: sqlite3.Connection, level: str) -> tuple[CheckSummary, ...]:
    """The summaries of a level, oldest first."""
    sql = 'SELECT version, level, products, counts, "when" FROM checked WHERE level = ? ORDER BY "when", rowid'
    return tuple(
        CheckSummary(version, level, products, json.loads(counts), when)
        for version, level, products, counts, when in connection.execute(sql, (level,))
    )


def _filled(cells: Mapping[Any, str]) -> dict[str, str]:
    return {str(name): cell for name, cell in cells.items() if cell not in ("", "nan")}


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


def _all(connection: sqlite3.Connection) -> Iterable[tuple[str, ...]]:
    return connection.execute(f'SELECT {_COLUMNS} FROM decided ORDER BY "when", id')


def _values(decision: Decision) -> tuple[str, ...]:
    skus, looked = (json.dumps(part, ensure_ascii=False) for part in (decision.skus, dict(decision.looked)))
    one = decision
    return one.key, one.kind, skus, one.action, one.keep, one.note, one.who, one.when, looked


def _decision(values: Sequence[Any]) -> Decision:
    key, kind, skus, action, keep, note, who, when, looked = values
    return Decision(key, kind, tuple(json.loads(skus)), action, keep, note, who, when, json.loads(looked))
