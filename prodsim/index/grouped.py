"""An index over products, many of which may share one vector."""

import numpy as np
from numpy.typing import NDArray

from prodsim.index.protocol import Index, Metric, Neighbours, Rows, Vectors


def unique_vectors(vectors: Vectors) -> tuple[NDArray[np.float16], Rows]:
    """The distinct vectors as float16 in order of first occurrence, and for each row which of them it has.

    Equal vectors in an HNSW graph hide other rows from the search: 3,000 copies among 20,000 took recall@20 of the
    *other* rows from 1.00 to 0.89. So each vector is indexed once.
    """
    small = np.ascontiguousarray(vectors.astype(np.float16))
    if not len(small):
        return small, np.empty(0, np.int64)
    keys = small.view(np.dtype((np.void, small.shape[1] * 2))).ravel()
    _, first, group_of = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    order = np.argsort(first)
    rank[order] = np.arange(len(first))
    return small[first[order]], rank[group_of]


class GroupedIndex:
    """An ``Index`` in product rows over an index of unique vectors; products of one vector come in row order.

    Args:
        index: over unique vectors.
        group_of: shape (n_products,), the vector of each product.
    """

    def __init__(self, index: Index, group_of: Rows) -> None:
        self.index = index
        self.group_of = group_of
        self._members = np.argsort(group_of, kind="stable")
        self._starts = np.searchsorted(group_of[self._members], np.arange(len(index) + 1))

    @property
    def metric(self) -> Metric:
        """How closeness is measured."""
        return self.index.metric

    def __len__(self) -> int:
        return len(self.group_of)

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = False) -> Neighbours:
        """Find the k closest products for each query; see ``Index.search``."""
        groups, mask = None, None
        if rows is not None:
            mask = np.zeros(len(self), bool)
            mask[rows] = True
            groups = np.unique(self.group_of[rows])
        found = self.index.search(queries, k, groups, exact=exact)
        m = min(k, len(self) if mask is None else int(mask.sum()))
        out = Neighbours(np.full((len(queries), m), -1, np.int64), np.full((len(queries), m), -np.inf, np.float32))
        for query in range(len(queries)):
            self._expand(found.rows[query], found.scores[query], mask, out.rows[query], out.scores[query])
        return out

    def scores(self, queries: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Exact scores of the products for each query; see ``Index.scores``."""
        return self.index.scores(queries, self.group_of[rows])

    @property
    def vectors(self) -> NDArray[np.floating]:
        """The products' vectors, one row each; a copy: for many products ask ``vectors_of`` for those needed."""
        return self.index.vectors[self.group_of]

    def vectors_of(self, rows: Rows) -> Vectors:
        """The products' vectors, float32, shape (len(rows), dim)."""
        return np.asarray(self.index.vectors[self.group_of[rows]], np.float32)

    def _expand(
        self,
        groups: Rows,
        scores: NDArray[np.float32],
        mask: NDArray[np.bool_] | None,
        out_rows: Rows,
        out_scores: NDArray[np.float32],
    ) -> None:
        filled = 0
        for group, score in zip(groups, scores, strict=True):
            if filled == len(out_rows) or group < 0:
                return
            members = self._members[self._starts[group] : self._starts[group + 1]]
            members = members if mask is None else members[mask[members]]
            taken = members[: len(out_rows) - filled]
            out_rows[filled : filled + len(taken)] = taken
            out_scores[filled : filled + len(taken)] = score
            filled += len(taken)
