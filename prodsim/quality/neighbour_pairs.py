"""Neighbours of all products, as pairs of rows: what checks that count over a whole catalog read."""

from collections.abc import Iterator

import numpy as np

from prodsim.index import Rows
from prodsim.quality.subject import Subject

PRODUCT_BATCH = 4096
"""Products whose neighbours are held in memory at a time."""


def neighbour_pairs(subject: Subject, k: int, rows: Rows | None = None) -> Iterator[tuple[Rows, Rows, Rows]]:
    """Yield the nearest others of products, a batch of products at a time.

    Args:
        subject: the catalog.
        k: neighbours of each at most; fewer where the graph holds fewer.
        rows: only these products, ascending; all for None.

    Yields:
        The products of the batch, then pairs as two arrays of equal length: the product, by row, and a neighbour, best
        first; those with the very same vector come before all others.
    """
    group_of = subject.comparer.index.group_of
    members = np.argsort(group_of, kind="stable")
    sizes = np.bincount(group_of, minlength=len(subject.graph.rows))
    starts = np.cumsum(sizes) - sizes
    rows = np.arange(len(group_of)) if rows is None else rows
    for start in range(0, len(rows), PRODUCT_BATCH):
        batch = rows[start : start + PRODUCT_BATCH]
        own = group_of[batch]
        groups = np.column_stack([own, np.asarray(subject.graph.rows[own], np.int64)])
        available = np.where(groups >= 0, sizes[groups], 0)
        # One more than k, because the product is a member of its own group.
        n_taken = np.clip(k + 1 - (np.cumsum(available, axis=1) - available), 0, available).ravel()
        within = np.arange(n_taken.sum()) - np.repeat(np.cumsum(n_taken) - n_taken, n_taken)
        neighbours = members[np.repeat(starts[groups.ravel()], n_taken) + within]
        products = np.repeat(np.repeat(batch, groups.shape[1]), n_taken)
        is_other = products != neighbours
        yield batch, *_first_k(products[is_other], neighbours[is_other], k)


def _first_k(products: Rows, neighbours: Rows, k: int) -> tuple[Rows, Rows]:
    """Keep k pairs of each product at most; where its own group was larger than k, one too many was taken."""
    is_kept = np.arange(len(products)) - np.searchsorted(products, products) < k
    return products[is_kept], neighbours[is_kept]
