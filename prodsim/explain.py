"""Why a product was found: its score taken apart into parts, words and plain sentences."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog
from prodsim.lexical import LexicalIndex, identifiers, runs
from prodsim.search import Query, SearchEngine
from prodsim.similarity import Weights
from prodsim.text import words
from prodsim.traits import BASES, find_quantities, fold_brand

Product: TypeAlias = "pd.Series[Any]"
UNKNOWN = "not given on both sides, so it counts neither way"
MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class PartReason:
    """One part of a score.

    Attributes:
        name: the part.
        share: its share of all weights used, in [0, 1]; 0 for an exact match, which comes on top.
        closeness: how close the two are in this part before weighting; ``contribution`` is share times closeness.
        contribution: what it adds to the score.
        told: one sentence with the values.
    """

    name: str
    share: float
    closeness: float
    contribution: float
    told: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a product has its score.

    Attributes:
        sku, score: the product, and what a search gives it.
        parts: largest contribution first; the contributions add up to the score.
        pieces: the product's text in pieces, each with what its spelling in common adds to the score by the part
            *words*. For products as the query they add up to that part; for a text, whole words in common add the rest.
    """

    sku: str
    score: float
    parts: tuple[PartReason, ...]
    pieces: tuple[tuple[str, float], ...]


def explain(
    engine: SearchEngine,
    catalog: Catalog,
    text_of: Callable[[int], str],
    query: Query,
    sku: str,
    weights: Weights | None = None,
) -> Explanation:
    """Take apart the score that ``engine.search`` gives a product.

    Args:
        engine: of the catalog.
        catalog: the products.
        text_of: a product's text as it was indexed, by row.
        query: what was searched by.
        sku: the product found.
        weights: as in the search.

    Raises:
        QueryError: the query is empty or names an unknown SKU.
    """
    weights = weights or engine.weights
    added = engine.parts_of(query, sku, weights)
    used = {name: weight for name, weight in weights.as_dict().items() if name in added}
    whole = sum(used.values())
    row = engine.lookup.row(sku)
    tell = _teller(catalog, text_of, query, row, engine)
    reasons = []
    for name, contribution in sorted(added.items(), key=lambda part: -part[1]):
        share = used.get(name, 0.0) / whole if whole else 0.0
        closeness = contribution / share if share else contribution
        reasons.append(PartReason(name, share, closeness, contribution, tell(name, closeness)))
    pieces = _pieces(engine.comparer.lexical, engine, query, row, text_of(row))
    share = used.get("words", 0.0) / whole if whole else 0.0
    told = tuple((piece, float(amount) * share) for piece, amount in pieces)
    return Explanation(sku, sum(added.values()), tuple(reasons), told)


def _pieces(
    lexical: LexicalIndex, engine: SearchEngine, query: Query, row: int, text: str
) -> list[tuple[str, np.float32]]:
    """The pieces of the product's text with what each adds to *words*, as ``Wish.parts`` averages several wishes."""
    cut = runs(text)
    liked, typed = engine.lookup.wanted(query)
    wished = [lexical.product_gram_shares(own, row, cut) for own in liked]
    if typed:
        wished.append(lexical.text_gram_shares(typed, row, cut) * np.float32(2 / 3))
    total = np.mean(wished, axis=0)
    if query.unlike:
        away = [lexical.product_gram_shares(engine.lookup.row(sku), row, cut) for sku in query.unlike]
        total = total - np.mean(away, axis=0) / 2
    return list(zip(cut, total, strict=True))


def _teller(
    catalog: Catalog, text_of: Callable[[int], str], query: Query, row: int, engine: SearchEngine
) -> Callable[[str, float], str]:
    """Sentences on each part: with both products' values when the query is one product, else with the closeness."""
    found = catalog.products.iloc[row]
    rows, typed = engine.lookup.wanted(query)
    if len(rows) + bool(typed) != 1 or query.unlike:
        return lambda name, closeness: f"{closeness:+.2f}, on the mean of all that was asked for"
    own = catalog.products.iloc[rows[0]] if rows else None
    own_text, text = text_of(rows[0]) if rows else typed, text_of(row)

    def tell(name: str, closeness: float) -> str:
        if name == "meaning":
            return f"the encoder puts the texts {closeness:.2f} of 1 close"
        if name == "words":
            return _listed("in common", [w for w in dict.fromkeys(words(text)) if w in set(words(own_text))])
        if name == "identifiers":
            return _listed("same", [i for i in dict.fromkeys(identifiers(text)) if i in set(identifiers(own_text))])
        if name == "quantities":
            return _quantities(typed if own is None else own["title"], found["title"])
        if name == "exact match" or own is None:
            return "it is what the search names" if closeness else "it is not what the search names"
        if name == "attributes":
            return _attributes(own, found, engine.comparer.traits.names)
        return _TELL[name](own, found)

    return tell


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
