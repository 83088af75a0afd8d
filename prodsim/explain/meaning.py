"""What each word adds to meaning, by leaving it out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.encoders import Vectors
from prodsim.explain.query_terms import Encode, all_asked, shares
from prodsim.explain.spans import distinct, without
from prodsim.index import ExactIndex
from prodsim.search import Query, SearchEngine
from prodsim.similarity import Weights

MOST_PIECES = 60
"""Texts encoded for one explanation; of a longer text the first pieces are left out one by one, and it is said."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What each word of a product's text adds to the part *meaning* by occlusion (Zeiler and Fergus 2014).

    Attributes:
        contribution: what the part adds to the score.
        words: distinct pieces of the text in order, each with what is lost of the contribution when every occurrence
            of it is left out; below 0 where the text is closer without it.
        completeness_error: the contribution minus the sum over the words. Leaving out does not add up: what two words
            mean together is lost with either.
        n_left: pieces beyond the first 60, which were not looked at.
    """

    contribution: float
    words: tuple[tuple[str, float], ...]
    completeness_error: float
    n_left: int

    @property
    def told(self) -> str:
        """How far the words account for the part, in a sentence."""
        total = sum(amount for _, amount in self.words)
        more = f"; {self.n_left} further words were not looked at" if self.n_left else ""
        if not self.contribution:
            return f"Meaning adds nothing here; the words together account for {total:+.3f}{more}."
        share = f"{total / self.contribution:.0%} of meaning"
        return f"The words together account for {share} (completeness error {self.completeness_error:+.3f}){more}."


def explain_meaning(
    engine: SearchEngine, text: str, encode: Encode, query: Query, sku: str, weights: Weights | None = None
) -> Meaning:
    """Leave out each word of a product's text and see what meaning loses.

    Args:
        engine: of the catalog.
        text: the product's text as it was indexed.
        encode: encodes products' texts; called once.
        query: what was searched by.
        sku: the product found.
        weights: as in the search.

    Raises:
        QueryError: the query is empty or names an unknown SKU.
    """
    weights = weights or engine.weights
    added = engine.parts_of(query, sku, weights)
    if "meaning" not in added:
        return Meaning(0.0, (), 0.0, 0)
    every = distinct(text)
    words = every[:MOST_PIECES]
    vectors = encode([text, *(without(text, [word]) for word in words)])
    close = closeness(engine, query)(vectors) * shares(added, weights)["meaning"]
    lost = [float(amount) for amount in close[0] - close[1:]]
    contribution = added["meaning"]
    return Meaning(
        contribution, tuple(zip(words, lost, strict=True)), contribution - sum(lost), len(every) - len(words)
    )


def closeness(engine: SearchEngine, query: Query) -> Callable[[Vectors], NDArray[np.float32]]:
    """How close in meaning vectors are to what is asked for, by the engine's metric, before weighting; shape (n,)."""
    asked = all_asked(engine, query)
    own = np.vstack([one.vectors(engine) for one in asked])
    counts = np.array([one.counts for one in asked], np.float32)

    def of(vectors: Vectors) -> NDArray[np.float32]:
        scores = ExactIndex(vectors).scores(own, np.arange(len(vectors)), engine.comparer.metric)
        return np.asarray(counts @ scores, np.float32)

    return of
