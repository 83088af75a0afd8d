"""The neighbour graph: each vector's nearest others, computed once and read by map, clusters and checks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Index
from prodsim.progress import SILENT, Progress

CHUNK = 4096


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
    """Find the k nearest others of every row; ``progress`` is advanced by rows."""
    n = len(index)
    rows = np.full((n, k), -1, np.int32)
    scores = np.full((n, k), -np.inf, np.float32)
    for start in range(0, n, CHUNK):
        own = np.arange(start, min(start + CHUNK, n))
        found = index.search(np.asarray(index.vectors[own], np.float32), k + 1)
        # The row itself is moved behind its neighbours; where the index missed it, the last neighbour goes.
        is_self = found.rows == own[:, None]
        order = np.argsort(is_self, axis=1, kind="stable")[:, :k]
        order = order[:, : found.rows.shape[1] - 1]
        rows[own, : order.shape[1]] = np.take_along_axis(found.rows, order, 1)
        scores[own, : order.shape[1]] = np.take_along_axis(found.scores, order, 1)
        progress.advance(len(own))
    return NeighbourGraph(rows, scores)
