"""What a query asks for, as a list: each product or text with how much it counts."""

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
class Asked:
    """One of the things a query asks for.

    Attributes:
        counts: by what its closeness is multiplied; the mean over liked ones and the text minus half that over the
            disliked ones, as ``PreparedQuery.parts`` takes it.
        row: the product; ``None`` for a text.
        text: the text; ``""`` for a product.
    """

    counts: float
    row: int | None = None
    text: str = ""

    def vectors(self, engine: SearchEngine) -> Vectors:
        """Its vector, shape (1, dim); a text is encoded."""
        if self.row is None:
            return engine.encode([self.text])
        return engine.comparer.index.vectors_of(np.array([self.row]))

    def parts(self, comparer: Comparer, row: int) -> dict[str, float]:
        """Its closeness to a product in every part but a text's meaning, which takes the encoder."""
        rows = np.array([row])
        if self.row is None:
            nothing = np.zeros((1, comparer.index.index.vectors.shape[1]), np.float32)
            found = comparer.text_parts(self.text, nothing, rows)
        else:
            found = comparer.product_parts(self.row, rows)
        return {name: float(part[0]) for name, part in found.items()}


def all_asked(engine: SearchEngine, query: Query) -> list[Asked]:
    """The products and the text to be close to, then the products to be far from."""
    rows, text = engine.lookup.wanted(query)
    n = len(rows) + bool(text)
    liked = [Asked(1 / n, row) for row in rows] + ([Asked(1 / n, text=text)] if text else [])
    return liked + [Asked(-UNLIKE / len(query.unlike), engine.lookup.row(sku)) for sku in query.unlike]


def shares(added: Mapping[str, float], weights: Weights) -> dict[str, float]:
    """The share of the weights that each part of a score has, in [0, 1]; a part on top, as an exact match, has none."""
    used = {name: weight for name, weight in weights.as_dict().items() if name in added}
    whole = sum(used.values())
    return {name: weight / whole for name, weight in used.items()} if whole else {}
