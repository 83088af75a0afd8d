"""Faults of single fields: missing, constant, out of range, and fields that contradict each other."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import FIELDS
from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.check import Subject
from prodsim.quality.named import Contradiction, contradictions
from prodsim.quality.usual import (
    FACTOR,
    Numbers,
    cell,
    deviations,
    is_shared_by_many,
    is_structured,
    quoted,
    sureness,
    surest_first,
)
from prodsim.traits import BASES, DIMENSIONS, find_quantities

READING = (
    "repeated sku", "empty title", "unreadable price", "invalid gtin", "missing sku", "no text", "unreadable line",
    "reading", "markup removed", "mojibake repaired",
)  # fmt: skip
"""Kinds of what reading finds."""
FILLED = {"strict": 0.99, "usual": 0.95, "loose": 0.85}
"""Share of a category that has a value, from which on one without is missing."""
MEMBERS = 10
"""Products that a category, or a column, must have to tell what is usual."""
WEIGHT = {"brand": 0.6, "price": 0.7, "description": 0.5, "category": 0.6}
"""Severity of a missing field; others are cosmetic."""
REPORTED = {"price": "unreadable price", "gtin": "invalid gtin"}
"""A field whose cell could not be read, and the finding that reading made of it."""
FAR = 6.0
"""Robust standard deviations from which on a price is out of range; prices have long tails."""
OBJECTS = 1.5
"""How many times more than its category a product's neighbours may object to its price."""
NEAR = 2.0
"""Deviations below which the neighbours find a price usual, whatever the category says."""
SPREAD = 0.35
"""The smallest standard deviation of log prices that is believed: prices of one kind differ by a half without fault."""
AGREE = 0.8
"""Share of products where a column tells what the title tells, from which on one that does not is a fault."""
EVERYTHING = "the catalog"
"""What products without a category belong to."""
CLOSEST = 8
"""Nearest vectors whose prices are compared with."""
_UNIT = re.compile(
    r"(?:[_\s(（\[]|(?<=[^\x00-\x7f]))([a-z]{1,4}|毫升|升|克|千克|公斤|毫米|厘米|米)[)）\]]?$", re.IGNORECASE
)
_BARE = re.compile(r"\s*\d+(?:[.,]\d+)?\s*")
_COLOUR = re.compile(r"colou?r|farbe|couleur|颜色|色号|顏色", re.IGNORECASE)


Amounts = tuple[float, ...]


