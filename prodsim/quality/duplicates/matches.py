"""Decides for each candidate pair: duplicates, variants of one product, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import comparable_gtin
from prodsim.catalog.cells import MAX_PER_GTIN
from prodsim.progress import SILENT, Progress
from prodsim.quality.duplicates.pairs import (
    MOST_AGAINST,
    PairScorer,
    ProductPairs,
    TokenSets,
    candidate_pairs,
)
from prodsim.quality.duplicates.thresholds import Thresholds
from prodsim.quality.duplicates.variants import VariantAttributes, find_colours, find_contrasts, find_sizes
from prodsim.quality.subject import Subject
from prodsim.text import clean_text, words
from prodsim.traits.quantities import find_quantities

SAME_MODEL = 0.75
"""Share of words in common, beside colours, sizes, numbers and the like, from which two titles name one model."""
SOFTNESS = 0.08
"""Scores this far above the threshold are sure to 73 %, three times as far to 95 %."""
N_RANDOM_PAIRS = 20_000
"""Random pairs that show how close products are by chance."""
SAME_TITLE_CONFIDENCE = 0.97
"""How sure it is at least that products of one title, with nothing that differs, are duplicates."""

Flags = NDArray[np.bool_]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class PairEvidence:
    """What columns and titles say about pairs, whatever their scores; each shape (n,).

    Attributes:
        same_code: the same valid GTIN in whatever form, and few others have it.
        same_title: the same title, whatever the case, and nothing that differs.
        same_family: the same ``group_id``.
        differs: an attribute differs.
    """

    same_code: Flags
    same_title: Flags
    same_family: Flags
    differs: Flags

    @classmethod
    def of(cls, subject: Subject, pairs: ProductPairs, attributes: VariantAttributes) -> Self:
        """Compare the two of each pair."""
        products, differing = subject.catalog.products, attributes.differing(subject, pairs)
        differs = np.logical_or.reduce([*differing.values()])
        gtins = products["gtin"].map(comparable_gtin)
        gtin, title, family = (_have_one_value(pairs, own) for own in (gtins, products["title"], products["group_id"]))
        rare = gtins.map(gtins.value_counts()).to_numpy() <= MAX_PER_GTIN
        same_code = np.asarray(gtin & ~differing["GTIN"] & rare[pairs.a], np.bool_)
        return cls(same_code, title & ~differs, family, differs)

    @property
    def is_silent(self) -> Flags:
        """Mark the pairs of which the score alone decides whether they are duplicates."""
        return np.asarray(~(self.same_code | self.same_title | self.same_family | self.differs), np.bool_)

    def only(self, which: Flags) -> Self:
        """Return the evidence about the pairs of a mask."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True)
class CandidatePairs:
    """Pairs that may be duplicates or variants, and all that decides about them but the threshold.

    Attributes:
        pairs: the candidates.
        relative: how close each is, less half of what each side's best other candidate is closer.
        lenient: how close each is without what must not count against variants.
        evidence: what columns and titles say about each.
        same_model: where something differs, whether the rest of the titles is the same.
        thresholds: of the catalog, with the scores that they follow from.
        attributes: colour, size and so on of the products.
        scorer: scores any other pair.
    """

    pairs: ProductPairs
    relative: Scores
    lenient: Scores
    evidence: PairEvidence
    same_model: Flags
    thresholds: Thresholds
    attributes: VariantAttributes
    scorer: PairScorer

    def at(self, threshold: float) -> "Matches":
        """Decide about each pair at a threshold."""
        evidence = self.evidence
        is_duplicate, is_variant = self._decide(threshold)
        above = np.where(is_variant, self.lenient, self.relative) - threshold
        by_score = 1 / (1 + np.exp(-above / SOFTNESS))
        by_title = np.where(evidence.same_title & is_duplicate, np.maximum(by_score, SAME_TITLE_CONFIDENCE), by_score)
        certain = evidence.same_code | (evidence.same_family & is_variant)
        confidence = np.where(certain, 1.0, by_title).astype(np.float32)
        return Matches(self, threshold, is_duplicate, is_variant, confidence)

    def from_threshold(self, lowest: float) -> Self:
        """Leave out the pairs that no threshold from the lowest on finds; less to keep, and quicker to move."""
        is_match = np.logical_or(*self._decide(lowest))
        return replace(
            self,
            pairs=self.pairs.only(is_match),
            relative=self.relative[is_match],
            lenient=self.lenient[is_match],
            evidence=self.evidence.only(is_match),
            same_model=self.same_model[is_match],
        )

    def _decide(self, threshold: float) -> tuple[Flags, Flags]:
        """Return which pairs are duplicates and which are variants."""
        evidence = self.evidence
        is_close = evidence.is_silent & (self.relative >= threshold)
        is_duplicate = evidence.same_code | evidence.same_title | is_close
        # An attribute that differs keeps even identical titles from being duplicates: it makes them variants.
        is_variant = (evidence.same_family | (self.same_model & (self.lenient >= threshold))) & ~is_duplicate
        return is_duplicate, is_variant


