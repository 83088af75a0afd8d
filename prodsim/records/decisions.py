"""Decisions about findings, and the counts of findings at each version of a catalog."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from prodsim.artifacts import fingerprint
from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.records.judgements import utc
from prodsim.records.place import Connection

Action = Literal["keep", "variants", "dismissed", "accepted", "later"]
"""Keep one product of several, they are variants of one, it is no fault, do as proposed, ask again."""
State = Literal["open", "decided", "changed", "grouped"]
"""*changed*: decided, but a product has other fields by now, or is gone; *grouped*: nothing is to be decided, since the
catalog says the same itself, as of variants that share a group."""
WAITING: tuple[State, ...] = ("open", "changed")
"""Of findings that somebody should decide about."""

VOLATILE_FIELDS = ("availability",)
"""Fields that may change without reopening a decision: availability does not change what a product is."""

_DECISION_COLUMNS = 'key, kind, skus, action, keep, note, who, "when", looked'
_ADD = f"INSERT INTO decided ({_DECISION_COLUMNS}, session, step) VALUES ({', '.join('?' * 11)})"
STEP = "CASE step WHEN 0 THEN id ELSE step END"
"""The step of a decision; programs that knew no steps kept one at a time, and leave 0."""
_LAST_STEP = f"SELECT max({STEP}) FROM decided WHERE who = ? AND session = ?"
_OF_STEP = f"{STEP} = ? AND who = ? AND session = ?"
_NEXT_STEP = "SELECT coalesce(max(id), 0) + 1 FROM decided"
_NEWEST = 'SELECT key, max("when") FROM decided WHERE key IN ({}) GROUP BY key'
_KEYS_AT_ONCE = 500
_SUMMARISE = 'INSERT INTO checked (version, level, "when", products, counts, faulty) VALUES (?, ?, ?, ?, ?, ?)'


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
        faulty: products with an open issue, as people had decided by then; None where that was not counted.
    """

    version: str
    level: str
    products: int
    counts: Mapping[str, int]
    when: str = ""
    faulty: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", utc(self.when))


def finding_key(finding: Finding) -> str:
    """Return what decisions recognise a finding by: its kind, column and products in any order.

    Where it has no products, also its ``identity``. No sentence counts that may be worded anew or translated.
    """
    without_products = () if finding.skus else (finding.identity or finding.what,)
    return fingerprint(finding.kind, finding.column, sorted(finding.skus), *without_products)


def proposed_action(finding: Finding) -> tuple[Action, str] | None:
    """Return what accepting a finding decides, with the product that is kept; None where it proposes nothing.

    Of duplicates the first is kept, variants become variants of the first.
    """
    if finding.kind == "duplicates":
        return "keep", finding.skus[0]
    if finding.kind == "variants":
        return "variants", finding.skus[0]
    return ("accepted", "") if finding.proposal else None


def product_digests(catalog: Catalog, skus: Iterable[str]) -> dict[str, str]:
    """Return SKU to a digest of the fields without empty ones and ``VOLATILE_FIELDS``; unknown SKUs are left out."""
    rows = {sku: catalog.row_of[sku] for sku in skus if sku in catalog.row_of}
    kept = [name for name in catalog.products.columns if name not in VOLATILE_FIELDS]
    lines = catalog.products[kept].iloc[list(rows.values())].astype(str).to_dict("records")
    return {sku: fingerprint(_filled(cells)) for sku, cells in zip(rows, lines, strict=True)}


def digests_of_decided(catalog: Catalog, decisions: Iterable[Decision]) -> dict[str, str]:
    """Return ``product_digests`` every product that one of the decisions is about: what ``state_of`` compares with."""
    return product_digests(catalog, dict.fromkeys(sku for decision in decisions for sku in decision.looked))


