"""A score taken apart: parts, words and plain sentences."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from prodsim.catalog import Catalog
from prodsim.explain.meaning import Meaning, explain_meaning
from prodsim.explain.query_terms import Encode, all_asked, shares
from prodsim.explain.sentences import teller
from prodsim.explain.what_if import WhatIf, what_if
from prodsim.lexical import runs
from prodsim.search import BOOST, Hit, Query, SearchEngine
from prodsim.similarity import Weights

MOST_IN_SHORT = 3


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
        meaning: what each word adds to the part *meaning*; ``None`` when it was not asked for.
        what_if: at which rank it would be if it differed; ``None`` when it was not asked for.
    """

    sku: str
    score: float
    parts: tuple[PartReason, ...]
    pieces: tuple[tuple[str, float], ...]
    meaning: Meaning | None = None
    what_if: WhatIf | None = None

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        return asdict(self)


def explain(
    engine: SearchEngine,
    catalog: Catalog,
    text_of: Callable[[int], str],
    query: Query,
    sku: str,
    weights: Weights | None = None,
    *,
    encode: Encode | None = None,
    hits: Sequence[Hit] | None = None,
) -> Explanation:
    """Take apart the score that ``engine.search`` gives a product.

    Args:
        engine: of the catalog.
        catalog: the products.
        text_of: a product's text as it was indexed, by row.
        query: what was searched by.
        sku: the product found.
        weights: as in the search.
        encode: encodes products' texts; without it no word's meaning is told.
        hits: of the search, with or without the product; without them no other rank is told, nor what rules added;
            where rules moved one, no other rank is told either.

    Raises:
        QueryError: the query is empty or names an unknown SKU.
    """
    weights = weights or engine.weights
    added = {**engine.parts_of(query, sku, weights), **_boosts(sku, hits or ())}
    share = shares(added, weights)
    row = engine.lookup.row(sku)
    tell = teller(engine, catalog, text_of, query, row)
    reasons = []
    for name, contribution in sorted(added.items(), key=lambda part: -part[1]):
        closeness = contribution / share[name] if share.get(name) else contribution
        reasons.append(PartReason(name, share.get(name, 0.0), closeness, contribution, tell(name, closeness)))
    pieces = _pieces(engine, query, row, text_of(row), share.get("words", 0.0))
    meaning = explain_meaning(engine, text_of(row), encode, query, sku, weights) if encode else None
    differing = None
    if hits is not None and not any(hit.rules for hit in hits):  # rules place products by more than their scores
        by_word = word_amounts(pieces, meaning)
        differing = what_if(engine, catalog, text_of(row), query, sku, hits, weights, by_word, encode)
    return Explanation(sku, sum(added.values()), tuple(reasons), pieces, meaning, differing)


def in_short(
    engine: SearchEngine,
    catalog: Catalog,
    text_of: Callable[[int], str],
    query: Query,
    hits: Sequence[Hit],
    weights: Weights | None = None,
) -> list[str]:
    """Why each hit was found, in a short sentence of its strongest three parts, in the order of the hits.

    As ``explain``, with the parts that the hits carry; asks no encoder.
    """
    weights = weights or engine.weights
    told = []
    for hit in hits:
        tell, share = teller(engine, catalog, text_of, query, hit.row), shares(hit.parts, weights)
        strongest = sorted((-amount, name) for name, amount in hit.parts.items() if amount > 0)[:MOST_IN_SHORT]
        reasons = [(name, tell(name, -amount / (share.get(name) or 1.0))) for amount, name in strongest]
        told.append("; ".join(text if name == "exact match" else f"{name} {text}" for name, text in reasons))
    return told


def _boosts(sku: str, hits: Sequence[Hit]) -> dict[str, float]:
    """What rules added to a product's score."""
    parts = next((hit.parts for hit in hits if hit.sku == sku), {})
    return {name: amount for name, amount in parts.items() if name.startswith(BOOST)}


def word_amounts(pieces: Sequence[tuple[str, float]], meaning: Meaning | None) -> dict[str, float]:
    """What each distinct piece, in lower case, adds by its spelling and its meaning, largest first."""
    total: dict[str, float] = {}
    for piece, amount in (*pieces, *(meaning.words if meaning else ())):
        total[piece.casefold()] = total.get(piece.casefold(), 0.0) + amount
    return dict(sorted(total.items(), key=lambda word: -word[1]))


def _pieces(engine: SearchEngine, query: Query, row: int, text: str, share: float) -> tuple[tuple[str, float], ...]:
    """The pieces of the product's text with what each adds to the score by *words*."""
    lexical, cut = engine.comparer.lexical, runs(text)
    total = np.zeros(len(cut))
    for asked in all_asked(engine, query):
        if asked.row is not None:
            total += asked.counts * lexical.product_gram_shares(asked.row, row, cut)
        else:  # of a text's part *words*, whole words are the other third
            total += asked.counts * 2 / 3 * lexical.text_gram_shares(asked.text, row, cut)
    return tuple(zip(cut, (total * share).tolist(), strict=True))
