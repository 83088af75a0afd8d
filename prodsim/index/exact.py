"""The exact index: compares with every row; slow at scale, and the judge of the others."""

from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index.float16 import as_float32
from prodsim.index.protocol import Metric, Neighbours, Rows, Vectors

BLOCK_ROWS = 1024
"""Rows converted to float32 at a time: few enough to be multiplied before they leave the processor's cache."""
RANKED_CELLS = 8_000_000
"""Query-row pairs ranked at a time: 32 MB."""
FLOAT32_SLACK = 4e-6
"""How far a matrix product of float32 may be from the exact one, relative to the lengths multiplied."""


class ExactIndex:
    """Compares with every row.

    Rows are ranked by a matrix product, whose last digits depend on what else is multiplied; so all rows that rounding
    could have put among the best are then scored pair by pair. A pair's score is the same in every search.

    Args:
        vectors: shape (n, dim), float16 or float32, possibly memory-mapped; never changed.
        metric: how closeness is measured.
    """

    def __init__(self, vectors: NDArray[np.floating], metric: Metric = "cosine") -> None:
        self.vectors = vectors
        self._metric: Metric = metric

    @property
    def metric(self) -> Metric:
        """Return the metric that vectors are compared by."""
        return self._metric

    def __len__(self) -> int:
        return len(self.vectors)

    def at(self, ef: int) -> Self:
        """Return the index itself: it compares with every row; see ``Index.at``."""
        if ef < 1:
            raise ValueError(f"ef must be at least 1, got {ef}")
        return self

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = True) -> Neighbours:
        """Find the k closest rows for each query by comparing with all; see ``Index.search``."""
        check_search(queries, self.vectors.shape[1], k)
        allowed = sorted_rows(rows, len(self))
        m = min(k, len(allowed))
        out = Neighbours(np.empty((len(queries), m), np.int64), np.empty((len(queries), m), np.float32))
        step = max(1, min(1024, RANKED_CELLS // max(len(allowed), 1)))
        for start in range(0, len(queries) if m else 0, step):
            chunk = np.asarray(queries[start : start + step], np.float32)
            for offset, (query, keys, slack) in enumerate(zip(chunk, *self._rank(chunk, allowed), strict=True)):
                near = allowed[_could_be_best(keys, m, slack)]
                scores = self.scores(query[None], near)[0]  # in chunks: to a query of zeros all rows are equal
                best = top(scores, m)
                out.rows[start + offset] = near[best]
                out.scores[start + offset] = scores[best]
        return out

    def scores(self, queries: Vectors, rows: Rows, metric: Metric | None = None) -> NDArray[np.float32]:
        """Compute exact scores of the rows for each query; see ``Index.scores``."""
        out = np.empty((len(queries), len(rows)), np.float32)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = self._block(rows[start : start + BLOCK_ROWS])
            for query, line in zip(queries, out, strict=True):
                line[start : start + BLOCK_ROWS] = score(query, block, metric or self._metric)
        return out

    def above(self, rows: Rows, others: Rows, floors: NDArray[np.float32]) -> tuple[Rows, Rows, NDArray[np.float32]]:
        """Return all pairs of a row and another that score higher than the row's floor.

        Args:
            rows: ascending.
            others: what each of them is compared with.
            floors: a score per row.

        Returns:
            The row, the other and the score of each pair, by row.
        """
        pairs = [(rows[:0], others[:0], floors[:0])]
        for start in range(0, len(rows) if len(others) else 0, BLOCK_ROWS):
            own, floor = rows[start : start + BLOCK_ROWS], floors[start : start + BLOCK_ROWS]
            block = self._block(own)
            keys, slack = self._rank(block, others)
            # Matrix products are quick but inexact: they choose with room for their error, exact scores decide.
            near = np.nonzero(keys >= (self._floor_keys(block, floor) - 2 * slack)[:, None])
            for begin in range(0, len(near[0]), BLOCK_ROWS):
                line, place = (positions[begin : begin + BLOCK_ROWS] for positions in near)
                scores = score(block[line], self._block(others[place]), self._metric)
                higher = scores > floor[line]
                pairs.append((own[line[higher]], others[place[higher]], scores[higher]))
        row, other, scores = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        return row, other, scores

    def _floor_keys(self, queries: Vectors, floors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the key that ``_rank`` gives to a pair of each query's floor."""
        if self._metric == "ip":
            return floors.astype(np.float64)
        lengths = np.linalg.norm(queries.astype(np.float64), axis=1)
        if self._metric == "cosine":
            return np.asarray(floors * lengths, np.float64)
        return np.asarray((lengths**2 - (1 / floors.astype(np.float64) - 1) ** 2) / 2, np.float64)

    def _rank(self, queries: Vectors, rows: Rows) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return a key per query and row, in the order of their scores; and per query how far its keys may be off."""
        keys = np.empty((len(queries), len(rows)), np.float32)
        for start in range(0, len(rows), BLOCK_ROWS):
            chunk = rows[start : start + BLOCK_ROWS]
            products = queries @ self._block(chunk).T
            if self._metric == "cosine":
                products /= np.maximum(self._lengths[chunk], np.finfo(np.float32).tiny)
            elif self._metric == "l2":  # |q - v|² = |q|² - 2 (q·v - |v|²/2)
                products -= self._lengths[chunk] ** 2 / 2
            keys[:, start : start + BLOCK_ROWS] = products
        longest = 1.0 if self._metric == "cosine" else float(self._lengths.max(initial=0.0))
        own = np.linalg.norm(queries, axis=1) + (longest if self._metric == "l2" else 0.0)
        return keys, (FLOAT32_SLACK * longest * own).astype(np.float32)

    @cached_property
    def _lengths(self) -> NDArray[np.float32]:
        starts = range(0, len(self), BLOCK_ROWS)
        blocks = (as_float32(self.vectors[start : start + BLOCK_ROWS]) for start in starts)
        return np.concatenate([np.empty(0, np.float32), *(np.linalg.norm(block, axis=1) for block in blocks)])

    def _block(self, rows: Rows) -> Vectors:
        """Return the rows as float32; successive rows are read as one slice, which a memory map serves quickest."""
        successive = len(rows) > 0 and rows[-1] - rows[0] == len(rows) - 1 and bool((np.diff(rows) == 1).all())
        return as_float32(self.vectors[rows[0] : rows[-1] + 1] if successive else self.vectors[rows])


def score(queries: Vectors, vectors: Vectors, metric: Metric) -> NDArray[np.float32]:
    """Score each pair, over the last axis; the axes before it broadcast. Higher is closer.

    Cosine in [-1, 1] (0 with a zero vector); inner product as it is; Euclidean as 1 / (1 + distance), in (0, 1].
    """
    if metric == "l2":
        apart = vectors - queries
        return np.asarray(1.0 / (1.0 + np.sqrt(np.vecdot(apart, apart))), np.float32)
    products = np.asarray(np.vecdot(queries, vectors), np.float32)
    if metric == "ip":
        return products
    lengths = np.sqrt(np.vecdot(queries, queries)) * np.sqrt(np.vecdot(vectors, vectors))
    return np.asarray(np.clip(products / np.maximum(lengths, np.finfo(np.float32).tiny), -1.0, 1.0), np.float32)


def top(scores: NDArray[np.floating], k: int) -> NDArray[np.int64]:
    """Return positions of the k highest scores, best first; equal scores in order of position."""
    best = _could_be_best(scores, k, 0.0)
    return best[np.argsort(-scores[best], kind="stable")][:k]


def sorted_rows(rows: Rows | None, n: int) -> Rows:
    """Return the rows a search may return, ascending, each once; all n for ``None``.

    Raises:
        ValueError: a row is not in the index.
    """
    if rows is None:
        return np.arange(n)
    rows = np.asarray(rows, np.int64)
    if not (np.diff(rows) > 0).all():
        rows = np.unique(rows)
    if len(rows) and not (rows[0] >= 0 and rows[-1] < n):
        raise ValueError(f"rows must lie in 0 to {n - 1}, got {rows[0] if rows[0] < 0 else rows[-1]}")
    return rows


def check_search(queries: Vectors, dim: int, k: int) -> None:
    """Refuse queries of another width, and a k below 1."""
    if queries.ndim != 2 or queries.shape[1] != dim:
        raise ValueError(f"queries must have shape (n, {dim}), got {queries.shape}")
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")


def _could_be_best(keys: NDArray[np.floating], k: int, slack: float) -> NDArray[np.int64]:
    """Return the ascending positions of the keys at most ``slack`` below the k-th highest."""
    if k >= len(keys):
        return np.arange(len(keys))
    if k == 0:
        return np.empty(0, np.int64)
    return np.flatnonzero(keys >= np.partition(keys, len(keys) - k)[len(keys) - k] - 2 * slack)
