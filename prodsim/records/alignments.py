"""Decisions about which category of another catalog, or of a taxonomy, is which."""

from dataclasses import astuple, dataclass

from prodsim.records.judgements import utc
from prodsim.records.place import Connection

_COLUMNS = 'other, category, other_category, who, "when"'
_KEEP = (
    f"INSERT INTO aligned ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (other, category) DO UPDATE SET"
    ' other_category = excluded.other_category, who = excluded.who, "when" = excluded."when"'
)
_ALL = f'SELECT {_COLUMNS} FROM aligned WHERE other = ? ORDER BY "when", category'


@dataclass(frozen=True, slots=True)
class CategoryDecision:
    """What a person decided about a category.

    Attributes:
        other: name of the other catalog; of a taxonomy as ``workspace.category_alignment`` has it.
        category: the path in the catalog that the decision is kept with.
        other_category: the same one there; ``""`` where there is none.
        who: who says so; may be empty.
        when: ISO 8601 in UTC to the second; the present when not given.
    """

    other: str
    category: str
    other_category: str
    who: str = ""
    when: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", utc(self.when))


def keep_category_decision(connection: Connection, decision: CategoryDecision) -> None:
    """Keep a decision in place of an earlier one about the category."""
    connection.execute(_KEEP, astuple(decision))


def category_decisions(connection: Connection, other: str) -> list[CategoryDecision]:
    """Return the decisions about categories beside another catalog, oldest first."""
    return [CategoryDecision(*row) for row in connection.execute(_ALL, (other,))]


def forget_category_decision(connection: Connection, other: str, category: str) -> bool:
    """Delete the decision about a category; returns whether there was one."""
    return connection.execute("DELETE FROM aligned WHERE other = ? AND category = ?", (other, category)).rowcount > 0
