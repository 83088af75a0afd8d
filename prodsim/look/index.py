"""The pictures of a catalog's products: how alike two products look, and which look most alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import Params
from prodsim.encoders.protocol import unit_vectors
from prodsim.index import HnswIndex, Rows, Vectors, as_float32, unique_vectors
from prodsim.look.sketch import N_COLOURS, N_LAYOUT
from prodsim.similarity import Scores

COLOUR_SHARE = 0.25
"""How much colours count beside the encoder's vector; ``benchmarks/look.py`` measures other shares."""
SHRINKAGE = 20.0
"""So many pictures' worth of zeros are in the centre: few pictures say little about what all pictures share."""


@dataclass(frozen=True, slots=True)
class Centre:
    """What all pictures of a catalog share, taken off before they are compared.

    Pictures that have nothing in common still have a cosine of 0.35 by the encoder alone, which leaves little of the
    scale to tell others apart.

    Attributes:
        vector: mean of the encoder's vectors, shape (dim,).
        colours: mean of the colours, shape (``N_COLOURS``,).
    """

    vector: NDArray[np.float32]
    colours: NDArray[np.float32]

    @classmethod
    def of(cls, stored: Vectors) -> Self:
        """Return the centre of some pictures, as ``sketched_vectors`` gives them."""
        mean = (stored.sum(axis=0) / (len(stored) + SHRINKAGE)).astype(np.float32)
        dim = len(mean) - N_COLOURS - N_LAYOUT
        return cls(mean[:dim], mean[dim : dim + N_COLOURS])

    def looks(self, stored: Vectors) -> Vectors:
        """Return the vectors that are compared, shape (n, dim + ``N_COLOURS``), each of length 1.

        Their cosine is ``COLOUR_SHARE`` that of the colours and the rest that of the encoder's vectors.
        """
        dim = len(self.vector)
        vectors = unit_vectors(stored[:, :dim] - self.vector) * np.float32(np.sqrt(1 - COLOUR_SHARE))
        colours = unit_vectors(stored[:, dim : dim + N_COLOURS] - self.colours) * np.float32(np.sqrt(COLOUR_SHARE))
        return np.hstack([vectors, colours])


def looks_of_texts(texts: Vectors, others: Vectors) -> Vectors:
    """Return the looks that texts speak of, shape (n, dim + ``N_COLOURS``); texts name no share of colours.

    What all texts share is taken off, too: encoders of both put texts apart from pictures (Liang et al. 2022).

    Args:
        texts: their vectors by the encoder of the pictures, shape (n, dim).
        others: vectors of other texts of the catalog, shape (m, dim).
    """
    apart = unit_vectors(texts - others.mean(axis=0))
    return np.hstack([apart, np.zeros((len(texts), N_COLOURS), np.float32)])


