"""Which products a drawn shape holds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows


def rows_in_polygon(xy: NDArray[np.float32], xs: Sequence[float], ys: Sequence[float]) -> Rows:
    """Rows inside a polygon by the even-odd rule, ascending; fewer than three corners hold nothing.

    Args:
        xy: shape (n, 2).
        xs, ys: the corners in order; the last joins the first.
    """
    if len(xs) < 3:
        return np.empty(0, np.int64)
    corners = np.column_stack([xs, ys]).astype(np.float64)
    near = np.flatnonzero(((xy >= corners.min(axis=0)) & (xy <= corners.max(axis=0))).all(axis=1))
    x, y = xy[near, 0], xy[near, 1]
    inside = np.zeros(len(near), bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:  # a level edge is never crossed by a level ray
            crosses = (y1 > y) != (y2 > y)
            inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return near[inside]


def rows_in_box(xy: NDArray[np.float32], xs: Sequence[float], ys: Sequence[float]) -> Rows:
    """Rows inside the box that two corners span, edges included, ascending."""
    low, high = np.array([min(xs), min(ys)]), np.array([max(xs), max(ys)])
    return np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1))


def spread_sample(groups: NDArray[np.integer], n: int, seed: int = 0) -> Rows:
    """At most n rows, each group in proportion to its size and none left out, ascending.

    Args:
        groups: a number per row.
        n: rows wanted.
        seed: the same seed gives the same rows.
    """
    if len(groups) <= n:
        return np.arange(len(groups))
    shuffled = np.random.default_rng(seed).permutation(len(groups))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    _, starts = np.unique(groups[order], return_index=True)
    evenly = order[np.linspace(0, len(order) - 1, max(n - len(starts), 1)).astype(np.int64)]
    return np.unique(np.concatenate([evenly, order[starts]]))
