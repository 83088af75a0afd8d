"""What goes with a product: bought together, not instead; similar ones are another list."""

from dataclasses import dataclass

import numpy as np

from prodsim.index import top
from prodsim.recommend.collaborative import CollaborativeModel
from prodsim.search import SearchEngine
from prodsim.similarity import Setting

INSTEAD = 0.9995
"""Products closer than this share of random pairs are bought instead of each other: "very close" in words."""


@dataclass(frozen=True, slots=True)
class GoesWith:
    """A product often in one basket with another.

    Attributes:
        score: cosine of the sets of baskets, less where few hold both (see ``CollaborativeModel.baskets``), in (0, 1].
    """

    sku: str
    row: int
    title: str
    score: float


def goes_with(
    crowd: CollaborativeModel, engine: SearchEngine, titles: list[str], skus: list[str], row: int, k: int
) -> list[GoesWith]:
    """The k products most often in one basket with one, best first; none of its variants and very close ones."""
    own = slice(crowd.baskets.indptr[row], crowd.baskets.indptr[row + 1])
    rows, scores = crowd.baskets.indices[own].astype(np.int64), crowd.baskets.data[own]
    close = engine.comparer.pair_scores(np.full(len(rows), row), rows, engine.weights)
    least = engine.calibration.least_score(INSTEAD, Setting(engine.weights, engine.comparer.metric), is_text=False)
    rows, scores = rows[close < least], scores[close < least]
    return [
        GoesWith(skus[other], other, titles[other], float(score))
        for other, score in [(int(rows[at]), scores[at]) for at in top(scores, k).tolist()]
    ]
