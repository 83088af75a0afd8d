"""Weights of the sources, learned by predicting each shopper's last new product from the rest of the history."""

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
from prodsim.recommend.privacy import MIN_SHOPPERS
from prodsim.recommend.recommender import Recommender, SourceWeights
from prodsim.recommend.sources import SOURCES, Sources
from prodsim.recommend.user_profile import UserProfile, build_profiles
from prodsim.search import SearchEngine

MAX_TRAINING_SHOPPERS = 500
"""Shoppers that the weights are learned from, at most."""
MIN_TRAINING_SHOPPERS = 20
MIN_CO_SHOPPER_COSINE = 0.1
N_RIVALS = 50
"""Products per source that the wanted one must beat."""
WEIGHT_PENALTY = 0.02
DEFAULT_WEIGHTS = SourceWeights(
    {"similar": 0.4, "shoppers alike": 0.3, "same shoppers": 0.1, "same baskets": 0.05, "kind": 0.1, "liked": 0.05}
)
"""Used where too few histories are long enough to learn from; close to what public data sets give."""
CONTENT_ONLY = SourceWeights({"similar": 1.0})
"""Used without histories."""


@dataclass(frozen=True)
class Interactions:
    """Histories as numbers: who had which product, how strongly, and in which basket.

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

    def only(self, keep: NDArray[np.bool_]) -> "Interactions":
        """Return some of the events."""
        return Interactions(
            self.users, self.user[keep], self.row[keep], self.strength[keep], self.basket[keep], self.is_buy[keep]
        )

    def profiles(self) -> list[UserProfile]:
        """Return the profile of every user by number; empty for one without events here."""
        return build_profiles(self.user, self.row, self.strength, len(self.users))

    def baskets(self) -> list[Rows]:
        """Return the products of each basket with two or more purchases; of views where nothing was bought."""
        own = self.is_buy if self.is_buy.any() else np.ones(len(self.row), bool)
        pairs = np.unique(np.stack([self.basket[own], self.row[own]], axis=1), axis=0)
        starts = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
        return [rows for rows in np.split(pairs[:, 1], starts[1:]) if len(rows) > 1]

    def frequent_pairs(self, n_products: int) -> list[tuple[int, int]]:
        """Return pairs of products that many shoppers had both of.

        ``MIN_SHOPPERS`` or more share the two, and the cosine of their sets of shoppers is ``MIN_CO_SHOPPER_COSINE`` or
        more. Pairs of fewer people would reveal too much about each of them.
        """
        had = matrix_of([profile.rows for profile in self.profiles()], n_products)
        both = (had.T @ had).tocoo()
        counts = np.asarray(had.sum(axis=0)).ravel()
        share = both.data / np.sqrt(counts[both.row] * counts[both.col])
        often = (both.row < both.col) & (both.data >= MIN_SHOPPERS) & (share >= MIN_CO_SHOPPER_COSINE)
        return list(zip(both.row[often].tolist(), both.col[often].tolist(), strict=True))

    def last_new_events(self) -> NDArray[np.int64]:
        """Return, per user with two products or more, the event in which the last new product first appeared."""
        first = np.unique(self.user * (self.row.max(initial=0) + 1) + self.row, return_index=True)[1]
        first = np.sort(first)
        of_user = self.user[first]
        last = first[np.sort(len(first) - 1 - np.unique(of_user[::-1], return_index=True)[1])]
        counts = np.bincount(of_user, minlength=len(self.users))
        return last[counts[self.user[last]] >= 2]

    def without(self, events: NDArray[np.int64]) -> "Interactions":
        """Return the events without all that these events' users did with these events' products."""
        size = self.row.max(initial=0) + 1
        return self.only(~np.isin(self.user * size + self.row, self.user[events] * size + self.row[events]))


def interactions_of(histories: Histories, catalog: Catalog) -> Interactions:
    """Return the histories as numbers of this catalog."""
    events, rows = histories.events, histories.rows(catalog)
    known = (rows >= 0) & (events["strength"] > 0).to_numpy()
    events = events[known]
    user, users = pd.factorize(events["user"], sort=True)
    return Interactions(
        users.tolist(),
        user.astype(np.int64),
        rows[known],
        events["strength"].to_numpy(np.float32),
        pd.factorize(events["basket"])[0].astype(np.int64),
        events["event"].isin(["buy", "rating"]).to_numpy(bool),
    )


def learn_recommender(
    catalog: Catalog,
    engine: SearchEngine,
    graph: NeighbourGraph | None,
    interactions: Interactions,
    progress: Progress = SILENT,
) -> Recommender:
    """Learn a recommender: the weights on held-out products first, then the model from all events."""
    sources = Sources(catalog, engine, graph, None)
    source_weights = learn_source_weights(sources, interactions, progress)
    collaborative = CollaborativeModel.learn(interactions.profiles(), interactions.baskets(), len(catalog), progress)
    return Recommender(catalog, sources.with_model(collaborative), source_weights)


def learn_source_weights(sources: Sources, interactions: Interactions, progress: Progress = SILENT) -> SourceWeights:
    """Learn weights under which the last new product of shoppers beats its rivals; the defaults for too few shoppers.

    The wanted product and the best ``N_RIVALS`` of each source compete in a softmax of the weighted sources; weights
    are 0 or more and regularised.
    """
    last = interactions.last_new_events()
    if len(last) < MIN_TRAINING_SHOPPERS:
        return DEFAULT_WEIGHTS
    if len(last) > MAX_TRAINING_SHOPPERS:
        last = np.sort(np.random.default_rng(0).choice(last, MAX_TRAINING_SHOPPERS, replace=False))
    # The sources learn from the other events alone, else they would know the products that they have to guess.
    rest = interactions.without(last)
    of_rest = rest.profiles()
    n = sources.n_products
    of_others = sources.with_model(CollaborativeModel.learn(of_rest, rest.baskets(), n, progress))
    progress.step("weights", len(last), "shoppers")
    competitions = []
    for event in last.tolist():
        profile, wanted = of_rest[interactions.user[event]], int(interactions.row[event])
        progress.advance()
        if len(profile):
            competitions.append(_competition(of_others, profile, wanted))
    return (
        SourceWeights(_fit_weights(competitions), len(competitions))
        if len(competitions) >= MIN_TRAINING_SHOPPERS
        else DEFAULT_WEIGHTS
    )


def _competition(sources: Sources, profile: UserProfile, wanted: int) -> NDArray[np.float32]:
    """Return each source's scores of the wanted product, first, and of its rivals, shape (n, n_sources)."""
    scores = sources.scores(profile)
    free = np.ones(len(scores["similar"]), bool)
    free[profile.rows] = False
    rows = np.unique(np.concatenate([top(np.where(free, own, -1), N_RIVALS) for own in scores.values()]))
    rows = rows[free[rows] & (rows != wanted)]
    return np.stack([scores[name][np.concatenate([[wanted], rows])] for name in SOURCES], axis=1)


def _fit_weights(competitions: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    """Return the weights under which the wanted products are the most likely winners, their sum 1."""
    from scipy.optimize import minimize

    sizes = np.array([len(competition) for competition in competitions])
    table = np.concatenate(competitions).astype(np.float64)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    wanted = table[starts]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = table @ weights
        score -= np.repeat(np.maximum.reduceat(score, starts), sizes)
        raised = np.exp(score)
        sums = np.add.reduceat(raised, starts)
        share = raised / np.repeat(sums, sizes)
        expected = np.add.reduceat(share[:, None] * table, starts)
        value = np.mean(np.log(sums) - score[starts]) + WEIGHT_PENALTY * weights @ weights / 2
        return float(value), (expected - wanted).mean(axis=0) + WEIGHT_PENALTY * weights

    fitted = minimize(loss, np.ones(table.shape[1]), jac=True, bounds=[(0, None)] * table.shape[1], method="L-BFGS-B").x
    total = float(fitted.sum())
    if total <= 0:
        return dict(DEFAULT_WEIGHTS.weights)
    return {name: float(weight / total) for name, weight in zip(SOURCES, fitted, strict=True)}