@dataclass(frozen=True)
class Matches:
    """What was decided about each candidate pair.

    Attributes:
        candidates: the pairs.
        threshold: what their scores were compared with.
        is_duplicate: duplicates.
        is_variant: variants; no pair is both.
        confidence: how sure the decision is, in [0, 1].
    """

    candidates: CandidatePairs
    threshold: float
    is_duplicate: Flags
    is_variant: Flags
    confidence: Scores

    @property
    def pairs(self) -> ProductPairs:
        """Return the candidates, in the order of everything else."""
        return self.candidates.pairs

    def min_confidence(self, row: int, others: Sequence[int]) -> float:
        """Return how sure the least sure decision between a product and others is; 1 for pairs that are no candidates.

        The catalog's own families have such pairs.
        """
        n, rows = self.pairs.n_products, np.array(others, np.int64)
        wanted = np.minimum(rows, row) * n + np.maximum(rows, row)
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self.pairs) - 1)
        return float(self.confidence[places[self._keys[places] == wanted]].min(initial=1.0))

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """Return a number per pair, ascending."""
        return self.pairs.a * self.pairs.n_products + self.pairs.b


def match_products(subject: Subject, progress: Progress = SILENT) -> Matches:
    """Decide for every candidate pair whether it is a duplicate, variants of one product, or neither.

    The same GTIN makes a duplicate; so does a score from the threshold on where nothing differs. An attribute that
    differs, or a common ``group_id`` without the same title, makes a variant if the rest of the titles is the same.
    """
    candidates = find_candidates(subject, progress)
    return candidates.at(candidates.thresholds.value)


def find_candidates(subject: Subject, progress: Progress = SILENT) -> CandidatePairs:
    """Compute everything about candidate pairs that takes its time, so that a threshold can be moved at once.

    Args:
        subject: the catalog; its judged pairs move the threshold.
        progress: advanced by products.
    """
    pairs, scorer = candidate_pairs(subject, progress), PairScorer.of(subject)
    progress.check()
    scores = scorer.scores(pairs)
    progress.check()
    attributes = VariantAttributes.of(subject)
    evidence = PairEvidence.of(subject, pairs, attributes)
    comparable = ~evidence.differs
    best = pairs.only(comparable).best_of_products(scores[comparable])
    relative = _relative_scores(pairs, scores, best)
    thresholds = _thresholds(subject, pairs.only(comparable), relative[comparable], best, attributes, scorer)
    progress.check()
    same_model = evidence.differs & ~evidence.same_family
    same_model[same_model] = _are_one_model(subject, pairs.only(same_model), attributes)
    lenient = scores + MOST_AGAINST
    return CandidatePairs(pairs, relative, lenient, evidence, same_model, thresholds, attributes, scorer)


