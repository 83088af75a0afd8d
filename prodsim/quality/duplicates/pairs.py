"""Pairs of products that may be one, and how close they are, many at a time."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows
from prodsim.lexical.occurrences import Occurrences
from prodsim.progress import Progress
from prodsim.quality.subject import Subject
from prodsim.text import clean_text
from prodsim.traits import TraitIndex

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEAR = 15
"""Candidates of each product by meaning, and as many by words; offers of one product rarely are more."""
MOST_OF_A_KEY = 8
"""Products that an identifier may have to make all of them candidates of each other; one that more have says little."""
NEXT_OF_A_KEY = 10
"""Products with the same code or text are candidates of this many that follow in the catalog."""
CHUNK = 20_000

MEANING, WORDS, IDENTIFIERS, PRICE, NUMBERS, QUANTITIES = 0.2, 0.5, 0.3, 0.05, 0.15, 0.15
"""What a pair's parts count. Numbers and quantities that contradict each other count against it. Rounded from a
logistic regression on four labelled sets, each left out in turn (``benchmarks/quality.py`` has the result)."""

_NUMBERED = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)*")
_UNIT = re.compile(r"^(\d+)[a-z]{1,3}$")
_INNER = re.compile(r"[-./]")
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of different products, each once.

    Attributes:
        a, b: rows, int64, shape (n,), ``a < b``, ascending.
        n_products: of the catalog.
    """

    a: Rows
    b: Rows
    n_products: int

    @classmethod
    def of(cls, one: Rows, other: Rows, n_products: int) -> Self:
        """Pairs in any order, repeated or of a product with itself, brought into order."""
        low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64)
        keys = np.sort((low * n_products + high)[low != high])  # several times as quick as np.unique, which hashes
        keys = keys[np.diff(keys, prepend=-1) > 0]
        return cls(keys // n_products, keys % n_products, n_products)

    def __len__(self) -> int:
        return len(self.a)

    def only(self, which: NDArray[Any]) -> Self:
        """The pairs of a mask or of places in ascending order."""
        return type(self)(self.a[which], self.b[which], self.n_products)

    def best_of_products(self, scores: Scores) -> Scores:
        """Each product's best score among its pairs, shape (n_products,); minus infinity without one."""
        best = np.full(self.n_products, -np.inf, np.float32)
        np.maximum.at(best, self.a, scores)
        np.maximum.at(best, self.b, scores)
        return best


def candidate_pairs(subject: Subject, progress: Progress) -> Pairs:
    """Pairs that are near by meaning or words, or have a code, an identifier, the family or the whole text in common.

    ``NEAR`` by meaning and by words of each product. Advances the progress by products.
    """
    n = len(subject.catalog)
    found = [_near_by_meaning(subject), _same_identifiers(subject)]
    for rows, near in subject.comparer.lexical.candidate_chunks(NEAR + 1):
        found.append((np.repeat(rows, [len(one) for one in near]), np.concatenate(near)))
        progress.advance(len(rows))
    products = subject.catalog.products
    titles = [clean_text(title).casefold() for title in products["title"]]
    mpn = [f"{brand}\n{code}" if code else "" for brand, code in zip(products["brand"], products["mpn"], strict=True)]
    for keys in (titles, mpn, products["gtin"].tolist(), products["group_id"].tolist()):
        found.append(_same_key(np.array(keys, dtype=object)))
    one, other = (np.concatenate(side) for side in zip(*found, strict=True))
    return Pairs.of(one, other, n)


@dataclass(frozen=True)
class TokenSets:
    """A set of tokens per product, to be compared for many pairs at a time.

    Attributes:
        held: 1 where a product has a token, a sparse matrix of shape (n_products, tokens).
        sizes: tokens of each product.
    """

    held: "csr_matrix"
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, sets: Sequence[Collection[str]]) -> Self:
        """Of each product in the order of rows, no token twice."""
        held = Occurrences.of(sets).matrix()
        return cls(held, np.diff(held.indptr))

    def common(self, pairs: Pairs) -> NDArray[np.int64]:
        """How many tokens the two of each pair have in common."""
        found = np.zeros(len(pairs), np.int64)
        told = np.flatnonzero((self.sizes[pairs.a] > 0) & (self.sizes[pairs.b] > 0))
        for start in range(0, len(told), CHUNK):
            places = told[start : start + CHUNK]
            found[places] = _products(self.held, pairs.a[places], pairs.b[places])
        return found

    def apart(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Whether each of the two has a token that the other has not."""
        common = self.common(pairs)
        return np.asarray((common < self.sizes[pairs.a]) & (common < self.sizes[pairs.b]), np.bool_)


@dataclass(frozen=True)
class PairScorer:
    """Tells how close the products of pairs are.

    Attributes:
        subject: the catalog.
        numbers: the tokens of each title that have a digit.
        by_chance: mean closeness of random products by meaning; it counts from there upwards, so that encoders are
            comparable.
    """

    subject: Subject
    numbers: TokenSets
    by_chance: float

    @classmethod
    def of(cls, subject: Subject) -> Self:
        """Read every title once."""
        calibration = subject.calibration.products.get("meaning cosine", np.zeros(1, np.float32))
        numbers = TokenSets.of(_numbered(subject.catalog.products["title"].tolist()))
        return cls(subject, numbers, float(np.nanmean(calibration)) if len(calibration) else 0.0)

    def scores(self, pairs: Pairs) -> Scores:
        """About 0 for random products and 1 for the same text, shape (n,)."""
        comparer, base = self.subject.comparer, self.by_chance
        grams, codes = comparer.lexical.grams.by_row, comparer.lexical.identifiers.by_row
        against = self.numbers.apart(pairs)
        out = np.empty(len(pairs), np.float32)
        for start in range(0, len(pairs), CHUNK):
            part = slice(start, start + CHUNK)
            a, b = pairs.a[part], pairs.b[part]
            out[part] = (
                MEANING * (_cosines(self.subject, a, b) - base) / max(1 - base, 1e-6)
                + WORDS * np.minimum(_products(grams, a, b), 1)
                + IDENTIFIERS * np.minimum(_products(codes, a, b), 1)
                + PRICE * _price_agreement(comparer.traits, a, b)
                - NUMBERS * against[part]
                - QUANTITIES * _quantities_differ(comparer.traits, a, b).any(axis=1)
            )
        return out


def quantities_differ(traits: TraitIndex, pairs: Pairs) -> NDArray[np.bool_]:
    """Whether titles name amounts of one dimension of which none is the same, shape (n, dimensions)."""
    parts = [
        _quantities_differ(traits, pairs.a[start : start + CHUNK], pairs.b[start : start + CHUNK])
        for start in range(0, max(len(pairs), 1), CHUNK)
    ]
    return np.concatenate(parts)


def _near_by_meaning(subject: Subject) -> tuple[Rows, Rows]:
    """Products of neighbouring vectors; of a vector that several have the first stands for them."""
    graph = subject.graph.rows[:, :NEAR]
    own, place = np.nonzero(graph >= 0)
    group_of = subject.comparer.index.group_of
    first = np.full(len(graph), len(group_of))
    np.minimum.at(first, group_of, np.arange(len(group_of)))
    same = _same_key(group_of.astype(object))
    return np.concatenate([first[own], same[0]]), np.concatenate([first[graph[own, place]], same[1]])


def _same_identifiers(subject: Subject) -> tuple[Rows, Rows]:
    """Products that have a rare identifier in common."""
    matrix = subject.comparer.lexical.identifiers
    sizes = np.diff(matrix.posting_starts)
    one, other = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for size in range(2, MOST_OF_A_KEY + 1):
        starts = matrix.posting_starts[:-1][sizes == size]
        rows = matrix.posting_rows[starts[:, None] + np.arange(size)]
        i, j = np.triu_indices(size, 1)
        one.append(rows[:, i].ravel())
        other.append(rows[:, j].ravel())
    return np.concatenate(one), np.concatenate(other)


def _same_key(keys: NDArray[Any]) -> tuple[Rows, Rows]:
    """Rows with the same key, each with the next ones; an empty key is none."""
    import pandas as pd

    codes, _ = pd.factorize(keys)
    known = np.flatnonzero(keys != "")
    order = known[np.argsort(codes[known], kind="stable")]
    one, other = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for step in range(1, NEXT_OF_A_KEY + 1):
        same = codes[order[:-step]] == codes[order[step:]]
        one.append(order[:-step][same])
        other.append(order[step:][same])
    return np.concatenate(one), np.concatenate(other)


def _cosines(subject: Subject, a: Rows, b: Rows) -> Scores:
    left, right = subject.comparer.index.vectors_of(a), subject.comparer.index.vectors_of(b)
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray(np.einsum("ij,ij->i", left, right) / np.maximum(lengths, 1e-9), np.float32)


def _products(matrix: Any, a: Rows, b: Rows) -> Scores:
    """Inner product of two rows of a sparse matrix for each pair."""
    return np.asarray(matrix[a].multiply(matrix[b]).sum(axis=1), np.float32).ravel()


def _price_agreement(traits: TraitIndex, a: Rows, b: Rows) -> Scores:
    """1 for the same price, 0 for one half or double or where either is unknown, -1 from four times on."""
    apart = np.abs(traits.price[a] - traits.price[b]) / np.log(2.0)
    return np.asarray(np.nan_to_num(np.clip(1.0 - apart, -1.0, 1.0)), np.float32)


def _quantities_differ(traits: TraitIndex, a: Rows, b: Rows) -> NDArray[np.bool_]:
    from prodsim.traits.index import PER_DIMENSION, SAME

    one = traits.quantities[a].reshape(len(a), traits.quantities.shape[1] // PER_DIMENSION, PER_DIMENSION)
    other = traits.quantities[b].reshape(one.shape)
    same = (np.abs(one[:, :, :, None] - other[:, :, None, :]) < SAME).any(axis=(2, 3))
    return np.asarray(np.isfinite(one[:, :, 0]) & np.isfinite(other[:, :, 0]) & ~same, np.bool_)


def _numbered(titles: Sequence[str]) -> list[set[str]]:
    """The tokens of each title with a digit in them, "WM-3470" as "wm3470", "350ml" as "350" like 350毫升."""

    @cache  # tokens recur
    def plain(token: str) -> str:
        found = _INNER.sub("", token)
        return _UNIT.sub(r"\1", found) if any(c.isdigit() for c in found) else ""

    return [{plain(token) for token in _NUMBERED.findall(title.lower())} - {""} for title in titles]
