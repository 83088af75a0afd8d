"""Which pairs a person should judge next: those whose judgement says most about two settings."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.evaluation import RELEVANT, K, Side, hits_of, sample_skus
from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress
from prodsim.records import Judgement
from prodsim.search import Query

N_QUERY_PRODUCTS = 120
"""Products searched by; each brings up to twice ``K`` pairs."""
MIN_DISAGREEMENT = 0.25
"""Difference in discount from which the settings are said to disagree on a pair: ranks 2 and 6, for example."""
UNSURE = Text("Neither setting is sure: the pair's score is on the border between similar and not similar.")
OTHER_RANKS = Text("The settings disagree: rank {a} in A, rank {b} in B.")
ONLY_IN_A = Text("The settings disagree: rank {rank} in A, not in the first ten of B.")
ONLY_IN_B = Text("The settings disagree: rank {rank} in B, not in the first ten of A.")

Pair = tuple[str, str]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairToJudge:
    """Two products to be judged.

    Attributes:
        sku_a: the product searched by.
        sku_b: a product among the first ten hits of at least one setting.
        rank_a, rank_b: rank from 1 in each setting; None where it is not among the ten.
        expected_gain: how much a judgement is expected to say, in [0, 2]; see ``pairs_to_judge``.
    """

    sku_a: str
    sku_b: str
    rank_a: int | None
    rank_b: int | None
    expected_gain: float

    @property
    def reason(self) -> str:
        """Say why the pair is worth judging."""
        if _disagreement(self.rank_a, self.rank_b) < MIN_DISAGREEMENT:
            return UNSURE()
        if self.rank_a is None:
            return ONLY_IN_B(rank=self.rank_b)
        return ONLY_IN_A(rank=self.rank_a) if self.rank_b is None else OTHER_RANKS(a=self.rank_a, b=self.rank_b)


def pairs_to_judge(
    a: Side, b: Side, judged: Collection[Judgement], n: int, progress: Progress = SILENT
) -> tuple[PairToJudge, ...]:
    """Propose pairs that are not judged yet, the most informative first.

    Candidates are the ten closest products, by either setting, of about 120 products of both catalogs. A pair is
    informative where the settings disagree: by the difference of its discounts 1 / log2(1 + rank), which is what a
    judgement of it moves the difference in nDCG@10 by. It is also informative near the border between similar and not
    similar: 1 there, 0 at the farthest candidate, the mean of both settings. The border lies midway between the mean
    scores of pairs judged similar and not; until both kinds are judged, it is the median score of the closest products.

    Args:
        a: one setting.
        b: the other; may be the same.
        judged: never proposed again.
        n: how many pairs; fewer come when there are no more.
        progress: advanced by queries, in two steps.

    Returns:
        No pair twice, in neither order. Every product is shown once before any is shown again; equally informative
        pairs are in the order of their SKUs.
    """
    known = {_in_order(judgement.sku_a, judgement.sku_b) for judgement in judged if judgement.sku_a}
    skus = sample_skus(a, b, N_QUERY_PRODUCTS)
    ranks_a, ranks_b = (_ranks(side, skus, progress) for side in (a, b))
    both = [
        pair
        for pair in dict.fromkeys([*ranks_a, *ranks_b])
        if pair[1] in a.catalog.row_of and pair[1] in b.catalog.row_of
    ]
    pairs = list({_in_order(*pair): pair for pair in reversed(both) if _in_order(*pair) not in known}.values())
    if not pairs:
        return ()
    nearness = (_nearness(a, pairs, ranks_a, judged) + _nearness(b, pairs, ranks_b, judged)) / 2
    candidates = [
        PairToJudge(
            *pair, ranks_a.get(pair), ranks_b.get(pair), near + _disagreement(ranks_a.get(pair), ranks_b.get(pair))
        )
        for pair, near in zip(pairs, nearness.tolist(), strict=True)
    ]
    return tuple(_spread(sorted(candidates, key=lambda pair: (-pair.expected_gain, pair.sku_a, pair.sku_b)), n))


def boundary(side: Side, judged: Collection[Judgement]) -> float | None:
    """Return the score midway between pairs judged similar and not similar; None until there are both."""
    row_of = side.catalog.row_of
    usable = [judgement for judgement in judged if judgement.sku_a in row_of and judgement.sku_b in row_of]
    is_similar = np.array([judgement.grade >= RELEVANT for judgement in usable], bool)
    if not is_similar.any() or is_similar.all():
        return None
    scores = _scores(side, [(judgement.sku_a, judgement.sku_b) for judgement in usable])
    return float(scores[is_similar].mean() + scores[~is_similar].mean()) / 2


def _ranks(side: Side, skus: Sequence[str], progress: Progress) -> dict[Pair, int]:
    """Return the rank of every pair (query, hit)."""
    queries = [Query(like=(sku,)) for sku in skus]
    results = hits_of(side, queries, K, progress)
    return {(sku, hit.sku): rank for sku, hits in zip(skus, results, strict=True) for rank, hit in enumerate(hits, 1)}


def _nearness(side: Side, pairs: Sequence[Pair], ranks: dict[Pair, int], judged: Collection[Judgement]) -> Values:
    """Return 1 at the boundary, 0 at the pair farthest from it."""
    middle = boundary(side, judged)
    if middle is None:
        middle = float(np.median(_scores(side, [pair for pair, rank in ranks.items() if rank == 1])))
    away = np.abs(_scores(side, pairs) - middle)
    return 1 - away / max(float(away.max()), 1e-9)


def _scores(side: Side, pairs: Sequence[Pair]) -> Values:
    rows = np.array([[side.catalog.row_of[sku] for sku in pair] for pair in pairs], np.int64)
    return side.engine.comparer.pair_scores(rows[:, 0], rows[:, 1], side.weights)


def _disagreement(rank_a: int | None, rank_b: int | None) -> float:
    """Return the difference of the discounts that nDCG gives the two ranks."""
    discount_a, discount_b = (0.0 if rank is None else float(1 / np.log2(1 + rank)) for rank in (rank_a, rank_b))
    return abs(discount_a - discount_b)


def _spread(pairs: Sequence[PairToJudge], n: int) -> list[PairToJudge]:
    """Return n pairs, going through them again and again, each time showing every product at most once more."""
    n_shown: Counter[str] = Counter()
    waiting, chosen, limit = list(pairs), list[PairToJudge](), 1
    while waiting and len(chosen) < n:
        later = []
        for pair in waiting:
            if max(n_shown[pair.sku_a], n_shown[pair.sku_b]) < limit:
                n_shown.update((pair.sku_a, pair.sku_b))
                chosen.append(pair)
            else:
                later.append(pair)
        waiting, limit = later, limit + 1
    return chosen[:n]


def _in_order(sku: str, other: str) -> Pair:
    return (sku, other) if sku < other else (other, sku)
