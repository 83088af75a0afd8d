"""Pairs of a product of A and one of B that may be the same, and how close they are."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog, comparable_gtin
from prodsim.index import GroupedIndex, Rows
from prodsim.match.joint import JointCatalog, Side
from prodsim.progress import SILENT, Progress
from prodsim.search.weights import total
from prodsim.similarity import Weights, contributions
from prodsim.traits import fold_brand

CANDIDATES_PER_PRODUCT = 15
"""Candidates of each product in the other catalog by meaning, and as many by words."""
MAX_SHARING = 8
"""Products of both that an identifier may have to make all of them candidates of each other."""
KEPT_PER_PRODUCT = 6
"""Scored pairs that are kept of each product: its match, the best rivals, and what takes their place when people reject
some of them."""
SEARCHED = 1024
"""Vectors that are searched by at a time."""
MIN_CODE = 4
"""Characters of a model number, a digit among them, from which it names a product by itself."""
NO_CODE, SAME_MPN, SAME_GTIN = 0, 1, 2
"""What proves a pair: nothing beyond its score, a model number of one maker, a GTIN."""

Scores = NDArray[np.float32]
Codes = NDArray[np.int8]
_ARRAYS = ("a", "b", "scores", "codes")


@dataclass(frozen=True, slots=True)
class CrossPairs:
    """The closest candidate pairs of each product, each once, ascending by A and then by B.

    Attributes:
        a: rows of A, int64, shape (n,).
        b: rows of B.
        scores: how close the two are by the weights that were given.
        codes: ``NO_CODE``, ``SAME_MPN`` or ``SAME_GTIN``, int8: which code they share that nobody else has.
        n_a, n_b: products of each catalog.
    """

    a: Rows
    b: Rows
    scores: Scores
    codes: Codes
    n_a: int
    n_b: int

    @classmethod
    def of(cls, joint: JointCatalog, a: Side, b: Side, weights: Weights, progress: Progress = SILENT) -> Self:
        """Find and score the candidates; ``progress`` gets a step for each, advanced by products."""
        n = len(joint.catalog)
        progress.step("candidates", 2 * n, "products")
        gtin, mpn = same_gtins(a.catalog, b.catalog), same_mpns(a.catalog, b.catalog)
        found = [*_by_words(joint, progress), *_by_meaning(a, b, progress), _by_identifiers(joint), gtin, mpn]
        keys = np.unique(np.concatenate([rows_a * len(b.catalog) + rows_b for rows_a, rows_b in found]))
        rows_a, rows_b = keys // len(b.catalog), keys % len(b.catalog)
        codes = np.zeros(len(keys), np.int8)
        for code, (code_a, code_b) in ((SAME_MPN, mpn), (SAME_GTIN, gtin)):
            codes[np.isin(keys, code_a * len(b.catalog) + code_b)] = code
        scores = _scores(joint, rows_a, rows_b, weights, progress)
        kept = _are_closest(rows_a, scores) | _are_closest(rows_b, scores) | (codes != NO_CODE)
        return cls(rows_a, rows_b, scores, codes, len(a.catalog), len(b.catalog)).only(kept)

    def save(self, folder: Path) -> None:
        """Write one ``.npy`` file per array."""
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path, n_a: int, n_b: int) -> Self:
        """Read what ``save`` wrote."""
        arrays = {name: np.load(folder / f"{name}.npy") for name in _ARRAYS}
        return cls(**arrays, n_a=n_a, n_b=n_b)

    def __len__(self) -> int:
        return len(self.a)

    def only(self, which: NDArray[Any]) -> Self:
        """Return the pairs of a mask or of places in ascending order."""
        return replace(self, **{name: getattr(self, name)[which] for name in _ARRAYS})


def same_gtins(a: Catalog, b: Catalog) -> tuple[Rows, Rows]:
    """Return the pairs with the same valid GTIN, in whatever form, that no third product has."""
    return _unique_in_both(*(side.products["gtin"].map(comparable_gtin) for side in (a, b)))


def same_mpns(a: Catalog, b: Catalog) -> tuple[Rows, Rows]:
    """Return the pairs of one brand with the same model number that no third product has.

    A model number without a digit, or of fewer than ``MIN_CODE`` letters and digits, names no product by itself.
    """
    return _unique_in_both(_branded_codes(a), _branded_codes(b))


def _branded_codes(catalog: Catalog) -> "pd.Series[str]":
    """Return brand and model number of each product as they are compared; ``""`` where either says too little."""
    products = catalog.products
    codes = products["mpn"].str.casefold().str.replace(r"[\W_]+", "", regex=True)
    brands = products["brand"].map(fold_brand)
    is_name = (codes.str.len() >= MIN_CODE) & codes.str.contains(r"\d") & (brands != "")
    return (brands + "\n" + codes).where(is_name, "")


def _unique_in_both(a: "pd.Series[str]", b: "pd.Series[str]") -> tuple[Rows, Rows]:
    kept = [side[(side != "") & ~side.duplicated(keep=False)] for side in (a, b)]
    rows_of_b = pd.Series(kept[1].index, index=kept[1].to_numpy())
    shared = kept[0][kept[0].isin(rows_of_b.index)]
    return shared.index.to_numpy(np.int64), rows_of_b.reindex(shared.to_numpy()).to_numpy(np.int64)


def _by_words(joint: JointCatalog, progress: Progress) -> Iterator[tuple[Rows, Rows]]:
    """Yield the pairs nearest by n-grams, of each product of A in B and of each of B in A."""
    lexical, n_a, n = joint.comparer.lexical, joint.n_a, len(joint.catalog)
    in_a, in_b = range(n_a), range(n_a, n)
    for own, others in ((in_a, in_b), (in_b, in_a)):
        for rows, near in lexical.candidate_chunks(CANDIDATES_PER_PRODUCT, own, others):
            first = np.repeat(rows, [len(found) for found in near])
            second = np.concatenate(near)
            yield (first, second - n_a) if own is in_a else (second, first - n_a)
            progress.advance(len(rows))


def _by_meaning(a: Side, b: Side, progress: Progress) -> Iterator[tuple[Rows, Rows]]:
    """Yield the pairs nearest by vectors, in both directions; none where the vectors cannot be compared."""
    if a.index is None or b.index is None:
        progress.advance(len(a.catalog) + len(b.catalog))
        return
    for rows, found in _near(a.index, b.index, progress):
        yield rows, found
    for rows, found in _near(b.index, a.index, progress):
        yield found, rows


def _near(own: GroupedIndex, other: GroupedIndex, progress: Progress) -> Iterator[tuple[Rows, Rows]]:
    for start in range(0, len(own), SEARCHED):
        rows = np.arange(start, min(start + SEARCHED, len(own)))
        near = other.search(own.vectors_of(rows), CANDIDATES_PER_PRODUCT).rows
        place, rank = np.nonzero(near >= 0)
        yield rows[place], near[place, rank]
        progress.advance(len(rows))


def _by_identifiers(joint: JointCatalog) -> tuple[Rows, Rows]:
    """Return the pairs across the catalogs that have a rare identifier in common."""
    first, second = joint.comparer.lexical.identifier_pairs(MAX_SHARING)
    is_across = (first < joint.n_a) & (second >= joint.n_a)
    return first[is_across], second[is_across] - joint.n_a


def _are_closest(rows: Rows, scores: Scores) -> NDArray[np.bool_]:
    """Mark the pairs that are among the ``KEPT_PER_PRODUCT`` closest of their row."""
    order = np.lexsort((-scores, rows))
    ranks = np.arange(len(rows)) - np.searchsorted(rows[order], rows[order])
    marked = np.empty(len(rows), np.bool_)
    marked[order] = ranks < KEPT_PER_PRODUCT
    return marked


def _scores(joint: JointCatalog, a: Rows, b: Rows, weights: Weights, progress: Progress) -> Scores:
    """Return what a search by each product of A gives its candidates; ``a`` is ascending."""
    progress.step("compare", joint.n_a, "products")
    scores = np.empty(len(a), np.float32)
    starts = np.searchsorted(a, np.arange(joint.n_a + 1))
    for row in range(joint.n_a):
        own = slice(starts[row], starts[row + 1])
        if own.start < own.stop:
            scores[own] = total(contributions(joint.comparer.product_parts(row, b[own] + joint.n_a), weights))
        progress.advance()
    return scores
