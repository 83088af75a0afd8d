"""Gaps and crowding: price bands without a product, and many near-equal products of one brand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.checks.brands import is_no_brand
from prodsim.quality.demand import read_demand
from prodsim.quality.statistics import FACTOR, Numbers, amount, cell, quoted, sureness, surest_first
from prodsim.quality.subject import Subject
from prodsim.similarity import Setting, Weights

PRICED = 20
"""Priced products that a category must have to tell of a gap."""
SIDE = 0.15
"""Share of them that must be on either side of it."""
WIDE = 1.6
"""How many times dearer the next product must at least be."""
STEPS = 8.0
"""How many times wider than the category's mean step, in log price, a gap must be."""
CROWD = 10
"""Near-equal products of one brand that are a crowd."""
NEAR_EQUAL = 0.9995
"""Products are near-equal where they are closer than this share of random pairs."""
BAND = np.log(1.25)
"""Near-equal products differ by a quarter of their price at most."""
MIXED = -2
"""In place of a brand's number, for a vector that products of several brands have."""
SAID_NOWHERE = "no column tells what sells"


def check_assortment(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Findings of kind ``assortment``, surest first; they are hints rather than faults, so none is severe."""
    found = [*_gaps(subject)]
    progress.advance(len(subject.catalog) // 2)
    found += _crowds(subject, progress)
    progress.advance(len(subject.catalog) - len(subject.catalog) // 2)
    return surest_first(found)


@dataclass(frozen=True, slots=True)
class _Demand:
    """What a category sells: a sentence, and the evidence."""

    told: str
    evidence: Mapping[str, str | float]


def _gaps(subject: Subject) -> Iterator[Finding]:
    """At most one finding per category: its widest empty price band; only where there is demand, if that is known."""
    products = subject.catalog.products
    told = read_demand(subject.catalog)
    demand = pd.Series(told[1] if told else np.nan, products.index)
    usual = demand.median()
    priced = products[(products["price"] > 0) & (products["category"] != "")]
    for (category, currency), own in priced.groupby(["category", "currency"], sort=False):
        if len(own) < PRICED:
            continue
        mean = demand[own.index].median()
        if told is None or mean >= usual:
            asked = _Demand(SAID_NOWHERE, {}) if told is None else _asked(told[0], mean, usual)
            own = own.sort_values("price", kind="stable")
            yield from _gap(str(category), str(currency), own, STEPS * FACTOR[subject.level], asked)


def _asked(column: str, own: float, usual: float) -> _Demand:
    return _Demand(
        f"the median {column} there is {own:,.0f}, in the catalog {usual:,.0f}",
        {"demand column": column, "demand": own, "usual demand": usual},
    )


def _gap(category: str, currency: str, own: pd.DataFrame, steps: float, demand: _Demand) -> Iterator[Finding]:
    price = own["price"].to_numpy(np.float64)
    side = int(np.ceil(SIDE * len(price)))
    step = np.diff(np.log(price))
    inner = step[side - 1 : len(step) - side + 1]
    place = side - 1 + int(np.argmax(inner))
    usual = (step.sum() - step[place]) / (len(step) - 1)
    if step[place] < max(np.log(WIDE), steps * usual):
        return
    low, high = price[place], price[place + 1]
    below, above = place + 1, len(price) - place - 1
    band = f"{amount(low)} and {amount(high)} {currency}".rstrip()
    what = f"{category} has no product between {band}; {below:,} cost less and {above:,} more; {demand.told}."
    yield Finding(
        "assortment", what, tuple(own["sku"].iloc[[place, place + 1]]), 0.1,
        0.8 * sureness(float(step[place] / usual) if usual else np.inf, steps), column="price",
        evidence={"category": category, "from": low, "to": high, "below": below, "above": above, **demand.evidence},
        proposal="Consider a product in this price band.",
    )  # fmt: skip


def _crowds(subject: Subject, progress: Progress) -> Iterator[Finding]:
    """Crowds around the product that has most near-equal ones of its brand; a product is in one crowd only."""
    products = subject.catalog.products
    brand = _brands(products)
    # Variants that the catalog declares are one product to whoever sees it.
    shown, _ = pd.factorize(products["group_id"].where(products["group_id"] != "", products["sku"]))
    price = products["price"].to_numpy(np.float64)
    group_of, near = subject.comparer.index.group_of, _near(subject)
    free = np.ones(len(products), bool)
    for row in _crowded_first(subject, near, brand):
        progress.check()
        if not free[row]:
            continue
        groups = np.asarray(subject.graph.rows[group_of[row]])[near[group_of[row]]]
        rows = np.concatenate([subject.comparer.index.members(int(group)) for group in (group_of[row], *groups)])
        crowd = rows[(brand[rows] == brand[row]) & free[rows] & _same_band(price[rows], price[row])]
        if len(np.unique(shown[crowd])) >= CROWD * FACTOR[subject.level]:
            free[crowd] = False
            yield _crowd(products, row, np.sort(crowd))


def _brands(products: pd.DataFrame) -> NDArray[np.int64]:
    """A number per brand, -1 where there is none or its name says so."""
    named = {brand: brand for brand in products["brand"].unique() if not is_no_brand(brand)}
    return np.asarray(pd.factorize(products["brand"].map(named))[0], np.int64)


def _near(subject: Subject) -> NDArray[np.bool_]:
    """Which of each vector's neighbours in the graph are near-equal to it, of the graph's shape."""
    setting = Setting(Weights(meaning=1.0), subject.comparer.index.metric)
    return np.asarray(subject.graph.scores) >= subject.calibration.least_score(NEAR_EQUAL, setting, is_text=False)


def _crowded_first(subject: Subject, near: NDArray[np.bool_], brand: NDArray[np.int64]) -> list[int]:
    """Products that could be in a crowd, those with most near-equal ones first, then in catalog order.

    Products count that have one brand, or a vector that several brands have.
    """
    group_of, graph = subject.comparer.index.group_of, np.asarray(subject.graph.rows)
    brands = pd.Series(brand).groupby(group_of).agg(["min", "max", "size"])
    own = np.where(brands["min"] == brands["max"], brands["min"], MIXED).astype(np.int64)
    is_same = (own[graph] == own[:, None]) | (own[graph] == MIXED) | (own[:, None] == MIXED)
    size = brands["size"].to_numpy(np.int64)
    many = (size + np.where(near & is_same, size[graph], 0).sum(axis=1))[group_of]
    rows = np.flatnonzero((brand >= 0) & (many >= CROWD * FACTOR[subject.level]))
    return [int(row) for row in rows[np.argsort(-many[rows], kind="stable")]]


def _same_band(prices: Numbers, own: float) -> NDArray[np.bool_]:
    """Which prices are near one; an unknown price is near every one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs(np.log(prices) - np.log(own))
    return np.asarray(~(apart > BAND))


def _crowd(products: pd.DataFrame, row: int, crowd: NDArray[np.int64]) -> Finding:
    skus = [cell(products, row, "sku"), *products["sku"].iloc[crowd[crowd != row]]]
    brand = cell(products, row, "brand")
    what = f"{len(skus):,} products of {brand} are nearly equal to {quoted(cell(products, row, 'title'))}."
    return Finding(
        "assortment", what, tuple(skus), 0.1, 0.7 * sureness(len(skus), CROWD),
        evidence={"brand": brand, "products": len(skus)}, proposal="Show them as one product, or keep the best.",
    )  # fmt: skip
