"""For each candidate pair: one product, variants of one, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.progress import SILENT, Progress
from prodsim.quality.check import Subject
from prodsim.quality.levels import Thresholds
from prodsim.quality.pairs import NUMBERS, QUANTITIES, Pairs, candidate_pairs, pair_scores
from prodsim.quality.variants import Telling, find_colours, find_sizes
from prodsim.text import clean_text, words
from prodsim.traits.quantities import find_quantities

ALIKE = 0.75
"""Share of words in common, beside colours, sizes, numbers and the like, from which two titles name one model."""
SPREAD = 0.08
"""Scores this far above the threshold are sure to 73 %, three times as far to 95 %."""
MOST_OF_A_GTIN = 8
"""A GTIN that more products have is a placeholder and tells nothing."""
RANDOM = 20_000
"""Random pairs that tell how close products are by chance."""

Flags = NDArray[np.bool_]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Matches:
    """What was decided of each candidate pair.

    Attributes:
        pairs: the candidates.
        scores: how close each is.
        relative: the same less half of what each side's best other candidate is closer.
        differing: name of an attribute to whether the two say something else.
        is_same: duplicates.
        is_variant: variants; no pair is both.
        sure: how sure the decision is, in [0, 1].
        thresholds: what ``relative`` was compared with.
        telling: what products say of their colour, size and so on.
    """

    pairs: Pairs
    scores: Scores
    relative: Scores
    differing: dict[str, Flags]
    is_same: Flags
    is_variant: Flags
    sure: Scores
    thresholds: Thresholds
    telling: Telling

    def least_sure(self, row: int, others: Sequence[int]) -> float:
        """How sure the least sure of the decisions between a product and others is; 1 for pairs that are no candidates.

        The catalog's own families have such pairs.
        """
        n = self.pairs.n_products
        wanted = Pairs.of(np.full(len(others), row), np.array(others, np.int64), n)
        starts = np.searchsorted(self.pairs.a, wanted.a), np.searchsorted(self.pairs.a, wanted.a, side="right")
        each = zip(*starts, wanted.b, strict=True)
        places = [start + int(np.searchsorted(self.pairs.b[start:end], b)) for start, end, b in each]
        known = [p for p, a, b in zip(places, wanted.a, wanted.b, strict=True) if self._is_pair(p, a, b)]
        return float(self.sure[known].min(initial=1.0))

    def _is_pair(self, place: int, a: int, b: int) -> bool:
        return place < len(self.pairs) and self.pairs.a[place] == a and self.pairs.b[place] == b


def match_products(
    subject: Subject, progress: Progress = SILENT, judged: Sequence[tuple[str, str, bool]] = ()
) -> Matches:
    """Decide for every candidate pair whether it is one product, variants of one, or neither.

    The same GTIN makes a duplicate; so does a score from the threshold on where nothing differs. An attribute that
    differs, or a common ``group_id`` without the same title, makes a variant if the rest of the titles is alike.

    Args:
        subject: the catalog.
        progress: advanced by products.
        judged: pairs of SKUs that a person judged, and whether they are one product; the threshold follows them.
    """
    pairs = candidate_pairs(subject, progress)
    scores = pair_scores(subject, pairs)
    telling = Telling.of(subject)
    differing = telling.differing(subject, pairs)
    progress.check()
    apart = np.logical_or.reduce([*differing.values()])
    best = pairs.only(~apart).best_of_products(scores[~apart])
    relative = _relative(pairs, scores, best)
    thresholds = _thresholds(subject, pairs.only(~apart), relative[~apart], best, judged)
    products = subject.catalog.products
    gtin, family, title = (_shared(pairs, products[name]) for name in ("gtin", "group_id", "title"))
    gtin &= ~differing["GTIN"] & _is_rare(pairs, products["gtin"])
    is_same = gtin | (~apart & (title | (~family & (relative >= thresholds.value))))
    lenient = scores + NUMBERS + QUANTITIES  # what differs in variants must not count against them
    near = ~is_same & ~family & apart & (lenient >= thresholds.value)
    is_variant = family & ~is_same
    is_variant[near] = _models_alike(subject, pairs.only(near), telling)
    sure = 1 / (1 + np.exp(-(np.where(is_variant, lenient, relative) - thresholds.value) / SPREAD))
    sure = np.where(gtin | (family & is_variant), 1.0, np.where(title & is_same, np.maximum(sure, 0.97), sure))
    return Matches(
        pairs, scores, relative, differing, is_same, is_variant, sure.astype(np.float32), thresholds, telling
    )


def _relative(pairs: Pairs, scores: Scores, best: Scores) -> Scores:
    """Scores less half of what each side's best candidate is closer: offers of one product are each other's closest."""
    closer = np.maximum(best[pairs.a] - scores, 0) + np.maximum(best[pairs.b] - scores, 0)
    return np.asarray(scores - closer / 2, np.float32)


def _thresholds(
    subject: Subject, pairs: Pairs, relative: Scores, best: Scores, judged: Sequence[tuple[str, str, bool]]
) -> Thresholds:
    """What the catalog's own scores, random pairs and judgements say; judged SKUs that are gone are left out."""
    n, row_of = len(subject.catalog), subject.catalog.row_of
    drawn = np.random.default_rng(0).integers(0, n, (2, RANDOM))
    random = Pairs.of(drawn[0], drawn[1], n)
    rows = [(row_of[a], row_of[b]) for a, b, _ in judged if a in row_of and b in row_of and a != b]
    judged_rows = np.array(rows, np.int64).reshape(-1, 2)
    known = Pairs.of(judged_rows[:, 0], judged_rows[:, 1], n)
    labels = {frozenset((row_of[a], row_of[b])): same for a, b, same in judged if a in row_of and b in row_of}
    told = _relative(known, pair_scores(subject, known), best).tolist()
    each = zip(told, known.a.tolist(), known.b.tolist(), strict=True)
    nearest = pairs.best_of_products(relative)
    return Thresholds.of(
        nearest[np.isfinite(nearest)],
        pair_scores(subject, random),
        relative,
        subject.level,
        [(score, labels[frozenset((a, b))]) for score, a, b in each],
    )


