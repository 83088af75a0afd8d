"""Where recommendations come from: each source gives every product a number for a taste."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows
from prodsim.recommend.collaborative import CollaborativeModel
from prodsim.recommend.user_profile import UserProfile
from prodsim.search import SearchEngine

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SOURCES: Mapping[str, str] = {
    "similar": "like products of the history",
    "shoppers alike": "what shoppers of a like taste had",
    "same shoppers": "had by the shoppers of products of the history",
    "same baskets": "bought together with products of the history",
    "kind": "liked in the categories of the history",
    "liked": "liked by many",
}
"""Source to what it stands for."""
SIMILAR = 100
"""Similar products that each product of a history brings."""
SHARPNESS = 4
"""Power of a similarity: one close product tells more than several that are loosely related."""
LENDERS = 10
"""Nearest products that lend a product what shoppers did, while nobody has had it."""
KEPT = 20_000
"""Products whose similar ones are kept in memory."""

Scores = NDArray[np.float32]


class Sources:
    """All sources over one open catalog.

    Args:
        catalog: the products.
        engine: tells which are similar.
        graph: of the vectors; through it a product nobody had takes part in what shoppers did. ``None`` while a
            catalog has none.
        crowd: what was learned of all histories; ``None`` where there are none, then only *similar* tells something.
    """

    def __init__(
        self, catalog: Catalog, engine: SearchEngine, graph: NeighbourGraph | None, crowd: CollaborativeModel | None
    ) -> None:
        self.engine = engine
        self.crowd = crowd
        self._n = len(catalog)
        self.neighbours = lru_cache(maxsize=KEPT)(self._neighbours)
        self._kinds = _kinds(catalog)
        if crowd is not None:
            self._share = _share_of_kind(self._kinds, crowd)
            self._cold = np.flatnonzero(crowd.shoppers == 0)
            self._near = None if graph is None else graph.rows[engine.comparer.index.group_of[self._cold], :LENDERS]

    def scores(self, taste: UserProfile) -> dict[str, Scores]:
        """Each source's numbers, float32 in [0, 1], shape (n_products,); the best product of a source has 1."""
        return {name: one / _best(one) for name, one in self.raw(taste).items()}

    def raw(self, taste: UserProfile) -> dict[str, Scores]:
        """Each source's numbers in its own unit, float32, 0 or more, shape (n_products,)."""
        found = {"similar": self.similar(taste)}
        if self.crowd is not None:
            found |= {
                "shoppers alike": self._lend(np.maximum(self.crowd.alike(taste), 0)),
                "same shoppers": self._lend(self.crowd.in_common(taste)),
                "same baskets": self._lend(self.crowd.bought_with(taste)),
                "kind": self._kind(taste),
                "liked": self.crowd.liked,
            }
        return found

    def links(self, taste: UserProfile, rows: Rows) -> dict[str, Scores]:
        """What each product of the taste gives each of the rows, per source that is a sum over single products.

        In the unit of ``raw``, float32, shape (len(taste), len(rows)).
        """
        place = np.full(self._n, -1, np.int64)
        place[rows] = np.arange(len(rows))
        found = {"similar": np.zeros((len(taste), len(rows)), np.float32)}
        sparse = (
            {} if self.crowd is None else {"same shoppers": self.crowd.together, "same baskets": self.crowd.baskets}
        )
        found |= {name: np.zeros_like(found["similar"]) for name in sparse}
        for number, (row, weight) in enumerate(zip(taste.rows.tolist(), taste.weights.tolist(), strict=True)):
            near, scores = self.neighbours(row)
            _fill(found["similar"][number], place[near], weight * scores)
            for name, matrix in sparse.items():
                own = slice(matrix.indptr[row], matrix.indptr[row + 1])
                _fill(found[name][number], place[matrix.indices[own]], weight * matrix.data[own])
        if self.crowd is not None:
            own_kinds = self._kinds[taste.rows] * self._share * taste.weights[:, None]
            found["kind"] = np.asarray((own_kinds @ self._kinds[rows].T).toarray(), np.float32)
            found["kind"] *= (self.crowd.shoppers[rows] + 0.5).astype(np.float32)
        return found

    def similar(self, taste: UserProfile) -> Scores:
        """For each product the taste's weighted sum of similarities, each to the power ``SHARPNESS``."""
        found = np.zeros(self._n, np.float32)
        asked = taste.asked
        for row, weight in zip(asked.rows.tolist(), asked.weights.tolist(), strict=True):
            rows, scores = self.neighbours(row)
            found[rows] += weight * scores
        return found

    def _neighbours(self, row: int) -> tuple[Rows, Scores]:
        rows, scores = self.engine.closest(row, SIMILAR)
        return rows, np.asarray(np.maximum(scores, 0) ** SHARPNESS, np.float32)

    def _kind(self, taste: UserProfile) -> Scores:
        """How much of the taste lies in a product's categories, at each level, times its share of their shoppers."""
        own = self._kinds[taste.rows].T @ taste.weights
        return np.asarray((self._kinds @ (own * self._share)) * (self.crowd.shoppers + 0.5), np.float32)  # type: ignore[union-attr]

    def _lend(self, scores: Scores) -> Scores:
        """The scores, where nobody had a product the mean of its nearest ones'."""
        if self._near is None or not len(self._cold):
            return scores
        group_of = self.engine.comparer.index.group_of
        n_groups = int(group_of.max()) + 1
        warm = self.crowd.shoppers > 0  # type: ignore[union-attr]
        sums = np.bincount(group_of[warm], scores[warm], n_groups)
        of_group = sums / np.maximum(np.bincount(group_of[warm], minlength=n_groups), 1)
        found = scores.copy()
        found[self._cold] = np.where(self._near >= 0, of_group[self._near], 0).mean(axis=1)
        return found


def _best(scores: Scores) -> float:
    """The highest, or a little above 0."""
    return max(float(scores.max(initial=0)), 1e-9)


def _fill(into: Scores, places: Rows, values: Scores) -> None:
    """Put values where they have a place."""
    into[places[places >= 0]] = values[places >= 0]


def _kinds(catalog: Catalog) -> "csr_array":
    """1 where a product is in a category or below it, shape (n_products, n_paths)."""
    from scipy.sparse import csr_array

    paths: dict[str, int] = {}
    product, path = [], []
    for row, category in enumerate(catalog.products["category"].tolist()):
        steps = category.split(" > ") if category else []
        for depth in range(1, len(steps) + 1):
            product.append(row)
            path.append(paths.setdefault(" > ".join(steps[:depth]), len(paths)))
    ones = np.ones(len(product), np.float32)
    return csr_array((ones, (product, path)), shape=(len(catalog), max(len(paths), 1)))


def _share_of_kind(kinds: "csr_array", crowd: CollaborativeModel) -> Scores:
    """1 over the shoppers of each category, shape (n_paths,)."""
    return np.asarray(1 / np.maximum(kinds.T @ (crowd.shoppers + 0.5), 1e-9), np.float32)
