"""The neighbour graph: each vector's nearest others, computed once and read by map, clusters and checks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Index
from prodsim.progress import SILENT, Progress

CHUNK = 2048
"""Rows searched at a time, on all cores, between two looks at the cancel token."""


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
    rows = np.full((n, k), -1, np.int32)
    scores = np.full((n, k), -np.inf, np.float32)
    others = min(k, n - 1)
    for start in range(0, n, CHUNK):
        own = np.arange(start, min(start + CHUNK, n))
        found = index.search(np.asarray(index.vectors[own], np.float32), k + 1)
        # The row itself is moved behind its neighbours; where the index missed it, the last neighbour goes.
        order = np.argsort(found.rows == own[:, None], axis=1, kind="stable")[:, :others]
        rows[own, :others] = np.take_along_axis(found.rows, order, 1)
        scores[own, :others] = np.take_along_axis(found.scores, order, 1)
        progress.advance(len(own))
    return NeighbourGraph(rows, scores)