def _shared(pairs: Pairs, values: "pd.Series[Any]") -> Flags:
    """Whether both have the same value, whatever the case; an empty one is none."""
    texts = values.map(clean_text).str.casefold()
    codes = pd.factorize(texts.where(texts != ""))[0]
    return np.asarray((codes[pairs.a] == codes[pairs.b]) & (codes[pairs.a] >= 0), np.bool_)


def _is_rare(pairs: Pairs, values: "pd.Series[Any]") -> Flags:
    return np.asarray(values.map(values.value_counts()).to_numpy()[pairs.a] <= MOST_OF_A_GTIN, np.bool_)


def _core(subject: Subject, row: int, telling: Telling) -> frozenset[str]:
    """The words of a title without numbers, colours, sizes and what the columns say of them."""
    title = str(subject.catalog.products["title"].iat[row])
    said = {word for values in telling.values.values() for word in words(values[row])}
    found = frozenset(word for word in words(title) if not any(c.isdigit() for c in word) and len(word) > 1)
    telling_words = {
        word for word in found if find_colours(word) or find_sizes(word.upper()) or find_quantities(f"1{word}")
    }
    return found - telling_words - said


def _models_alike(subject: Subject, pairs: Pairs, telling: Telling) -> Flags:
    """Whether titles have nearly all words in common that do not tell variants apart."""
    cores = {row: _core(subject, row, telling) for row in np.union1d(pairs.a, pairs.b).tolist()}
    each = [(cores[a], cores[b]) for a, b in zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)]
    return np.array([len(a & b) >= ALIKE * max(len(a | b), 1) for a, b in each], bool)
