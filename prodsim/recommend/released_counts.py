"""Counts that may be shown to others: how many shoppers had each product and each pair, with differential privacy."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.errors import QueryError
from prodsim.extras import optional_packages
from prodsim.index import Rows
from prodsim.phrases import phrase
from prodsim.recommend.privacy import MIN_SHOPPERS
from prodsim.recommend.source_weights import Interactions

MAX_PRODUCTS = 20
"""Products of a shopper that count, the last ones; so a shopper changes all counts together by no more."""
MAX_PAIRS = 10
"""Pairs of products that a shopper bought together and that count, those of the last baskets."""
DELTA = 1e-6
"""Limit of the probability with which ``epsilon`` may not hold: that a pair shows whose only shopper is one person."""
LEAST_EPSILON, GREATEST_EPSILON = 0.01, 100.0


@dataclass(frozen=True)
class ReleasedCounts:
    """What is released about all shoppers together. It changes little, whether any one shopper is among them or not.

    Every possible release is at most exp(``epsilon``) times as likely with a shopper as without, but for a probability
    of ``delta`` (Dwork and Roth 2014). Half of ``epsilon`` goes to the products and half to the pairs.

    Attributes:
        shoppers: of each product, with noise, int64, shape (n_products,); 0 where fewer than ``MIN_SHOPPERS``.
        pairs: rows of products that were bought together, the smaller first, shape (n, 2).
        together: shoppers who bought both, with noise, int64, shape (n,).
        least: pairs of fewer shoppers are not released.
        epsilon, delta: what the release tells about a shopper at most.
    """

    shoppers: NDArray[np.int64]
    pairs: Rows
    together: NDArray[np.int64]
    least: int
    epsilon: float
    delta: float

    def table(self, catalog: Catalog) -> pd.DataFrame:
        """Return a table sku, with_sku ("" for the product alone), shoppers; the most shoppers first."""
        skus = catalog.products["sku"].to_numpy()
        own = np.flatnonzero(self.shoppers)
        table = pd.DataFrame(
            {
                "sku": np.concatenate([skus[own], skus[self.pairs[:, 0]]]),
                "with_sku": np.concatenate([np.full(len(own), ""), skus[self.pairs[:, 1]]]),
                "shoppers": np.concatenate([self.shoppers[own], self.together]),
            }
        )
        return table.sort_values("shoppers", ascending=False, kind="stable", ignore_index=True)


def release_counts(interactions: Interactions, n_products: int, epsilon: float) -> ReleasedCounts:
    """Count shoppers by product and by pair bought together, with noise from OpenDP.

    Args:
        interactions: of all shoppers.
        n_products: of the catalog; which products there are is no secret.
        epsilon: above 0. Each further release of the same shoppers adds its own.

    Raises:
        QueryError: see ``check_epsilon``.
    """
    check_epsilon(epsilon)
    had = _last_products(interactions)
    shoppers = _with_noise(np.bincount(had, minlength=n_products), MAX_PRODUCTS, epsilon / 2)
    pairs, together, least, delta = _pairs_with_noise(_last_pairs(interactions), n_products, epsilon / 2)
    shoppers[shoppers < MIN_SHOPPERS] = 0
    return ReleasedCounts(shoppers, pairs, together, least, epsilon, delta)


def check_epsilon(epsilon: float) -> None:
    """Raise ``QueryError`` where a limit of privacy is too small for anything to show, or none any more."""
    if not LEAST_EPSILON <= epsilon <= GREATEST_EPSILON:
        raise QueryError(
            phrase(
                "ε must be from {least:g} to {greatest:g}, but it is {epsilon:g}.",
                least=LEAST_EPSILON,
                greatest=GREATEST_EPSILON,
                epsilon=epsilon,
            ),
            phrase("Usual values are from 0.5 to 8; smaller is more private."),
        )


def _last_products(interactions: Interactions) -> Rows:
    """Return the last ``MAX_PRODUCTS`` distinct products of every shopper, one after the other."""
    latest_first = pd.DataFrame({"user": interactions.user, "row": interactions.row}).iloc[::-1].drop_duplicates()
    return latest_first.groupby("user").head(MAX_PRODUCTS)["row"].to_numpy(np.int64)


def _last_pairs(interactions: Interactions) -> Rows:
    """Return the last ``MAX_PAIRS`` distinct pairs that each shopper had in one basket, shape (n, 2)."""
    events = pd.DataFrame(
        {
            "user": interactions.user,
            "basket": interactions.basket,
            "row": interactions.row,
            "at": range(len(interactions.row)),
        }
    )
    events = events[interactions.is_buy if interactions.is_buy.any() else np.ones(len(events), bool)]
    pairs: list[tuple[int, int]] = []
    for _, own in events.iloc[::-1].groupby("user", sort=True):
        distinct: dict[tuple[int, int], None] = {}
        for _, basket in own.groupby("basket", sort=False):
            rows = list(dict.fromkeys(basket["row"].tolist()))
            for i, a in enumerate(rows):
                for b in rows[:i]:
                    distinct[min(a, b), max(a, b)] = None
                if len(distinct) >= MAX_PAIRS:
                    break
        pairs += list(distinct)[:MAX_PAIRS]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _with_noise(counts: NDArray[np.int64], most: int, epsilon: float) -> NDArray[np.int64]:
    """Add discrete Laplace noise to counts that a shopper changes by ``most`` in all."""
    with optional_packages():
        import opendp.prelude as dp

    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    return np.array(dp.m.make_laplace(*space, scale=most / epsilon)(counts.tolist()), np.int64)


def _pairs_with_noise(pairs: Rows, n_products: int, epsilon: float) -> tuple[Rows, NDArray[np.int64], int, float]:
    """Return the pairs that enough shoppers had, their counts with noise, how many are enough, and delta.

    There are far too many possible pairs to add noise to each. So those that nobody had stay away, and those that only
    few had, too; the limit makes it improbable that a pair shows because of one shopper (Korolova et al. 2009).
    """
    with optional_packages():
        import opendp.prelude as dp

    dp.enable_features("contrib")
    scale = MAX_PAIRS / epsilon
    least = 1 + math.ceil(scale * math.log(MAX_PAIRS / DELTA))
    space = (
        dp.map_domain(dp.atom_domain(T=int), dp.atom_domain(T=int)),
        dp.l01inf_distance(dp.absolute_distance(T=int)),
    )
    release = dp.m.make_laplace_threshold(*space, scale=scale, threshold=least)
    spent, delta = release.map((MAX_PAIRS, MAX_PAIRS, 1))
    if spent > epsilon * (1 + 1e-9) or delta > DELTA:
        raise RuntimeError(f"the noise gives ε {spent} and δ {delta} instead of {epsilon} and {DELTA}")
    keys, counts = np.unique(pairs[:, 0] * n_products + pairs[:, 1], return_counts=True)
    shown = sorted(release(dict(zip(keys.tolist(), counts.tolist(), strict=True))).items())
    found = np.array(shown, np.int64).reshape(-1, 2)
    return np.stack([found[:, 0] // n_products, found[:, 0] % n_products], axis=1), found[:, 1], least, float(delta)
