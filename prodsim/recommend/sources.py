"""Sources of recommendations: each gives every product a score for a shopper's profile."""

import copy
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import with_parents
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows
from prodsim.phrases import Text
from prodsim.recommend.collaborative import CollaborativeModel
from prodsim.recommend.user_profile import UserProfile
from prodsim.search import SearchEngine

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SOURCES: Mapping[str, Text] = {
    "similar": Text("similar to products in this history"),
    "shoppers alike": Text("popular with shoppers of similar taste"),
    "same shoppers": Text("bought by shoppers who share a product with this history"),
    "same baskets": Text("bought together with products in this history"),
    "kind": Text("popular in the categories of this history"),
    "liked": Text("popular with all shoppers"),
}
"""Source to its description."""
N_SIMILAR = 100
"""Similar products that each product of a history contributes."""
SHARPNESS = 4
"""Exponent of a similarity: one close product is stronger evidence than several loosely related ones."""
N_LENDING_NEIGHBOURS = 10
"""Nearest products whose scores a product without shoppers borrows."""
NEIGHBOUR_CACHE_SIZE = 20_000
"""Products whose neighbours are kept in memory."""

Scores = NDArray[np.float32]


class Sources:
    """All sources over one open catalog.

    Args:
        catalog: the products.
        engine: finds similar products.
        graph: of the vectors; through it products without shoppers borrow scores. ``None`` while a catalog has none.
        collaborative: learned from all histories; ``None`` where there are none, then only *similar* has scores.
    """

    def __init__(
        self,
        catalog: Catalog,
        engine: SearchEngine,
        graph: NeighbourGraph | None,
        collaborative: CollaborativeModel | None,
    ) -> None:
        self.engine = engine
        self._graph = graph
        self.n_products = len(catalog)
        self.neighbours = lru_cache(maxsize=NEIGHBOUR_CACHE_SIZE)(partial(_neighbours, engine))
        self._kinds = _kinds(catalog)
        self._learn_from(collaborative)

    def _learn_from(self, collaborative: CollaborativeModel | None) -> None:
        self.collaborative = collaborative
        if collaborative is not None:
            self._share = _inverse_popularity(self._kinds, collaborative)
            self._cold = np.flatnonzero(collaborative.shoppers == 0)
            groups, graph = self.engine.comparer.index.group_of[self._cold], self._graph
            self._near = None if graph is None else graph.rows[groups, :N_LENDING_NEIGHBOURS]

    def with_model(self, collaborative: CollaborativeModel) -> Self:
        """Return the same sources with another model; which products are similar is shared, since it takes longest."""
        other = copy.copy(self)
        other._learn_from(collaborative)
        return other

    def scores(self, profile: UserProfile) -> dict[str, Scores]:
        """Return each source's scores, float32 in [0, 1], shape (n_products,); the best product of a source has 1."""
        return {name: raw / max(float(raw.max(initial=0)), 1e-9) for name, raw in self.raw(profile).items()}

    def raw(self, profile: UserProfile) -> dict[str, Scores]:
        """Return each source's scores in its own unit, float32, 0 or more, shape (n_products,)."""
        scores = {"similar": self.similar(profile)}
        if self.collaborative is not None:
            scores |= {
                "shoppers alike": self._lend(np.maximum(self.collaborative.als_scores(profile), 0)),
                "same shoppers": self._lend(self.collaborative.co_shopper_scores(profile)),
                "same baskets": self._lend(self.collaborative.co_basket_scores(profile)),
                "kind": self._kind(profile),
                "liked": self.collaborative.popularity,
            }
        return scores

    def links(self, profile: UserProfile, rows: Rows) -> dict[str, Scores]:
        """Return what each product of the profile adds to each row, for sources that are sums over single products.

        In the unit of ``raw``, float32, shape (len(profile), len(rows)).
        """
        place = np.full(self.n_products, -1, np.int64)
        place[rows] = np.arange(len(rows))
        links = {"similar": np.zeros((len(profile), len(rows)), np.float32)}
        sparse = (
            {}
            if self.collaborative is None
            else {"same shoppers": self.collaborative.co_shoppers, "same baskets": self.collaborative.baskets}
        )
        links |= {name: np.zeros_like(links["similar"]) for name in sparse}
        for number, (row, weight) in enumerate(zip(profile.rows.tolist(), profile.weights.tolist(), strict=True)):
            near, scores = self.neighbours(row)
            _fill(links["similar"][number], place[near], weight * scores)
            for name, matrix in sparse.items():
                own = slice(matrix.indptr[row], matrix.indptr[row + 1])
                _fill(links[name][number], place[matrix.indices[own]], weight * matrix.data[own])
        if self.collaborative is not None:
            own_kinds = self._kinds[profile.rows] * self._share * profile.weights[:, None]
            links["kind"] = np.asarray((own_kinds @ self._kinds[rows].T).toarray(), np.float32)
            links["kind"] *= (self.collaborative.shoppers[rows] + 0.5).astype(np.float32)
        return links

    def similar(self, profile: UserProfile) -> Scores:
        """Return each product's weighted sum of similarities to the profile, each to the power ``SHARPNESS``."""
        sums = np.zeros(self.n_products, np.float32)
        seeds = profile.seeds
        for row, weight in zip(seeds.rows.tolist(), seeds.weights.tolist(), strict=True):
            rows, scores = self.neighbours(row)
            sums[rows] += weight * scores
        return sums

    def _kind(self, profile: UserProfile) -> Scores:
        """Return the profile's weight in a product's categories, at each level, times its share of their shoppers."""
        own = self._kinds[profile.rows].T @ profile.weights
        return np.asarray((self._kinds @ (own * self._share)) * (self.collaborative.shoppers + 0.5), np.float32)  # type: ignore[union-attr]

    def _lend(self, scores: Scores) -> Scores:
        """Return the scores; a product without shoppers gets the mean of its nearest neighbours' scores."""
        if self._near is None or not len(self._cold):
            return scores
        group_of = self.engine.comparer.index.group_of
        # Neighbours are groups of products with one vector: what shoppers did with any member counts for the group.
        n_groups = int(group_of.max()) + 1
        warm = self.collaborative.shoppers > 0  # type: ignore[union-attr]
        sums = np.bincount(group_of[warm], scores[warm], n_groups)
        of_group = sums / np.maximum(np.bincount(group_of[warm], minlength=n_groups), 1)
        lent = scores.copy()
        lent[self._cold] = np.where(self._near >= 0, of_group[self._near], 0).mean(axis=1)
        return lent


