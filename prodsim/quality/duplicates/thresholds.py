"""From which score on two products are taken for one: out of the catalog's own distribution of scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from prodsim.quality.subject import Level

USUAL = 0.45
"""The score from which pairs are more often one product than not; the middle of four labelled sets."""
REACH = 0.06
"""How far the catalog's own valley may move the usual threshold, and twice that a judgement."""
STEPS: dict[Level, float] = {"strict": 0.1, "usual": 0.0, "loose": -0.1}
"""What a level adds to the threshold."""
BINS = 50
ABOVE_CHANCE = 5.0
"""Standard deviations that a threshold lies above random pairs, at least: one in 3.5 million of a normal distribution.
Told from the median and the nearer quartile, because some random pairs are variants of one product."""
FEWEST_JUDGED = 20
"""Judged pairs, half of them of each kind, from which on they tell a threshold."""
FEWEST_NEAR = 20
"""Products whose closest other lies near the usual threshold, from which on their scores can show a valley."""

Origin = Literal["asked", "judged", "scores", "usual", "chance"]
"""Where a threshold comes from, see ``REASONS``."""
REASONS: dict[Origin, str] = {
    "asked": "Chosen by hand.",
    "judged": "It parts the judged pairs best.",
    "scores": "Near the usual one, where fewest products have their closest other.",
    "usual": "The usual one: near it the catalog's scores show no valley.",
    "chance": f"Raised to {ABOVE_CHANCE:g} standard deviations above random pairs.",
}

Scores = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A threshold and what it was found from, for a histogram with a movable line.

    Attributes:
        value: products whose score is at least this are taken for one.
        of_level: the same for every level.
        edges: of the bins, shape (BINS + 1,), from the lowest to the highest score.
        nearest: products per bin by the score of the closest other, shape (BINS,).
        random: random pairs per bin.
        origin: where the value comes from.
    """

    value: float
    of_level: dict[Level, float]
    edges: NDArray[np.float64]
    nearest: NDArray[np.int64]
    random: NDArray[np.int64]
    origin: Origin

    @classmethod
    def of(
        cls,
        nearest: Scores,
        random: Scores,
        pairs: Scores,
        level: Level,
        judged: Sequence[tuple[float, bool]] = (),
        asked: float | None = None,
    ) -> Self:
        """Choose a threshold.

        Args:
            nearest: score of each product with its closest other.
            random: scores of random pairs.
            pairs: scores of the pairs that a threshold decides on.
            level: strict, usual or loose.
            judged: scores of pairs that a person judged, and whether they are one product.
            asked: the value that a person chose in place of the level's.
        """
        usual, origin = _valley(nearest)
        if min(sum(same for _, same in judged), sum(not same for _, same in judged)) * 2 >= FEWEST_JUDGED:
            usual, origin = _between(judged), "judged"
        floor = _above_chance(random)
        of_level = {name: max(usual + STEPS[name], floor) for name in get_args(Level)}
        if of_level[level] > usual + STEPS[level]:
            origin = "chance"
        known = np.concatenate([nearest, random, pairs])
        edges = np.linspace(known.min(initial=0.0), known.max(initial=1.0) + 1e-6, BINS + 1)
        value, origin = (of_level[level], origin) if asked is None else (asked, "asked")
        return cls(value, of_level, edges, _counts(nearest, edges), _counts(random, edges), origin)

    @property
    def reason(self) -> str:
        """One sentence: where the value comes from."""
        return REASONS[self.origin]


def _counts(scores: Scores, edges: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.histogram(scores, edges)[0].astype(np.int64)


def _above_chance(random: Scores) -> float:
    """The lowest threshold that chance allows; a quartile is 0.6745 standard deviations from a normal's median.

    At most 1, the score of the same text: where all products are much alike, only the same text is one product.
    """
    if not len(random):
        return float("-inf")
    lower, middle, upper = np.quantile(random, [0.25, 0.5, 0.75])
    return float(min(middle + ABOVE_CHANCE * min(middle - lower, upper - middle) / 0.6745, 1.0))


def _valley(nearest: Scores) -> tuple[float, Origin]:
    """Where fewest products have their closest other, near the usual threshold."""
    edges = np.linspace(USUAL - 2 * REACH, USUAL + 2 * REACH, 25)
    counts, _ = np.histogram(nearest, edges)
    smooth = np.convolve(counts, np.ones(5) / 5, mode="same")
    middle = (edges[:-1] + edges[1:]) / 2
    near = np.abs(middle - USUAL) <= REACH
    if smooth[near].max(initial=0) * 5 < FEWEST_NEAR or np.ptp(smooth[near]) < smooth[near].mean() / 2:
        return USUAL, "usual"
    lowest = middle[near][np.argmin(smooth[near])]
    return float(lowest), "scores"


def _between(judged: Sequence[tuple[float, bool]]) -> float:
    """The threshold with fewest wrong answers to the judged pairs, in the middle between two scores."""
    scores = np.array([score for score, _ in judged])
    same = np.array([is_same for _, is_same in judged])
    values = np.unique(np.clip(scores, USUAL - 4 * REACH, USUAL + 4 * REACH))
    middles = np.concatenate([values[:1], (values[1:] + values[:-1]) / 2, values[-1:]])
    wrong = [int(((scores >= middle) != same).sum()) for middle in middles]
    best = np.flatnonzero(np.array(wrong) == min(wrong))
    return float(middles[best[len(best) // 2]])
