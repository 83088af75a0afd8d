"""How much each product has in common with its nearest others anyway, so that closeness can be told from likeness."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.graph import NeighbourGraph
from prodsim.index import Rows
from prodsim.lexical import LexicalIndex
from prodsim.progress import SILENT, Progress
from prodsim.similarity import Scores

N_NEAR, N_CLOSEST = 10, 3
"""Others looked at, the nearest by meaning, and of these the ones of the most similar text, whose mean is taken."""
SHARE = 0.3
"""What a product's crowding counts in closeness. From 0.2 to 0.4 every labelled set gains or stays."""
FILE = "crowding.npy"


@dataclass(frozen=True, slots=True)
class Crowding:
    """The mean closeness of each product's text to the most similar of its nearest others, in [0, 1].

    Half the words of a title may be those of its whole range; such products are close to each other without being one.
    Taking off how close each of two is to its own neighbours is local scaling (CSLS, Conneau et al. 2018, section 2.3).

    Attributes:
        of: float32, shape (n,), in product rows.
        mean: of all, taken as usual.
    """

    of: Scores
    mean: float

    @classmethod
    def measure(cls, lexical: LexicalIndex, graph: NeighbourGraph, group_of: Rows, progress: Progress = SILENT) -> Self:
        """Compare each distinct text with its nearest others.

        Args:
            lexical: of the products.
            graph: neighbours of the distinct vectors.
            group_of: shape (n,), the vector of each product.
            progress: advanced by distinct vectors.
        """
        n = len(graph.rows)
        first = np.unique(group_of, return_index=True)[1]
        closeness = np.zeros(n, np.float32)
        for group in range(n):
            near = graph.rows[group, :N_NEAR]
            grams = np.sort(lexical.product_grams(int(first[group]), first[near[near >= 0]]))
            closeness[group] = grams[-N_CLOSEST:].mean() if len(grams) else 0.0
            progress.advance()
        return cls.of_products(closeness[group_of])

    @classmethod
    def of_products(cls, of: NDArray[np.float32]) -> Self:
        """Return the crowding of products with its mean."""
        return cls(of, float(of.mean()) if len(of) else 0.0)

    def with_copy(self, row: int, place: int) -> Self:
        """Return the same, but with the crowding of ``row`` at ``place``, too."""
        of = self.of.copy()
        of[place] = of[row]
        return replace(self, of=of)

    def save(self, folder: Path) -> None:
        """Write the array into a folder."""
        np.save(folder / FILE, self.of)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote."""
        return cls.of_products(np.load(folder / FILE))

    def __len__(self) -> int:
        return len(self.of)

    def excess(self, row: int | Rows, rows: Rows) -> Scores:
        """Return how much more two products have in common with others than is usual, in [-2, 2]; less is negative."""
        return np.asarray(self.of[row] + self.of[rows] - np.float32(2 * self.mean), np.float32)

    def scaled(self, closeness: Scores, row: int | Rows, rows: Rows) -> Scores:
        """Return the closeness of a product's text to others, less what is usual around the two, in [0, 1].

        With as many rows as others, of each pair.
        """
        return np.asarray(np.clip(closeness - np.float32(SHARE) * self.excess(row, rows), 0.0, 1.0), np.float32)
