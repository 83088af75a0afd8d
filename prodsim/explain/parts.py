"""A score taken apart: parts, words and sentences."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from prodsim.catalog import Catalog
from prodsim.explain.meaning import Meaning, explain_meaning
from prodsim.explain.query_terms import Encode, query_terms, shares
from prodsim.explain.sentences import QUERY_WITHOUT_PICTURE, part_sentences
from prodsim.explain.what_if import WhatIf, what_if
from prodsim.lexical import runs
from prodsim.phrases import BY_SEMICOLONS, Text, joined
from prodsim.search import BOOST, Hit, Query, SearchEngine
from prodsim.similarity import Weights, part_name

MAX_REASONS = 3
"""Parts that a short explanation names, the largest first."""
REASON = Text("{part}: {reason}")


@dataclass(frozen=True, slots=True)
class PartReason:
    """One part of a score.

    Attributes:
        name: the part.
        share: its share of all weights used, in [0, 1]; 0 for an exact match, which comes on top.
        closeness: how close the two are in this part before weighting; ``contribution`` is share times closeness.
        contribution: what it adds to the score.
        sentence: with the values.
    """

    name: str
    share: float
    closeness: float
    contribution: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a product has its score.

    Attributes:
        sku, score: the product, and what a search gives it.
        parts: largest contribution first; the contributions add up to the score.
        spans: the product's text in spans, each with what its spelling in common adds to the score by the part
            *words*. For products as the query they add up to that part as it is before crowding scales it; for a text,
            whole words in common add the rest.
        meaning: what each word adds to the part *meaning*; ``None`` without an encoder.
        what_if: at which rank it would be if it differed; ``None`` without hits to rank it among.
    """

    sku: str
    score: float
    parts: tuple[PartReason, ...]
    spans: tuple[tuple[str, float], ...]
    meaning: Meaning | None = None
    what_if: WhatIf | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values, ready for JSON; its keys stay whatever the attributes are called."""
        facts = asdict(self)
        facts["pieces"] = facts.pop("spans")
        for part in facts["parts"]:
            part["told"] = part.pop("sentence")
        return facts


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
        query: of the search.
        sku: the product to explain.
        weights: as in the search.
        encode: encodes products' texts; without it, words are not tested for their meaning.
        hits: of the search, with or without the product; without them there is no ``what_if``, nor what rules added;
            where rules moved a hit, there is no ``what_if`` either.

    Raises:
        QueryError: the query is empty or names an unknown SKU.
    """
    weights = weights or engine.weights
    added = {**engine.parts_of(query, sku, weights), **_boosts(sku, hits or ())}
    share = shares(added, weights)
    row = engine.lookup.row(sku)
    sentence = part_sentences(engine, catalog, text_of, query, row)
    reasons = []
    for name, contribution in sorted(added.items(), key=lambda part: -part[1]):
        closeness = contribution / share[name] if share.get(name) else contribution
        reasons.append(PartReason(name, share.get(name, 0.0), closeness, contribution, sentence(name, closeness)))
    if engine.lacks_pictures(query, weights):
        reasons.append(PartReason("look", 0.0, 0.0, 0.0, QUERY_WITHOUT_PICTURE()))
    spans = _spans(engine, query, row, text_of(row), share.get("words", 0.0))
    meaning = explain_meaning(engine, text_of(row), encode, query, sku, weights) if encode else None
    changes = None
    if hits is not None and not any(hit.rules for hit in hits):  # rules place products by more than their scores
        by_word = word_amounts(spans, meaning)
        changes = what_if(engine, catalog, text_of(row), query, sku, hits, weights, by_word, encode)
    return Explanation(sku, sum(added.values()), tuple(reasons), spans, meaning, changes)


def short_explanations(
    engine: SearchEngine,
    catalog: Catalog,
    text_of: Callable[[int], str],
    query: Query,
    hits: Sequence[Hit],
    weights: Weights | None = None,
) -> list[str]:
    """Return why each hit is in the list: its three largest parts in a short sentence, in the order of the hits.

    As ``explain``, with the parts that the hits carry; needs no encoder.
    """
    weights = weights or engine.weights
    explanations = []
    for hit in hits:
        sentence, share = part_sentences(engine, catalog, text_of, query, hit.row), shares(hit.parts, weights)
        largest = sorted((-amount, name) for name, amount in hit.parts.items() if amount > 0)[:MAX_REASONS]
        reasons = (
            REASON(part=part_name(name), reason=sentence(name, -amount / (share.get(name) or 1.0)))
            for amount, name in largest
        )
        explanations.append(joined(reasons, BY_SEMICOLONS))
    return explanations


def _boosts(sku: str, hits: Sequence[Hit]) -> dict[str, float]:
    """Return what rules added to a product's score."""
    parts = next((hit.parts for hit in hits if hit.sku == sku), {})
    return {name: amount for name, amount in parts.items() if name.startswith(BOOST)}


def word_amounts(spans: Sequence[tuple[str, float]], meaning: Meaning | None) -> dict[str, float]:
    """Return what each distinct span, in lower case, adds by its spelling and its meaning, largest first."""
    total: dict[str, float] = {}
    for span, amount in (*spans, *(meaning.words if meaning else ())):
        total[span.casefold()] = total.get(span.casefold(), 0.0) + amount
    return dict(sorted(total.items(), key=lambda word: -word[1]))


def _spans(engine: SearchEngine, query: Query, row: int, text: str, share: float) -> tuple[tuple[str, float], ...]:
    """Return the spans of the product's text with what each adds to the score by *words*."""
    lexical, cut = engine.comparer.lexical, runs(text)
    total = np.zeros(len(cut))
    for term in query_terms(engine, query):
        if term.row is not None:
            total += term.factor * lexical.product_gram_shares(term.row, row, cut)
        else:  # of a text's part *words*, whole words are the other third
            reading = engine.comparer.closest_reading(term.text, row)
            total += term.factor * reading.weight * 2 / 3 * lexical.text_gram_shares(reading.text, row, cut)
    return tuple(zip(cut, (total * share).tolist(), strict=True))
