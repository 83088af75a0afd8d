"""How well recommendations predict what shoppers chose next, beside popularity and implicit's models alone."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.errors import CatalogError
from prodsim.evaluation.sides import Estimate, estimate
from prodsim.extras import optional_packages
from prodsim.graph import NeighbourGraph
from prodsim.index import Rows, top
from prodsim.phrases import Text, phrase
from prodsim.progress import SILENT, Progress
from prodsim.recommend.collaborative import ALS_CONFIDENCE, ALS_REGULARIZATION, ALS_ROUNDS, N_FACTORS, fit, matrix_of
from prodsim.recommend.privacy import MIN_SHOPPERS, shown_count
from prodsim.recommend.source_weights import Interactions, learn_recommender
from prodsim.recommend.user_profile import UserProfile
from prodsim.search import SearchEngine

Split = Literal["last", "time"]
"""Held out: each shopper's last new product, or what is new to a shopper in the last fifth of the events."""
TOP_K = 10
N_MEASURED = 2000
"""Shoppers measured, at most."""
HELD_OUT_SHARE = 0.2
OWN_METHOD = "prodsim"
N_SHOPPERS = Text("{count} shoppers")
N_DRAWN_SHOPPERS = Text("{count} shoppers, drawn at random from {total:,}")

Lister = Callable[[int], Rows]
"""A user's number to recommended rows, best first."""


@dataclass(frozen=True, slots=True)
class Method:
    """One measured way to recommend.

    Attributes:
        metrics: with intervals: ``recall@10``, share of the held-out products that are among the first ten;
            ``ndcg@10``; ``mrr``, 1 / rank of the first, 0 beyond ten; ``novelty``, mean of -log2 of the share of
            shoppers who had a recommended product.
        coverage: share of the catalog's products that are recommended to anybody.
        cold: share of recommended products that nobody had.
    """

    name: str
    metrics: Mapping[str, Estimate]
    coverage: float
    cold: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """All methods on the same shoppers.

    Attributes:
        n: shoppers measured.
        n_able: shoppers with something to hold out; ``N_MEASURED`` of them, drawn at random, are measured.
        cold_wanted: share of the held-out products that nobody else had.
        weights: that prodsim learned from what was not held out.
        gains: metric to prodsim's lead over the best other method, paired by shopper.
    """

    split: Split
    n: int
    n_able: int
    cold_wanted: float
    weights: Mapping[str, float]
    methods: tuple[Method, ...]
    gains: Mapping[str, Estimate]

    @property
    def shoppers(self) -> str:
        """Return in words how many shoppers were measured."""
        count = shown_count(self.n)
        return N_DRAWN_SHOPPERS(count=count, total=self.n_able) if self.n_able > self.n else N_SHOPPERS(count=count)


def measure(
    catalog: Catalog,
    engine: SearchEngine,
    graph: NeighbourGraph | None,
    interactions: Interactions,
    split: Split = "last",
    progress: Progress = SILENT,
) -> Measurement:
    """Hold out products, learn from the rest, and recommend to each shopper products that are new to them.

    Raises:
        CatalogError: fewer than ``MIN_SHOPPERS`` shoppers are left to measure.
    """
    if split == "last":
        kept = interactions.last_new_events()
        rest = interactions.without(kept)
    else:
        kept, rest = _by_time(interactions)
    of_rest = rest.profiles()
    wanted: dict[int, list[int]] = {}
    for user, row in zip(interactions.user[kept].tolist(), interactions.row[kept].tolist(), strict=True):
        if len(of_rest[user]):
            wanted.setdefault(user, []).append(row)
    if len(wanted) < MIN_SHOPPERS:
        raise CatalogError(
            phrase(
                "Too few shoppers to measure: {count} have a product and later a new one; {least} are needed.",
                count=shown_count(len(wanted)),
                least=MIN_SHOPPERS,
            ),
            phrase("Read longer histories."),
        )
    users = sorted(wanted)
    if len(users) > N_MEASURED:
        users = np.sort(np.random.default_rng(0).choice(users, N_MEASURED, replace=False)).tolist()
    own_recommender = learn_recommender(catalog, engine, graph, rest, progress)

    def list_own(user: int) -> Rows:
        return np.array([hit.row for hit in own_recommender.recommend(of_rest[user], TOP_K).hits], np.int64)

    listers: dict[str, Lister] = {OWN_METHOD: list_own, **_baselines(of_rest, len(catalog), progress)}
    had = np.bincount(np.concatenate([profile.rows for profile in of_rest]), minlength=len(catalog))
    progress.step("measure", len(listers) * len(users), "lists")
    values, methods = {}, []
    for name, lister in listers.items():
        lists = []
        for user in users:
            lists.append(lister(user))
            progress.advance()
        values[name] = _values(lists, [wanted[user] for user in users], had, len(of_rest))
        methods.append(_method(name, values[name], lists, had))
    rows_wanted = np.concatenate([wanted[user] for user in users])
    gains = {}
    for metric in ("recall@10", "ndcg@10", "mrr"):
        best = max((name for name in values if name != OWN_METHOD), key=lambda name: float(values[name][metric].mean()))
        gains[metric] = estimate(values[OWN_METHOD][metric] - values[best][metric])
    return Measurement(
        split,
        len(users),
        len(wanted),
        float((had[rows_wanted] == 0).mean()),
        own_recommender.source_weights.weights,
        tuple(methods),
        gains,
    )


