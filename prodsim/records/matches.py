"""Decisions about matches with another catalog."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

from prodsim.records.judgements import utc
from prodsim.records.place import Connection

Verdict = Literal["accepted", "rejected", "later"]
"""They are the same product, they are not, ask again."""

_COLUMNS = 'other, sku_a, sku_b, verdict, note, who, "when"'
_ADD = f"INSERT INTO matched ({_COLUMNS}, session) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ALL = f'SELECT {_COLUMNS} FROM matched WHERE other = ? ORDER BY "when", id'
_LAST = f"SELECT id, {_COLUMNS} FROM matched WHERE session = ? ORDER BY id DESC LIMIT 1"
_NEWEST = 'SELECT max("when") FROM matched WHERE other = ? AND sku_a = ? AND sku_b = ?'


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """What a person decided about a pair of products of two catalogs.

    Attributes:
        other: name of the other catalog.
        sku_a: the product of the catalog that the decision is kept with.
        sku_b: that of the other one.
        verdict: what was decided.
        note: why; may be empty.
        who: who says so; may be empty.
        when: ISO 8601 in UTC to the second; the present when not given.

    Raises:
        ValueError: an unknown verdict, or no time.
    """

    other: str
    sku_a: str
    sku_b: str
    verdict: Verdict
    note: str = ""
    who: str = ""
    when: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", utc(self.when))
        if self.verdict not in get_args(Verdict):
            raise ValueError(f"a verdict must be one of {', '.join(get_args(Verdict))}, got {self.verdict!r}")


def add_match_decision(connection: Connection, decision: MatchDecision, session: str) -> MatchDecision:
    """Keep a decision over the earlier ones of its pair, also over one from a clock that is ahead; gives it."""
    (newest,) = connection.execute(_NEWEST, (decision.other, decision.sku_a, decision.sku_b)).fetchone()
    kept = replace(decision, when=max(decision.when, newest or ""))
    row = (kept.other, kept.sku_a, kept.sku_b, kept.verdict, kept.note, kept.who, kept.when, session)
    connection.execute(_ADD, row)
    return kept


def match_decisions(connection: Connection, other: str) -> list[MatchDecision]:
    """Return the newest decision of each pair with another catalog, oldest first."""
    newest: dict[tuple[str, str], MatchDecision] = {}
    for row in connection.execute(_ALL, (other,)):
        decision = MatchDecision(*row)
        newest.pop((decision.sku_a, decision.sku_b), None)  # to its new place
        newest[decision.sku_a, decision.sku_b] = decision
    return [*newest.values()]


def undo_last_match(connection: Connection, session: str) -> MatchDecision | None:
    """Delete the last decision about a match in a session, and return it."""
    row = connection.execute(_LAST, (session,)).fetchone()
    if row is None:
        return None
    connection.execute("DELETE FROM matched WHERE id = ?", row[:1])
    return MatchDecision(*row[1:])
