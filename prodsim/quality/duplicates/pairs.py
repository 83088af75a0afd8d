"""Pairs of products that may be the same, and how close they are, many at a time."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import comparable_gtin
from prodsim.index import Rows
from prodsim.lexical.index import CONTRADICTED
from prodsim.lexical.occurrences import Occurrences
from prodsim.progress import Progress
from prodsim.quality.subject import Subject
from prodsim.text import clean_text
from prodsim.traits import TraitIndex

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CANDIDATES_PER_PRODUCT = 15
"""Candidates of each product by meaning, and as many by words; offers of one product are rarely more."""
MAX_SHARING = 8
"""Products that an identifier may have to make all of them candidates of each other; a commoner one says little."""
N_FOLLOWING = 10
"""Products with the same code or text are candidates of this many that follow in the catalog."""
PAIR_BATCH = 20_000
"""Pairs that are compared at a time."""

MEANING_WEIGHT, WORDS_WEIGHT, IDENTIFIERS_WEIGHT, PRICE_WEIGHT = 0.2, 0.5, 0.35, 0.05
NUMBERS_PENALTY, QUANTITIES_PENALTY = 0.1, 0.15
"""What a pair's parts count. Numbers and quantities that contradict each other count against it. Rounded from a
logistic regression on four labelled sets, each left out in turn (``benchmarks/quality.py`` has the result)."""
MOST_AGAINST = NUMBERS_PENALTY + QUANTITIES_PENALTY + IDENTIFIERS_WEIGHT * CONTRADICTED
"""The most that contradictions take away."""

_NUMBERED = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)*")
_NUMBER_WITH_UNIT = re.compile(r"^(\d+)[a-z]{1,3}$")
_INNER_PUNCTUATION = re.compile(r"[-./]")
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ProductPairs:
    """Pairs of different products, each once.

    Attributes:
        a, b: rows, int64, shape (n,), ``a < b``, ascending.
        n_products: of the catalog.
    """

    a: Rows
    b: Rows
    n_products: int

    @classmethod
    def of(cls, first: Rows, second: Rows, n_products: int) -> Self:
        """Bring pairs into order; they may be in any order, repeated or of a product with itself."""
        low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second).astype(np.int64)
        keys = np.sort((low * n_products + high)[low != high])  # several times as quick as np.unique, which hashes
        keys = keys[np.diff(keys, prepend=-1) > 0]
        return cls(keys // n_products, keys % n_products, n_products)

    def __len__(self) -> int:
        return len(self.a)

    def only(self, which: NDArray[Any]) -> Self:
        """Return the pairs of a mask or of places in ascending order."""
        return type(self)(self.a[which], self.b[which], self.n_products)

    def best_of_products(self, scores: Scores) -> Scores:
        """Return each product's best score among its pairs, shape (n_products,); minus infinity without any."""
        best = np.full(self.n_products, -np.inf, np.float32)
        np.maximum.at(best, self.a, scores)
        np.maximum.at(best, self.b, scores)
        return best


def candidate_pairs(subject: Subject, progress: Progress) -> ProductPairs:
    """Find pairs that are near by meaning or words, or share a code, an identifier, a family or the whole text.

    ``CANDIDATES_PER_PRODUCT`` by meaning and by words of each product. Advances the progress by products.
    """
    n = len(subject.catalog)
    sides = [_near_by_meaning(subject), subject.comparer.lexical.identifier_pairs(MAX_SHARING)]
    for rows, near in subject.comparer.lexical.candidate_chunks(CANDIDATES_PER_PRODUCT + 1):
        sides.append((np.repeat(rows, [len(others) for others in near]), np.concatenate(near)))
        progress.advance(len(rows))
    products = subject.catalog.products
    titles = [clean_text(title).casefold() for title in products["title"]]
    mpn = [f"{brand}\n{code}" if code else "" for brand, code in zip(products["brand"], products["mpn"], strict=True)]
    gtins = list(map(comparable_gtin, products["gtin"]))
    for keys in (titles, mpn, gtins, products["group_id"].tolist()):
        sides.append(_same_key(np.array(keys, dtype=object)))
    first, second = (np.concatenate(side) for side in zip(*sides, strict=True))
    return ProductPairs.of(first, second, n)


@dataclass(frozen=True)
class TokenSets:
    """A set of tokens per product, to be compared for many pairs at a time.

    Attributes:
        matrix: 1 where a product has a token, sparse, of shape (n_products, tokens).
        sizes: tokens of each product.
    """

    matrix: "csr_matrix"
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, sets: Sequence[Collection[str]]) -> Self:
        """Take the tokens of each product in the order of rows, no token twice."""
        matrix = Occurrences.of(sets).matrix()
        return cls(matrix, np.diff(matrix.indptr))

    def common(self, pairs: ProductPairs) -> NDArray[np.int64]:
        """Count the tokens that the two of each pair have in common."""
        counts = np.zeros(len(pairs), np.int64)
        filled = np.flatnonzero((self.sizes[pairs.a] > 0) & (self.sizes[pairs.b] > 0))
        for start in range(0, len(filled), PAIR_BATCH):
            places = filled[start : start + PAIR_BATCH]
            counts[places] = _inner_products(self.matrix, pairs.a[places], pairs.b[places])
        return counts

    def differ(self, pairs: ProductPairs) -> NDArray[np.bool_]:
        """Return whether each of the two has a token that the other lacks."""
        common = self.common(pairs)
        return np.asarray((common < self.sizes[pairs.a]) & (common < self.sizes[pairs.b]), np.bool_)


