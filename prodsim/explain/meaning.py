"""What each word adds to meaning, by leaving it out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.encoders import Vectors
from prodsim.explain.query_terms import Encode, query_terms, shares
from prodsim.explain.spans import distinct, without
from prodsim.index import ExactIndex
from prodsim.phrases import Plural, Text
from prodsim.search import Query, SearchEngine
from prodsim.similarity import Weights

MAX_SPANS = 60
"""Spans left out for an explanation, each an encoded text; of a longer text the first ones, the rest is counted."""

NO_MEANING = Text("Meaning adds nothing to this score in total, although single words add up to {total:+.3f}.")
EXPLAINED = Text("Together, the words explain {share:.0%} of Meaning (unexplained: {error:+.3f}).")
NOT_TESTED = Plural("{n:,} word at the end was not tested.", "{n:,} words at the end were not tested.")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What each word of a product's text adds to the part *meaning* by occlusion (Zeiler and Fergus 2014).

    Attributes:
        contribution: what the part adds to the score.
        words: distinct spans of the text in order, each with what is lost of the contribution when every occurrence
            of it is left out; below 0 where the text is closer without it.
        completeness_error: the contribution minus the sum over the words. Leaving out does not add up: what two words
            mean together is lost with either.
        n_left: spans beyond the first 60, which were not tested.
    """

    contribution: float
    words: tuple[tuple[str, float], ...]
    completeness_error: float
    n_left: int

    @property
    def sentence(self) -> str:
        """Say how far the words account for the part."""
        total = sum(amount for _, amount in self.words)
        if self.contribution:
            summary = EXPLAINED(share=total / self.contribution, error=self.completeness_error)
        else:
            summary = NO_MEANING(total=total)
        return f"{summary} {NOT_TESTED(self.n_left)}" if self.n_left else summary


def explain_meaning(
    engine: SearchEngine, text: str, encode: Encode, query: Query, sku: str, weights: Weights | None = None
) -> Meaning:
    """Leave out each word of a product's text and measure what meaning loses.

    Args:
        engine: of the catalog.
        text: the product's text as it was indexed.
        encode: encodes products' texts; called once.
        query: of the search.
        sku: the product to explain.
        weights: as in the search.

    Raises:
        QueryError: the query is empty or names an unknown SKU.
    """
    weights = weights or engine.weights
    added = engine.parts_of(query, sku, weights)
    if "meaning" not in added:
        return Meaning(0.0, (), 0.0, 0)
    every = distinct(text)
    words = every[:MAX_SPANS]
    vectors = encode([text, *(without(text, [word]) for word in words)])
    close = closeness(engine, query)(vectors) * shares(added, weights)["meaning"]
    lost = [float(amount) for amount in close[0] - close[1:]]
    contribution = added["meaning"]
    return Meaning(
        contribution, tuple(zip(words, lost, strict=True)), contribution - sum(lost), len(every) - len(words)
    )


def closeness(engine: SearchEngine, query: Query) -> Callable[[Vectors], NDArray[np.float32]]:
    """Return what measures how close vectors are to the query in meaning, by the engine's metric, before weighting."""
    terms = query_terms(engine, query)
    own = np.vstack([term.vectors(engine) for term in terms])
    factors = np.array([term.factor for term in terms], np.float32)

    def measure(vectors: Vectors) -> NDArray[np.float32]:
        scores = ExactIndex(vectors).scores(own, np.arange(len(vectors)), engine.comparer.metric)
        return np.asarray(factors @ scores, np.float32)

    return measure