def state_of(finding: Finding, decision: Decision | None, products: Mapping[str, str]) -> State:
    """Return whether a finding is still to be decided.

    Args:
        finding: as a check gives it.
        decision: the newest of its key, if there is one; *later* leaves it as it is without one.
        products: how they look now, see ``digests_of_decided``.

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
    """Return ``state_of`` each finding; decisions by key, as ``Records.decisions`` gives them."""
    newest = [decisions.get(finding_key(finding)) for finding in findings]
    products = digests_of_decided(catalog, filter(None, newest))
    return tuple(state_of(finding, decision, products) for finding, decision in zip(findings, newest, strict=True))


def add_decisions(connection: Connection, decisions: Iterable[Decision], session: str = "") -> int:
    """Keep decisions beside the earlier ones, except what is kept already; returns how many were new."""
    kept = set(_all(connection))
    new = [values for values in map(_values, decisions) if values not in kept]
    _add(connection, new, session)
    return len(new)


def add_step(connection: Connection, decisions: Sequence[Decision], session: str) -> list[Decision]:
    """Keep decisions that ``undo_last_step`` takes back together; return them as they are kept.

    Each counts over the earlier ones of its finding, also over one from a clock that is ahead.
    """
    newest: dict[str, str] = {}
    for start in range(0, len(decisions), _KEYS_AT_ONCE):
        keys = [each.key for each in decisions[start : start + _KEYS_AT_ONCE]]
        newest.update(map(tuple, connection.execute(_NEWEST.format(", ".join("?" * len(keys))), keys)))
    kept = [replace(each, when=max(each.when, newest.get(each.key, ""))) for each in decisions]
    _add(connection, map(_values, kept), session)
    return kept


def _add(connection: Connection, rows: Iterable[tuple[str, ...]], session: str) -> None:
    """Write decisions as one step."""
    (step,) = connection.execute(_NEXT_STEP).fetchone()
    connection.executemany(_ADD, [(*values, session, step) for values in rows])


def newest_decisions(connection: Connection) -> dict[str, Decision]:
    """Return the newest decision of each finding by its key, oldest first; of one second the one kept last."""
    newest: dict[str, Decision] = {}
    for values in _all(connection):
        newest.pop(str(values[0]), None)  # to its new place
        newest[str(values[0])] = _decision(values)
    return newest


def undo_last_step(connection: Connection, who: str, session: str) -> tuple[Decision, ...]:
    """Delete what a person decided last in a session, one finding or many at once; return it in its order."""
    (step,) = connection.execute(_LAST_STEP, (who, session)).fetchone()
    last = (step, who, session)  # an import is one step, too, of several people
    rows = connection.execute(f"SELECT {_DECISION_COLUMNS} FROM decided WHERE {_OF_STEP} ORDER BY id", last).fetchall()
    connection.execute(f"DELETE FROM decided WHERE {_OF_STEP}", last)
    return tuple(map(_decision, rows))


def add_summary(connection: Connection, summary: CheckSummary) -> None:
    """Keep a summary, in place of the one of the same version and level."""
    counts = json.dumps(dict(summary.counts), ensure_ascii=False)
    values = (summary.version, summary.level, summary.when, summary.products, counts, summary.faulty)
    connection.execute("DELETE FROM checked WHERE version = ? AND level = ?", values[:2])
    connection.execute(_SUMMARISE, values)


def summaries(connection: Connection, level: str) -> tuple[CheckSummary, ...]:
    """Return the summaries of a level, oldest first."""
    sql = 'SELECT version, level, products, counts, "when", faulty FROM checked WHERE level = ? ORDER BY "when", rowid'
    return tuple(
        CheckSummary(version, level, products, json.loads(counts), when, faulty)
        for version, level, products, counts, when, faulty in connection.execute(sql, (level,))
    )


def _filled(cells: Mapping[Any, str]) -> dict[str, str]:
    return {str(name): cell for name, cell in cells.items() if cell not in ("", "nan")}


def _all(connection: Connection) -> Iterable[tuple[str, ...]]:
    return map(tuple, connection.execute(f'SELECT {_DECISION_COLUMNS} FROM decided ORDER BY "when", id'))


def _values(decision: Decision) -> tuple[str, ...]:
    skus, looked = (json.dumps(part, ensure_ascii=False) for part in (decision.skus, dict(decision.looked)))
    kept = decision
    return kept.key, kept.kind, skus, kept.action, kept.keep, kept.note, kept.who, kept.when, looked


def _decision(values: Sequence[Any]) -> Decision:
    key, kind, skus, action, keep, note, who, when, looked = values
    return Decision(key, kind, tuple(json.loads(skus)), action, keep, note, who, when, json.loads(looked))