@dataclass(frozen=True)
class PairScorer:
    """Scores how close the products of pairs are.

    Attributes:
        subject: the catalog.
        numbers: the tokens of each title that have a digit.
        by_chance: mean cosine of random products; meaning counts from there upwards, so that encoders are comparable.
    """

    subject: Subject
    numbers: TokenSets
    by_chance: float

    @classmethod
    def of(cls, subject: Subject) -> Self:
        """Read every title once."""
        calibration = subject.calibration.products.get("meaning cosine", np.zeros(1, np.float32))
        numbers = TokenSets.of(_numbered_tokens(subject.catalog.products["title"].tolist()))
        return cls(subject, numbers, float(np.nanmean(calibration)) if len(calibration) else 0.0)

    def scores(self, pairs: ProductPairs) -> Scores:
        """Return about 0 for random products and 1 for the same text, shape (n,)."""
        comparer, base = self.subject.comparer, self.by_chance
        grams, numbers_differ = comparer.lexical.grams.by_row, self.numbers.differ(pairs)
        identifiers = comparer.lexical.pair_identifiers(pairs.a, pairs.b)
        out = np.empty(len(pairs), np.float32)
        for start in range(0, len(pairs), PAIR_BATCH):
            part = slice(start, start + PAIR_BATCH)
            a, b = pairs.a[part], pairs.b[part]
            words = np.minimum(_inner_products(grams, a, b), 1)
            if comparer.crowding is not None:
                words = comparer.crowding.scaled(words, a, b)
            out[part] = (
                MEANING_WEIGHT * (_cosines(self.subject, a, b) - base) / max(1 - base, 1e-6)
                + WORDS_WEIGHT * words
                + IDENTIFIERS_WEIGHT * identifiers[part]
                + PRICE_WEIGHT * _price_agreement(comparer.traits, a, b)
                - NUMBERS_PENALTY * numbers_differ[part]
                - QUANTITIES_PENALTY * _quantities_differ(comparer.traits, a, b).any(axis=1)
            )
        return out


def quantities_differ(traits: TraitIndex, pairs: ProductPairs) -> NDArray[np.bool_]:
    """Return whether titles name amounts of a dimension of which none is the same, shape (n, dimensions)."""
    parts = [
        _quantities_differ(traits, pairs.a[start : start + PAIR_BATCH], pairs.b[start : start + PAIR_BATCH])
        for start in range(0, max(len(pairs), 1), PAIR_BATCH)
    ]
    return np.concatenate(parts)


def _near_by_meaning(subject: Subject) -> tuple[Rows, Rows]:
    """Pair the products of neighbouring vectors; of a vector that several have the first stands for them."""
    graph = subject.graph.rows[:, :CANDIDATES_PER_PRODUCT]
    own, place = np.nonzero(graph >= 0)
    group_of = subject.comparer.index.group_of
    first = np.unique(group_of, return_index=True)[1]
    same = _same_key(group_of.astype(object))
    return np.concatenate([first[own], same[0]]), np.concatenate([first[graph[own, place]], same[1]])


def _same_key(keys: NDArray[Any]) -> tuple[Rows, Rows]:
    """Pair rows with the same key, each with the next ones; an empty key is none."""
    import pandas as pd

    codes, _ = pd.factorize(keys)
    known = np.flatnonzero(keys != "")
    order = known[np.argsort(codes[known], kind="stable")]
    first, second = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for step in range(1, N_FOLLOWING + 1):
        same = codes[order[:-step]] == codes[order[step:]]
        first.append(order[:-step][same])
        second.append(order[step:][same])
    return np.concatenate(first), np.concatenate(second)


def _cosines(subject: Subject, a: Rows, b: Rows) -> Scores:
    """Return the cosine of the vectors of each pair."""
    left, right = subject.comparer.index.vectors_of(a), subject.comparer.index.vectors_of(b)
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray(np.einsum("ij,ij->i", left, right) / np.maximum(lengths, 1e-9), np.float32)


def _inner_products(matrix: Any, a: Rows, b: Rows) -> Scores:
    """Return the inner product of two rows of a sparse matrix for each pair."""
    return np.asarray(matrix[a].multiply(matrix[b]).sum(axis=1), np.float32).ravel()


def _price_agreement(traits: TraitIndex, a: Rows, b: Rows) -> Scores:
    """Return 1 for the same price, 0 for half or double or where either is unknown, -1 from four times on."""
    n_doublings = np.abs(traits.price[a] - traits.price[b]) / np.log(2.0)
    return np.asarray(np.nan_to_num(np.clip(1.0 - n_doublings, -1.0, 1.0)), np.float32)


def _quantities_differ(traits: TraitIndex, a: Rows, b: Rows) -> NDArray[np.bool_]:
    from prodsim.traits.index import PER_DIMENSION, SAME_AMOUNT

    first = traits.quantities[a].reshape(len(a), traits.quantities.shape[1] // PER_DIMENSION, PER_DIMENSION)
    second = traits.quantities[b].reshape(first.shape)
    same = (np.abs(first[:, :, :, None] - second[:, :, None, :]) < SAME_AMOUNT).any(axis=(2, 3))
    return np.asarray(np.isfinite(first[:, :, 0]) & np.isfinite(second[:, :, 0]) & ~same, np.bool_)


def _numbered_tokens(titles: Sequence[str]) -> list[set[str]]:
    """Return the tokens of each title with a digit in them, "WM-3470" as "wm3470", "350ml" as "350" like 350毫升."""

    @cache  # tokens recur
    def plain(token: str) -> str:
        joined = _INNER_PUNCTUATION.sub("", token)
        return _NUMBER_WITH_UNIT.sub(r"\1", joined) if any(c.isdigit() for c in joined) else ""

    return [{plain(token) for token in _NUMBERED.findall(title.lower())} - {""} for title in titles]
