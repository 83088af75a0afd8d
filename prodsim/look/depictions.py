"""What the pictures of a catalog say of its texts, by a map from looks to texts' vectors that its products teach."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import Params
from prodsim.encoders.protocol import unit_vectors
from prodsim.index import GroupedIndex, Rows, Vectors, as_float32
from prodsim.look.index import LookIndex
from prodsim.similarity import Scores

PENALTY = 2.0
"""Of the squared weights, in mean variances of a look's numbers; a third or thrice of it gives the same."""
FOLDS = 5
"""What a product's picture says is foretold by four fifths of the pictures, without its own."""
MAX_TAUGHT = 20_000
"""Products, taken at random, that the map is learned from; more make it no better and cost memory."""
MIN_PICTURES = 50
"""Distinct main pictures from which on it is learned at all."""
FORETOLD_TOGETHER = 10_000
"""Products whose texts are foretold at a time, for the memory."""


@dataclass(frozen=True, eq=False)
class Depictions:
    """The text that each product's main picture foretells.

    Attributes:
        reliability: how well the texts of pictures that taught nothing are foretold: their mean cosine, in [0, 1].
        foretold: float16, shape (n_products, dim), each of length 1, by a map that the product's own picture did not
            teach; 0 without a picture.
        centre: the mean of the texts' vectors, from which foretold ones are given.
    """

    reliability: float
    foretold: NDArray[np.floating]
    centre: NDArray[np.float32]

    @classmethod
    def learn(cls, look: LookIndex, index: GroupedIndex) -> Self | None:
        """Learn what pictures say; ``None`` where there are too few, or they say nothing.

        Args:
            look: the pictures of the products.
            index: the vectors of the products' texts.
        """
        every = np.flatnonzero(look.has_pictures)
        main = look.pictures[look.starts[every]]
        distinct, own_picture = np.unique(main, return_inverse=True)
        if len(distinct) < MIN_PICTURES:
            return None
        rng = np.random.default_rng(0)
        fold = (rng.permutation(len(distinct)) % FOLDS)[own_picture]  # products that share a picture stay together
        taught = np.sort(rng.permutation(len(every))[:MAX_TAUGHT])
        looks, texts = as_float32(look.looks[main[taught]]), index.vectors_of(every[taught])
        centre = texts.mean(axis=0)
        foretold = np.zeros((len(look), texts.shape[1]), np.float16)
        for held_out in range(FOLDS):
            others, held = fold[taught] != held_out, np.flatnonzero(fold == held_out)
            foretell = _ridge(looks[others], texts[others] - centre)
            for some in np.split(held, range(FORETOLD_TOGETHER, len(held), FORETOLD_TOGETHER)):
                foretold[every[some]] = unit_vectors(foretell(as_float32(look.looks[main[some]])))
        cosines = (as_float32(foretold[every[taught]]) * unit_vectors(texts - centre)).sum(axis=1)
        reliability = float(cosines.mean())
        return cls(reliability, foretold, centre) if reliability > 0 else None

    def save(self, folder: Path) -> Params:
        """Write both arrays into a folder and return the parameters that its manifest needs."""
        np.save(folder / "foretold.npy", self.foretold)
        np.save(folder / "centre.npy", self.centre)
        return {"reliability": self.reliability}

    @classmethod
    def load(cls, folder: Path, params: Params) -> Self:
        """Map what ``save`` wrote into memory."""
        foretold = np.asarray(np.load(folder / "foretold.npy", mmap_mode="r"))
        return cls(params["reliability"], foretold, np.load(folder / "centre.npy"))

    @property
    def share(self) -> float:
        """Return the share of the part *look* that comes from pictures that fit texts.

        The root of the reliability: on fashion pictures more than the reliability itself finds more at first place.
        """
        return float(np.sqrt(self.reliability))

    def fits(self, row: int, rows: Rows, index: GroupedIndex) -> Scores:
        """Return how well a product's pictures fit the others' texts, and theirs its text, in [-1, 1]."""
        own = self._texts(np.array([row]), index)[0]
        fits = self._texts(rows, index) @ as_float32(self.foretold[row]) + as_float32(self.foretold[rows]) @ own
        return np.asarray(fits / 2, np.float32)

    def blended(self, looks: Scores, fits: Scores) -> Scores:
        """Return the part *look*: how alike pictures look, and by ``share`` how well they fit the texts."""
        return np.asarray((1 - self.share) * looks + self.share * fits, np.float32)

    def _texts(self, rows: Rows, index: GroupedIndex) -> Vectors:
        return unit_vectors(index.vectors_of(rows) - self.centre)


def _ridge(looks: Vectors, texts: Vectors) -> Callable[[Vectors], Vectors]:
    """Return the ridge regression (Hoerl and Kennard 1970) from looks to texts' vectors."""
    centre, middle = looks.mean(axis=0), texts.mean(axis=0)
    apart = (looks - centre).astype(np.float64)
    products = apart.T @ apart
    products[np.diag_indices_from(products)] += PENALTY * np.trace(products) / len(looks)
    matrix = np.linalg.solve(products, apart.T @ (texts - middle)).astype(np.float32)
    return lambda other: np.asarray((other - centre) @ matrix + middle, np.float32)
