"""Which strings occur in which rows, each distinct string kept once."""

from array import array
from collections.abc import Iterable
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix


class _Numbers(dict[str, int]):
    """Numbers strings from 0 in the order in which they are first asked for."""

    def __missing__(self, string: str) -> int:
        self[string] = number = len(self)
        return number


class Occurrences:
    """Rows of strings as rows of numbers: what is done per string is done once for each distinct one."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._columns = array("i")
        self._ends = array("q", [0])

    @classmethod
    def of(cls, rows: Iterable[Iterable[str]]) -> Self:
        """Collect the strings of each row."""
        occurrences = cls()
        for row in rows:
            occurrences.add(row)
        return occurrences

    def add(self, strings: Iterable[str]) -> None:
        """Append a row; repeats count."""
        self._columns.extend(map(self._numbers.__getitem__, strings))
        self._ends.append(len(self._columns))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @property
    def distinct(self) -> list[str]:
        """Return the distinct strings, in the order in which they first occurred."""
        return list(self._numbers)

    def matrix(self) -> csr_matrix:
        """Return a 1 for each occurrence, float32, shape (rows, distinct strings); a place may occur several times."""
        columns = np.frombuffer(self._columns, np.int32) if self._columns else np.empty(0, np.int32)
        parts = np.ones(len(columns), np.float32), columns, np.frombuffer(self._ends, np.int64)
        return csr_matrix(parts, shape=(len(self), len(self._numbers)))
