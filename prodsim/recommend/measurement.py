"""How well recommendations foretell what shoppers took next, beside popularity and implicit's models alone."""

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
from prodsim.progress import SILENT, Progress
from prodsim.recommend.collaborative import CONFIDENCE, DAMPING, FACTORS, ROUNDS, fit, matrix_of
from prodsim.recommend.privacy import FEWEST, shown_count
from prodsim.recommend.source_weights import Shop, learn
from prodsim.recommend.user_profile import UserProfile
from prodsim.search import SearchEngine

Split = Literal["last", "time"]
"""Kept back: each shopper's last new product, or what is new to a shopper in the last fifth of the events."""
K = 10
N_MEASURED = 2000
"""Shoppers measured, at most."""
KEPT_BACK = 0.2
OURS = "prodsim"

Lister = Callable[[int], Rows]
"""A user's number to rows recommended, best first."""


@dataclass(frozen=True, slots=True)
class Method:
    """One way to recommend, measured.

    Attributes:
        metrics: with intervals: ``recall@10``, share of the products kept back that are among the first ten;
            ``ndcg@10``; ``mrr``, 1 / rank of the first, 0 beyond ten; ``novelty``, mean of -log2 of the share of
            shoppers who had what is recommended.
        coverage: share of the catalog's products that are recommended to anybody.
        cold: share of what is recommended that nobody had.
    """

    name: str
    metrics: Mapping[str, Estimate]
    coverage: float
    cold: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """All ways on the same shoppers.

    Attributes:
        n: shoppers measured.
        n_able: shoppers of whom something could be kept back; ``N_MEASURED`` of them, drawn evenly, are measured.
        cold_wanted: share of the products kept back that nobody else had.
        weights: that prodsim learned of what was not kept back.
        gains: metric to prodsim's lead over the best of the others, paired by shopper.
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
        """In words, of how many it tells."""
        drawn = f" drawn of {self.n_able:,}" if self.n_able > self.n else ""
        return f"{shown_count(self.n)} shoppers{drawn}"


def measure(
    catalog: Catalog,
    engine: SearchEngine,
    graph: NeighbourGraph | None,
    shop: Shop,
    split: Split = "last",
    progress: Progress = SILENT,
) -> Measurement:
    """Keep back, learn of the rest, and recommend to each shopper what they have not had.

    Raises:
        CatalogError: fewer than ``FEWEST`` shoppers are left to measure.
    """
    if split == "last":
        kept = shop.last_new()
        rest = shop.without(kept)
    else:
        kept, rest = _by_time(shop)
    of_rest = rest.tastes()
    wanted: dict[int, list[int]] = {}
    for user, row in zip(shop.user[kept].tolist(), shop.row[kept].tolist(), strict=True):
        if len(of_rest[user]):
            wanted.setdefault(user, []).append(row)
    if len(wanted) < FEWEST:
        raise CatalogError(
            f"{shown_count(len(wanted)).capitalize()} shoppers had a product and later a new one; {FEWEST} are needed.",
            "Read longer histories.",
        )
    users = sorted(wanted)
    if len(users) > N_MEASURED:
        users = np.sort(np.random.default_rng(0).choice(users, N_MEASURED, replace=False)).tolist()
    ours = learn(catalog, engine, graph, rest, progress)

    def list_ours(user: int) -> Rows:
        return np.array([hit.row for hit in ours.recommend(of_rest[user], K).hits], np.int64)

    listers: dict[str, Lister] = {OURS: list_ours, **_peers(of_rest, len(catalog), progress)}
    had = np.bincount(np.concatenate([taste.rows for taste in of_rest]), minlength=len(catalog))
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
        best = max((name for name in values if name != OURS), key=lambda name: float(values[name][metric].mean()))
        gains[metric] = estimate(values[OURS][metric] - values[best][metric])
    return Measurement(
        split, len(users), len(wanted), float((had[rows_wanted] == 0).mean()), ours.mix.weights, tuple(methods), gains
    )


def _by_time(shop: Shop) -> tuple[NDArray[np.int64], Shop]:
    """Of the last fifth of all events, which are in order of time, those that met a new product; and all before."""
    size, start = shop.row.max(initial=0) + 1, math.ceil((1 - KEPT_BACK) * len(shop.row))
    first = np.unique(shop.user * size + shop.row, return_index=True)[1]
    return np.sort(first[first >= start]), shop.only(np.arange(len(shop.row)) < start)


def _peers(tastes: Sequence[UserProfile], n_products: int, progress: Progress) -> dict[str, Lister]:
    """What one would use instead: the most liked, and implicit's models as they come, of as many factors as ours."""
    with optional_packages():
        from implicit.als import AlternatingLeastSquares
        from implicit.bpr import BayesianPersonalizedRanking
        from implicit.nearest_neighbours import CosineRecommender

    had = matrix_of([taste.rows for taste in tastes], n_products)
    counts = np.asarray(had.sum(axis=0)).ravel()
    progress.step("peers", 3, "models")
    models = {
        "implicit ALS": AlternatingLeastSquares(
            factors=FACTORS, regularization=DAMPING, alpha=CONFIDENCE, iterations=ROUNDS, random_state=0
        ),
        "implicit BPR": BayesianPersonalizedRanking(factors=FACTORS, random_state=0, num_threads=1),
        "implicit item-item": CosineRecommender(K=100),
    }

    def popular(user: int) -> Rows:
        score = counts.copy()
        score[tastes[user].rows] = -1
        return np.asarray(top(score, K), np.int64)

    def asking(model: AlternatingLeastSquares) -> Lister:
        def found(user: int) -> Rows:
            rows, scores = model.recommend(user, had[user], N=K, filter_already_liked_items=True)
            return np.array(
                [row for row, score in zip(rows, scores, strict=True) if row >= 0 and score > -1e30], np.int64
            )

        return found

    listers: dict[str, Lister] = {"popularity": popular}
    for name, model in models.items():
        fit(model, had)
        listers[name] = asking(model)
        progress.advance()
    return listers


def _values(
    lists: Sequence[Rows], wanted: Sequence[Sequence[int]], had: NDArray[np.int64], n_users: int
) -> dict[str, NDArray[np.float64]]:
    """Each metric per shopper."""
    found: dict[str, list[float]] = {"recall@10": [], "ndcg@10": [], "mrr": [], "novelty": []}
    discounts = 1 / np.log2(np.arange(2, K + 2))
    rarity = -np.log2(np.maximum(had, 1) / n_users)
    for rows, own in zip(lists, wanted, strict=True):
        is_hit = np.isin(rows, own)
        found["recall@10"].append(is_hit.sum() / len(own))
        found["ndcg@10"].append(float(is_hit @ discounts[: len(rows)]) / discounts[: len(own)].sum())
        found["mrr"].append(1 / (int(is_hit.argmax()) + 1) if is_hit.any() else 0.0)
        found["novelty"].append(float(rarity[rows].mean()) if len(rows) else 0.0)
    return {name: np.array(values) for name, values in found.items()}


def _method(
    name: str, values: Mapping[str, NDArray[np.float64]], lists: Sequence[Rows], had: NDArray[np.int64]
) -> Method:
    shown = np.concatenate([*lists, np.empty(0, np.int64)])
    cold = float((had[shown] == 0).mean()) if len(shown) else 0.0
    metrics = {metric: estimate(one) for metric, one in values.items()}
    return Method(name, metrics, len(np.unique(shown)) / len(had), cold)
