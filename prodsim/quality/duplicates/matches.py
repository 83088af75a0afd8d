"""For each candidate pair: one product, variants of one, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.progress import SILENT, Progress
from prodsim.quality.duplicates.pairs import NUMBERS, QUANTITIES, Pairs, PairScorer, TokenSets, candidate_pairs
from prodsim.quality.duplicates.thresholds import Thresholds
from prodsim.quality.duplicates.variants import VariantAttributes, find_colours, find_contrasts, find_sizes
from prodsim.quality.subject import Subject
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
class PairEvidence:
    """What columns and titles say of pairs, whatever their scores; each shape (n,).

    Attributes:
        same_code: the same GTIN, and nothing else has it by mistake.
        same_title: the same title, whatever the case, and nothing that differs.
        same_family: the same ``group_id``.
        apart: an attribute differs.
    """

    same_code: Flags
    same_title: Flags
    same_family: Flags
    apart: Flags

    @classmethod
    def of(cls, subject: Subject, pairs: Pairs, telling: VariantAttributes) -> Self:
        """Compare the two of each pair."""
        products, differing = subject.catalog.products, telling.differing(subject, pairs)
        apart = np.logical_or.reduce([*differing.values()])
        gtin, title, family = (_shared(pairs, products[name]) for name in ("gtin", "title", "group_id"))
        return cls(gtin & ~differing["GTIN"] & _is_rare(pairs, products["gtin"]), title & ~apart, family, apart)

    @property
    def by_score(self) -> Flags:
        """Pairs of which the score alone decides whether they are one product."""
        return np.asarray(~(self.same_code | self.same_title | self.same_family | self.apart), np.bool_)

    def only(self, which: Flags) -> Self:
        """Of the pairs of a mask."""
        return type(self)(*(getattr(self, one.name)[which] for one in fields(self)))


@dataclass(frozen=True)
class Candidates:
    """Pairs that may be one product, and all that decides about them but the threshold.

    Attributes:
        pairs: the candidates.
        relative: how close each is, less half of what each side's best other candidate is closer.
        lenient: how close each is without what must not count against variants.
        said: of each by columns and titles.
        alike: where something differs, whether the rest of the titles is alike.
        thresholds: of the catalog, with what they were found from.
        telling: what products say of their colour, size and so on.
        scorer: tells how close any other pair is.
    """

    pairs: Pairs
    relative: Scores
    lenient: Scores
    said: PairEvidence
    alike: Flags
    thresholds: Thresholds
    telling: VariantAttributes
    scorer: PairScorer

    def at(self, threshold: float) -> "Matches":
        """What is decided of each pair at a threshold."""
        said = self.said
        is_same, is_variant = self._decided(threshold)
        sure = 1 / (1 + np.exp(-(np.where(is_variant, self.lenient, self.relative) - threshold) / SPREAD))
        certain = said.same_code | (said.same_family & is_variant)
        sure = np.where(certain, 1.0, np.where(said.same_title & is_same, np.maximum(sure, 0.97), sure))
        return Matches(self, threshold, is_same, is_variant, sure.astype(np.float32))

    def from_threshold(self, lowest: float) -> Self:
        """Without the pairs that no threshold from the lowest on finds; less to keep, and quicker to move."""
        found = np.logical_or(*self._decided(lowest))
        return replace(
            self,
            pairs=self.pairs.only(found),
            relative=self.relative[found],
            lenient=self.lenient[found],
            said=self.said.only(found),
            alike=self.alike[found],
        )

    def _decided(self, threshold: float) -> tuple[Flags, Flags]:
        """Duplicates and variants."""
        said = self.said
        is_same = said.same_code | said.same_title | (said.by_score & (self.relative >= threshold))
        is_variant = (said.same_family | (self.alike & (self.lenient >= threshold))) & ~is_same
        return is_same, is_variant


@dataclass(frozen=True)
class Matches:
    """What was decided of each candidate pair.

    Attributes:
        candidates: the pairs.
        threshold: what their scores were compared with.
        is_same: duplicates.
        is_variant: variants; no pair is both.
        sure: how sure the decision is, in [0, 1].
    """

    candidates: Candidates
    threshold: float
    is_same: Flags
    is_variant: Flags
    sure: Scores

    @property
    def pairs(self) -> Pairs:
        """The candidates, in the order of everything else."""
        return self.candidates.pairs

    def least_sure(self, row: int, others: Sequence[int]) -> float:
        """How sure the least sure of the decisions between a product and others is; 1 for pairs that are no candidates.

        The catalog's own families have such pairs.
        """
        n, rows = self.pairs.n_products, np.array(others, np.int64)
        wanted = np.minimum(rows, row) * n + np.maximum(rows, row)
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self.pairs) - 1)
        return float(self.sure[places[self._keys[places] == wanted]].min(initial=1.0))

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """A number per pair, ascending."""
        return self.pairs.a * self.pairs.n_products + self.pairs.b


def match_products(subject: Subject, progress: Progress = SILENT) -> Matches:
    """Decide for every candidate pair whether it is one product, variants of one, or neither.

    The same GTIN makes a duplicate; so does a score from the threshold on where nothing differs. An attribute that
    differs, or a common ``group_id`` without the same title, makes a variant if the rest of the titles is alike.
    """
    candidates = find_candidates(subject, progress)
    return candidates.at(candidates.thresholds.value)


def find_candidates(subject: Subject, progress: Progress = SILENT) -> Candidates:
    """Everything about candidate pairs that takes its time, so that a threshold can be moved at once.

    Args:
        subject: the catalog; its judged pairs move the threshold.
        progress: advanced by products.
    """
    pairs, scorer = candidate_pairs(subject, progress), PairScorer.of(subject)
    progress.check()
    scores = scorer.scores(pairs)
    progress.check()
    telling = VariantAttributes.of(subject)
    said = PairEvidence.of(subject, pairs, telling)
    best = pairs.only(~said.apart).best_of_products(scores[~said.apart])
    relative = _relative(pairs, scores, best)
    thresholds = _thresholds(subject, pairs.only(~said.apart), relative[~said.apart], best, telling, scorer)
    progress.check()
    alike = said.apart & ~said.same_family
    alike[alike] = _models_alike(subject, pairs.only(alike), telling)
    lenient = scores + NUMBERS + QUANTITIES
    return Candidates(pairs, relative, lenient, said, alike, thresholds, telling, scorer)


def _relative(pairs: Pairs, scores: Scores, best: Scores) -> Scores:
    """Scores less half of what each side's best candidate is closer: offers of one product are each other's closest."""
    closer = np.maximum(best[pairs.a] - scores, 0) + np.maximum(best[pairs.b] - scores, 0)
    return np.asarray(scores - closer / 2, np.float32)


def _thresholds(
    subject: Subject, pairs: Pairs, relative: Scores, best: Scores, telling: VariantAttributes, scorer: PairScorer
) -> Thresholds:
    """What the catalog's own scores, random pairs and judgements say."""
    n = len(subject.catalog)
    drawn = np.random.default_rng(0).integers(0, n, (2, RANDOM))
    random, nearest = Pairs.of(drawn[0], drawn[1], n), pairs.best_of_products(relative)
    return Thresholds.of(
        nearest[np.isfinite(nearest)],
        scorer.scores(random),
        relative,
        subject.level,
        judged_scores(subject, best, telling, scorer),
        subject.threshold,
    )


