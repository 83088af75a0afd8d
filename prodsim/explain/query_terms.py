"""A query as a list of terms: each product or text with how much its closeness counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from prodsim.encoders import Vectors
from prodsim.search import Query, SearchEngine
from prodsim.search.comparer import Comparer
from prodsim.search.prepared_query import UNLIKE
from prodsim.similarity import Weights

Encode: TypeAlias = Callable[[Sequence[str]], Vectors]
"""Encodes texts as products of the catalog, in order."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A product or a text of a query.

    Attributes:
        factor: what its closeness is multiplied by; the mean over liked products and the text minus half that over the
            disliked ones, as ``PreparedQuery.parts`` takes it.
        row: the product; ``None`` for a text.
        text: the text; ``""`` for a product.
    """

    factor: float
    row: int | None = None
    text: str = ""

    def vectors(self, engine: SearchEngine) -> Vectors:
        """Return its vector, shape (1, dim); a text is encoded."""
        if self.row is None:
            return engine.encode([self.text])
        return engine.comparer.index.vectors_of(np.array([self.row]))

    def parts(self, comparer: Comparer, row: int) -> dict[str, float]:
        """Return its closeness to a product in every part but a text's meaning, which takes the encoder."""
        rows = np.array([row])
        if self.row is None:
            no_meaning = np.zeros((1, comparer.index.index.vectors.shape[1]), np.float32)
            parts = comparer.text_parts(self.text, no_meaning, rows)
        else:
            parts = comparer.product_parts(self.row, rows)
        return {name: float(part[0]) for name, part in parts.items()}


def query_terms(engine: SearchEngine, query: Query) -> list[QueryTerm]:
    """Return the products and the text to be close to, then the products to be far from."""
    rows, text = engine.lookup.resolve(query)
    n = len(rows) + bool(text)
    liked = [QueryTerm(1 / n, row) for row in rows] + ([QueryTerm(1 / n, text=text)] if text else [])
    return liked + [QueryTerm(-UNLIKE / len(query.unlike), engine.lookup.row(sku)) for sku in query.unlike]


def shares(added: Mapping[str, float], weights: Weights) -> dict[str, float]:
    """Return each part's share of the weights, in [0, 1]; a part on top, such as an exact match, has none."""
    used = {name: weight for name, weight in weights.as_dict().items() if name in added}
    whole = sum(used.values())
    return {name: weight / whole for name, weight in used.items()} if whole else {}
