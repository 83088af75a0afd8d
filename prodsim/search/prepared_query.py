"""A query made ready: its candidates, and what each part adds to their scores."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.index import FieldVectors, GroupedIndex, Metric, Rows, Vectors
from prodsim.lexical import LexicalIndex
from prodsim.search.lookup import Lookup
from prodsim.search.types import Mode, Query
from prodsim.similarity import Weights, contributions
from prodsim.traits import TraitIndex

UNLIKE = 0.5
"""How much a disliked product counts against the liked ones (Rocchio's gamma; Manning et al. 2008, ch. 9)."""

EXACT_MATCH = "exact match"
"""The part of products whose SKU, GTIN, MPN or brand is the query itself; it adds 1, so they come first."""

CHOOSE_RERANKER = "set PRODSIM_RERANKER to a cross-encoder's name or folder."

Scores = NDArray[np.float32]
Rerank: TypeAlias = Callable[[str | int, Rows], Scores]
"""Scores a text, or a product's row, against rows."""


@dataclass(frozen=True, slots=True)
class Comparer:
    """Each part between a query and products, exact, before weights.

    Attributes:
        metric: how the vectors are compared; the index proposes candidates by its own.
        descriptions: the vectors of the descriptions, once they are there.
        rerank: scores a text or a product's row against rows, in [0, 1], if a re-ranker was chosen. It takes seconds,
            so only a search that gives it a weight asks it.
    """

    index: GroupedIndex
    lexical: LexicalIndex
    traits: TraitIndex
    metric: Metric
    descriptions: FieldVectors | None = None
    rerank: Rerank | None = None

    def by(self, metric: Metric) -> Self:
        """The same, but vectors are compared by ``metric``."""
        return replace(self, metric=metric)

    def product_parts(self, row: int, rows: Rows) -> dict[str, Scores]:
        """Each part between a product and others but the re-ranker's, shape (len(rows),)."""
        return {
            **self.product_vector_parts(row, rows),
            "words": self.lexical.product_grams(row, rows),
            "identifiers": self.lexical.product_identifiers(row, rows),
            **self.traits.product_parts(row, rows),
        }

    def product_vector_parts(self, row: int, rows: Rows) -> dict[str, Scores]:
        """The parts that the metric changes, between a product and others."""
        parts = {"meaning": self._meaning(self.index.vectors_of(np.array([row])), rows)}
        if self.descriptions is not None:
            parts["description"] = self.descriptions.product_scores(row, rows, self.metric)
        return parts

    def text_vector_parts(self, vector: Vectors, rows: Rows) -> dict[str, Scores]:
        """The parts that the metric changes, between a text's vector and products."""
        parts = {"meaning": self._meaning(vector, rows)}
        if self.descriptions is not None:
            parts["description"] = self.descriptions.scores(vector, rows, self.metric)
        return parts

    def reranked(self, parts: dict[str, Scores], one: str | int, rows: Rows, weights: Weights) -> dict[str, Scores]:
        """The parts between a text, or a product's row, and rows, with the re-ranker's where it has a weight."""
        if weights.reranker > 0 and self.rerank is not None:
            return {**parts, "reranker": self.rerank(one, rows)}
        return parts

    def pair_scores(self, rows: Rows, others: Rows, weights: Weights) -> NDArray[np.float64]:
        """What a search by the product ``rows[i]`` gives ``others[i]``, shape (len(rows),); quick where rows repeat.

        Raises:
            QueryError: the weights leave nothing to compare by.
        """
        check_comparable(weights, self.parts)
        found = np.empty(len(rows), np.float64)
        for row in np.unique(rows).tolist():
            mine = np.flatnonzero(rows == row)
            parts = self.reranked(self.product_parts(row, others[mine]), row, others[mine], weights)
            found[mine] = total(contributions(parts, weights))
        return found

    def pair_parts(self, rows: Rows, others: Rows) -> dict[str, Scores]:
        """Each part between ``rows[i]`` and ``others[i]`` but the re-ranker's, shape (len(rows),); see above."""
        found: dict[str, Scores] = {}
        for row in np.unique(rows).tolist():
            mine = np.flatnonzero(rows == row)
            for name, part in self.product_parts(row, others[mine]).items():
                found.setdefault(name, np.empty(len(rows), np.float32))[mine] = part
        return found

    def text_parts(self, text: str, vector: Vectors, rows: Rows) -> dict[str, Scores]:
        """Each part between a text and products, shape (len(rows),).

        Words are two thirds character sequences and one third whole words: either alone loses on one of two labelled
        sets of queries, and a mean can still be taken apart word by word.
        """
        return {
            **self.text_vector_parts(vector, rows),
            "words": np.asarray(
                (self.lexical.text_words(text, rows) + 2 * self.lexical.text_grams(text, rows)) / 3, np.float32
            ),
            "identifiers": self.lexical.text_identifiers(text, rows),
            **self.traits.text_parts(text, rows),
        }

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that products of this catalog can be compared by."""
        described = ("description",) if self.descriptions is not None else ()
        reranked = ("reranker",) if self.rerank is not None else ()
        return ("meaning", *described, "words", "identifiers", *self.traits.parts, *reranked)

    def _meaning(self, vector: Vectors, rows: Rows) -> Scores:
        return np.asarray(self.index.scores(vector, rows, self.metric)[0], np.float32)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows to be scored, ascending, and how many of them each kind of index proposed; 0 when all are allowed ones."""

    rows: Rows
    from_words: int = 0
    from_meaning: int = 0


class PreparedQuery:
    """A query made ready: what to be close to, what to be far from, and what to leave out.

    Attributes:
        weights: of the parts.
        typed: the query's text.
        liked: rows of the products to be close to; a text that names a product is among them.
        own: rows of the products that the query names by SKU; they are left out of the answer.
        vector: of the text; see ``unread``.
    """

    def __init__(self, comparer: Comparer, lookup: Lookup, query: Query, weights: Weights) -> None:
        lookup.check(query)
        self._comparer = comparer
        self.weights = weights
        self.liked, self._text = lookup.wanted(query)
        self._unlike = [lookup.row(sku) for sku in query.unlike]
        self.own = np.array([*map(lookup.row, query.like), *self._unlike], np.int64)
        self._matches, self._named_as = lookup.match(query.text)
        self.typed = query.text.strip()
        self.vector = np.zeros((1, comparer.index.index.vectors.shape[1]), np.float32)

    @property
    def unread(self) -> str:
        """The text whose vector must be put into ``vector``; ``""`` when none is needed."""
        needs_vector = self.weights.meaning > 0 or self.weights.description > 0
        return self._text if needs_vector else ""

    def note(self, allowed: Rows) -> str:
        """What became of a text that names products; ``""`` when it names none."""
        if not self._named_as:
            return ""
        begun = f'"{self.typed}" is a {self._named_as}'
        if not np.isin(self._matches, allowed).any():
            return f"{begun}, but the filters or a dislike leave it out."
        if self._named_as == "brand":
            return f"{begun}: its products are shown first."
        return f"{begun}: it is shown first, then what is like it."

    def candidates(self, n: int, allowed: Rows) -> "Candidates":
        """About n rows from each index that are allowed, with exact matches; all allowed ones when they are few."""
        if len(allowed) <= 2 * n:
            return Candidates(allowed)
        lexical = self._comparer.lexical
        found = [lexical.product_candidates(row, n) for row in self.liked]
        if self._text:
            found.append(lexical.text_candidates(self._text, n))
        by_words = _kept(np.concatenate(found), allowed)
        by_meaning = _kept(self._near(n, allowed), allowed)
        rows = np.unique(np.concatenate([by_words, by_meaning, _kept(self._matches, allowed)]))
        return Candidates(rows, len(by_words), len(by_meaning))

    def _near(self, n: int, allowed: Rows) -> Rows:
        """About n allowed rows by their vectors; none when meaning does not count."""
        index = self._comparer.index
        if self.weights.meaning == 0:
            return np.empty(0, np.int64)
        everything = len(allowed) + len(self.own) == len(index)
        found = index.search(self._direction(), n + len(self.own), None if everything else allowed)
        return np.asarray(found.rows[0])

    @property
    def asked_by(self) -> int | None:
        """The first product to be close to; ``None`` when there is only a text."""
        return self.liked[0] if self.liked else None

    @property
    def is_text(self) -> bool:
        """Whether a text takes part, so that scores are those of a text."""
        return bool(self._text)

    def parts(self, rows: Rows) -> dict[str, Scores]:
        """What each part adds to the rows' scores."""
        comparer, weights = self._comparer, self.weights

        def of_product(row: int) -> dict[str, Scores]:
            return comparer.reranked(comparer.product_parts(row, rows), row, rows, weights)

        liked, unliked = [*map(of_product, self.liked)], [*map(of_product, self._unlike)]
        if self._text:
            parts = comparer.text_parts(self._text, self.vector, rows)
            liked.append(comparer.reranked(parts, self._text, rows, weights))
        mean = _mean(liked)
        for name, part in _mean(unliked).items() if unliked else ():
            mean[name] = mean.get(name, np.float32(0)) - UNLIKE * part
        check_comparable(self.weights, mean)
        added = contributions(mean, self.weights)
        if len(self._matches):
            added[EXACT_MATCH] = np.isin(rows, self._matches).astype(np.float32)
        return added

    def _direction(self) -> Vectors:
        """One vector to search by: the mean of the liked ones minus half the mean of the disliked ones."""
        index = self._comparer.index
        liked = [index.vectors_of(np.array(self.liked, np.int64))] if self.liked else []
        liked += [self.vector] if self._text else []
        direction = np.vstack(liked).mean(axis=0, keepdims=True)
        if self._unlike:
            direction = direction - UNLIKE * index.vectors_of(np.array(self._unlike)).mean(axis=0, keepdims=True)
        return np.asarray(direction, np.float32)


def _kept(proposed: Rows, allowed: Rows) -> Rows:
    """Those of the proposed rows that are allowed, ascending, each once."""
    proposed = np.unique(proposed)
    places = np.searchsorted(allowed, proposed)
    places[places == len(allowed)] = 0
    return np.asarray(proposed[allowed[places] == proposed], np.int64)


def lacking(weights: Weights, parts: Iterable[str]) -> tuple[str, ...]:
    """The parts that have a weight and are not among those there are, in the order of ``Weights``."""
    there = set(parts)
    return tuple(name for name, weight in weights.as_dict().items() if weight > 0 and name not in there)


def told_lacking(parts: Sequence[str]) -> str:
    """What becomes of the weights of ``lacking`` parts, in a sentence or two; ``""`` where nothing is lacking."""
    fields = [part for part in parts if part != "reranker"]
    told = [f"This catalog gives no {', '.join(fields)}; the other parts share that weight."] if fields else []
    if "reranker" in parts:
        told.append(f"No re-ranker is chosen, so its weight counts nothing; {CHOOSE_RERANKER}")
    return " ".join(told)


def check_comparable(weights: Weights, parts: Iterable[str]) -> None:
    """Raise ``QueryError`` when none of the parts there are has a weight."""
    used = [name for name, weight in weights.as_dict().items() if weight > 0]
    if not set(used) & set(parts):
        raise QueryError(
            f"The weights compare by {', '.join(used)}, of which this query or this catalog tells nothing.",
            "Give meaning, words or identifiers a weight above 0."
            + (f" For a re-ranker: {CHOOSE_RERANKER}" if "reranker" in used else ""),
        )


def of_mode(weights: Weights, mode: Mode) -> Weights:
    """The weights of the parts that a mode compares; raises ``QueryError`` when nothing is left of them."""
    if mode == "both":
        return weights
    try:
        return weights.only("meaning") if mode == "meaning" else weights.only("words", "identifiers")
    except ValueError:
        raise QueryError(
            f"The weights {weights.as_dict()} leave nothing to compare by {mode} alone.",
            "Give that part a weight above 0, or compare by both.",
        ) from None


def total(added: Mapping[str, Scores]) -> NDArray[np.float64]:
    """The scores that at least one part adds up to, in the precision that Python adds a hit's parts with."""
    return np.asarray(sum(part.astype(np.float64) for part in added.values()), np.float64)


def _mean(several: Sequence[Mapping[str, Scores]]) -> dict[str, Scores]:
    """Each part's mean; a part that one of them cannot tell, such as a text's price, counts as unknown there: 0."""
    names = dict.fromkeys(name for parts in several for name in parts)
    sums = {name: sum(parts[name] for parts in several if name in parts) for name in names}
    return {name: np.asarray(total / np.float32(len(several)), np.float32) for name, total in sums.items()}