def check_reading(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """What was imperfect when the file was read; surest first."""
    progress.advance(len(subject.catalog))
    return surest_first(subject.catalog.findings)


def check_fields(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """All faults of fields, surest first; one finding for a fault that hundreds of products share."""
    found: list[Finding] = []
    for find in (_missing, _constant, _prices, _unit_conflicts, _contradictions, _currencies):
        found += find(subject)
        progress.advance(len(subject.catalog) // 6)
    return surest_first(found)


def missing_where_usual(subject: Subject, column: str) -> NDArray[np.float64]:
    """For each product that lacks a value, the share of its category that has one; NaN where that is not usual.

    A category of fewer than ``MEMBERS`` products counts as the whole catalog.
    """
    products = subject.catalog.products
    values = products[column]
    filled = pd.Series(values.notna().to_numpy() & (values.astype(str) != "").to_numpy())
    size = filled.groupby(products["category"].to_numpy()).transform("size")
    own = filled.groupby(products["category"].to_numpy()).transform("sum")
    is_told = (size >= MEMBERS) & (products["category"] != "").to_numpy()
    # Of ten products one may lack a value by right of chance: the faulty one itself does not count.
    share = np.where(is_told, own / (size - 1).clip(lower=1), filled.sum() / max(len(filled) - 1, 1))
    is_usual = (share >= FILLED[subject.level]) & (len(filled) > MEMBERS) & ~filled.to_numpy()
    return np.where(is_usual, np.minimum(share, 0.99), np.nan)


def _missing(subject: Subject) -> Iterator[Finding]:
    """One finding per product for all that it lacks; a field that hundreds lack is told once."""
    products = subject.catalog.products
    lacking: dict[int, dict[str, float]] = {}
    columns = [name for name in FIELDS if name not in ("sku", "title", "image")] + subject.catalog.attributes
    for column in columns:
        share = missing_where_usual(subject, column)
        said = {sku for f in subject.catalog.findings if f.kind == REPORTED.get(column) for sku in f.skus}
        rows = [row for row in np.flatnonzero(~np.isnan(share)).tolist() if cell(products, row, "sku") not in said]
        if is_shared_by_many(len(rows), subject.catalog):
            skus = tuple(products["sku"].iloc[rows])
            what = f"{len(rows):,} products lack the {column} that {np.nanmean(share):.0%} of their categories have."
            yield _missing_finding(what, skus, {column: float(np.nanmean(share))})
        else:
            for row in rows:
                lacking.setdefault(row, {})[column] = float(share[row])
    for row, of in sorted(lacking.items()):
        sku = str(cell(products, row, "sku"))
        where = cell(products, row, "category") or EVERYTHING
        what = f"{sku} lacks {', '.join(of)}; at least {min(of.values()):.0%} of {where} have it."
        yield _missing_finding(what, (sku,), of)


def _missing_finding(what: str, skus: tuple[str, ...], lacking: dict[str, float]) -> Finding:
    severity = max(WEIGHT.get(column, 0.2) for column in lacking)
    # A misfiled product lacks its new category's attributes by right.
    score = max(share if column in FIELDS else 0.8 * share for column, share in lacking.items())
    return Finding(
        "missing field", what, skus, severity, score, column=next(iter(lacking)),
        evidence={"usual share": {column: round(share, 3) for column, share in lacking.items()}},
        proposal=f"Fill in {', '.join(lacking)}.",
    )  # fmt: skip


def _constant(subject: Subject) -> Iterator[Finding]:
    """Columns that say the same of every product; a currency, a brand or a category may."""
    products = subject.catalog.products
    for column in ("description", "price", "image", "url", "gtin", "mpn", *subject.catalog.attributes):
        values = products[column].dropna().astype(str)
        values = values[values != ""]
        if len(values) < max(20, len(products) / 2) or values.nunique() != 1:
            continue
        first = values.tolist()[0]
        what = f'All {len(values):,} values of "{column}" are {quoted(first)}; it tells no product from another.'
        yield Finding(
            "constant column", what, severity=0.6 if column in FIELDS else 0.1, score=min(len(values) / 100, 0.9),
            column=column, evidence={"value": first, "products": len(values)},
            proposal="Leave the column out, or find out why it lost its values.",
        )  # fmt: skip


def _prices(subject: Subject) -> Iterator[Finding]:
    """Prices of nothing, and far from those of the category or of the nearest products."""
    products = subject.catalog.products
    price = products["price"].to_numpy(np.float64)
    for row in np.flatnonzero(price <= 0).tolist():
        what = f"{cell(products, row, 'sku')} costs {price[row]:g}."
        yield _price_finding(subject, row, what, 0.99, {})
    far = FAR * FACTOR[subject.level]
    z, usual = _price_deviations(subject, price)
    for row in np.flatnonzero(z > far).tolist():
        yield _range_finding(subject, row, float(z[row]), sureness(float(z[row]), far), float(usual[row]))


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
    apart = logs - expected
    by_neighbours = np.abs(deviations(apart, everything, MEMBERS, SPREAD))
    objected = np.where(np.isnan(by_category), by_neighbours, np.minimum(by_neighbours, OBJECTS * by_category))
    return np.fmax(np.where(by_neighbours < NEAR, np.nan, by_category), objected), np.exp(expected)


def _neighbours_log_price(subject: Subject, logs: Numbers) -> Numbers:
    """The median log price of each product's nearest other vectors, NaN where fewer than three have prices."""
    index = subject.comparer.index
    of_vector = pd.Series(logs).groupby(index.group_of).median().to_numpy()
    nearest = np.asarray(subject.graph.rows[:, :CLOSEST], np.int64)
    prices = np.where(nearest >= 0, of_vector[nearest], np.nan)
    enough = np.isfinite(prices).sum(axis=1) >= 3
    median = np.full(len(prices), np.nan)
    median[enough] = np.nanmedian(prices[enough], axis=1)
    return np.asarray(median[index.group_of], np.float64)


def _range_finding(subject: Subject, row: int, z: float, score: float, usual: float) -> Finding:
    products = subject.catalog.products
    own, category = float(products["price"].to_numpy()[row]), cell(products, row, "category")
    alike = (products["category"] == category) & (products["currency"] == products["currency"].iloc[row])
    low, high = np.percentile(products["price"][alike & (products["price"] > 0)], [10, 90])
    near = f"; products like it cost about {usual:,.2f}" if np.isfinite(usual) else ""
    what = (
        f"{cell(products, row, 'sku')} costs {own:,.2f}; "
        f"most of {category or EVERYTHING} cost {low:,.2f} to {high:,.2f}{near}."
    )
    evidence = {"deviations": round(z, 1), "usual": usual if np.isfinite(usual) else None}
    return _price_finding(subject, row, what, score, evidence)


def _price_finding(
    subject: Subject, row: int, what: str, score: float, evidence: Mapping[str, float | None]
) -> Finding:
    products = subject.catalog.products
    evidence = {"price": float(products["price"].to_numpy()[row]), **evidence}
    proposal = "Correct the price; a point, a comma or a currency may be misplaced."
    return Finding(
        "price", what, (cell(products, row, "sku"),), 0.7, score, column="price", evidence=evidence, proposal=proposal
    )


def _unit_conflicts(subject: Subject) -> Iterator[Finding]:
    """Attributes that tell another amount than the title, in columns that otherwise tell the same."""
    products = subject.catalog.products
    in_title = _amounts(products["title"], "")
    for column in subject.catalog.attributes:
        unit = _UNIT.search(column)
        in_cell = _amounts(products[column], unit[1] if unit else "")
        for dimension in range(len(DIMENSIONS)):
            pairs = {
                row: (told[dimension], written[dimension])
                for row, (told, written) in enumerate(zip(in_title, in_cell, strict=True))
                if dimension in told and dimension in written
            }
            apart = [row for row, amounts in pairs.items() if not _share_an_amount(*amounts)]
            agree = (len(pairs) - len(apart) + 1) / (len(pairs) + 1)
            if len(pairs) >= MEMBERS / 2 and agree >= AGREE:
                for row in apart:
                    yield _unit_finding(subject, row, column, BASES[dimension], pairs[row], agree)


def _unit_finding(
    subject: Subject, row: int, column: str, base: str, amounts: tuple[Amounts, Amounts], agree: float
) -> Finding:
    products = subject.catalog.products
    told, written = (", ".join(f"{amount:g} {base}" for amount in own) for own in amounts)
    what = (
        f"{cell(products, row, 'sku')}: the title {quoted(cell(products, row, 'title'))} says {told}, "
        f"its {column} {quoted(cell(products, row, column), 30)} is {written}."
    )
    return Finding(
        "unit conflict", what, (cell(products, row, "sku"),), 0.6, min(agree, 0.98), column=column,
        evidence={"title": told, column: written, "usually agree": round(agree, 3)},
        proposal="Find out which is right and correct the other.",
    )  # fmt: skip


def _amounts(texts: "pd.Series[str]", unit: str) -> list[dict[int, Amounts]]:
    """The amounts of each text by dimension; a bare number has the unit of its column."""
    known: dict[str, dict[int, Amounts]] = {}
    for text in texts.unique():
        own = known[text] = {}
        readable = "" if is_structured(text) else f"{text} {unit}" if _BARE.fullmatch(text) else text
        for dimension, amount in find_quantities(readable):
            own[dimension] = (*own.get(dimension, ()), amount)
    return [known[text] for text in texts]


def _share_an_amount(some: Amounts, others: Amounts) -> bool:
    """Whether any two amounts differ by rounding only."""
    return any(abs(a - b) <= 0.05 * max(a, b) for a in some for b in others)


def _contradictions(subject: Subject) -> Iterator[Finding]:
    """Titles that name another brand or colour than the field."""
    products = subject.catalog.products
    columns = ["brand", *(name for name in subject.catalog.attributes if _COLOUR.search(name))]
    for column in columns:
        for found in contradictions(products["title"].tolist(), products[column].tolist(), AGREE):
            yield _contradiction_finding(subject, column, found)


def _contradiction_finding(subject: Subject, column: str, found: Contradiction) -> Finding:
    products = subject.catalog.products
    sku, own = cell(products, found.row, "sku"), cell(products, found.row, column)
    what = (
        f"{sku}: the title {quoted(cell(products, found.row, 'title'))} names the {column} {quoted(found.named)}, "
        f"the field says {quoted(own)}."
    )
    return Finding(
        "contradiction", what, (sku,), 0.5, found.score, column=column,
        evidence={"named": found.named, "field": own}, proposal="Find out which is right and correct the other.",
    )  # fmt: skip


def _currencies(subject: Subject) -> Iterator[Finding]:
    """One finding if a few products have another currency than the rest, or none."""
    products = subject.catalog.products
    count = Counter(
        code for code, price in zip(products["currency"], products["price"], strict=True) if code and price == price
    )
    if len(count) < 2:
        return
    usual, n = count.most_common(1)[0]
    others = products["sku"][~products["currency"].isin(["", usual])]
    seen = ", ".join(f"{code} ({times:,})" for code, times in count.most_common())
    yield Finding(
        "currency", f"Prices are in {len(count)} currencies: {seen}.", tuple(others), 0.6, n / count.total(),
        column="currency", evidence=dict(count), proposal=f"Convert all prices into {usual}, or split the catalog.",
    )  # fmt: skip
