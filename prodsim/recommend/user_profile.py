"""One shopper's history as what it tells of a taste: products, how much each counts, and interests kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows
from prodsim.search import SearchEngine
from prodsim.similarity import Setting

RECENCY = 0.8
"""What a product counts of the one looked at after it."""
ASKED = 8
"""Products of a history that similar ones are looked up for: the older ones count less than a fifth of the last."""
ONE_INTEREST = 0.95
"""Products closer than this share of random pairs are of one interest; "related" in words."""


@dataclass(frozen=True, slots=True)
class UserProfile:
    """Distinct products, the last one first.

    Attributes:
        rows: of the catalog.
        weights: float32, above 0, the sum of all is 1: how strong the events were, times ``RECENCY`` for each product
            that came after.
        disliked: products with events of which none tells a liking; they are not shown again.
    """

    rows: Rows
    weights: NDArray[np.float32]
    disliked: Rows = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def of(cls, rows: Sequence[int], strengths: Sequence[float] | None = None) -> Self:
        """The taste behind events, oldest first; a product counts where it stood last, by its strongest event."""
        strongest: dict[int, float] = {}
        disliked = []
        for row, strength in zip(rows, strengths if strengths is not None else [1.0] * len(rows), strict=True):
            if strength > 0:
                strongest[row] = max(strength, strongest.pop(row, 0.0))
            else:
                disliked.append(row)
        last_first = list(strongest.items())[::-1]
        weights = np.array([s * RECENCY**place for place, (_, s) in enumerate(last_first)], np.float32)
        rows_liked = np.array([row for row, _ in last_first], np.int64)
        never = np.array(sorted(set(disliked) - set(strongest)), np.int64)
        return cls(rows_liked, weights / max(weights.sum(), 1e-9), never)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def asked(self) -> Self:
        """The ``ASKED`` products that count most, in order."""
        best = np.sort(np.argsort(-self.weights, kind="stable")[:ASKED])
        return type(self)(self.rows[best], self.weights[best])

    def interests(self, engine: SearchEngine, categories: Sequence[str]) -> NDArray[np.int64]:
        """A number per product from 0: equal for products that are related, or linked by related ones.

        Related are products of one category, and those closer than ``ONE_INTEREST`` of random pairs.

        Args:
            engine: compares them.
            categories: of all products of the catalog; "" for none.
        """
        from scipy.sparse import csr_array  # only recommending pays for scipy
        from scipy.sparse.csgraph import connected_components

        n = len(self)
        one, other = np.triu_indices(n, 1)
        if not len(one):
            return np.zeros(n, np.int64)
        scores = engine.comparer.pair_scores(self.rows[one], self.rows[other], engine.weights)
        setting = Setting(engine.weights, engine.comparer.metric)
        close = scores >= engine.calibration.least_score(ONE_INTEREST, setting, is_text=False)
        kinds = np.array([categories[row] for row in self.rows.tolist()], object)
        close |= (kinds[one] == kinds[other]) & (kinds[one] != "")
        links = csr_array((np.ones(close.sum()), (one[close], other[close])), shape=(n, n))
        return np.asarray(connected_components(links, directed=False)[1], np.int64)


def tastes(user: NDArray[np.int64], row: Rows, strength: NDArray[np.float32], n_users: int) -> list[UserProfile]:
    """The taste of every user by number, of events oldest first; empty for one without events."""
    order = np.argsort(user, kind="stable")
    ends = np.cumsum(np.bincount(user, minlength=n_users))
    rows, strengths = np.split(row[order], ends[:-1]), np.split(strength[order], ends[:-1])
    return [UserProfile.of(own.tolist(), strong.tolist()) for own, strong in zip(rows, strengths, strict=True)]