def _neighbours(engine: SearchEngine, row: int) -> tuple[Rows, Scores]:
    rows, scores = engine.closest(row, N_SIMILAR)
    return rows, np.asarray(np.maximum(scores, 0) ** SHARPNESS, np.float32)


def _fill(into: Scores, places: Rows, values: Scores) -> None:
    """Write values to their places, in place; a place below 0 is skipped."""
    into[places[places >= 0]] = values[places >= 0]


def _kinds(catalog: Catalog) -> "csr_array":
    """Return 1 where a product is in a category or below it, shape (n_products, n_paths)."""
    from scipy.sparse import csr_array

    paths: dict[str, int] = {}
    product, path = [], []
    for row, category in enumerate(catalog.products["category"].tolist()):
        for above in with_parents(category):
            product.append(row)
            path.append(paths.setdefault(above, len(paths)))
    ones = np.ones(len(product), np.float32)
    return csr_array((ones, (product, path)), shape=(len(catalog), max(len(paths), 1)))


def _inverse_popularity(kinds: "csr_array", collaborative: CollaborativeModel) -> Scores:
    """Return 1 over the shoppers of each category, shape (n_paths,)."""
    return np.asarray(1 / np.maximum(kinds.T @ (collaborative.shoppers + 0.5), 1e-9), np.float32)