@dataclass(frozen=True, eq=False)
class LookIndex:
    """Compares products by their pictures: half the closest two pictures, half the mean over all pairs.

    Attributes:
        encoder: name of the encoder of the picture vectors.
        fingerprint: of how pictures were read; see ``reading_of``.
        centre: taken off each of them.
        index: of the distinct pictures' looks, shape (n_pictures, dim), each of length 1.
        sketches: colours and layout of the same pictures, float16, shape (n_pictures, ``N_COLOURS`` + ``N_LAYOUT``).
        pictures: of all products, one product after the other: rows of ``index``.
        starts: shape (n_products + 1,): product ``row`` has ``pictures[starts[row]:starts[row + 1]]``.
        mains: shape (n_products,): each product's main picture; -1 where there is none or it cannot be compared.
    """

    encoder: str
    fingerprint: str
    centre: Centre
    index: HnswIndex
    sketches: NDArray[np.float16]
    pictures: Rows
    starts: Rows
    mains: Rows

    @classmethod
    def of(
        cls,
        encoder: str,
        fingerprint: str,
        stored: Vectors,
        pictures_of: Sequence[Sequence[int]],
        mains: Sequence[int],
    ) -> Self:
        """Return the index of products' pictures.

        Args:
            encoder: name of the encoder.
            fingerprint: of how pictures were read.
            stored: of the distinct pictures, as the store has them.
            pictures_of: the positions of each product's pictures in ``stored``.
            mains: the position of each product's main picture; -1 for none.
        """
        centre = Centre.of(stored)
        counts = [len(pictures) for pictures in pictures_of]
        flat = np.array([picture for pictures in pictures_of for picture in pictures], np.int64)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        looks, group_of = unique_vectors(centre.looks(stored))
        sketches = stored[np.unique(group_of, return_index=True)[1], -N_COLOURS - N_LAYOUT :].astype(np.float16)
        main = np.array(mains, np.int64)
        main[main >= 0] = group_of[main[main >= 0]]
        return cls(encoder, fingerprint, centre, HnswIndex.build(looks), sketches, group_of[flat], starts, main)

    def save(self, folder: Path) -> Params:
        """Write everything into a folder and return the parameters that its manifest needs."""
        for name in ("looks", "sketches", "pictures", "starts", "mains"):
            np.save(folder / f"{name}.npy", getattr(self, name))
        np.save(folder / "centre.npy", np.concatenate([self.centre.vector, self.centre.colours]))
        return {"encoder": self.encoder, "fingerprint": self.fingerprint, **self.index.save(folder)}

    @classmethod
    def load(cls, folder: Path, params: Params) -> Self:
        """Map what ``save`` wrote into an artefact into memory."""
        centre = np.load(folder / "centre.npy")
        looks = np.asarray(np.load(folder / "looks.npy", mmap_mode="r"))
        sketches = np.asarray(np.load(folder / "sketches.npy", mmap_mode="r"))
        pictures, starts, mains = (np.load(folder / f"{name}.npy") for name in ("pictures", "starts", "mains"))
        dim = len(centre) - N_COLOURS
        centre_of = Centre(centre[:dim], centre[dim:])
        index = HnswIndex.load(folder, looks)
        return cls(params["encoder"], params["fingerprint"], centre_of, index, sketches, pictures, starts, mains)

    def __len__(self) -> int:
        """Return the number of products."""
        return len(self.starts) - 1

    @property
    def has_pictures(self) -> NDArray[np.bool_]:
        """Return whether each product has a picture that can be compared, shape (n_products,)."""
        return np.diff(self.starts) > 0

    @property
    def looks(self) -> NDArray[np.floating]:
        """Return the looks of the distinct pictures, shape (n_pictures, dim), float16."""
        return self.index.vectors

    @property
    def layouts(self) -> NDArray[np.floating]:
        """Return the layouts of the distinct pictures, shape (n_pictures, ``N_LAYOUT``), float16."""
        return self.sketches[:, N_COLOURS:]

    @property
    def colours(self) -> NDArray[np.floating]:
        """Return the colours of the distinct pictures, as ``sketch.colours``, shape (n_pictures, ``N_COLOURS``)."""
        return self.sketches[:, :N_COLOURS]

    def looks_of(self, row: int) -> Vectors:
        """Return the looks of a product's pictures, shape (n, dim), the main one first."""
        return as_float32(self.looks[self.pictures_of(row)])

    def pictures_of(self, row: int) -> Rows:
        """Return the positions of a product's pictures in ``looks``, the main one first."""
        return self.pictures[self.starts[row] : self.starts[row + 1]]

    def product_scores(self, row: int, rows: Rows) -> Scores:
        """Return how alike a product and others look, in [-1, 1], shape (len(rows),); NaN without pictures of both."""
        return self.scores(self.looks_of(row), rows)

    def scores(self, looks: Vectors, rows: Rows) -> Scores:
        """Return how alike some pictures and products look; see ``product_scores``.

        Args:
            looks: of the pictures, as ``Centre.looks`` gives them; may be none.
            rows: of the products.
        """
        out = np.full(len(rows), np.nan, np.float32)
        counts = self.starts[rows + 1] - self.starts[rows]
        seen = np.flatnonzero(counts)
        if not len(looks) or not len(seen):
            return out
        sizes = counts[seen]
        begins = np.cumsum(sizes) - sizes
        within = np.arange(sizes.sum()) - np.repeat(begins, sizes)
        flat = self.pictures[np.repeat(self.starts[rows[seen]], sizes) + within]
        pairs = self.index.scores(looks, flat)
        best = np.maximum.reduceat(pairs.max(axis=0), begins)
        mean = np.add.reduceat(pairs.mean(axis=0), begins) / sizes
        out[seen] = (best + mean) / 2
        return out

    @cached_property
    def _products(self) -> tuple[Rows, Rows]:
        """Return the product of each of ``pictures``, and the places in there in the order of the pictures' rows."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts)), np.argsort(self.pictures, kind="stable")

    @cached_property
    def _ordered(self) -> Rows:
        """Return ``pictures`` in ascending order."""
        return self.pictures[self._products[1]]

    def _pictures_of(self, is_wanted: NDArray[np.bool_]) -> Rows:
        """Return the distinct pictures of some products, ascending."""
        return np.unique(self.pictures[is_wanted[self._products[0]]])

    def search(self, looks: Vectors, n: int, allowed: Rows | None = None) -> Rows:
        """Return the n products with a picture that looks most like each of some, ascending.

        Of products that share a picture those that come first in the catalog are taken.

        Args:
            looks: of the pictures to search by; may be none.
            n: products proposed for each of them.
            allowed: only these products; ``None`` for all.
        """
        if not len(looks):
            return np.empty(0, np.int64)
        is_allowed = np.full(len(self), allowed is None)
        if allowed is not None:
            is_allowed[allowed] = True
        n_left_out = int((~is_allowed).sum())
        # where so few are left out, to search all pictures is quicker than to collect those of the others
        some = None if n_left_out <= n else self._pictures_of(is_allowed)
        near = self.index.search(looks, n if some is not None else n + n_left_out, some).rows
        return np.unique(np.concatenate([self._first_products(own[own >= 0], n, is_allowed) for own in near]))

    def _first_products(self, pictures: Rows, n: int, is_allowed: NDArray[np.bool_]) -> Rows:
        """Return the first n allowed products of some pictures, in the order of the pictures, each once."""
        product_of, order = self._products
        begins, ends = (np.searchsorted(self._ordered, pictures, side) for side in ("left", "right"))
        places = [order[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        every = product_of[np.concatenate([order[:0], *places])]
        rows: Rows = every[is_allowed[every]]
        return rows[np.sort(np.unique(rows, return_index=True)[1])][:n]

    def shares(self, looks: Vectors, row: int) -> tuple[float, float]:
        """Return how alike the closest pictures are by the encoder's vector alone, and by their colours, in [-1, 1].

        Raises:
            ValueError: there are no pictures.
        """
        own, other = self.closest_pictures(looks, row)
        product = looks[own] * self.looks_of(row)[other]
        colours = float(product[-N_COLOURS:].sum())
        return float(product[:-N_COLOURS].sum()) / (1 - COLOUR_SHARE), colours / COLOUR_SHARE

    def closest_pictures(self, looks: Vectors, row: int) -> tuple[int, int]:
        """Return which of some pictures and which of a product's are most alike, by their places among these.

        Raises:
            ValueError: there are no pictures.
        """
        pairs = looks @ self.looks_of(row).T
        own, other = np.unravel_index(int(np.argmax(pairs)), pairs.shape)
        return int(own), int(other)