def _by_time(interactions: Interactions) -> tuple[NDArray[np.int64], Interactions]:
    """Return the events of the last fifth, in order of time, that are the first of a product; and all events before."""
    size, start = interactions.row.max(initial=0) + 1, math.ceil((1 - HELD_OUT_SHARE) * len(interactions.row))
    first = np.unique(interactions.user * size + interactions.row, return_index=True)[1]
    return np.sort(first[first >= start]), interactions.only(np.arange(len(interactions.row)) < start)


def _baselines(profiles: Sequence[UserProfile], n_products: int, progress: Progress) -> dict[str, Lister]:
    """Return the usual alternatives: the most popular products, and implicit's models with as many factors as ours."""
    with optional_packages():
        from implicit.als import AlternatingLeastSquares
        from implicit.bpr import BayesianPersonalizedRanking
        from implicit.nearest_neighbours import CosineRecommender

    had = matrix_of([profile.rows for profile in profiles], n_products)
    counts = np.asarray(had.sum(axis=0)).ravel()
    progress.step("peers", 3, "models")
    models = {
        "implicit ALS": AlternatingLeastSquares(
            factors=N_FACTORS,
            regularization=ALS_REGULARIZATION,
            alpha=ALS_CONFIDENCE,
            iterations=ALS_ROUNDS,
            random_state=0,
        ),
        "implicit BPR": BayesianPersonalizedRanking(factors=N_FACTORS, random_state=0, num_threads=1),
        "implicit item-item": CosineRecommender(K=100),
    }

    def popular(user: int) -> Rows:
        score = counts.copy()
        score[profiles[user].rows] = -1
        return np.asarray(top(score, TOP_K), np.int64)

    def lister_of(model: AlternatingLeastSquares) -> Lister:
        def recommend(user: int) -> Rows:
            rows, scores = model.recommend(user, had[user], N=TOP_K, filter_already_liked_items=True)
            return np.array(
                [row for row, score in zip(rows, scores, strict=True) if row >= 0 and score > -1e30], np.int64
            )

        return recommend

    listers: dict[str, Lister] = {"popularity": popular}
    for name, model in models.items():
        fit(model, had)
        listers[name] = lister_of(model)
        progress.advance()
    return listers


def _values(
    lists: Sequence[Rows], wanted: Sequence[Sequence[int]], had: NDArray[np.int64], n_users: int
) -> dict[str, NDArray[np.float64]]:
    """Return each metric per shopper."""
    metrics: dict[str, list[float]] = {"recall@10": [], "ndcg@10": [], "mrr": [], "novelty": []}
    discounts = 1 / np.log2(np.arange(2, TOP_K + 2))
    rarity = -np.log2(np.maximum(had, 1) / n_users)
    for rows, own in zip(lists, wanted, strict=True):
        is_hit = np.isin(rows, own)
        metrics["recall@10"].append(is_hit.sum() / len(own))
        metrics["ndcg@10"].append(float(is_hit @ discounts[: len(rows)]) / discounts[: len(own)].sum())
        metrics["mrr"].append(1 / (int(is_hit.argmax()) + 1) if is_hit.any() else 0.0)
        metrics["novelty"].append(float(rarity[rows].mean()) if len(rows) else 0.0)
    return {name: np.array(values) for name, values in metrics.items()}


def _method(
    name: str, values: Mapping[str, NDArray[np.float64]], lists: Sequence[Rows], had: NDArray[np.int64]
) -> Method:
    shown = np.concatenate([*lists, np.empty(0, np.int64)])
    cold = float((had[shown] == 0).mean()) if len(shown) else 0.0
    metrics = {metric: estimate(per_shopper) for metric, per_shopper in values.items()}
    return Method(name, metrics, len(np.unique(shown)) / len(had), cold)
