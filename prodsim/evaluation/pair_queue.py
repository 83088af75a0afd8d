"""Which pairs a person should judge next: those whose answer tells most about two settings."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.evaluation import RELEVANT, K, Side, hits_of, sample_skus
from prodsim.progress import SILENT, Progress
from prodsim.records import Judgement
from prodsim.search import Query

N_ASKED = 120
"""Products asked by; each brings up to twice ``K`` pairs."""
DISAGREEING = 0.25
"""Difference in discount from which a pair is told to be one that the settings disagree on: ranks 2 and 6, say."""

Pair = tuple[str, str]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TellingPair:
    """Two products to be judged.

    Attributes:
        sku_a: the product asked by.
        sku_b: what one of the settings finds for it among its ten closest.
        rank_a, rank_b: rank from 1 in each setting; None where it is not among the ten.
        telling: how much the answer is expected to tell, in [0, 2]; see ``telling_pairs``.
    """

    sku_a: str
    sku_b: str
    rank_a: int | None
    rank_b: int | None
    telling: float

    @property
    def why(self) -> str:
        """Why it is asked, as a sentence."""
        if _disagreement(self.rank_a, self.rank_b) < DISAGREEING:
            return "Both settings are unsure: its score lies where similar and not similar part."
        told = ("not among its ten" if rank is None else f"number {rank}" for rank in (self.rank_a, self.rank_b))
        return "The settings disagree: {} in A, {} in B.".format(*told)


def telling_pairs(
    a: Side, b: Side, judged: Collection[Judgement], n: int, progress: Progress = SILENT
) -> tuple[TellingPair, ...]:
    """Propose pairs of which nothing is known yet, the most telling first.

    Candidates are the ten closest products, by either setting, of about 120 products of both catalogs. A pair tells
    much where the settings disagree: by the difference of its discounts 1 / log2(1 + rank), which is what a judgement
    of it moves the difference in nDCG@10 by. It also tells much near the score at which similar and not similar part:
    1 there, 0 at the farthest candidate, the mean of both settings. That score lies midway between the mean scores of
    pairs judged similar and not; until both kinds are judged, it is the median score of the closest products.

    Args:
        a: one setting.
        b: the other; may be the same.
        judged: what is known, never proposed again.
        n: how many pairs; fewer come when there are no more.
        progress: advanced by queries, in two steps.

    Returns:
        No pair twice, in neither order. Every product is shown once before any is shown again; equally telling
        pairs are in the order of their SKUs.
    """
    known = {_in_order(judgement.sku_a, judgement.sku_b) for judgement in judged if judgement.sku_a}
    asked = sample_skus(a, b, N_ASKED)
    ranks_a, ranks_b = (_ranks(side, asked, progress) for side in (a, b))
    both = [
        pair
        for pair in dict.fromkeys([*ranks_a, *ranks_b])
        if pair[1] in a.catalog.row_of and pair[1] in b.catalog.row_of
    ]
    pairs = list({_in_order(*pair): pair for pair in reversed(both) if _in_order(*pair) not in known}.values())
    if not pairs:
        return ()
    nearness = (_nearness(a, pairs, ranks_a, judged) + _nearness(b, pairs, ranks_b, judged)) / 2
    found = [
        TellingPair(
            *pair, ranks_a.get(pair), ranks_b.get(pair), near + _disagreement(ranks_a.get(pair), ranks_b.get(pair))
        )
        for pair, near in zip(pairs, nearness.tolist(), strict=True)
    ]
    return tuple(_spread(sorted(found, key=lambda pair: (-pair.telling, pair.sku_a, pair.sku_b)), n))


def boundary(side: Side, judged: Collection[Judgement]) -> float | None:
    """The score midway between what people judged similar and what not; None until there are both."""
    usable = [one for one in judged if one.sku_a in side.catalog.row_of and one.sku_b in side.catalog.row_of]
    is_alike = np.array([one.grade >= RELEVANT for one in usable], bool)
    if not is_alike.any() or is_alike.all():
        return None
    scores = _scores(side, [(one.sku_a, one.sku_b) for one in usable])
    return float(scores[is_alike].mean() + scores[~is_alike].mean()) / 2


def _ranks(side: Side, skus: Sequence[str], progress: Progress) -> dict[Pair, int]:
    """The rank of every pair (asked by, found)."""
    queries = [Query(like=(sku,)) for sku in skus]
    found = hits_of(side, queries, K, progress)
    return {(sku, hit.sku): rank for sku, hits in zip(skus, found, strict=True) for rank, hit in enumerate(hits, 1)}


def _nearness(side: Side, pairs: Sequence[Pair], ranks: dict[Pair, int], judged: Collection[Judgement]) -> Values:
    """1 at the boundary, 0 at the pair farthest from it."""
    middle = boundary(side, judged)
    if middle is None:
        middle = float(np.median(_scores(side, [pair for pair, rank in ranks.items() if rank == 1])))
    away = np.abs(_scores(side, pairs) - middle)
    return 1 - away / max(float(away.max()), 1e-9)


def _scores(side: Side, pairs: Sequence[Pair]) -> Values:
    rows = np.array([[side.catalog.row_of[sku] for sku in pair] for pair in pairs], np.int64)
    return side.engine.comparer.pair_scores(rows[:, 0], rows[:, 1], side.weights)


def _disagreement(rank_a: int | None, rank_b: int | None) -> float:
    one, other = (0.0 if rank is None else float(1 / np.log2(1 + rank)) for rank in (rank_a, rank_b))
    return abs(one - other)


def _spread(pairs: Sequence[TellingPair], n: int) -> list[TellingPair]:
    """The first n, going through the pairs again and again, each time showing every product at most once more."""
    shown: Counter[str] = Counter()
    left, found, most = list(pairs), list[TellingPair](), 1
    while left and len(found) < n:
        later = []
        for pair in left:
            if max(shown[pair.sku_a], shown[pair.sku_b]) < most:
                shown.update((pair.sku_a, pair.sku_b))
                found.append(pair)
            else:
                later.append(pair)
        left, most = later, most + 1
    return found[:n]


def _in_order(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
