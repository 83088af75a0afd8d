"""Simple methods that the similarity of products is measured beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.encoders import Encoder
from prodsim.encoders.text_recipe import TextRecipe, compose_texts
from prodsim.lexical import LexicalIndex
from prodsim.lexical.matrix import TermMatrix
from prodsim.lexical.occurrences import Occurrences
from prodsim.lexical.terms import word_forms, word_terms
from prodsim.search.comparer import Comparer
from prodsim.similarity import Scores
from prodsim.text import text_digests, words
from prodsim.vectors import VectorStore

Parts = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Peers:
    """What simple methods would do: plain word searches, n-grams alone, encoders alone.

    Attributes:
        encoders: by the name of their column.
        vectors: of the products by each encoder, of length 1.
    """

    lexical: LexicalIndex
    tfidf: TermMatrix
    encoders: Mapping[str, Encoder]
    vectors: Mapping[str, NDArray[np.float32]]

    @classmethod
    def of(cls, catalog: Catalog, comparer: Comparer, encoders: Mapping[str, Encoder], home: Path) -> Self:
        """Index the texts' words by TF-IDF, rows of length 1, and encode the texts."""
        texts = compose_texts(catalog, TextRecipe())
        n = len(texts)

        def weigh(count: Scores, frequency: Scores, length: Scores) -> Scores:
            return np.asarray(count * (np.log((1 + n) / (1 + frequency)) + 1), np.float32)

        tokens = Occurrences.of(map(words, texts))
        tfidf = TermMatrix.build(tokens, word_forms, weigh, unit=True, max_frequency=n)
        vectors = {peer: encoded(texts, encoder, home) for peer, encoder in encoders.items()}
        return cls(comparer.lexical, tfidf, encoders, vectors)

    def encode(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of queries by each encoder."""
        return {peer: encoder.encode(texts, "query") for peer, encoder in self.encoders.items()}

    def of_row(self, row: int, rows: NDArray[np.int64]) -> Parts:
        """Characters and encoders between a product and others."""
        parts = {peer: vectors[rows] @ vectors[row] for peer, vectors in self.vectors.items()}
        return {**parts, "characters": self.lexical.product_grams(row, rows)}

    def of_product(self, row: int, title: str, rows: NDArray[np.int64]) -> Parts:
        """All of them between a product and others."""
        return {**self.of_row(row, rows), **self.of_words(title, rows)}

    def of_text(self, text: str, vector_by: Mapping[str, NDArray[np.float32]], rows: NDArray[np.int64]) -> Parts:
        """All of them between a query and products."""
        grams = self.lexical.grams
        parts = {peer: self.vectors[peer][rows] @ vector for peer, vector in vector_by.items()}
        characters = grams.score_rows(grams.dense(*self.lexical.gram_row(text)), rows)
        return {**parts, "characters": characters, **self.of_words(text, rows)}

    def of_words(self, text: str, rows: NDArray[np.int64]) -> Parts:
        """BM25 and the cosine of TF-IDF between a text and products; the text's own length is the same for all."""
        columns = self.tfidf.columns_of(word_terms(text))
        n = len(self.tfidf)
        weights = np.log((1 + n) / (1 + self.tfidf.frequency[columns])) + 1
        query = self.tfidf.dense(columns, weights.astype(np.float32))
        return {"BM25": self.lexical.text_words(text, rows), "word TF-IDF": self.tfidf.score_rows(query, rows)}


def encoded(texts: list[str], encoder: Encoder, home: Path) -> NDArray[np.float32]:
    """The texts' vectors, kept in HOME."""
    digests = text_digests(texts)
    store = VectorStore(home / "vectors", encoder.fingerprint, encoder.dim)
    missing = store.missing(digests)
    if len(missing):
        store.append([digests[p] for p in missing], encoder.encode([texts[p] for p in missing]))
    return store.get(digests)
