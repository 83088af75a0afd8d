"""Each part of the similarity between a query and products."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.index import FieldVectors, GroupedIndex, Metric, Rows, Vectors
from prodsim.lexical import LexicalIndex
from prodsim.look import Depictions, ExpectedLook, LookIndex
from prodsim.phrases import Text
from prodsim.search.crowding import Crowding
from prodsim.search.readings import Reading, Readings
from prodsim.search.weights import check_comparable, total
from prodsim.similarity import Scores, Weights, contributions
from prodsim.traits import TraitIndex

NO_PICTURES = Text("No product of this catalog has a picture that can be compared.")
BUILD_WITH_PICTURES = Text(
    "Put the picture files beside the catalog, or into its zip, install prodsim[pictures], and build the catalog again."
)

Rerank: TypeAlias = Callable[[str | int, Rows], Scores]
"""Scores a text, or a product's row, against rows."""


@dataclass(frozen=True, slots=True)
class Comparer:
    """Each part between a query and products, exact, before weights.

    Attributes:
        metric: how the vectors are compared; the index proposes candidates by its own.
        descriptions: the vectors of the descriptions, once they are there.
        rerank: scores a text or a product's row against rows, in [0, 1], if a re-ranker is set up. It takes seconds,
            so only a search that gives it a weight calls it.
        look: the pictures, where any can be compared.
        expected_look: what is taken for the look of products without a picture.
        depictions: what pictures say of texts, where they say something.
        see: gives the looks of a picture's file, shape (1, dim); called by a search by picture.
        picture: gives the looks that a text speaks of, shape (1, dim); ``None`` where the pictures' encoder reads no
            texts.
        crowding: how much products have in common with their nearest others anyway, once it is measured.
        readings: reads a text with other words where the catalog lacks those that were typed; ``None`` for never.
    """

    index: GroupedIndex
    lexical: LexicalIndex
    traits: TraitIndex
    metric: Metric
    descriptions: FieldVectors | None = None
    rerank: Rerank | None = None
    look: LookIndex | None = None
    see: Callable[[bytes], Vectors] | None = None
    picture: Callable[[str], Vectors | None] = lambda text: None
    expected_look: ExpectedLook = ExpectedLook()
    crowding: Crowding | None = None
    depictions: Depictions | None = None
    readings: Readings | None = None

    def by(self, metric: Metric) -> Self:
        """Return the same, but vectors are compared by ``metric``."""
        return replace(self, metric=metric)

    def product_parts(self, row: int, rows: Rows) -> dict[str, Scores]:
        """Return each part between a product and others but the re-ranker's, shape (len(rows),)."""
        return {
            **self.product_vector_parts(row, rows),
            "words": self._words(row, rows),
            "identifiers": self.lexical.product_identifiers(row, rows),
            **self.traits.product_parts(row, rows),
            **self._product_look(row, rows),
        }

    def product_vector_parts(self, row: int, rows: Rows) -> dict[str, Scores]:
        """Return the parts that the metric changes, between a product and others."""
        parts = {"meaning": self._meaning(self.index.vectors_of(np.array([row])), rows)}
        if self.descriptions is not None:
            parts["description"] = self.descriptions.product_scores(row, rows, self.metric)
        return parts

    def text_vector_parts(self, vector: Vectors, rows: Rows) -> dict[str, Scores]:
        """Return the parts that the metric changes, between a text's vector and products."""
        parts = {"meaning": self._meaning(vector, rows)}
        if self.descriptions is not None:
            parts["description"] = self.descriptions.scores(vector, rows, self.metric)
        return parts

    def product_looks(self, row: int) -> Vectors | None:
        """Return the looks of a product's pictures, shape (n, dim); ``None`` where it has none that can be compared."""
        return self.look.looks_of(row) if self.look is not None and self.look.has_pictures[row] else None

    def _product_look(self, row: int, rows: Rows) -> dict[str, Scores]:
        """Return the part *look* between a product and others; no part where it has no picture."""
        looks = self.product_looks(row)
        if looks is None or self.look is None:
            return {}
        scores = self.look.scores(looks, rows)
        if self.depictions is not None:
            scores = self.depictions.blended(scores, self.depictions.fits(row, rows, self.index))
        return {"look": self._with_expected(scores, rows, self.index.vectors_of(np.array([row])))}

    def picture_look(self, looks: Vectors, rows: Rows, vector: Vectors | None = None) -> Scores:
        """Return the part *look* between a picture that is shown and products.

        Args:
            looks: of the picture, shape (1, dim).
            rows: of the products.
            vector: of the text beside the picture, shape (1, dim); ``None`` where there is none.
        """
        if self.look is None:
            raise QueryError(NO_PICTURES(), BUILD_WITH_PICTURES())
        return self._with_expected(self.look.scores(looks, rows), rows, vector)

    def _with_expected(self, scores: Scores, rows: Rows, vector: Vectors | None) -> Scores:
        """Return the looks with what is to be expected, by meaning, of products without a picture."""
        unknown = np.isnan(scores)
        if unknown.any():
            expected = self.expected_look
            scores[unknown] = (
                expected.mean
                if vector is None
                else expected.by_meaning(self.index.scores(vector, rows[unknown], "cosine")[0])
            )
        return scores

    def looks_of(self, picture: bytes) -> Vectors:
        """Return the looks of a picture's file, shape (1, dim).

        Raises:
            PictureError: it is no picture that can be compared.
            QueryError: no product has a picture.
        """
        if self.see is None or self.look is None:
            raise QueryError(NO_PICTURES(), BUILD_WITH_PICTURES())
        return self.see(picture)

    def reranked(self, parts: dict[str, Scores], query: str | int, rows: Rows, weights: Weights) -> dict[str, Scores]:
        """Return the parts between a text, or a product's row, and rows, with the re-ranker's where it has a weight."""
        if weights.reranker > 0 and self.rerank is not None:
            return {**parts, "reranker": self.rerank(query, rows)}
        return parts

    def pair_scores(self, rows: Rows, others: Rows, weights: Weights) -> NDArray[np.float64]:
        """Return what a search by product ``rows[i]`` gives ``others[i]``, shape (len(rows),); fast where rows repeat.

        Raises:
            QueryError: the weights leave nothing to compare by.
        """
        check_comparable(weights, self.parts)
        scores = np.empty(len(rows), np.float64)
        for row in np.unique(rows).tolist():
            own = np.flatnonzero(rows == row)
            parts = self.reranked(self.product_parts(row, others[own]), row, others[own], weights)
            scores[own] = total(contributions(parts, weights))
        return scores

    def pair_parts(self, rows: Rows, others: Rows) -> dict[str, Scores]:
        """Return each part between ``rows[i]`` and ``others[i]`` but the re-ranker's, shape (len(rows),); see above.

        A part is NaN where a search by that product would not have it, as the look of a product without a picture.
        """
        parts: dict[str, Scores] = {}
        for row in np.unique(rows).tolist():
            own = np.flatnonzero(rows == row)
            for name, part in self.product_parts(row, others[own]).items():
                parts.setdefault(name, np.full(len(rows), np.nan, np.float32))[own] = part
        return parts

    def text_parts(self, text: str, vector: Vectors, rows: Rows) -> dict[str, Scores]:
        """Return each part between a text and products, shape (len(rows),).

        Words are two thirds character sequences and one third whole words: either alone loses on one of two labelled
        sets of queries, and a mean can still be taken apart word by word. Of several readings of a text the closest
        counts, by its weight. A text without identifiers and numbers has no such part, so that what it cannot have
        takes nothing away.
        """
        lexical = self.lexical
        parts = {
            **self.text_vector_parts(vector, rows),
            "words": np.maximum.reduce([self._words_of(reading, rows) for reading in self.readings_of(text)]),
        }
        if lexical.has_identifiers(text):
            parts["identifiers"] = lexical.text_identifiers(text, rows)
        return {**parts, **self.traits.text_parts(text, rows)}

    def readings_of(self, text: str) -> tuple[Reading, ...]:
        """Return what a text may say, the text as it is first."""
        return (Reading(text),) if self.readings is None else self.readings.of(text)

    def closest_reading(self, text: str, row: int) -> Reading:
        """Return the reading of a text that counts for a product: that with most words in common, by its weight."""
        rows = np.array([row])
        return max(self.readings_of(text), key=lambda reading: float(self._words_of(reading, rows)[0]))

    def _words_of(self, reading: Reading, rows: Rows) -> Scores:
        lexical = self.lexical
        closeness = (lexical.text_words(reading.text, rows) + 2 * lexical.text_grams(reading.text, rows)) / 3
        return np.asarray(np.float32(reading.weight) * closeness, np.float32)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts that products of this catalog can be compared by."""
        described = ("description",) if self.descriptions is not None else ()
        looks = ("look",) if self.look is not None else ()
        reranked = ("reranker",) if self.rerank is not None else ()
        return ("meaning", *described, "words", "identifiers", *self.traits.parts, *looks, *reranked)

    def _words(self, row: int, rows: Rows) -> Scores:
        closeness = self.lexical.product_grams(row, rows)
        return closeness if self.crowding is None else self.crowding.scaled(closeness, row, rows)

    def _meaning(self, vector: Vectors, rows: Rows) -> Scores:
        return np.asarray(self.index.scores(vector, rows, self.metric)[0], np.float32)
