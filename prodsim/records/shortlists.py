"""Shortlists: products that people put aside under a name, with notes."""

from collections.abc import Iterable
from dataclasses import dataclass

from prodsim.records.judgements import utc
from prodsim.records.place import Connection

_ADD = 'INSERT INTO shortlisted (list, sku, is_on, note, who, "when", step, session) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
_ALL = 'SELECT list, sku, is_on, note, who, "when" FROM shortlisted ORDER BY id'
_LAST_STEP = "SELECT max(step) FROM shortlisted WHERE session = ?"


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """A product on a shortlist.

    Attributes:
        note: why; may be empty.
        who: who put it there or wrote the note, the last one; may be empty.
        when: ISO 8601 in UTC to the second.
    """

    sku: str
    note: str
    who: str
    when: str


def change_shortlist(
    connection: Connection, name: str, skus: Iterable[str], *, is_on: bool, note: str, who: str, session: str
) -> None:
    """Put products on a shortlist or take them off, as one step; what was before stays under it, for undo."""
    (last,) = connection.execute("SELECT coalesce(max(step), 0) FROM shortlisted").fetchone()
    now = utc("")
    connection.executemany(_ADD, [(name, sku, int(is_on), note, who, now, last + 1, session) for sku in skus])


def shortlists_of(connection: Connection) -> dict[str, tuple[Shortlisted, ...]]:
    """Return the products of each shortlist that has some, in the order in which they came; lists by their names."""
    lists: dict[str, dict[str, Shortlisted]] = {}
    for name, sku, is_on, note, who, when in connection.execute(_ALL):
        if is_on:
            lists.setdefault(name, {})[sku] = Shortlisted(sku, note, who, when)  # a new note leaves its place
        else:
            lists.get(name, {}).pop(sku, None)
    return {name: tuple(lists[name].values()) for name in sorted(lists) if lists[name]}


def undo_last_change(connection: Connection, session: str) -> int:
    """Delete the last step of a session, and return how many products it was about."""
    (step,) = connection.execute(_LAST_STEP, (session,)).fetchone()
    return connection.execute("DELETE FROM shortlisted WHERE step = ? AND session = ?", (step, session)).rowcount
