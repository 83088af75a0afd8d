"""Values that are missing where they are usual."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import PRODUCT_FIELDS
from prodsim.findings import Finding
from prodsim.phrases import Plural, joined, phrase
from prodsim.quality.sentences import cell_text, name_category, name_column
from prodsim.quality.statistics import MIN_MEMBERS, is_shared_by_many
from prodsim.quality.subject import Level, Subject

MIN_FILLED: Mapping[Level, float] = {"strict": 0.99, "usual": 0.95, "loose": 0.85}
"""Share of a category that has a value, from which a product without one lacks it."""
MAX_SHARE = 0.99
"""What that share counts as at most: that no other product lacks a value is no proof that this one must have it."""
SEVERITY = {"brand": 0.6, "price": 0.7, "description": 0.5, "category": 0.6}
"""Severity of a missing field."""
OTHER_SEVERITY = 0.2
"""Of the other fields and of attributes, which are cosmetic."""
REPORTED_BY_READING = {"price": "unreadable price", "gtin": "invalid gtin"}
"""A field whose cell could not be read, and the finding that reading made of it."""

LACKS = Plural(
    "{sku} has no {columns}; at least {share:.0%} of the products in {category} have one.",
    "{sku} lacks {n} values: {columns}. At least {share:.0%} of the products in {category} have them.",
)


def missing_where_usual(subject: Subject, column: str) -> NDArray[np.float64]:
    """Return for each product that lacks a value the share of its category that has one; NaN where that is unusual.

    A category of fewer than ``MIN_MEMBERS`` products counts as the whole catalog.
    """
    products = subject.catalog.products
    values = products[column]
    filled = pd.Series(values.notna().to_numpy() & (values.astype(str) != "").to_numpy())
    size = filled.groupby(products["category"].to_numpy()).transform("size")
    n_filled = filled.groupby(products["category"].to_numpy()).transform("sum")
    is_large = (size >= MIN_MEMBERS) & (products["category"] != "").to_numpy()
    # Of ten products one may lack a value by right of chance: the faulty one itself does not count.
    share = np.where(is_large, n_filled / (size - 1).clip(lower=1), filled.sum() / max(len(filled) - 1, 1))
    is_usual = (share >= MIN_FILLED[subject.level]) & (len(filled) > MIN_MEMBERS) & ~filled.to_numpy()
    return np.where(is_usual, np.minimum(share, MAX_SHARE), np.nan)


def find_missing(subject: Subject) -> Iterator[Finding]:
    """Yield a finding per product for all that it lacks.

    A field that hundreds of products lack, or an attribute that ten lack, is a single finding.
    """
    products = subject.catalog.products
    lacking: dict[int, dict[str, float]] = defaultdict(dict)
    for column in [
        name for name in PRODUCT_FIELDS if name not in ("sku", "title", "image")
    ] + subject.catalog.attributes:
        shares = _rows_lacking(subject, column)
        is_attribute_of_many = column not in PRODUCT_FIELDS and len(shares) >= MIN_MEMBERS
        if is_attribute_of_many or is_shared_by_many(len(shares), subject.catalog):
            yield _finding_of_many(products["sku"].iloc[[*shares]].tolist(), column, float(np.mean([*shares.values()])))
        else:
            for row, share in shares.items():
                lacking[row][column] = share
    for row, share_of in sorted(lacking.items()):
        yield _finding_of_one(products, row, share_of)


def _rows_lacking(subject: Subject, column: str) -> dict[int, float]:
    """Return the rows that lack a value and the share of their category that has one, but those reading reported."""
    share = missing_where_usual(subject, column)
    kind = REPORTED_BY_READING.get(column)
    reported = {sku for finding in subject.catalog.findings if finding.kind == kind for sku in finding.skus}
    skus = subject.catalog.products["sku"]
    return {
        row: float(share[row]) for row in np.flatnonzero(~np.isnan(share)).tolist() if skus.iat[row] not in reported
    }


def _finding_of_many(skus: Sequence[str], column: str, share: float) -> Finding:
    """Make the one finding of a value that many products lack."""
    what = phrase(
        "{n:,} products have no {column}; {share:.0%} of the products in their categories have one.",
        n=len(skus), column=name_column(column), share=share,
    )  # fmt: skip
    return _finding(what, tuple(skus), {column: share})


def _finding_of_one(products: pd.DataFrame, row: int, share_of: Mapping[str, float]) -> Finding:
    """Make the finding of all that a product lacks."""
    sku = cell_text(products, row, "sku")
    what = LACKS(
        len(share_of),
        sku=sku,
        columns=joined(map(name_column, share_of)),
        share=min(share_of.values()),
        category=name_category(cell_text(products, row, "category")),
    )
    return _finding(what, (sku,), share_of)


def _finding(what: str, skus: tuple[str, ...], share_of: Mapping[str, float]) -> Finding:
    """Make a finding, as severe as its most important column and as sure as its most usual one."""
    severity = max(SEVERITY.get(column, OTHER_SEVERITY) for column in share_of)
    # A misfiled product lacks its new category's attributes by right.
    score = max(share if column in PRODUCT_FIELDS else 0.8 * share for column, share in share_of.items())
    return Finding(
        "missing field", what, skus, severity, score, column=next(iter(share_of)),
        evidence={"usual share": {column: round(share, 3) for column, share in share_of.items()}},
        proposal=phrase("Fill in {columns}.", columns=joined(map(name_column, share_of))),
    )  # fmt: skip