def _relative_scores(pairs: ProductPairs, scores: Scores, best: Scores) -> Scores:
    """Subtract half of what each side's best candidate is closer: offers of one product are each other's closest."""
    closer = np.maximum(best[pairs.a] - scores, 0) + np.maximum(best[pairs.b] - scores, 0)
    return np.asarray(scores - closer / 2, np.float32)


def _thresholds(
    subject: Subject,
    pairs: ProductPairs,
    relative: Scores,
    best: Scores,
    attributes: VariantAttributes,
    scorer: PairScorer,
) -> Thresholds:
    """Choose a threshold by the catalog's own scores, random pairs and judgements."""
    n = len(subject.catalog)
    drawn = np.random.default_rng(0).integers(0, n, (2, N_RANDOM_PAIRS))
    random, nearest = ProductPairs.of(drawn[0], drawn[1], n), pairs.best_of_products(relative)
    return Thresholds.of(
        nearest[np.isfinite(nearest)],
        scorer.scores(random),
        relative,
        subject.level,
        judged_scores(subject, best, attributes, scorer),
        subject.threshold,
    )


def judged_scores(
    subject: Subject, best: Scores, attributes: VariantAttributes, scorer: PairScorer
) -> list[tuple[float, bool]]:
    """Score judged pairs; not those of products that are gone, or where something else than the score decides."""
    if not subject.judged:
        return []
    n, row_of = len(subject.catalog), subject.catalog.row_of
    same_of = {(row_of[a], row_of[b]): same for a, b, same in subject.judged if a in row_of and b in row_of}
    rows = np.array([*same_of], np.int64).reshape(-1, 2)
    pairs = ProductPairs.of(rows[:, 0], rows[:, 1], n)
    pairs = pairs.only(PairEvidence.of(subject, pairs, attributes).is_silent)
    scores = _relative_scores(pairs, scorer.scores(pairs), best).tolist()
    scored = zip(scores, pairs.a.tolist(), pairs.b.tolist(), strict=True)
    return [(score, same_of.get((a, b), same_of.get((b, a), False))) for score, a, b in scored]


def _have_one_value(pairs: ProductPairs, values: "pd.Series[Any]") -> Flags:
    """Return whether both have the same value, whatever the case; an empty one is none."""
    texts = values.map(clean_text).str.casefold()
    codes = pd.factorize(texts.where(texts != ""))[0]
    return np.asarray((codes[pairs.a] == codes[pairs.b]) & (codes[pairs.a] >= 0), np.bool_)


def _are_one_model(subject: Subject, pairs: ProductPairs, attributes: VariantAttributes) -> Flags:
    """Return whether titles have nearly all words in common that do not distinguish variants."""
    is_needed = np.zeros(len(subject.catalog), bool)
    is_needed[pairs.a] = is_needed[pairs.b] = True
    cores = TokenSets.of(_core_words(attributes, is_needed.tolist()))
    common = cores.common(pairs)
    either = cores.sizes[pairs.a] + cores.sizes[pairs.b] - common
    return np.asarray(common >= SAME_MODEL * np.maximum(either, 1), np.bool_)


def _core_words(attributes: VariantAttributes, is_needed: Sequence[bool]) -> list[frozenset[str]]:
    """Return the words of needed titles without numbers, colours, sizes and values of columns; of others none."""
    is_variable = cache(_distinguishes_variants)  # a few words recur for ever
    words_of = cache(lambda text: frozenset(words(text)))
    columns = [[words_of(value) for value in values] for values in attributes.values.values()]
    cores = []
    for row, (title, is_wanted) in enumerate(zip(attributes.titles, is_needed, strict=True)):
        core = (word for word in words(title) if not is_variable(word)) if is_wanted else ()
        cores.append(frozenset(core).difference(*(column[row] for column in columns)))
    return cores


def _distinguishes_variants(word: str) -> bool:
    """Return whether a word of a title may be what distinguishes it from a variant's."""
    if len(word) < 2 or any(c.isdigit() for c in word):
        return True
    return bool(find_colours(word) or find_sizes(word.upper()) or find_contrasts(word) or find_quantities(f"1{word}"))
