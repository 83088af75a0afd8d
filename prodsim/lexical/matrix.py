"""A sparse matrix of term weights, memory-mapped: rows to score with, columns to find candidates by."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from prodsim.index import Rows
from prodsim.lexical.occurrences import Occurrences
from prodsim.lexical.terms import Terms, counted

Weigh = Callable[[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]
"""(count of the term in the row, rows with the term, length of the row over the mean length) -> weight."""

WEIGHED_ROWS = 8192
"""Rows weighed at a time."""
_ARRAYS = ("terms", "frequency", "data", "columns", "starts", "posting_data", "posting_rows", "posting_starts")


@dataclass(frozen=True, slots=True)
class TermMatrix:
    """Weights of terms in rows.

    Attributes:
        terms: the vocabulary, sorted; column i is ``terms[i]``.
        frequency: number of rows each term occurs in.
        data, columns, starts: the weights by row (CSR).
        posting_data, posting_rows, posting_starts: the weights by term (CSC), without the terms that are too frequent
            to find candidates by.
    """

    terms: Terms
    frequency: NDArray[np.int32]
    data: NDArray[np.float32]
    columns: NDArray[np.int32]
    starts: NDArray[np.int64]
    posting_data: NDArray[np.float32]
    posting_rows: NDArray[np.int32]
    posting_starts: NDArray[np.int64]

    @classmethod
    def build(
        cls,
        tokens: Occurrences,
        forms: Callable[[str], Sequence[str]],
        weigh: Weigh,
        *,
        unit: bool,
        max_frequency: int,
        min_frequency: int = 1,
    ) -> Self:
        """Count, weigh and store.

        Args:
            tokens: those of each row, repeats included.
            forms: the terms of a token.
            weigh: the weight of a term in a row.
            unit: whether rows get length 1 (before rare terms are left out).
            max_frequency: terms in more rows than this find no candidates; they still score.
            min_frequency: terms in fewer rows are not stored.
        """
        terms, in_token = counted(tokens, forms)
        in_row = tokens.matrix()
        lengths = in_row @ np.diff(in_token.indptr)
        relative = (lengths / max(lengths.mean(), 1e-9) if len(lengths) else lengths).astype(np.float32)
        # Some rows at a time, and twice: all at once would take several arrays as large as the result.
        parts = [slice(start, start + WEIGHED_ROWS) for start in range(0, len(tokens), WEIGHED_ROWS)]
        frequency = np.zeros(len(terms), np.int32)
        for part in parts:
            frequency += np.bincount((in_row[part] @ in_token).indices, minlength=len(terms)).astype(np.int32)
        kept = np.flatnonzero(frequency >= min_frequency)
        chunks = (
            _weighed(in_row[part] @ in_token, frequency, relative[part], weigh, unit=unit)[:, kept] for part in parts
        )
        weights = _stacked(chunks, int(frequency[kept].sum(dtype=np.int64)), len(kept))
        return cls._stored(weights, terms[kept], frequency[kept], max_frequency)

    @classmethod
    def _stored(cls, weights: csr_matrix, terms: Terms, frequency: NDArray[np.int32], max_frequency: int) -> Self:
        rare = np.flatnonzero(frequency <= max_frequency)
        postings = weights[:, rare].tocsc()
        sizes = np.zeros(len(terms), np.int64)
        sizes[rare] = np.diff(postings.indptr)
        return cls(
            terms,
            frequency,
            weights.data,
            weights.indices,
            weights.indptr.astype(np.int64),
            postings.data,
            postings.indices.astype(np.int32, copy=False),
            np.concatenate([[0], np.cumsum(sizes)]),
        )

    def save(self, folder: Path, name: str) -> None:
        """Write one ``.npy`` file per array."""
        for array in _ARRAYS:
            np.save(folder / f"{name}-{array}.npy", getattr(self, array))

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Map the arrays into memory."""
        return cls(*(_mapped(folder / f"{name}-{array}.npy") for array in _ARRAYS))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def with_data(self, data: NDArray[np.float32]) -> Self:
        """Return the same terms in the same rows, with other weights by row."""
        return replace(self, data=data)

    @property
    def by_row(self) -> csr_matrix:
        """Return the weights as a sparse matrix, shape (rows, terms), not copied."""
        return csr_matrix((self.data, self.columns, self.starts), shape=(len(self), len(self.terms)), copy=False)

    @property
    def by_term(self) -> csc_matrix:
        """Return the weights of terms that bring candidates, not copied."""
        parts = (self.posting_data, self.posting_rows, self.posting_starts)
        return csc_matrix(parts, shape=(len(self), len(self.terms)), copy=False)

    def columns_of(self, terms: Terms) -> NDArray[np.int64]:
        """Return columns of the distinct terms that are in the vocabulary, ascending."""
        wanted = np.unique(terms)
        if not len(self.terms):
            return np.empty(0, np.int64)
        places = np.searchsorted(self.terms, wanted)
        places[places == len(self.terms)] = 0
        columns: NDArray[np.int64] = places[self.terms[places] == wanted]
        return columns

    def row(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return columns and weights of one row."""
        part = slice(self.starts[row], self.starts[row + 1])
        return self.columns[part], self.data[part]

    def dense(self, columns: NDArray[np.integer], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a query as a dense vector over the vocabulary."""
        query = np.zeros(len(self.terms), np.float32)
        query[columns] = weights
        return query

    def score_rows(self, query: NDArray[np.float32], rows: Rows) -> NDArray[np.float32]:
        """Return the dot product of a dense query with each of the rows."""
        places, lengths = self._places(rows)
        return _sums(self.data[places] * query[self.columns[places]], lengths)

    def sum_rows(self, query: NDArray[np.float32], rows: Rows) -> NDArray[np.float32]:
        """Return the sum of a dense query over the terms that each of the rows has."""
        places, lengths = self._places(rows)
        return _sums(query[self.columns[places]], lengths)

    def best_rows(self, query: NDArray[np.float32], rows: Rows, *, weighted: bool = True) -> NDArray[np.float32]:
        """Return the largest product of a dense query with one term of each of the rows; 0 where they share none.

        Args:
            query: as ``dense`` gives it, not negative.
            rows: to be scored.
            weighted: whether a term counts by its weight in the row, or wholly once it has one.
        """
        places, lengths = self._places(rows)
        weights = self.data[places] if weighted else self.data[places] > 0
        best = np.zeros(len(rows), np.float32)
        if len(places):
            starts = (np.cumsum(lengths) - lengths)[lengths > 0]
            best[lengths > 0] = np.maximum.reduceat(weights * query[self.columns[places]], starts)
        return best

    def _places(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the weights of the rows lie, row after row, and how many each has."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.starts[rows] - (ends - lengths), lengths)
        return places, lengths

    def score_all(self, columns: NDArray[np.integer], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the dot product with every row, over the terms that bring candidates only; shape (rows,)."""
        parts = [slice(self.posting_starts[column], self.posting_starts[column + 1]) for column in columns]
        data = np.concatenate([np.empty(0, np.float32), *(self.posting_data[part] for part in parts)])
        rows = np.concatenate([np.empty(0, np.int32), *(self.posting_rows[part] for part in parts)])
        starts = np.cumsum([0, *(part.stop - part.start for part in parts)])
        scores = csc_matrix((data, rows, starts), shape=(len(self), len(parts)), copy=False) @ weights
        return np.asarray(scores, np.float32)

    def rarest(self, columns: NDArray[np.integer], row_of: Rows, most: int) -> NDArray[np.bool_]:
        """Return which terms of some rows bring candidates: each row's rarest, until they have brought ``most`` rows.

        Args:
            columns: the terms of a row, then those of the next.
            row_of: the row of each, ascending.
            most: rows that a row's terms bring together, one that several bring counted each time.
        """
        brought = self.posting_starts[columns + 1] - self.posting_starts[columns]
        order = np.lexsort((brought, row_of))
        before = np.cumsum(brought[order]) - brought[order]
        before -= before[np.searchsorted(row_of, row_of)]  # the sorting left every row where it was
        kept = np.empty(len(columns), bool)
        kept[order] = before < most
        return kept


def _sums(amounts: NDArray[np.float32], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the sum of each row's amounts, which lie row after row."""
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    return np.bincount(row_of, amounts, minlength=len(lengths)).astype(np.float32)


def _weighed(
    counts: csr_matrix, frequency: NDArray[np.int32], relative: NDArray[np.float32], weigh: Weigh, *, unit: bool
) -> csr_matrix:
    """Put weights in place of the counts, by ascending term."""
    counts.sort_indices()
    row_of = np.repeat(np.arange(len(relative)), np.diff(counts.indptr))
    counts.data = weigh(counts.data, frequency[counts.indices].astype(np.float32), relative[row_of])
    if unit:
        norms = np.sqrt(np.bincount(row_of, counts.data**2, minlength=len(relative)))
        counts.data /= np.maximum(norms, 1e-9).astype(np.float32)[row_of]
    return counts


def _stacked(chunks: Iterator[csr_matrix], size: int, width: int) -> csr_matrix:
    """Stack the chunks, of ``size`` weights in all; each is freed once it is copied."""
    data, columns = np.empty(size, np.float32), np.empty(size, np.int32)
    starts, end = [np.zeros(1, np.int64)], 0
    for chunk in chunks:
        begin, end = end, end + chunk.nnz
        data[begin:end], columns[begin:end] = chunk.data, chunk.indices
        starts.append(begin + chunk.indptr[1:])
    flat = np.concatenate(starts)
    return csr_matrix((data, columns, flat), shape=(len(flat) - 1, width))


def _mapped(path: Path) -> Any:
    array = np.load(path, mmap_mode="r" if path.stat().st_size > 4096 else None)
    return np.asarray(array)  # a plain view of the map: slicing a memmap object takes ten times as long
