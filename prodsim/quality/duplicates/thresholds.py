"""The score from which two products count as duplicates, from the catalog's own distribution of scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from prodsim.phrases import Text
from prodsim.quality.subject import Level

DEFAULT_THRESHOLD = 0.45
"""The score from which pairs are more often one product than not; the middle of four labelled sets."""
VALLEY_REACH = 0.06
"""How far the catalog's own valley may move the default threshold; judgements may move it four times as far."""
LEVEL_OFFSET: dict[Level, float] = {"strict": 0.1, "usual": 0.0, "loose": -0.1}
"""What a level adds to the threshold."""
N_BINS = 50
ABOVE_CHANCE = 5.0
"""Standard deviations that a threshold lies above random pairs, at least: one in 3.5 million of a normal distribution.
Estimated from the median and the nearer quartile, because some random pairs are variants of one product."""
MIN_JUDGED_PAIRS = 20
"""Judged pairs, half of them of each kind, from which they decide the threshold."""
MIN_NEAR = 20
"""Products whose closest other lies near the default threshold, from which their scores can show a valley."""

Origin = Literal["asked", "judged", "scores", "usual", "chance"]
"""Where a threshold comes from, see ``ORIGINS``."""
ORIGINS: dict[Origin, Text] = {
    "asked": Text("Chosen by hand."),
    "judged": Text("Best fit to the decisions made so far."),
    "scores": Text("Set where the fewest products have their closest match, near the default."),
    "usual": Text("Left at the default, because the scores of this catalog show no clear gap near it."),
    "chance": Text("Raised to {deviations:g} standard deviations above random pairs."),
}


def describe_origin(origin: Origin) -> str:
    """Return where a threshold comes from, in one sentence."""
    return ORIGINS[origin](deviations=ABOVE_CHANCE)


Scores = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A threshold and the scores that it follows from, for a histogram with a movable line.

    Attributes:
        value: products whose score is at least this count as duplicates.
        of_level: the same for every level.
        edges: of the bins, shape (N_BINS + 1,), from the lowest to the highest score.
        nearest: products per bin by the score of the closest other, shape (N_BINS,).
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
        chosen: float | None = None,
    ) -> Self:
        """Choose a threshold.

        Args:
            nearest: score of each product with its closest other.
            random: scores of random pairs.
            pairs: scores of the pairs that a threshold decides on.
            level: strict, usual or loose.
            judged: scores of pairs that a person judged, and whether they are one product.
            chosen: the value that a person chose in place of the level's.
        """
        middle, origin = _valley(nearest)
        if min(sum(same for _, same in judged), sum(not same for _, same in judged)) * 2 >= MIN_JUDGED_PAIRS:
            middle, origin = _best_split(judged), "judged"
        floor = _above_chance(random)
        of_level = {name: max(middle + LEVEL_OFFSET[name], floor) for name in get_args(Level)}
        if of_level[level] > middle + LEVEL_OFFSET[level]:
            origin = "chance"
        known = np.concatenate([nearest, random, pairs])
        edges = np.linspace(known.min(initial=0.0), known.max(initial=1.0) + 1e-6, N_BINS + 1)
        value, origin = (of_level[level], origin) if chosen is None else (chosen, "asked")
        counts, random_counts = (np.histogram(scores, edges)[0].astype(np.int64) for scores in (nearest, random))
        return cls(value, of_level, edges, counts, random_counts, origin)


def _above_chance(random: Scores) -> float:
    """Return the lowest threshold that chance allows; a quartile is 0.6745 standard deviations from a normal's median.

    At most 1, the score of the same text: where all products are much alike, only the same text is a duplicate.
    """
    if not len(random):
        return float("-inf")
    lower, middle, upper = np.quantile(random, [0.25, 0.5, 0.75])
    return float(min(middle + ABOVE_CHANCE * min(middle - lower, upper - middle) / 0.6745, 1.0))


def _valley(nearest: Scores) -> tuple[float, Origin]:
    """Find the score near the default threshold at which the fewest products have their closest other."""
    edges = np.linspace(DEFAULT_THRESHOLD - 2 * VALLEY_REACH, DEFAULT_THRESHOLD + 2 * VALLEY_REACH, 25)
    counts, _ = np.histogram(nearest, edges)
    smooth = np.convolve(counts, np.ones(5) / 5, mode="same")
    middle = (edges[:-1] + edges[1:]) / 2
    near = np.abs(middle - DEFAULT_THRESHOLD) <= VALLEY_REACH
    # A flat stretch has a lowest place too, but by chance: it would move the threshold with every upload.
    if smooth[near].max(initial=0) * 5 < MIN_NEAR or np.ptp(smooth[near]) < smooth[near].mean() / 2:
        return DEFAULT_THRESHOLD, "usual"
    return float(middle[near][np.argmin(smooth[near])]), "scores"


def _best_split(judged: Sequence[tuple[float, bool]]) -> float:
    """Return the threshold that contradicts the fewest judged pairs, in the middle between two scores."""
    scores = np.array([score for score, _ in judged])
    same = np.array([is_same for _, is_same in judged])
    values = np.unique(np.clip(scores, DEFAULT_THRESHOLD - 4 * VALLEY_REACH, DEFAULT_THRESHOLD + 4 * VALLEY_REACH))
    middles = np.concatenate([values[:1], (values[1:] + values[:-1]) / 2, values[-1:]])
    n_wrong = [int(((scores >= middle) != same).sum()) for middle in middles]
    best = np.flatnonzero(np.array(n_wrong) == min(n_wrong))
    return float(middles[best[len(best) // 2]])