def judged_scores(
    subject: Subject, best: Scores, telling: VariantAttributes, scorer: PairScorer
) -> list[tuple[float, bool]]:
    """Scores of judged pairs; not of products that are gone, or where something else than the score decides."""
    if not subject.judged:
        return []
    n, row_of = len(subject.catalog), subject.catalog.row_of
    same_of = {(row_of[a], row_of[b]): same for a, b, same in subject.judged if a in row_of and b in row_of}
    rows = np.array([*same_of], np.int64).reshape(-1, 2)
    pairs = Pairs.of(rows[:, 0], rows[:, 1], n)
    pairs = pairs.only(PairEvidence.of(subject, pairs, telling).by_score)
    told = _relative(pairs, scorer.scores(pairs), best).tolist()
    each = zip(told, pairs.a.tolist(), pairs.b.tolist(), strict=True)
    return [(score, same_of.get((a, b), same_of.get((b, a), False))) for score, a, b in each]


def _shared(pairs: Pairs, values: "pd.Series[Any]") -> Flags:
    """Whether both have the same value, whatever the case; an empty one is none."""
    texts = values.map(clean_text).str.casefold()
    codes = pd.factorize(texts.where(texts != ""))[0]
    return np.asarray((codes[pairs.a] == codes[pairs.b]) & (codes[pairs.a] >= 0), np.bool_)


def _is_rare(pairs: Pairs, values: "pd.Series[Any]") -> Flags:
    return np.asarray(values.map(values.value_counts()).to_numpy()[pairs.a] <= MOST_OF_A_GTIN, np.bool_)


def _models_alike(subject: Subject, pairs: Pairs, telling: VariantAttributes) -> Flags:
    """Whether titles have nearly all words in common that do not tell variants apart."""
    asked = np.zeros(len(subject.catalog), bool)
    asked[pairs.a] = asked[pairs.b] = True
    cores = TokenSets.of(_cores(telling, asked.tolist()))
    common = cores.common(pairs)
    either = cores.sizes[pairs.a] + cores.sizes[pairs.b] - common
    return np.asarray(common >= ALIKE * np.maximum(either, 1), np.bool_)


def _cores(telling: VariantAttributes, asked: Sequence[bool]) -> list[frozenset[str]]:
    """The words of asked titles without numbers, colours, sizes and what the columns say of them; of others none."""
    tells, words_of = cache(_tells_variants), cache(lambda text: frozenset(words(text)))  # a few words recur for ever
    columns = [[words_of(value) for value in values] for values in telling.values.values()]
    cores = []
    for row, (title, is_asked) in enumerate(zip(telling.titles, asked, strict=True)):
        own = (word for word in words(title) if not tells(word)) if is_asked else ()
        cores.append(frozenset(own).difference(*(said[row] for said in columns)))
    return cores


def _tells_variants(word: str) -> bool:
    """Whether a word of a title may be what sets it apart from a variant's."""
    if len(word) < 2 or any(c.isdigit() for c in word):
        return True
    tells = find_colours(word) or find_sizes(word.upper()) or find_contrasts(word) or find_quantities(f"1{word}")
    return bool(tells)
