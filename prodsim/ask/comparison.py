"""Two shown products compared: which is lighter, cheaper, larger, by what they state."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from prodsim.ask import language
from prodsim.ask.measures import measures
from prodsim.ask.tables import index_of, table_pattern
from prodsim.phrases import Text

Product = Mapping[str, Any]
LOWEST = frozenset(("cheaper", "lighter", "smaller", "shorter"))
"""Comparatives that the lower amount meets."""
DIMENSIONS = {
    "lighter": ("mass",),
    "heavier": ("mass",),
    "larger": ("volume", "storage", "persons", "length"),
    "smaller": ("volume", "storage", "persons", "length"),
    "longer": ("length", "months"),
    "shorter": ("length", "months"),
    "brighter": ("light",),
    "stronger": ("power", "voltage", "charge"),
}
"""Comparative to what products may state for it, the likeliest first; prices are fields of their own."""
IS_MORE = Text("“{product}” is {quality}: {amount}; “{other}”: {other_amount}.")
IS_SAME = Text("“{product}” and “{other}” do not differ in this: {amount}.")
DO_NOT_SAY = Text("The catalog does not say of both “{product}” and “{other}” what would tell which is {quality}.")
_PLACE = re.compile("|".join(sorted(language.PLACES, key=len, reverse=True)), re.IGNORECASE)


def compared_quality(question: str) -> tuple[str, str]:
    """Return what a question asks of two products, as its key and its word; two empty texts where it does not."""
    if not table_pattern("which").search(question):
        return "", ""
    named = index_of("comparatives").find(question)
    return (named[0].keys[0], question[named[0].start : named[0].end]) if named else ("", "")


def compared_places(question: str) -> list[int]:
    """Return the places of the two products that a question points at; the first two where it points at none."""
    places = [language.PLACES[match[0].lower()] for match in _PLACE.finditer(question)]
    return list(dict.fromkeys(places))[:2] if len(set(places)) > 1 else [0, 1]


def comparison(quality: str, word: str, products: Sequence[Product]) -> tuple[str, bool]:
    """Return a sentence on which of two products is more so, and whether the catalog tells."""
    this, other = products
    amounts = _amounts(quality, products)
    if amounts is None:
        return DO_NOT_SAY(product=this["title"], other=other["title"], quality=word), False
    (amount, written), (other_amount, other_written) = amounts
    if amount == other_amount:
        return IS_SAME(product=this["title"], other=other["title"], amount=written), True
    if (amount < other_amount) != (quality in LOWEST):
        this, other, written, other_written = other, this, other_written, written
    return IS_MORE(
        product=this["title"], other=other["title"], quality=word, amount=written, other_amount=other_written
    ), True


def _amounts(quality: str, products: Sequence[Product]) -> list[tuple[float, str]] | None:
    """Return the amount of each product and how it is written; ``None`` where one does not state it."""
    if quality in ("cheaper", "dearer"):
        prices = [(float(one["price"]), f"{one['price']:,.2f} {one['currency']}".strip()) for one in products]
        return prices if all(price > 0 for price, _ in prices) else None
    for dimension in DIMENSIONS[quality]:
        stated = [_stated(one, dimension) for one in products]
        if all(one is not None for one in stated):
            return [one for one in stated if one is not None]
    return None


def _stated(product: Product, dimension: str) -> tuple[float, str] | None:
    """Return the first amount of a dimension that a product states: in its columns, its title or its description."""
    fields = [str(value) for name, value in product.items() if name not in ("title", "description")]
    for text in (*fields, product["title"], product["description"]):
        for one in measures(text):
            if one.dimension == dimension:
                return one.amount, text[one.start : one.end]
    return None
