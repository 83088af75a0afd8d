"""Plain sentences on each part of a score, with both products' values."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from prodsim.catalog import Catalog
from prodsim.lexical import identifiers
from prodsim.search import BOOST, Query, SearchEngine
from prodsim.text import words
from prodsim.traits import BASES, find_quantities, fold_brand

Product: TypeAlias = "pd.Series[Any]"
Tell: TypeAlias = Callable[[str, float], str]
"""(part, closeness before weighting) -> a sentence."""
UNKNOWN = "not given on both sides, so it counts neither way"
BY_RULE = "by a rule"
MOST_TOLD = 6
READ = ("meaning", "description", "reranker")
"""Parts that a model says, without values to show."""


def teller(engine: SearchEngine, catalog: Catalog, text_of: Callable[[int], str], query: Query, row: int) -> Tell:
    """Sentences on each part: with both products' values when the query is one product, else with the closeness."""
    found = catalog.products.iloc[row]
    rows, typed = engine.lookup.wanted(query)
    if len(rows) + bool(typed) != 1 or query.unlike:
        return lambda name, closeness: (
            BY_RULE if name.startswith(BOOST) else f"{closeness:+.2f}, on the mean of all that was asked for"
        )
    own = catalog.products.iloc[rows[0]] if rows else None
    own_text, text = text_of(rows[0]) if rows else typed, text_of(row)

    def tell(name: str, closeness: float) -> str:
        if name.startswith(BOOST):
            return BY_RULE
        if name in READ:
            return f"{closeness:.2f} of 1 close, as the model reads the texts"
        if name == "words":
            return _listed("in common", [w for w in dict.fromkeys(words(text)) if w in set(words(own_text))])
        if name == "identifiers":
            known = set(identifiers(own_text if own is None else _identifying(own_text, own)))
            return _listed("same", [i for i in dict.fromkeys(identifiers(_identifying(text, found))) if i in known])
        if name == "quantities":
            return _quantities(typed if own is None else own["title"], found["title"])
        if name == "exact match" or own is None:
            return "it is what the search names" if closeness else "it is not what the search names"
        if name == "attributes":
            return _attributes(own, found, engine.comparer.traits.names)
        return _TELL[name](own, found)

    return tell


def _identifying(text: str, product: Product) -> str:
    """All of a product that its identifiers are read from."""
    return f"{text} {product['gtin']} {product['mpn']} {product['description']}"


def _category(own: Product, found: Product) -> str:
    if not own["category"] or not found["category"]:
        return UNKNOWN
    mine, theirs = (product["category"].casefold().split(" > ") for product in (own, found))
    if mine == theirs:
        return f"same: {found['category']}"
    common = next(
        (i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs))
    )
    shared = " > ".join(found["category"].split(" > ")[:common])
    return f"same down to {shared}" if common else f"{own['category']} and {found['category']}"


def _brand(own: Product, found: Product) -> str:
    if not own["brand"] or not found["brand"]:
        return UNKNOWN
    is_same = fold_brand(own["brand"]) == fold_brand(found["brand"])
    return f"both {found['brand']}" if is_same else f"{own['brand']} and {found['brand']}"


def _price(own: Product, found: Product) -> str:
    if not (own["price"] > 0 and found["price"] > 0):
        return UNKNOWN
    change = found["price"] / own["price"] - 1
    if math.isclose(change, 0, abs_tol=5e-4):
        return f"the same: {found['price']:,.2f}"
    return f"{abs(change):.0%} {'higher' if change > 0 else 'lower'}: {found['price']:,.2f}, not {own['price']:,.2f}"


def _attributes(own: Product, found: Product, names: Sequence[str]) -> str:
    both = [name for name in names if own[name] and found[name]]
    same = [name for name in both if own[name].casefold() == found[name].casefold()]
    told = [f"{name} {found[name]}" for name in same]
    differ = [f"{name} {own[name]} and {found[name]}" for name in both if name not in same]
    return f"{_listed('same', told)}; {_listed('different', differ)}" if both else UNKNOWN


_TELL: Mapping[str, Callable[[Product, Product], str]] = {
    "category": _category,
    "brand": _brand,
    "price": _price,
}


def _quantities(own: str, found: str) -> str:
    told = [[f"{amount:,.4g} {BASES[place]}" for place, amount in find_quantities(text)] for text in (own, found)]
    return f"{', '.join(told[0])} and {', '.join(told[1])}" if all(told) else UNKNOWN


def _listed(what: str, values: list[str]) -> str:
    if not values:
        return f"none {what}"
    more = f" and {len(values) - MOST_TOLD} more" if len(values) > MOST_TOLD else ""
    return f"{what}: {', '.join(values[:MOST_TOLD])}{more}"
