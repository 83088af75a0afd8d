"""A sentence on each part of a score, with the values of both products."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog, comparable_gtin
from prodsim.catalog.category_paths import levels_of, path_of
from prodsim.lexical import identifiers
from prodsim.look import common_colours
from prodsim.phrases import BY_SEMICOLONS, Text, joined, retold
from prodsim.search import BOOST, Comparer, Query, Reading, SearchEngine
from prodsim.text import words
from prodsim.traits import BASES, find_numbers, find_quantities, fold_brand

Product: TypeAlias = "pd.Series[Any]"
PartSentence: TypeAlias = Callable[[str, float], str]
"""(part, closeness before weighting) -> a sentence."""
MAX_LISTED_VALUES = 6
"""Words or identifiers that a sentence lists; of more it says how many."""
CROWDED_FROM = 0.2
"""Excess crowding from which a sentence says so: it takes 0.06 off the closeness in words."""
MODEL_PARTS = ("meaning", "description", "look", "reranker")
"""Parts that a model computes, without values to show."""

SIMILAR = Text("{share:.0%} similar")
ALIKE = Text("{share:.0%} similar: shapes and patterns {shapes:.0%}, colours {colours:.0%}")
COMMON_COLOURS = Text("both show {colours}")
FITTING = Text("each picture fits the other product’s text {fit:.0%}")
PICTURED = Text("the picture shows {share:.0%} of what the text says")
CLOSEST = Text("picture {own} of the query and picture {other} of this product are the most alike")
MEAN = Text("{closeness:+.2f} on average over the texts and products of the query")
BY_RULE = Text("added by a rule")
NO_PICTURE = Text(
    "this product has no picture, so what is usual for products this close in meaning is counted: {share:.0%}"
)
QUERY_WITHOUT_PICTURE = Text("the query has no picture; the other parts share the weight of the look")
UNKNOWN = Text("not known for both products, so it does not count")
NAMED = Text("named by the query")
NOT_NAMED = Text("not named by the query")
COMMON = Text("{values} in common")
COMMON_AND_MORE = Text("{values} and {n:,} more in common")
NONE_COMMON = Text("none in common")
CROWDED = Text("{common}, though others around them share as much")
READ_AS = Text("“{written}” was read as “{instead}” ({source})")
RARE_WORD = Text("no model number in common; “{word}” is the rarest word that both have")
AGAINST = Text("{common}; {own} against {other}")
BOTH = Text("both {value}")
TWO_VALUES = Text("{own} vs. {other}")
SAME_CATEGORY = Text("both in {category}")
SAME_DOWN_TO = Text("the same down to {category}")
SAME_PRICE = Text("the same: {price:,.2f}")
HIGHER_PRICE = Text("{share:.0%} higher: {price:,.2f} vs. {own:,.2f}")
LOWER_PRICE = Text("{share:.0%} lower: {price:,.2f} vs. {own:,.2f}")
SAME_ATTRIBUTES = Text("the same: {same}")
OTHER_ATTRIBUTES = Text("different: {different}")
SAME_AND_OTHER_ATTRIBUTES = Text("the same: {same}; different: {different}")
ATTRIBUTE = Text("{name} {value}")
TWO_ATTRIBUTES = Text("{name} {own} vs. {other}")
VALUES_AND_MORE = Text("{values} and {n:,} more")


def part_sentences(
    engine: SearchEngine, catalog: Catalog, text_of: Callable[[int], str], query: Query, row: int
) -> PartSentence:
    """Return a function that words each part of a score: by both products' values for one product, else closeness."""
    product = catalog.products.iloc[row]
    rows, typed = engine.lookup.resolve(query)
    if len(rows) + bool(typed or query.picture) != 1 or query.unlike:
        return lambda name, closeness: BY_RULE() if name.startswith(BOOST) else MEAN(closeness=closeness)
    own = catalog.products.iloc[rows[0]] if rows else None
    own_text, text = text_of(rows[0]) if rows else typed, text_of(row)

    def sentence(name: str, closeness: float) -> str:
        if name.startswith(BOOST):
            return BY_RULE()
        if name in MODEL_PARTS:
            seen = query.picture or (rows[0] if rows else typed)
            return _look(engine.comparer, seen, row, closeness) if name == "look" else SIMILAR(share=closeness)
        if name == "words":
            return _words(engine.comparer, rows[0] if rows else typed, row, own_text, text)
        if name == "identifiers":
            rarest = "" if own is None else engine.comparer.lexical.rarest_word(own_text, text)
            return _identifiers(own, own_text, product, text, rarest)
        if name == "quantities":
            return _quantities(typed if own is None else own["title"], product["title"])
        if name == "exact match" or own is None:
            return NAMED() if closeness else NOT_NAMED()
        if name == "attributes":
            return _attributes(own, product, engine.comparer.traits.names)
        return _FIELD_SENTENCES[name](own, product)

    return sentence


