"""Prices of nothing, and prices that are out of range."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from prodsim.findings import Finding
from prodsim.phrases import phrase
from prodsim.quality.sentences import cell_text, format_amount, name_category
from prodsim.quality.statistics import LEVEL_FACTOR, MIN_MEMBERS, Numbers, confidence, deviations
from prodsim.quality.subject import Subject

MIN_DEVIATIONS = 6.0
"""Robust standard deviations from which a price is out of range; prices have long tails."""
MAX_OBJECTION = 1.5
"""How many times more than its category a product's neighbours may object to its price."""
USUAL_DEVIATIONS = 2.0
"""Deviations below which the neighbours find a price usual, whatever the category says."""
MIN_SIGMA = 0.35
"""The smallest standard deviation of log prices that is believed: prices of one kind differ by a half without fault."""
N_PRICE_NEIGHBOURS = 8
"""Nearest vectors whose prices are compared with."""
MIN_PRICED_NEIGHBOURS = 3
"""Of them that must have prices."""
MIN_IDENTICAL = 0.4
"""Cosine of the texts' n-grams from which a neighbour is near-identical; only such ones count without a category."""
MOST_OF_CATEGORY = (0.1, 0.9)
"""Shares of a category's prices between which most are."""
BEYOND_MOST = 2.0
"""How many times beyond those a price must be."""
_WHOLE_CATALOG = "the catalog"
"""The group of products without a category; no name that people see."""


def find_prices(subject: Subject) -> Iterator[Finding]:
    """Yield prices of nothing, and prices far from those of the category or of the nearest products."""
    products = subject.catalog.products
    price = products["price"].to_numpy(np.float64)
    for row in np.flatnonzero(price <= 0).tolist():
        what = phrase(
            "{sku} has a price of {price}.", sku=cell_text(products, row, "sku"), price=format_amount(float(price[row]))
        )
        yield _finding(subject, row, what, 0.99, {}, phrase("Enter the real price, or leave it empty."))
    limit = MIN_DEVIATIONS * LEVEL_FACTOR[subject.level]
    apart, expected = _price_deviations(subject, price)
    ranges = _usual_ranges(products)
    for row in np.flatnonzero(apart > limit).tolist():
        low, high = ranges[:, row]
        # A wide category has such prices, whatever the neighbours cost; a small one cannot show it.
        is_beyond = not low / BEYOND_MOST <= price[row] <= high * BEYOND_MOST
        if is_beyond and (np.isfinite(low) or _has_near_identical(subject, row)):
            yield _range_finding(subject, row, float(apart[row]), float(expected[row]), (float(low), float(high)))


def _price_deviations(subject: Subject, price: Numbers) -> tuple[Numbers, Numbers]:
    """Return how far each price is out of range, in robust standard deviations, and what similar products cost.

    NaN where unknown.
    """
    products = subject.catalog.products
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(price > 0, np.log(price), np.nan).astype(np.float64)
    of_currency = pd.Series(logs).groupby(products["currency"].to_numpy()).transform("median").to_numpy()
    groups = products["category"].replace("", _WHOLE_CATALOG) + products["currency"]
    by_category = np.abs(deviations(logs, groups, MIN_MEMBERS, MIN_SIGMA))
    expected = _neighbours_log_price(subject, logs - of_currency) + of_currency
    everything = pd.Series(_WHOLE_CATALOG, products.index)
    by_neighbours = np.abs(deviations(logs - expected, everything, MIN_MEMBERS, MIN_SIGMA))
    # Near products may differ by right, a kayak and its paddle, so a category that hardly objects overrules them.
    limited = np.minimum(by_neighbours, MAX_OBJECTION * by_category)
    objected = np.where(np.isnan(by_category), by_neighbours, limited)
    return np.fmax(np.where(by_neighbours < USUAL_DEVIATIONS, np.nan, by_category), objected), np.exp(expected)


def _neighbours_log_price(subject: Subject, logs: Numbers) -> Numbers:
    """Return the median log price of each product's nearest vectors, NaN where fewer than three have prices."""
    index = subject.comparer.index
    of_vector = pd.Series(logs).groupby(index.group_of).median().to_numpy()
    nearest = np.asarray(subject.graph.rows[:, :N_PRICE_NEIGHBOURS], np.int64)
    prices = np.where(nearest >= 0, of_vector[nearest], np.nan)
    is_enough = np.isfinite(prices).sum(axis=1) >= MIN_PRICED_NEIGHBOURS
    median = np.full(len(prices), np.nan)
    median[is_enough] = np.nanmedian(prices[is_enough], axis=1)
    return np.asarray(median[index.group_of], np.float64)


def _has_near_identical(subject: Subject, row: int) -> bool:
    """Return whether a product has near-identical ones; what is merely nearest may be something else."""
    cosines = subject.comparer.lexical.product_grams(row, subject.neighbours_of(row)[0][:N_PRICE_NEIGHBOURS])
    return int((cosines >= MIN_IDENTICAL).sum()) >= MIN_PRICED_NEIGHBOURS


def _usual_ranges(products: pd.DataFrame) -> Numbers:
    """Return what most of each product's category costs, in its currency: shape (2, n); NaN for too few prices."""
    price = products["price"].where(products["price"] > 0)
    grouped = price.groupby([products["category"], products["currency"]])
    is_enough = grouped.transform("count") >= MIN_MEMBERS
    return np.array([grouped.transform("quantile", share).where(is_enough) for share in MOST_OF_CATEGORY], np.float64)


def _range_finding(
    subject: Subject, row: int, apart: float, expected: float, usual_range: tuple[float, float]
) -> Finding:
    """Make the finding of a price out of range; the range, or what similar products cost, may be NaN."""
    products = subject.catalog.products
    values = {
        "sku": cell_text(products, row, "sku"),
        "price": format_amount(float(products["price"].to_numpy()[row])),
        "category": name_category(cell_text(products, row, "category")),
        "low": format_amount(usual_range[0]),
        "high": format_amount(usual_range[1]),
        "expected": format_amount(expected),
    }
    if not np.isfinite(usual_range[0]):
        what = phrase("{sku} costs {price}; similar products cost about {expected}.", **values)
    elif not np.isfinite(expected):
        what = phrase("{sku} costs {price}; most products in {category} cost {low} to {high}.", **values)
    else:
        what = phrase(
            "{sku} costs {price}; most products in {category} cost {low} to {high}, similar products about {expected}.",
            **values,
        )
    evidence = {"deviations": round(apart, 1), "usual": expected if np.isfinite(expected) else None}
    proposal = phrase("Correct the price; its decimal point, comma or currency may be wrong.")
    score = confidence(apart, MIN_DEVIATIONS * LEVEL_FACTOR[subject.level])
    return _finding(subject, row, what, score, evidence, proposal)


def _finding(
    subject: Subject, row: int, what: str, score: float, evidence: Mapping[str, float | None], proposal: str
) -> Finding:
    """Make a finding about a product's price."""
    products = subject.catalog.products
    evidence = {"price": float(products["price"].to_numpy()[row]), **evidence}
    skus = (cell_text(products, row, "sku"),)
    return Finding("price", what, skus, 0.7, score, column="price", evidence=evidence, proposal=proposal)
