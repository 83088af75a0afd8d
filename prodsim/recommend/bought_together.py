"""Products bought together with a product, not instead of it; similar products are another list."""

from dataclasses import dataclass

import numpy as np

from prodsim.index import top
from prodsim.recommend.collaborative import CollaborativeModel
from prodsim.search import SearchEngine
from prodsim.similarity import Setting

SUBSTITUTE_CLOSENESS = 0.9995
"""Products closer than this share of random pairs replace each other, so nobody needs both: "very close" in words."""


@dataclass(frozen=True, slots=True)
class BoughtTogether:
    """A product that often shares a basket with another.

    Attributes:
        score: cosine of the sets of baskets, less where few hold both (see ``CollaborativeModel.baskets``), in (0, 1].
    """

    sku: str
    row: int
    title: str
    score: float


def bought_together(
    collaborative: CollaborativeModel, engine: SearchEngine, titles: list[str], skus: list[str], row: int, k: int
) -> list[BoughtTogether]:
    """Return the k products that most often share a basket with this one, best first, without its substitutes."""
    own = slice(collaborative.baskets.indptr[row], collaborative.baskets.indptr[row + 1])
    rows, scores = collaborative.baskets.indices[own].astype(np.int64), collaborative.baskets.data[own]
    # Variants and near-identical products share baskets too (two sizes of one sock), but are listed as similar.
    closeness = engine.comparer.pair_scores(np.full(len(rows), row), rows, engine.weights)
    limit = engine.calibration.least_score(
        SUBSTITUTE_CLOSENESS, Setting(engine.weights, engine.comparer.metric), is_text=False
    )
    rows, scores = rows[closeness < limit], scores[closeness < limit]
    return [
        BoughtTogether(skus[other], other, titles[other], float(score))
        for other, score in [(int(rows[at]), scores[at]) for at in top(scores, k).tolist()]
    ]
