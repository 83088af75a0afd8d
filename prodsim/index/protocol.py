"""What every index offers."""

from dataclasses import dataclass
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Metric = Literal["cosine", "ip", "l2"]
"""Cosine, inner product, or Euclidean; scores are always higher for closer (see ``scores``)."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Rows and their scores, best first, both of shape (n_queries, m); m may be below the k asked for.

    A query with fewer than m answers is filled up with row -1 and score -inf.
    """

    rows: Rows
    scores: NDArray[np.float32]


class Index(Protocol):
    """Finds rows; safe to call from several threads."""

    @property
    def metric(self) -> Metric:
        """Return the metric that vectors are compared by."""

    @property
    def vectors(self) -> NDArray[np.floating]:
        """Return what is indexed, shape (n, dim), float16 or float32; never changed."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def at(self, ef: int) -> Self:
        """Return the same index, but a search visits ``ef`` rows; an exact index returns itself.

        Raises:
            ValueError: ef is below 1.
        """

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = False) -> Neighbours:
        """Find the k closest rows for each query.

        Args:
            queries: float32, shape (n_queries, dim).
            k: how many to return; fewer come back when fewer rows are allowed.
            rows: only these rows may be returned; None allows all, an empty array none.
            exact: compare with every allowed row.

        Returns:
            Rows and scores of shape (n_queries, m) with m = min(k, allowed rows). Equal scores keep row order.

        Raises:
            ValueError: queries has another width than the index, or k < 1.
        """

    def scores(self, queries: Vectors, rows: Rows, metric: Metric | None = None) -> NDArray[np.float32]:
        """Compute exact scores of the rows per query, shape (n_queries, len(rows)), by the index's metric or another.

        Cosine in [-1, 1]; inner product unbounded; Euclidean as 1 / (1 + distance), in (0, 1].
        """
