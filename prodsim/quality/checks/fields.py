"""Faults of single fields: missing, constant, out of range, in contradiction."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import FIELDS
from prodsim.findings import Finding
from prodsim.progress import Progress
from prodsim.quality.fields.prices import find_prices
from prodsim.quality.fields.title_conflicts import find_contradictions, find_unit_conflicts
from prodsim.quality.statistics import EVERYTHING, MEMBERS, cell, is_shared_by_many, quoted, surest_first
from prodsim.quality.subject import Subject

FILLED = {"strict": 0.99, "usual": 0.95, "loose": 0.85}
"""Share of a category that has a value, from which on one without is missing."""
WEIGHT = {"brand": 0.6, "price": 0.7, "description": 0.5, "category": 0.6}
"""Severity of a missing field; others are cosmetic."""
REPORTED = {"price": "unreadable price", "gtin": "invalid gtin"}
"""A field whose cell could not be read, and the finding that reading made of it."""


def check_fields(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """All faults of fields, surest first; one finding for a fault that hundreds of products share."""
    found: list[Finding] = []
    for find in FINDERS:
        found += find(subject)
        progress.advance(len(subject.catalog) // len(FINDERS))
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
    """One finding per product for all that it lacks; a field that hundreds lack, or an attribute ten, is told once."""
    products = subject.catalog.products
    lacking: dict[int, dict[str, float]] = defaultdict(dict)
    for column in [name for name in FIELDS if name not in ("sku", "title", "image")] + subject.catalog.attributes:
        shares = _shares(subject, column)
        of_column = column not in FIELDS and len(shares) >= MEMBERS
        if of_column or is_shared_by_many(len(shares), subject.catalog):
            usual = float(np.mean([*shares.values()]))
            what = f"{len(shares):,} products lack the {column} that {usual:.0%} of their categories have."
            yield _missing_finding(what, tuple(products["sku"].iloc[[*shares]]), {column: usual})
        else:
            for row, share in shares.items():
                lacking[row][column] = share
    for row, of in sorted(lacking.items()):
        sku, where = cell(products, row, "sku"), cell(products, row, "category") or EVERYTHING
        them = "it" if len(of) == 1 else "them"
        what = f"{sku} lacks {', '.join(of)}; at least {min(of.values()):.0%} of {where} have {them}."
        yield _missing_finding(what, (sku,), of)


def _shares(subject: Subject, column: str) -> dict[int, float]:
    """The rows that lack a value, and the share of their category that has one; not those that reading told of."""
    share = missing_where_usual(subject, column)
    said = {sku for found in subject.catalog.findings if found.kind == REPORTED.get(column) for sku in found.skus}
    skus = subject.catalog.products["sku"]
    return {row: float(share[row]) for row in np.flatnonzero(~np.isnan(share)).tolist() if skus.iat[row] not in said}


def _missing_finding(what: str, skus: tuple[str, ...], lacking: Mapping[str, float]) -> Finding:
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


FINDERS = (_missing, _constant, find_prices, find_unit_conflicts, find_contradictions, _currencies)
"""All faults of fields. To add one: a function and a place here."""
