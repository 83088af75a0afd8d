"""Products chosen after questions: words of the catalog and the SKU; no names, and no times."""

from collections.abc import Iterable
from dataclasses import dataclass

from prodsim.records.place import Connection

_GAP = " "


@dataclass(frozen=True, slots=True)
class Choice:
    """A product that was chosen after questions of the same words.

    Attributes:
        words: stems, each one a word of the catalog itself.
        times: how often.
    """

    words: frozenset[str]
    sku: str
    times: int


def remember_choice(connection: Connection, words: Iterable[str], sku: str) -> None:
    """Count one more choice."""
    connection.execute(
        "INSERT INTO chosen (words, sku, times) VALUES (?, ?, 1) "
        "ON CONFLICT (words, sku) DO UPDATE SET times = chosen.times + 1",
        (_GAP.join(sorted(words)), sku),
    )


def choices_of(connection: Connection) -> list[Choice]:
    """Return all choices, in order of their words."""
    rows = connection.execute("SELECT words, sku, times FROM chosen ORDER BY words, sku")
    return [Choice(frozenset(words.split(_GAP)), sku, times) for words, sku, times in rows]
