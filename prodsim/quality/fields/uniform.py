"""Columns that hold one value throughout, and a currency that is not the others'."""

from collections import Counter
from collections.abc import Iterator

from prodsim.catalog import PRODUCT_FIELDS
from prodsim.findings import Finding
from prodsim.phrases import phrase
from prodsim.quality.sentences import name_column, quote
from prodsim.quality.subject import Subject

MIN_VALUES = 20
"""Values that a column must have, in half of the products at least, to be called constant."""


def find_constant_columns(subject: Subject) -> Iterator[Finding]:
    """Yield columns that have the same value for every product; a currency, a brand or a category may."""
    products = subject.catalog.products
    for column in ("description", "price", "image", "url", "gtin", "mpn", *subject.catalog.attributes):
        values = products[column].dropna().astype(str)
        values = values[values != ""]
        if len(values) < max(MIN_VALUES, len(products) / 2) or values.nunique() != 1:
            continue
        value = values.tolist()[0]
        straight = quote(value, marks='""')
        yield Finding(
            "constant column",
            phrase(
                'All {n:,} values of “{column}” are {value}, so the column does not distinguish products.',
                n=len(values), column=name_column(column), value=quote(value),
            ),
            severity=0.6 if column in PRODUCT_FIELDS else 0.1, score=min(len(values) / 100, 0.9),
            column=column, evidence={"value": value, "products": len(values)},
            proposal=phrase("Leave the column out, or find out why its values were lost."),
            # As the sentence was worded first: decisions that people made are kept under it.
            identity=f'All {len(values):,} values of "{column}" are {straight}; it tells no product from another.',
        )  # fmt: skip


def find_currencies(subject: Subject) -> Iterator[Finding]:
    """Yield a finding if some products have another currency than most."""
    products = subject.catalog.products
    count = Counter(
        code for code, price in zip(products["currency"], products["price"], strict=True) if code and price == price
    )
    if len(count) < 2:
        return
    usual, n = count.most_common(1)[0]
    others = products["sku"][~products["currency"].isin(["", usual])]
    what = phrase(
        "Prices are in {n} currencies: {currencies}.",
        n=len(count), currencies=", ".join(f"{code} ({times:,})" for code, times in count.most_common()),
    )  # fmt: skip
    yield Finding(
        "currency", what, tuple(others), 0.6, n / count.total(), column="currency", evidence=dict(count),
        proposal=phrase("Convert all prices to {currency}, or split the catalog.", currency=usual),
    )  # fmt: skip
