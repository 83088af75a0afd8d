"""Vectors of a field that not every product gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index.exact import ExactIndex
from prodsim.index.protocol import Metric, Rows, Vectors


@dataclass(frozen=True, slots=True)
class FieldVectors:
    """One vector per product that gives the field; compared exactly, never searched.

    Attributes:
        vectors: float16 or float32, shape (n_vectors, dim), possibly memory-mapped.
        group_of: shape (n_products,), the vector of each product; -1 for a product without.
    """

    vectors: NDArray[np.floating]
    group_of: Rows

    @classmethod
    def of(cls, rows: Sequence[int], n: int, vectors: NDArray[np.floating], group_of: Rows) -> Self:
        """Return vectors of the ``rows`` among n products, as ``unique_vectors`` gives them."""
        every = np.full(n, -1, np.int64)
        every[rows] = group_of
        return cls(vectors, every)

    def save(self, folder: Path) -> None:
        """Write both arrays."""
        np.save(folder / "vectors.npy", self.vectors)
        np.save(folder / "group_of.npy", self.group_of)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote into memory."""
        return cls(np.asarray(np.load(folder / "vectors.npy", mmap_mode="r")), np.load(folder / "group_of.npy"))

    def product_scores(self, row: int, rows: Rows, metric: Metric) -> NDArray[np.float32]:
        """Return the closeness of a product's field to the others', shape (len(rows),); 0 where either has none."""
        own = self.group_of[row]
        if own < 0:
            return np.zeros(len(rows), np.float32)
        return self.scores(np.asarray(self.vectors[[own]], np.float32), rows, metric)

    def scores(self, query: Vectors, rows: Rows, metric: Metric) -> NDArray[np.float32]:
        """Return the closeness of a vector, shape (1, dim), to the rows' field; 0 where there is none."""
        groups = self.group_of[rows]
        out = np.zeros(len(rows), np.float32)
        given = np.flatnonzero(groups >= 0)
        out[given] = ExactIndex(self.vectors, metric).scores(query, groups[given])[0]
        return out
