"""Rows of named values as columns of text, some thousand rows at a time: as such they take a fraction of the memory."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.chunks import text_series
from prodsim.catalog.headers import unique_names
from prodsim.catalog.nested_values import Row, cell_text, float_text
from prodsim.catalog.rows import PIECE
from prodsim.phrases import phrase

MAX_COLUMNS = 3000
"""Columns made of nested names; those that fewest rows fill are kept together as JSON in one column."""
OTHER = "other values"

SPARSE = 0.5
"""Share of the rows below which only the cells that a name has are held."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of some rows under one name: the rows that have the name, ``None`` for all, and their texts."""

    rows: Sequence[int] | None
    texts: pa.Array


class RowColumns:
    """Collects rows, and gives them as a table with the union of their names, in order of first appearance.

    Args:
        budget: what the file may take; it is asked before memory is taken.

    Attributes:
        lines: the number given with each row.
    """

    def __init__(self, budget: FileBudget) -> None:
        self.lines: list[int] = []
        self._budget = budget
        self._pending: list[Row] = []
        self._pieces: list[tuple[int, dict[str, _Cells]]] = []
        self._counts: Counter[str] = Counter()
        self._n_bytes = 0

    def extend(self, lines: Sequence[int], rows: Sequence[Row]) -> None:
        """Add rows with the numbers of their lines; raises ``CatalogError`` once there is too much."""
        self.lines += lines
        self._pending += rows
        if len(self._pending) >= PIECE:
            self._flush()

    def table(self) -> tuple[pd.DataFrame, str]:
        """Return the rows as text, and what to say where rare columns had to share one; ``""`` where none had."""
        self._flush()
        names, note = list(self._counts), ""
        if len(names) > MAX_COLUMNS:
            note = self._narrow()
            names = [name for name in names if name in self._counts] + [OTHER]
        columns = {
            unique: text_series([_whole(piece.get(name), n) for n, piece in self._pieces])
            for unique, name in zip(unique_names(list(map(cell_text, names))), names, strict=True)
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self.lines))), note

    def _flush(self) -> None:
        rows, self._pending = self._pending, []
        counts = _name_counts(rows)
        self._counts.update(counts)
        self._budget.check_table(len(self.lines), len(self._counts))
        sparse: dict[str, list[int]] = {name: [] for name, n in counts.items() if n < SPARSE * len(rows)}
        for place, row in enumerate(rows if sparse else ()):
            for name in row.keys() & sparse.keys():
                sparse[name].append(place)
        self._pieces.append(
            (len(rows), {name: self._cells(rows, name, n, sparse.get(name)) for name, n in counts.items()})
        )

    def _cells(self, rows: Sequence[Row], name: str, n: int, places: Sequence[int] | None) -> _Cells:
        """Return the cells under a name, which ``n`` of the rows have; of few only those at their ``places``."""
        own = rows if places is None else [rows[place] for place in places]
        texts = _texts([*map(itemgetter(name), own)] if n == len(own) else [row.get(name) for row in own])
        self._budget.check_text(self._n_bytes + sum(map(len, texts)))  # many rows may share one long text
        array = _text_array(texts)
        self._n_bytes += array.nbytes
        return _Cells(places, array)

    def _narrow(self) -> str:
        """Keep the columns that most rows have, and what the others hold as JSON in one column more."""
        n_all = len(self._counts)
        self._counts = Counter(dict(self._counts.most_common(MAX_COLUMNS)))
        self._pieces = [(n, self._narrowed(n, piece)) for n, piece in self._pieces]
        return phrase(
            "{n:,} of {total:,} columns are filled in few rows; their values stand together in the column “{column}”.",
            n=n_all - len(self._counts),
            total=n_all,
            column=OTHER,
        )

    def _narrowed(self, n_rows: int, piece: dict[str, _Cells]) -> dict[str, _Cells]:
        others: list[dict[str, str]] = [{} for _ in range(n_rows)]
        for name in [name for name in piece if name not in self._counts]:
            cells = piece.pop(name)
            for row, text in zip(cells.rows or range(n_rows), cells.texts.to_pylist(), strict=True):
                if text:
                    others[row][name] = text
        texts = [json.dumps(own, ensure_ascii=False) if own else "" for own in others]
        return piece | {OTHER: _Cells(None, text_array(texts))}


def _name_counts(rows: Sequence[Row]) -> Counter[str]:
    """Return how many rows have each name, in order of first appearance; quickly where all have the same."""
    names = rows[0].keys() if rows else frozenset()
    if all(map(names.__eq__, map(dict.keys, rows))):
        return Counter(dict.fromkeys(names, len(rows)))
    return Counter(chain.from_iterable(rows))


def text_array(values: Sequence[Any]) -> pa.Array:
    """Return values as text, as ``cell_text`` writes them; large_string, shape (values,)."""
    return _text_array(_texts(values))


def _text_array(texts: Sequence[str]) -> pa.Array:
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # halves of characters
        return pa.array(list(map(cell_text, texts)), pa.large_string())


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """Return values as text, those of one plain type quickly."""
    types = set(map(type, values))
    if types == {str}:
        return values
    if types == {int}:
        return list(map(str, values))
    if types == {float}:
        texts = map(repr, values)  # as float_text writes most numbers
        return [float_text(v) if t[-2:] == ".0" or t == "nan" else t for v, t in zip(values, texts, strict=True)]
    return [value or "" for value in values] if types <= {str, type(None)} else list(map(cell_text, values))


def _whole(cells: _Cells | None, n_rows: int) -> pa.Array:
    """Return the texts of all rows, ``""`` for those without the name."""
    if cells is not None and cells.rows is None:
        return cells.texts
    places = np.zeros(n_rows, np.int64)
    empty = pa.array([""], pa.large_string())
    if cells is None:
        return empty.take(pa.array(places))
    places[cells.rows] = np.arange(1, len(cells.texts) + 1)
    return pa.concat_arrays([empty, cells.texts]).take(pa.array(places))
