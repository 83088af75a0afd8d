"""The exact index: compares with every row; slow at scale, and the judge of the others."""

import numpy as np
from numpy.typing import NDArray

from prodsim.index.protocol import Metric, Neighbours, Rows, Vectors


class ExactIndex:
    """Holds vectors (n, dim), float16 or float32, possibly memory-mapped."""

    def __init__(self, vectors: NDArray[np.floating], metric: Metric = "cosine") -> None:
        self._vectors = vectors
        self.metric: Metric = metric

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = False) -> Neighbours:
        """Find the k closest rows for each query by comparing with all."""
        allowed = np.arange(len(self)) if rows is None else np.unique(rows)
        scores = self.scores(queries, allowed)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return Neighbours(allowed[order], np.take_along_axis(scores, order, axis=1))

    def scores(self, queries: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Exact scores of the rows."""
        return queries @ np.asarray(self._vectors[rows], np.float32).T
