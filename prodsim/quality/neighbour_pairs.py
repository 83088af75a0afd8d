"""Neighbours of all products, as pairs of rows: what checks that count over a whole catalog read."""

from collections.abc import Iterator

import numpy as np

from prodsim.index import Rows
from prodsim.quality.subject import Subject

CHUNK = 4096
"""Products per piece."""


def neighbour_pairs(subject: Subject, k: int, asked: Rows | None = None) -> Iterator[tuple[Rows, Rows, Rows]]:
    """The nearest others of products, some products at a time.

    Args:
        subject: the catalog.
        k: neighbours of each at most; fewer where the graph holds fewer.
        asked: only these products, ascending; all for None.

    Yields:
        The products, then pairs as two arrays of equal length: the product, by row, and a neighbour, best first;
        those with the very same vector come before all others.
    """
    group_of = subject.comparer.index.group_of
    members = np.argsort(group_of, kind="stable")
    sizes = np.bincount(group_of, minlength=len(subject.graph.rows))
    starts = np.cumsum(sizes) - sizes
    asked = np.arange(len(group_of)) if asked is None else asked
    for start in range(0, len(asked), CHUNK):
        rows = asked[start : start + CHUNK]
        own = group_of[rows]
        groups = np.column_stack([own, np.asarray(subject.graph.rows[own], np.int64)])
        held = np.where(groups >= 0, sizes[groups], 0)
        # One more than k, because the product is a member of its own group.
        taken = np.clip(k + 1 - (np.cumsum(held, axis=1) - held), 0, held).ravel()
        within = np.arange(taken.sum()) - np.repeat(np.cumsum(taken) - taken, taken)
        others = members[np.repeat(starts[groups.ravel()], taken) + within]
        of = np.repeat(np.repeat(rows, groups.shape[1]), taken)
        other = of != others
        yield rows, *_first(of[other], others[other], k)


def _first(of: Rows, others: Rows, k: int) -> tuple[Rows, Rows]:
    """At most k pairs of each product; where its own group was larger than k, one too many was taken."""
    kept = np.arange(len(of)) - np.searchsorted(of, of) < k
    return of[kept], others[kept]
