"""The neighbour graph: each vector's nearest others, computed once and read by map, clusters and checks."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index import ExactIndex, Index, Rows, as_float32
from prodsim.progress import SILENT, Progress

ROWS_PER_STEP = 1024
"""Rows searched at a time, on all cores, between two checks of the cancel token."""
MAX_NEW_ROWS = 2048
"""Up to so many new rows, comparing a row with each of them is quicker than searching by the row again."""


@dataclass(frozen=True, slots=True)
class NeighbourGraph:
    """Neighbours of every row of an index, best first, the row itself left out.

    Attributes:
        rows: int32, shape (n, k); -1 where there are fewer than k others.
        scores: float32, shape (n, k); exact, -inf where there is no neighbour.
    """

    rows: NDArray[np.int32]
    scores: NDArray[np.float32]

    def save(self, folder: Path) -> None:
        """Write both arrays into a folder."""
        np.save(folder / "rows.npy", self.rows)
        np.save(folder / "scores.npy", self.scores)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote into memory."""
        return cls(np.load(folder / "rows.npy", mmap_mode="r"), np.load(folder / "scores.npy", mmap_mode="r"))


def build_graph(index: Index, k: int, progress: Progress = SILENT) -> NeighbourGraph:
    """Find the k nearest others of every row.

    Args:
        index: over unique vectors.
        k: neighbours per row; where there are fewer others, the rest of the row is filled up.
        progress: advanced by rows; ``Cancelled`` passes through between chunks.
    """
    n = len(index)
    graph = NeighbourGraph(np.full((n, k), -1, np.int32), np.full((n, k), -np.inf, np.float32))
    _search(index, np.arange(n), graph, progress)
    return graph


def update_graph(index: Index, before: NeighbourGraph, was: Rows, progress: Progress = SILENT) -> NeighbourGraph:
    """Update the graph of before, some of whose rows were exchanged for others.

    New rows, and those that lost a neighbour, are searched. All others keep their neighbours, and each new row that is
    closer than the last of these, by exact comparison, takes its place.

    Args:
        index: over the vectors as they are now.
        before: the graph of the vectors as they were.
        was: shape (n,), each row's place in it; -1 for a new row.
        progress: advanced by rows; ``Cancelled`` passes through between chunks.
    """
    now = np.full(len(before.rows) + 1, -1, np.int32)  # the last stands for no neighbour
    now[was] = np.arange(len(was))
    now[-1] = -1
    graph = NeighbourGraph(now[before.rows][was], np.array(before.scores[was]))
    new = np.flatnonzero(was < 0)
    whole = (was >= 0) & (graph.rows >= 0).all(axis=1) & (len(new) <= MAX_NEW_ROWS)
    graph.rows[~whole], graph.scores[~whole] = -1, -np.inf
    _search(index, np.flatnonzero(~whole), graph, progress)
    kept, exact = np.flatnonzero(whole), ExactIndex(index.vectors, index.metric)
    for start in range(0, len(kept), ROWS_PER_STEP):
        own = kept[start : start + ROWS_PER_STEP]
        _enter(graph, *exact.above(own, new, graph.scores[own, -1]))
        progress.advance(len(own))
    return graph


def _search(index: Index, rows: Rows, graph: NeighbourGraph, progress: Progress) -> None:
    """Write the neighbours of the rows into the graph."""
    k = graph.rows.shape[1]
    others = min(k, len(index) - 1)
    chunks = [rows[start : start + ROWS_PER_STEP] for start in range(0, len(rows), ROWS_PER_STEP)]
    pool = ThreadPoolExecutor(os.cpu_count())  # one chunk's scores are computed while another's rows are searched
    try:
        neighbours_of = pool.map(lambda own: index.search(as_float32(index.vectors[own]), k + 1), chunks)
        for own, near in zip(chunks, neighbours_of, strict=True):
            # The row itself is moved behind its neighbours; where the index missed it, the last neighbour goes.
            order = np.argsort(near.rows == own[:, None], axis=1, kind="stable")[:, :others]
            graph.rows[own, :others] = np.take_along_axis(near.rows, order, 1)
            graph.scores[own, :others] = np.take_along_axis(near.scores, order, 1)
            progress.advance(len(own))
    finally:
        pool.shutdown(cancel_futures=True)


def _enter(graph: NeighbourGraph, row: Rows, other: Rows, score: NDArray[np.float32]) -> None:
    """Put others among the neighbours of rows, which then lose their last."""
    k = graph.rows.shape[1]
    changed = np.unique(row)
    row = np.concatenate([np.repeat(changed, k), row])
    other = np.concatenate([graph.rows[changed].ravel(), other])
    score = np.concatenate([graph.scores[changed].ravel(), score])
    order = np.lexsort((other, -score, row))
    place = np.arange(len(row)) - np.searchsorted(row[order], row[order])
    best = order[place < k]
    graph.rows[changed] = other[best].reshape(-1, k)
    graph.scores[changed] = score[best].reshape(-1, k)
