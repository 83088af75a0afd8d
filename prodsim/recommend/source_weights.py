"""How much each source counts: learned from the last new product of each shopper, which the rest must foretell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows, top
from prodsim.progress import SILENT, Progress
from prodsim.recommend.collaborative import CollaborativeModel, matrix_of
from prodsim.recommend.histories import Histories
from prodsim.recommend.privacy import FEWEST
from prodsim.recommend.recommender import Recommender, SourceWeights
from prodsim.recommend.sources import SOURCES, Sources
from prodsim.recommend.user_profile import UserProfile, tastes
from prodsim.search import SearchEngine

N_TAUGHT = 500
"""Shoppers that teach the weights, at most."""
FEWEST_TAUGHT = 20
TOGETHER = 0.1
RIVALS = 50
"""Products per source that the one wanted must beat."""
DAMPING = 0.02
USUAL = SourceWeights(
    {"similar": 0.4, "shoppers alike": 0.3, "same shoppers": 0.1, "same baskets": 0.05, "kind": 0.1, "liked": 0.05}
)
"""Where too few histories are long enough to learn of; near what was learned on the sets at hand."""
ALONE = SourceWeights({"similar": 1.0})
"""Without histories."""


@dataclass(frozen=True)
class Shop:
    """Histories as numbers.

    Attributes:
        users: the keyed hash of each user by number.
        user, row: of each event, oldest first; events of products that left the catalog are not among them.
        strength: of each event.
        basket: a number of each event's basket.
        is_buy: whether each event is a purchase.
    """

    users: Sequence[str]
    user: NDArray[np.int64]
    row: Rows
    strength: NDArray[np.float32]
    basket: NDArray[np.int64]
    is_buy: NDArray[np.bool_]

    def only(self, keep: NDArray[np.bool_]) -> "Shop":
        """Some of the events."""
        return Shop(
            self.users, self.user[keep], self.row[keep], self.strength[keep], self.basket[keep], self.is_buy[keep]
        )

    def tastes(self) -> list[UserProfile]:
        """Of every user by number; empty for one without events here."""
        return tastes(self.user, self.row, self.strength, len(self.users))

    def baskets(self) -> list[Rows]:
        """The products of each basket with two or more that were bought; where nothing was, that were looked at."""
        own = self.is_buy if self.is_buy.any() else np.ones(len(self.row), bool)
        pairs = np.unique(np.stack([self.basket[own], self.row[own]], axis=1), axis=0)
        starts = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
        return [rows for rows in np.split(pairs[:, 1], starts[1:]) if len(rows) > 1]

    def had_together(self, n_products: int) -> list[tuple[int, int]]:
        """Pairs of products that ``FEWEST`` shoppers or more had both of, and of whose shoppers ``TOGETHER`` had both.

        The share is the cosine of the two sets of shoppers. What fewer people did tells too much of each of them.
        """
        had = matrix_of([taste.rows for taste in self.tastes()], n_products)
        both = (had.T @ had).tocoo()
        counts = np.asarray(had.sum(axis=0)).ravel()
        share = both.data / np.sqrt(counts[both.row] * counts[both.col])
        often = (both.row < both.col) & (both.data >= FEWEST) & (share >= TOGETHER)
        return list(zip(both.row[often].tolist(), both.col[often].tolist(), strict=True))

    def last_new(self) -> NDArray[np.int64]:
        """Per user with two products or more, the number of the event that first met the last new one."""
        first = np.unique(self.user * (self.row.max(initial=0) + 1) + self.row, return_index=True)[1]
        first = np.sort(first)
        of_user = self.user[first]
        last = first[np.sort(len(first) - 1 - np.unique(of_user[::-1], return_index=True)[1])]
        counts = np.bincount(of_user, minlength=len(self.users))
        return last[counts[self.user[last]] >= 2]

    def without(self, events: NDArray[np.int64]) -> "Shop":
        """Without all that those events' users did with the products of these events."""
        size = self.row.max(initial=0) + 1
        return self.only(~np.isin(self.user * size + self.row, self.user[events] * size + self.row[events]))


