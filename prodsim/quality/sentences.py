"""Products, texts and amounts as the sentences of findings show them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from prodsim.phrases import Text, phrase

FIELD_NAMES: Mapping[str, Text] = {
    "title": Text("title"), "description": Text("description"), "brand": Text("brand"), "category": Text("category"),
    "price": Text("price"), "currency": Text("currency"), "image": Text("image"), "url": Text("url"),
    "gtin": Text("gtin"), "mpn": Text("mpn"), "availability": Text("availability"), "group_id": Text("group_id"),
}  # fmt: skip
MAX_QUOTED = 60
"""Characters of a text that a sentence quotes."""


def cell_text(products: pd.DataFrame, row: int, column: str) -> str:
    """Return a product's field or attribute as a text."""
    return str(products[column].iat[row])


def name_column(column: str) -> str:
    """Return what a sentence calls a field of every catalog; a column of the catalog's own as it is."""
    return FIELD_NAMES[column]() if column in FIELD_NAMES else column


def quote(text: str, length: int = MAX_QUOTED, marks: str = "“”") -> str:
    """Put a text between the two quotation marks, cut to a length with "…" at its end."""
    shown = text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
    return f"{marks[0]}{shown}{marks[1]}"


def format_amount(amount: float) -> str:
    """Format an amount of money: *12.50*, *1,595*."""
    return f"{amount:,.0f}" if amount >= 1_000 else f"{amount:,.2f}"


def name_products(skus: Sequence[str]) -> str:
    """Name products in few words: *P1*, *P1 and P2*, *P1 and 12 others*."""
    if len(skus) > 2:
        return phrase("{sku} and {n:,} others", sku=skus[0], n=len(skus) - 1)
    return phrase("{first} and {second}", first=skus[0], second=skus[1]) if len(skus) == 2 else skus[0]


def name_category(category: str) -> str:
    """Return a category's path in quotation marks, or words for the whole catalog where a product has none."""
    return phrase('"{category}"', category=category) if category else phrase("the catalog")
