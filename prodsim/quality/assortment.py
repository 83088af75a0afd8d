"""Gaps and crowding: price bands without a product, and many near-equal products of one brand."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.check import Subject
from prodsim.quality.usual import FACTOR, Numbers, cell, quoted, sureness, surest_first
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


def check_assortment(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Findings of kind ``assortment``, surest first; they are hints rather than faults, so none is severe."""
    found = [*_gaps(subject)]
    progress.advance(len(subject.catalog) // 2)
    found += _crowds(subject, progress)
    progress.advance(len(subject.catalog) - len(subject.catalog) // 2)
    return surest_first(found)


def _gaps(subject: Subject) -> Iterator[Finding]:
    """At most one finding per category: its widest empty price band."""
    products = subject.catalog.products
    priced = products[(products["price"] > 0) & (products["category"] != "")]
    for (category, currency), own in priced.groupby(["category", "currency"], sort=False):
        if len(own) >= PRICED:
            own = own.sort_values("price", kind="stable")
            yield from _gap(str(category), str(currency), own, STEPS * FACTOR[subject.level])


def _gap(category: str, currency: str, own: pd.DataFrame, steps: float) -> Iterator[Finding]:
    price = own["price"].to_numpy(np.float64)
    side = int(np.ceil(SIDE * len(price)))
    step = np.diff(np.log(price))
    inner = step[side - 1 : len(step) - side + 1]
    place = side - 1 + int(np.argmax(inner))
    usual = (step.sum() - step[place]) / (len(step) - 1)
    if step[place] < max(np.log(WIDE), steps * usual):
        return
    low, high = price[place], price[place + 1]
    what = (
        f"{category} has no product between {low:,.2f} and {high:,.2f} {currency}".rstrip()
        + f"; {place + 1:,} cost less and {len(price) - place - 1:,} more."
    )
    yield Finding(
        "assortment", what, tuple(own["sku"].iloc[[place, place + 1]]), 0.1,
        0.8 * sureness(float(step[place] / usual) if usual else np.inf, steps), column="price",
        evidence={"category": category, "from": low, "to": high, "below": place + 1, "above": len(price) - place - 1},
        proposal="Consider a product in this price band.",
    )  # fmt: skip


def _crowds(subject: Subject, progress: Progress) -> Iterator[Finding]:
    """Crowds around the product that has most near-equal ones of its brand; a product is in one crowd only."""
    products = subject.catalog.products
    setting = Setting(Weights(meaning=1.0), subject.comparer.index.metric)
    least = subject.chance.least_score(NEAR_EQUAL, setting, is_text=False)
    brand, _ = pd.factorize(products["brand"].where(products["brand"] != ""))
    price = products["price"].to_numpy(np.float64)
    group_of = subject.comparer.index.group_of
    free = np.ones(len(products), bool)
    for row in _crowded_first(subject, brand, least):
        progress.check()
        if not free[row]:
            continue
        rows, scores = subject.neighbours_of(row)
        near = (scores >= least) | (group_of[rows] == group_of[row])  # copies can be so many that they are usual
        crowd = rows[near & (brand[rows] == brand[row]) & free[rows] & _same_band(price[rows], price[row])]
        if len(crowd) + 1 >= CROWD * FACTOR[subject.level]:
            crowd = np.unique([row, *crowd])
            free[crowd] = False
            yield _crowd(products, row, crowd)


def _crowded_first(subject: Subject, brand: NDArray[np.integer], least: float) -> list[int]:
    """Products of brands that could make a crowd, those with most near vectors first, then in catalog order."""
    near = (np.asarray(subject.graph.scores) >= least).sum(axis=1)
    index = subject.comparer.index
    size = np.bincount(index.group_of, minlength=len(near))
    nearest = np.asarray(subject.graph.rows)
    around = size + np.where(np.asarray(subject.graph.scores) >= least, size[nearest], 0).sum(axis=1)
    many = around[index.group_of]
    could = (brand >= 0) & (many >= CROWD * FACTOR[subject.level])
    rows = np.flatnonzero(could)
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