def _words(comparer: Comparer, query: str | int, row: int, own_text: str, text: str) -> str:
    """Say which words a product has in common with a text, as it was read, or with another product."""
    reading = comparer.closest_reading(query, row) if isinstance(query, str) else Reading(own_text)
    own = set(words(reading.text))
    common = _in_common([word for word in dict.fromkeys(words(text)) if word in own])
    if isinstance(query, int) and _is_crowded(comparer, query, row):
        return CROWDED(common=common)
    return joined(
        (
            common,
            *(READ_AS(written=one.written, instead=one.instead, source=retold(one.source)) for one in reading.replaced),
        ),
        BY_SEMICOLONS,
    )


def _look(comparer: Comparer, query: bytes | int | str, row: int, closeness: float) -> str:
    """Word how alike a picture's file, a product, or what a text speaks of, and a product look."""
    if isinstance(query, str):
        return PICTURED(share=closeness)
    look = comparer.look
    looks = comparer.looks_of(query) if isinstance(query, bytes) else comparer.product_looks(query)
    if look is None or looks is None:
        return QUERY_WITHOUT_PICTURE()
    if not look.has_pictures[row]:
        return NO_PICTURE(share=closeness)
    shapes, colours = (max(share, 0.0) for share in look.shares(looks, row))  # below 0: less alike than most
    reasons = [ALIKE(share=closeness, shapes=shapes, colours=colours)]
    own, other = look.closest_pictures(looks, row)
    if not isinstance(query, bytes):
        pictures = look.pictures_of(query)[own], look.pictures_of(row)[other]
        if names := common_colours(*(look.colours[picture] for picture in pictures)):
            reasons.append(COMMON_COLOURS(colours=joined(names)))
        if comparer.depictions is not None:
            fit = float(comparer.depictions.fits(query, np.array([row]), comparer.index)[0])
            reasons.append(FITTING(fit=fit))
    if len(looks) > 1 or len(look.pictures_of(row)) > 1:
        reasons.append(CLOSEST(own=own + 1, other=other + 1))
    return joined(reasons, BY_SEMICOLONS)


def _identifying(text: str, product: Product) -> str:
    """Return all of a product that its identifiers are read from."""
    gtin = comparable_gtin(product["gtin"]) or product["gtin"]
    return f"{text} {gtin} {product['mpn']} {product['description']}"


def _identifiers(own: "Product | None", own_text: str, product: Product, text: str, rarest: str) -> str:
    """Say which identifiers a product has in common with another or a text, else which word two products have.

    Of two products it also says which numbers contradict each other.
    """
    known = set(identifiers(own_text if own is None else _identifying(own_text, own)))
    shared = [
        identifier for identifier in dict.fromkeys(identifiers(_identifying(text, product))) if identifier in known
    ]
    common = _in_common(shared) if shared or not rarest else RARE_WORD(word=rarest)
    own_numbers, numbers = find_numbers(own_text), find_numbers(text)
    only_own = [written for number, written in own_numbers.items() if number not in numbers]
    only_other = [written for number, written in numbers.items() if number not in own_numbers]
    if own is None or not (only_own and only_other):
        return common
    return AGAINST(common=common, own=_listed(only_own), other=_listed(only_other))


