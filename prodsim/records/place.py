"""Where the records of a catalog are: in a file, or on a server. Both take the same SQL."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Rows(Protocol):
    """What a statement gives."""

    @property
    def rowcount(self) -> int:
        """Return how many rows were changed."""

    def fetchone(self) -> Any:
        """Return the next row, ``None`` after the last."""

    def fetchall(self) -> Sequence[Any]:
        """Return all rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""


class Connection(Protocol):
    """Takes SQL that SQLite and PostgreSQL understand alike, with ``?`` in place of values."""

    def execute(self, sql: str, values: Any = ..., /) -> Rows:
        """Run a statement."""

    def executemany(self, sql: str, values: Iterable[Any], /) -> Any:
        """Run a statement for each row of values."""


class Place(Protocol):
    """Where the records of one catalog are. Every call may raise ``StorageError``."""

    @property
    def name(self) -> str:
        """Return what the place is called; no other has the same."""

    def opened(self, *, writing: bool = False, create: bool = False) -> AbstractContextManager[Connection]:
        """Lend a connection; what the block writes is kept when it ends well, and none of it when it raises.

        Args:
            writing: nobody else may write until the block ends, so that it may look before it writes.
            create: make what is absent. Otherwise it reads as empty, and nothing is made.
        """

    def exists(self) -> bool:
        """Return whether anything was kept yet."""

    def state(self) -> Hashable:
        """Return something that is another whenever something was written."""
