"""Which products a drawn shape holds, and what is special about them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows, Vectors
from prodsim.map.clusters import label_clusters

COMPARED_WITH = 5_000
"""Other products that a selection's words are compared with; more change the words no more."""


def rows_in_selection(xy: NDArray[np.float32], selection: Mapping[str, Any]) -> Rows:
    """Return the rows that a chart's selection holds, ascending: inside any lasso or box, else the points clicked.

    Shapes are resolved over all rows, also those the chart does not draw.

    Args:
        xy: shape (n, 2).
        selection: plotly's event: ``lasso`` and ``box`` hold ``x`` and ``y``, ``points`` the row as ``customdata``.
    """
    chosen = [rows_in_polygon(xy, shape["x"], shape["y"]) for shape in selection.get("lasso", ())]
    chosen += [rows_in_box(xy, shape["x"], shape["y"]) for shape in selection.get("box", ())]
    if not chosen:
        clicked = (np.atleast_1d(point.get("customdata", -1))[0] for point in selection.get("points", ()))
        chosen = [np.array([row for row in clicked if 0 <= row < len(xy)], np.int64)]
    return np.unique(np.concatenate(chosen))


def distinctive_words(titles: Sequence[str], rows: Rows) -> str:
    """Return up to three words that set the rows' titles apart, most distinctive first; ``""`` for all rows."""
    chosen = np.zeros(len(titles), bool)
    chosen[rows] = True
    others = np.flatnonzero(~chosen)
    if not len(rows) or not len(others):
        return ""
    inside = [titles[row] for row in rows]
    outside = [titles[row] for row in others[spread_sample(np.zeros(len(others), np.int8), COMPARED_WITH)]]
    cluster = np.repeat(np.array([0, -1], np.int32), [len(inside), len(outside)])
    named = label_clusters([*inside, *outside], cluster)[0].split(", ")
    # A cluster's name may hold a word that all products share; that one tells nothing apart.
    return ", ".join(word for word in named if _share(word, inside) > _share(word, outside))


def _share(word: str, texts: Sequence[str]) -> float:
    return sum(word.lower() in text.lower() for text in texts) / len(texts)


def most_central(vectors: Vectors, n: int) -> Rows:
    """Return positions of the n vectors closest to the mean of all, closest first; equal ones keep their order."""
    return np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")[:n]


def rows_in_polygon(xy: NDArray[np.float32], xs: Sequence[float], ys: Sequence[float]) -> Rows:
    """Return rows inside a polygon by the even-odd rule, ascending; fewer than three corners contain nothing.

    Args:
        xy: shape (n, 2).
        xs: of the corners in order; the last joins the first.
        ys: of the same corners.
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
    """Return rows inside the box that two corners span, edges included, ascending."""
    low, high = np.array([min(xs), min(ys)]), np.array([max(xs), max(ys)])
    return np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1))


def spread_sample(groups: NDArray[np.integer], n: int, seed: int = 0) -> Rows:
    """Return n rows, each group in proportion to its size and none left out, ascending.

    Args:
        groups: a number per row.
        n: rows wanted; all come back where there are no more, and one per group where there are more groups.
        seed: the same seed gives the same rows.
    """
    if len(groups) <= n:
        return np.arange(len(groups))
    shuffled = np.random.default_rng(seed).permutation(len(groups))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    _, starts = np.unique(groups[order], return_index=True)
    evenly = order[np.linspace(0, len(order) - 1, max(n - len(starts), 1)).astype(np.int64)]
    chosen = np.unique(np.concatenate([evenly, order[starts]]))
    others = order[~np.isin(order, chosen)]  # a group's first row may be among the evenly spread ones, too
    more = others[np.linspace(0, len(others) - 1, max(n - len(chosen), 0)).astype(np.int64)]
    return np.union1d(chosen, more)