def _category(own: Product, other: Product) -> str:
    if not own["category"] or not other["category"]:
        return UNKNOWN()
    own_levels, levels = (levels_of(product["category"].casefold()) for product in (own, other))
    if own_levels == levels:
        return SAME_CATEGORY(category=other["category"])
    shortest = min(len(own_levels), len(levels))
    pairs = zip(own_levels, levels, strict=False)
    n_common = next((depth for depth, (a, b) in enumerate(pairs) if a != b), shortest)
    if n_common:
        return SAME_DOWN_TO(category=path_of(levels_of(other["category"])[:n_common]))
    return TWO_VALUES(own=own["category"], other=other["category"])


def _brand(own: Product, other: Product) -> str:
    if not own["brand"] or not other["brand"]:
        return UNKNOWN()
    if fold_brand(own["brand"]) == fold_brand(other["brand"]):
        return BOTH(value=other["brand"])
    return TWO_VALUES(own=own["brand"], other=other["brand"])


def _price(own: Product, other: Product) -> str:
    if not (own["price"] > 0 and other["price"] > 0):
        return UNKNOWN()
    change = other["price"] / own["price"] - 1
    if math.isclose(change, 0, abs_tol=5e-4):
        return SAME_PRICE(price=other["price"])
    text = HIGHER_PRICE if change > 0 else LOWER_PRICE
    return text(share=abs(change), price=other["price"], own=own["price"])


def _attributes(own: Product, other: Product, names: Sequence[str]) -> str:
    both = [name for name in names if own[name] and other[name]]
    same = [name for name in both if own[name].casefold() == other[name].casefold()]
    different = [name for name in both if name not in same]
    same_values = _listed([ATTRIBUTE(name=name, value=other[name]) for name in same])
    values = _listed([TWO_ATTRIBUTES(name=name, own=own[name], other=other[name]) for name in different])
    if same and different:
        return SAME_AND_OTHER_ATTRIBUTES(same=same_values, different=values)
    if same:
        return SAME_ATTRIBUTES(same=same_values)
    return OTHER_ATTRIBUTES(different=values) if different else UNKNOWN()


_FIELD_SENTENCES: Mapping[str, Callable[[Product, Product], str]] = {
    "category": _category,
    "brand": _brand,
    "price": _price,
}


def _quantities(own: str, other: str) -> str:
    own_amounts, amounts = (
        ", ".join(f"{amount:,.4g} {BASES[dimension]}" for dimension, amount in find_quantities(title))
        for title in (own, other)
    )
    if not own_amounts or not amounts:
        return UNKNOWN()
    return BOTH(value=amounts) if own_amounts == amounts else TWO_VALUES(own=own_amounts, other=amounts)


def _in_common(values: Sequence[str]) -> str:
    if not values:
        return NONE_COMMON()
    shown = joined(values[:MAX_LISTED_VALUES])
    n_more = len(values) - MAX_LISTED_VALUES
    return COMMON_AND_MORE(values=shown, n=n_more) if n_more > 0 else COMMON(values=shown)


def _listed(values: Sequence[str]) -> str:
    shown = joined(values[:MAX_LISTED_VALUES])
    n_more = len(values) - MAX_LISTED_VALUES
    return VALUES_AND_MORE(values=shown, n=n_more) if n_more > 0 else shown


def _is_crowded(comparer: Comparer, row: int, other: int) -> bool:
    """Return whether two products have clearly more in common with others around them than is usual."""
    return comparer.crowding is not None and bool(comparer.crowding.excess(row, np.array([other]))[0] >= CROWDED_FROM)
