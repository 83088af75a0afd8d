"""Prices of nothing, and prices that are out of range."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from prodsim.findings import Finding
from prodsim.quality.statistics import EVERYTHING, FACTOR, MEMBERS, Numbers, amount, cell, deviations, sureness
from prodsim.quality.subject import Subject

FAR = 6.0
"""Robust standard deviations from which on a price is out of range; prices have long tails."""
OBJECTS = 1.5
"""How many times more than its category a product's neighbours may object to its price."""
NEAR = 2.0
"""Deviations below which the neighbours find a price usual, whatever the category says."""
SPREAD = 0.35
"""The smallest standard deviation of log prices that is believed: prices of one kind differ by a half without fault."""
CLOSEST = 8
"""Nearest vectors whose prices are compared with."""
FEWEST = 3
"""Of them that must have prices."""
LIKE = 0.4
"""Cosine of the texts' n-grams from which on a neighbour is near-identical; only such ones tell without a category."""
MOST = (0.1, 0.9)
"""Shares of a category's prices between which most are."""
BEYOND = 2.0
"""How many times beyond those a price must be."""
MISPLACED = "Correct the price; a point, a comma or a currency may be misplaced."


def find_prices(subject: Subject) -> Iterator[Finding]:
    """Prices of nothing, and far from those of the category or of the nearest products."""
    products = subject.catalog.products
    price = products["price"].to_numpy(np.float64)
    for row in np.flatnonzero(price <= 0).tolist():
        what = f"{cell(products, row, 'sku')} costs nothing."
        yield _price_finding(subject, row, what, 0.99, {}, "Write the real price, or leave it empty.")
    far = FAR * FACTOR[subject.level]
    z, usual = _price_deviations(subject, price)
    ranges = _ranges(products)
    for row in np.flatnonzero(z > far).tolist():
        low, high = ranges[:, row]
        # A wide category has it, whatever its neighbours cost; a small one does not tell.
        is_told = not low / BEYOND <= price[row] <= high * BEYOND
        if is_told and (np.isfinite(low) or _is_one_of_many(subject, row)):
            yield _range_finding(subject, row, float(z[row]), float(usual[row]), float(low), float(high))


def _price_deviations(subject: Subject, price: Numbers) -> tuple[Numbers, Numbers]:
    """How far each price is out of range, in robust standard deviations, and what products like it cost; NaN unknown.

    Near products may differ by right, a kayak and its paddle, so a category that hardly objects overrules them.
    """
    products = subject.catalog.products
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(price > 0, np.log(price), np.nan).astype(np.float64)
    of_currency = pd.Series(logs).groupby(products["currency"].to_numpy()).transform("median").to_numpy()
    groups = products["category"].replace("", EVERYTHING) + products["currency"]
    by_category = np.abs(deviations(logs, groups, MEMBERS, SPREAD))
    expected = _neighbours_log_price(subject, logs - of_currency) + of_currency
    everything = pd.Series(EVERYTHING, products.index)
    by_neighbours = np.abs(deviations(logs - expected, everything, MEMBERS, SPREAD))
    objected = np.where(np.isnan(by_category), by_neighbours, np.minimum(by_neighbours, OBJECTS * by_category))
    return np.fmax(np.where(by_neighbours < NEAR, np.nan, by_category), objected), np.exp(expected)


def _neighbours_log_price(subject: Subject, logs: Numbers) -> Numbers:
    """The median log price of each product's nearest other vectors, NaN where fewer than three have prices."""
    index = subject.comparer.index
    of_vector = pd.Series(logs).groupby(index.group_of).median().to_numpy()
    nearest = np.asarray(subject.graph.rows[:, :CLOSEST], np.int64)
    prices = np.where(nearest >= 0, of_vector[nearest], np.nan)
    enough = np.isfinite(prices).sum(axis=1) >= FEWEST
    median = np.full(len(prices), np.nan)
    median[enough] = np.nanmedian(prices[enough], axis=1)
    return np.asarray(median[index.group_of], np.float64)


def _is_one_of_many(subject: Subject, row: int) -> bool:
    """Whether a product has near-identical ones; what is merely nearest may be something else."""
    close = subject.comparer.lexical.product_grams(row, subject.neighbours_of(row)[0][:CLOSEST])
    return int((close >= LIKE).sum()) >= FEWEST


def _ranges(products: pd.DataFrame) -> Numbers:
    """What most of each product's category costs, in its currency: shape (2, n); NaN where too few have prices."""
    price = products["price"].where(products["price"] > 0)
    of = price.groupby([products["category"], products["currency"]])
    enough = of.transform("count") >= MEMBERS
    return np.array([of.transform("quantile", share).where(enough) for share in MOST], np.float64)


def _range_finding(subject: Subject, row: int, z: float, usual: float, low: float, high: float) -> Finding:
    products = subject.catalog.products
    own, category = float(products["price"].to_numpy()[row]), cell(products, row, "category") or EVERYTHING
    most = f"most of {category} cost {amount(low)} to {amount(high)}" if np.isfinite(low) else ""
    near = f"products like it cost about {amount(usual)}" if np.isfinite(usual) else ""
    what = f"{cell(products, row, 'sku')} costs {amount(own)}; {'; '.join(filter(None, (most, near)))}."
    evidence = {"deviations": round(z, 1), "usual": usual if np.isfinite(usual) else None}
    return _price_finding(subject, row, what, sureness(z, FAR * FACTOR[subject.level]), evidence)


def _price_finding(
    subject: Subject, row: int, what: str, score: float, evidence: Mapping[str, float | None], proposal: str = MISPLACED
) -> Finding:
    products = subject.catalog.products
    evidence = {"price": float(products["price"].to_numpy()[row]), **evidence}
    return Finding(
        "price", what, (cell(products, row, "sku"),), 0.7, score, column="price", evidence=evidence, proposal=proposal
    )