def shop_of(histories: Histories, catalog: Catalog) -> Shop:
    """The histories in numbers of a catalog."""
    events, rows = histories.events, histories.rows(catalog)
    known = (rows >= 0) & (events["strength"] > 0).to_numpy()
    events = events[known]
    user, users = pd.factorize(events["user"], sort=True)
    return Shop(
        users.tolist(),
        user.astype(np.int64),
        rows[known],
        events["strength"].to_numpy(np.float32),
        pd.factorize(events["basket"])[0].astype(np.int64),
        events["event"].isin(["buy", "rating"]).to_numpy(bool),
    )


def learn(
    catalog: Catalog, engine: SearchEngine, graph: NeighbourGraph | None, shop: Shop, progress: Progress = SILENT
) -> Recommender:
    """Learn everything of histories: first the weights, on products kept back, then the rest of all events."""
    mix = learn_mix(catalog, engine, graph, shop, progress)
    crowd = CollaborativeModel.learn(shop.tastes(), shop.baskets(), len(catalog), progress)
    return Recommender(catalog, Sources(catalog, engine, graph, crowd), mix)


def learn_mix(
    catalog: Catalog, engine: SearchEngine, graph: NeighbourGraph | None, shop: Shop, progress: Progress = SILENT
) -> SourceWeights:
    """Weights by which the last new product of shoppers beats its rivals, the usual ones for fewer than 20 shoppers.

    The wanted product and the best ``RIVALS`` of each source compete in a softmax of the weighted sources; weights are
    0 or more and damped.
    """
    last = shop.last_new()
    if len(last) < FEWEST_TAUGHT:
        return USUAL
    if len(last) > N_TAUGHT:
        last = np.sort(np.random.default_rng(0).choice(last, N_TAUGHT, replace=False))
    rest = shop.without(last)
    of_rest = rest.tastes()
    sources = Sources(catalog, engine, graph, CollaborativeModel.learn(of_rest, rest.baskets(), len(catalog), progress))
    progress.step("weights", len(last), "shoppers")
    races = []
    for event in last.tolist():
        taste, wanted = of_rest[shop.user[event]], int(shop.row[event])
        progress.advance()
        if len(taste):
            races.append(_race(sources, taste, wanted))
    return SourceWeights(_weights(races), len(races)) if len(races) >= FEWEST_TAUGHT else USUAL


def _race(sources: Sources, taste: UserProfile, wanted: int) -> NDArray[np.float32]:
    """Each source's numbers of the wanted product, first, and of its rivals, shape (n, n_sources)."""
    scores = sources.scores(taste)
    free = np.ones(len(scores["similar"]), bool)
    free[taste.rows] = False
    rows = np.unique(np.concatenate([top(np.where(free, one, -1), RIVALS) for one in scores.values()]))
    rows = rows[free[rows] & (rows != wanted)]
    return np.stack([scores[name][np.concatenate([[wanted], rows])] for name in SOURCES], axis=1)


def _weights(races: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    """The weights of the most likely winners."""
    from scipy.optimize import minimize

    sizes = np.array([len(race) for race in races])
    table = np.concatenate(races).astype(np.float64)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    wanted = table[starts]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = table @ weights
        score -= np.repeat(np.maximum.reduceat(score, starts), sizes)
        raised = np.exp(score)
        sums = np.add.reduceat(raised, starts)
        share = raised / np.repeat(sums, sizes)
        expected = np.add.reduceat(share[:, None] * table, starts)
        value = np.mean(np.log(sums) - score[starts]) + DAMPING * weights @ weights / 2
        return float(value), (expected - wanted).mean(axis=0) + DAMPING * weights

    found = minimize(loss, np.ones(table.shape[1]), jac=True, bounds=[(0, None)] * table.shape[1], method="L-BFGS-B").x
    whole = float(found.sum())
    if whole <= 0:
        return dict(USUAL.weights)
    return {name: float(weight / whole) for name, weight in zip(SOURCES, found, strict=True)}
