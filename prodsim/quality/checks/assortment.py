"""Gaps and crowding: price bands without a product, and many near-equal products of one brand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.phrases import phrase
from prodsim.progress import Progress
from prodsim.quality.demand import read_demand
from prodsim.quality.fields.brand_names import is_no_brand
from prodsim.quality.sentences import cell_text, format_amount, name_category, quote
from prodsim.quality.statistics import LEVEL_FACTOR, Numbers, confidence, surest_first
from prodsim.quality.subject import Subject
from prodsim.similarity import Setting, Weights

MIN_PRICED = 20
"""Priced products that a category must have to show a gap."""
MIN_SIDE = 0.15
"""Share of them that must be on either side of it."""
MIN_GAP = 1.6
"""How many times dearer the next product must at least be."""
MIN_STEPS = 8.0
"""How many times wider than the category's mean step, in log price, a gap must be."""
MIN_CROWD = 10
"""Near-equal products of one brand that are a crowd."""
NEAR_EQUAL = 0.9995
"""Products are near-equal where they are closer than this share of random pairs."""
MAX_LOG_PRICE = np.log(1.25)
"""Near-equal products differ by a quarter of their price at most."""
SEVERAL_BRANDS = -2
"""In place of a brand's number, for a vector that products of several brands have."""


def check_assortment(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find gaps in prices and crowds of products, surest first; they are hints, so none is severe."""
    findings = [*_gaps(subject)]
    progress.advance(len(subject.catalog) // 2)
    findings += _crowds(subject, progress)
    progress.advance(len(subject.catalog) - len(subject.catalog) // 2)
    return surest_first(findings)


@dataclass(frozen=True, slots=True)
class _Demand:
    """What a category sells: a sentence, and the evidence."""

    sentence: str
    evidence: Mapping[str, str | float]


def _gaps(subject: Subject) -> Iterator[Finding]:
    """Yield each category's widest empty price band; only where there is demand, if that is known."""
    products = subject.catalog.products
    column, counts = read_demand(subject.catalog) or ("", np.full(len(products), np.nan))
    demand = pd.Series(counts, products.index)
    usual = float(demand.median())
    priced = products[(products["price"] > 0) & (products["category"] != "")]
    for (category, currency), own in priced.groupby(["category", "currency"], sort=False):
        if len(own) < MIN_PRICED:
            continue
        of_category = float(demand[own.index].median())
        if not column or of_category >= usual:
            own = own.sort_values("price", kind="stable")
            min_steps = MIN_STEPS * LEVEL_FACTOR[subject.level]
            yield from _gap((str(category), str(currency)), own, min_steps, _demand(column, of_category, usual))


def _demand(column: str, of_category: float, usual: float) -> _Demand:
    """Say how much a category is in demand, where a column shows it."""
    if not column:
        return _Demand(phrase("No column shows what sells."), {})
    return _Demand(
        phrase(
            "The median {column} is {own:,.0f} there and {usual:,.0f} in the whole catalog.",
            column=column, own=of_category, usual=usual,
        ),
        {"demand column": column, "demand": of_category, "usual demand": usual},
    )  # fmt: skip


def _gap(where: tuple[str, str], own: pd.DataFrame, min_steps: float, demand: _Demand) -> Iterator[Finding]:
    """Yield the finding of a category's gap, if it has one.

    Args:
        where: the category and the currency.
        own: its products by price.
        min_steps: how many times wider than the mean step it must be.
        demand: of the category.
    """
    price = own["price"].to_numpy(np.float64)
    side = int(np.ceil(MIN_SIDE * len(price)))
    step = np.diff(np.log(price))
    inner = step[side - 1 : len(step) - side + 1]
    place = side - 1 + int(np.argmax(inner))
    usual = (step.sum() - step[place]) / (len(step) - 1)
    if step[place] < max(np.log(MIN_GAP), min_steps * usual):
        return
    low, high = price[place], price[place + 1]
    below, above = place + 1, len(price) - place - 1
    category, currency = where
    what = phrase(
        "{category} has no product between {low} and {high}: {below:,} cost less and {above:,} more. {demand}",
        category=name_category(category), low=format_amount(low),
        high=" ".join(filter(None, (format_amount(high), currency))), below=below, above=above,
        demand=demand.sentence,
    )  # fmt: skip
    yield Finding(
        "assortment", what, tuple(own["sku"].iloc[[place, place + 1]]), 0.1,
        0.8 * confidence(float(step[place] / usual) if usual else np.inf, min_steps), column="price",
        evidence={"category": category, "from": low, "to": high, "below": below, "above": above, **demand.evidence},
        proposal=phrase("Consider a product in this price band."),
    )  # fmt: skip


def _crowds(subject: Subject, progress: Progress) -> Iterator[Finding]:
    """Yield crowds around the product with most near-equal ones of its brand; a product is in one crowd only."""
    products = subject.catalog.products
    named = {brand: brand for brand in products["brand"].unique() if not is_no_brand(brand)}
    brand = np.asarray(pd.factorize(products["brand"].map(named))[0], np.int64)  # -1 for none
    # Variants that the catalog declares are one product to whoever sees it.
    shown, _ = pd.factorize(products["group_id"].where(products["group_id"] != "", products["sku"]))
    price = products["price"].to_numpy(np.float64)
    group_of, is_near = subject.comparer.index.group_of, _near_equal(subject)
    is_free = np.ones(len(products), bool)
    for row in _crowded_first(subject, is_near, brand):
        progress.check()
        if not is_free[row]:
            continue
        groups = np.asarray(subject.graph.rows[group_of[row]])[is_near[group_of[row]]]
        rows = np.concatenate([subject.comparer.index.members(int(group)) for group in (group_of[row], *groups)])
        crowd = rows[(brand[rows] == brand[row]) & is_free[rows] & _is_near_price(price[rows], price[row])]
        if len(np.unique(shown[crowd])) >= MIN_CROWD * LEVEL_FACTOR[subject.level]:
            is_free[crowd] = False
            yield _crowd(products, row, np.sort(crowd))


def _near_equal(subject: Subject) -> NDArray[np.bool_]:
    """Return which of each vector's neighbours in the graph are near-equal to it, of the graph's shape."""
    setting = Setting(Weights(meaning=1.0), subject.comparer.index.metric)
    return np.asarray(subject.graph.scores) >= subject.calibration.least_score(NEAR_EQUAL, setting, is_text=False)


def _crowded_first(subject: Subject, is_near: NDArray[np.bool_], brand: NDArray[np.int64]) -> list[int]:
    """Return products that could be in a crowd, those with most near-equal ones first, then in catalog order.

    Products of the same brand count, and those of a vector that several brands have.
    """
    group_of, graph = subject.comparer.index.group_of, np.asarray(subject.graph.rows)
    brands = pd.Series(brand).groupby(group_of).agg(["min", "max", "size"])
    own = np.where(brands["min"] == brands["max"], brands["min"], SEVERAL_BRANDS).astype(np.int64)
    has_several = own == SEVERAL_BRANDS
    is_same = (own[graph] == own[:, None]) | has_several[graph] | has_several[:, None]
    size = brands["size"].to_numpy(np.int64)
    n_near = (size + np.where(is_near & is_same, size[graph], 0).sum(axis=1))[group_of]
    rows = np.flatnonzero((brand >= 0) & (n_near >= MIN_CROWD * LEVEL_FACTOR[subject.level]))
    return [int(row) for row in rows[np.argsort(-n_near[rows], kind="stable")]]


def _is_near_price(prices: Numbers, own: float) -> NDArray[np.bool_]:
    """Return which prices are near another; an unknown price is near every one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.abs(np.log(prices) - np.log(own))
    return np.asarray(~(difference > MAX_LOG_PRICE))


def _crowd(products: pd.DataFrame, row: int, crowd: NDArray[np.int64]) -> Finding:
    """Make the finding of a crowd, the product that it is around first."""
    skus = [cell_text(products, row, "sku"), *products["sku"].iloc[crowd[crowd != row]]]
    brand = cell_text(products, row, "brand")
    what = phrase(
        "{n:,} products of {brand} are nearly identical, among them {title}.",
        n=len(skus), brand=brand, title=quote(cell_text(products, row, "title")),
    )  # fmt: skip
    return Finding(
        "assortment", what, tuple(skus), 0.1, 0.7 * confidence(len(skus), MIN_CROWD),
        evidence={"brand": brand, "products": len(skus)},
        proposal=phrase("Show them as one product, or keep the best ones."),
    )  # fmt: skip
