"""One shopper's history as a profile: products, how much each counts, and separate interests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows
from prodsim.search import SearchEngine
from prodsim.similarity import Setting

RECENCY_DECAY = 0.8
"""Weight of a product relative to the one viewed after it."""
N_SEEDS = 8
"""Products of a history whose neighbours are searched; older ones count less than a fifth of the last."""
SAME_INTEREST = 0.95
"""Products closer than this share of random pairs are of one interest; "related" in words."""


@dataclass(frozen=True, slots=True)
class UserProfile:
    """Distinct products of a history, the last one first.

    Attributes:
        rows: of the catalog.
        weights: float32, above 0, their sum is 1: the strength of the events, times ``RECENCY_DECAY`` for each product
            that came after.
        disliked: products whose events all have strength 0; they are never shown again.
    """

    rows: Rows
    weights: NDArray[np.float32]
    disliked: Rows = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def of(cls, rows: Sequence[int], strengths: Sequence[float] | None = None) -> Self:
        """Return the profile of events, oldest first; a product takes its last position and its strongest event."""
        strongest: dict[int, float] = {}
        disliked = []
        for row, strength in zip(rows, strengths if strengths is not None else [1.0] * len(rows), strict=True):
            if strength > 0:
                strongest[row] = max(strength, strongest.pop(row, 0.0))
            else:
                disliked.append(row)
        last_first = list(strongest.items())[::-1]
        weights = np.array([s * RECENCY_DECAY**place for place, (_, s) in enumerate(last_first)], np.float32)
        liked_rows = np.array([row for row, _ in last_first], np.int64)
        never = np.array(sorted(set(disliked) - set(strongest)), np.int64)
        return cls(liked_rows, weights / max(weights.sum(), 1e-9), never)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def seeds(self) -> Self:
        """Return the ``N_SEEDS`` products that count most, in order."""
        best = np.sort(np.argsort(-self.weights, kind="stable")[:N_SEEDS])
        return type(self)(self.rows[best], self.weights[best])

    def interests(self, engine: SearchEngine, categories: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of each product's interest, from 0.

        Products are of one interest if they share a category, are closer than ``SAME_INTEREST`` of random pairs, or
        are linked by a chain of such pairs.

        Args:
            engine: compares them.
            categories: of all products of the catalog; "" for none.
        """
        from scipy.sparse import csr_array  # only recommending pays for scipy
        from scipy.sparse.csgraph import connected_components

        n = len(self)
        first, second = np.triu_indices(n, 1)
        if not len(first):
            return np.zeros(n, np.int64)
        scores = engine.comparer.pair_scores(self.rows[first], self.rows[second], engine.weights)
        setting = Setting(engine.weights, engine.comparer.metric)
        close = scores >= engine.calibration.least_score(SAME_INTEREST, setting, is_text=False)
        kinds = np.array([categories[row] for row in self.rows.tolist()], object)
        close |= (kinds[first] == kinds[second]) & (kinds[first] != "")
        links = csr_array((np.ones(close.sum()), (first[close], second[close])), shape=(n, n))
        return np.asarray(connected_components(links, directed=False)[1], np.int64)


def build_profiles(
    user: NDArray[np.int64], row: Rows, strength: NDArray[np.float32], n_users: int
) -> list[UserProfile]:
    """Return the profile of every user by number, from events oldest first; empty for one without events."""
    order = np.argsort(user, kind="stable")
    ends = np.cumsum(np.bincount(user, minlength=n_users))
    rows, strengths = np.split(row[order], ends[:-1]), np.split(strength[order], ends[:-1])
    return [UserProfile.of(own.tolist(), strong.tolist()) for own, strong in zip(rows, strengths, strict=True)]
