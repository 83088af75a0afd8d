"""An index over products, many of which may share one vector."""

import copy
import hashlib
from collections.abc import Iterator
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index.exact import check_search, sorted_rows
from prodsim.index.float16 import as_float32
from prodsim.index.protocol import Index, Metric, Neighbours, Rows, Vectors


def unique_vectors(vectors: NDArray[np.floating]) -> tuple[NDArray[np.float16], Rows]:
    """Return the distinct vectors as float16 in order of first occurrence, and for each row which of them it has.

    Equal vectors in an HNSW graph hide other rows from the search: 3,000 copies among 20,000 took recall@20 of the
    *other* rows from 1.00 to 0.89. So each vector is indexed once.

    Raises:
        ValueError: a number that float16 cannot hold.
    """
    with np.errstate(over="ignore"):
        small = np.ascontiguousarray(vectors, np.float16) + np.float16(0)  # makes -0.0 and 0.0 the same bytes
    if not np.isfinite(small).all():
        raise ValueError("vectors must be finite numbers between -65504 and 65504")
    number: dict[bytes, int] = {}
    group_of = np.array([number.setdefault(key, len(number)) for key in vector_keys(small)], np.int64)
    return small[np.unique(group_of, return_index=True)[1]], group_of


def rows_before(vectors: NDArray[np.float16], before: NDArray[np.float16]) -> Rows:
    """Find each vector among those before, shape (len(vectors),); -1 for a new one. Both as ``unique_vectors``."""
    row = {key: row for row, key in enumerate(vector_keys(before))}
    return np.array([row.get(key, -1) for key in vector_keys(vectors)], np.int64)


def vector_keys(vectors: NDArray[np.float16]) -> Iterator[bytes]:
    """Return 16 bytes per vector, the same for the same numbers only."""
    return (hashlib.blake2b(vector.tobytes(), digest_size=16).digest() for vector in vectors)


class GroupedIndex:
    """An ``Index`` in product rows over an index of unique vectors; ``k`` counts products.

    Args:
        index: over unique vectors.
        group_of: shape (n_products,), the vector of each product; every vector belongs to at least one product.
    """

    def __init__(self, index: Index, group_of: Rows) -> None:
        self.index = index
        self.group_of = group_of
        self._members = np.argsort(group_of, kind="stable")
        self._sizes = np.bincount(group_of, minlength=len(index))
        self._starts = np.cumsum(self._sizes) - self._sizes

    @property
    def metric(self) -> Metric:
        """Return the metric that vectors are compared by."""
        return self.index.metric

    def at(self, ef: int) -> Self:
        """Return the same index, but a search visits ``ef`` vectors; see ``Index.at``."""
        other = copy.copy(self)
        other.index = self.index.at(ef)
        return other

    def __len__(self) -> int:
        return len(self.group_of)

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = False) -> Neighbours:
        """Find the k closest products for each query; see ``Index.search``."""
        check_search(queries, self.index.vectors.shape[1], k)
        if rows is None:
            neighbours = self.index.search(queries, k, exact=exact)
            return _expand(neighbours, self._members, self._starts, self._sizes, min(k, len(self)))
        allowed = np.zeros(len(self), bool)
        allowed[sorted_rows(rows, len(self))] = True
        members = self._members[allowed[self._members]]
        sizes = np.bincount(self.group_of[members], minlength=len(self.index))
        # The k closest groups hold the k closest products, because each has at least one that is allowed.
        neighbours = self.index.search(queries, k, np.flatnonzero(sizes), exact=exact)
        return _expand(neighbours, members, np.cumsum(sizes) - sizes, sizes, min(k, len(members)))

    def members(self, group: int) -> Rows:
        """Return the products that have a vector, ascending."""
        return self._members[self._starts[group] : self._starts[group] + self._sizes[group]]

    def scores(self, queries: Vectors, rows: Rows, metric: Metric | None = None) -> NDArray[np.float32]:
        """Compute exact scores of the products for each query; see ``Index.scores``."""
        return self.index.scores(queries, self.group_of[rows], metric)

    @property
    def vectors(self) -> NDArray[np.floating]:
        """Return the products' vectors, one row each; a copy: where few are needed, ``vectors_of`` is quicker."""
        return self.index.vectors[self.group_of]

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return the products' vectors, float32, shape (len(rows), dim)."""
        return as_float32(self.index.vectors[self.group_of[rows]])


def _expand(neighbours: Neighbours, members: Rows, starts: Rows, sizes: Rows, m: int) -> Neighbours:
    """Put the m best products of each query in place of its groups.

    Args:
        neighbours: groups per query.
        members: the allowed products, by group and then by row.
        starts: where each group begins among them.
        sizes: how many of them each group has.
        m: products per query.
    """
    out = Neighbours(
        np.full((len(neighbours.rows), m), -1, np.int64), np.full((len(neighbours.rows), m), -np.inf, np.float32)
    )
    query, place = np.nonzero(neighbours.rows >= 0)
    group = neighbours.rows[query, place]
    taken = np.minimum(sizes[group], m)
    within = np.arange(taken.sum()) - np.repeat(np.cumsum(taken) - taken, taken)
    rows = members[np.repeat(starts[group], taken) + within]
    scores = np.repeat(neighbours.scores[query, place], taken)
    query = np.repeat(query, taken)
    order = np.lexsort((rows, -scores, query))
    query, rows, scores = query[order], rows[order], scores[order]
    place = np.arange(len(query)) - np.searchsorted(query, query)
    kept = place < m
    out.rows[query[kept], place[kept]] = rows[kept]
    out.scores[query[kept], place[kept]] = scores[kept]
    return out
