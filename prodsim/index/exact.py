"""The exact index: compares with every row; slow at scale, and the judge of the others."""

import numpy as np
from numpy.typing import NDArray

from prodsim.index.protocol import Metric, Neighbours, Rows, Vectors

CHUNK_ROWS = 16_384
"""Rows converted to float32 at a time: 24 MB at 384 numbers."""
CHUNK_QUERIES = 64


class ExactIndex:
    """Compares with every row.

    Args:
        vectors: shape (n, dim), float16 or float32, possibly memory-mapped; never changed.
        metric: how closeness is measured.
    """

    def __init__(self, vectors: NDArray[np.floating], metric: Metric = "cosine") -> None:
        self.vectors = vectors
        self._metric: Metric = metric

    @property
    def metric(self) -> Metric:
        """How closeness is measured."""
        return self._metric

    def __len__(self) -> int:
        return len(self.vectors)

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = True) -> Neighbours:
        """Find the k closest rows for each query by comparing with all; see ``Index.search``."""
        check_search(queries, self.vectors.shape[1], k)
        allowed = np.arange(len(self)) if rows is None else np.unique(rows)
        m = min(k, len(allowed))
        found_rows = np.empty((len(queries), m), np.int64)
        found_scores = np.empty((len(queries), m), np.float32)
        for start in range(0, len(queries), CHUNK_QUERIES):
            scores = self.scores(queries[start : start + CHUNK_QUERIES], allowed)
            for offset, row_scores in enumerate(scores):
                best = top(row_scores, m)
                found_rows[start + offset] = allowed[best]
                found_scores[start + offset] = row_scores[best]
        return Neighbours(found_rows, found_scores)

    def scores(self, queries: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Exact scores of the rows for each query; see ``Index.scores``."""
        out = np.empty((len(queries), len(rows)), np.float32)
        contiguous = len(rows) > 0 and len(rows) == rows[-1] - rows[0] + 1 and bool((np.diff(rows) == 1).all())
        for start in range(0, len(rows), CHUNK_ROWS):
            chunk = rows[start : start + CHUNK_ROWS]
            # A slice of a memory map is read in order; a list of rows is gathered one by one.
            block = self.vectors[chunk[0] : chunk[-1] + 1] if contiguous else self.vectors[chunk]
            out[:, start : start + CHUNK_ROWS] = score(queries, np.asarray(block, np.float32), self._metric)
        return out


def score(queries: Vectors, vectors: Vectors, metric: Metric) -> NDArray[np.float32]:
    """Score of each vector for each query, shape (n_queries, n_vectors); higher is closer.

    Cosine in [-1, 1] (0 with a zero vector); inner product as it is; Euclidean as 1 / (1 + distance), in (0, 1].
    """
    products = queries @ vectors.T
    if metric == "ip":
        return products
    tiny = np.finfo(np.float32).tiny
    squares = np.einsum("ij,ij->i", vectors, vectors)
    own = np.einsum("ij,ij->i", queries, queries)[:, None]
    if metric == "cosine":
        return np.clip(products / np.maximum(np.sqrt(own * squares), tiny), -1.0, 1.0)
    return 1.0 / (1.0 + np.sqrt(np.maximum(own + squares - 2.0 * products, 0.0)))


def top(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Positions of the k highest scores, best first; equal scores in order of position."""
    if k >= len(scores):
        return np.argsort(-scores, kind="stable")
    limit = np.partition(scores, len(scores) - k)[len(scores) - k] if k else np.inf
    best = np.flatnonzero(scores >= limit)
    return best[np.argsort(-scores[best], kind="stable")][:k]


def check_search(queries: Vectors, dim: int, k: int) -> None:
    """Refuse queries of another width, and a k below 1."""
    if queries.ndim != 2 or queries.shape[1] != dim:
        raise ValueError(f"queries must have shape (n, {dim}), got {queries.shape}")
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
