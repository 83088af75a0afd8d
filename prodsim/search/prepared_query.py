"""A query made ready: its candidates, and what each part adds to their scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.index import Rows, Vectors
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, Text, joined, retold
from prodsim.search.comparer import Comparer
from prodsim.search.lookup import Lookup
from prodsim.search.types import Query
from prodsim.search.weights import GIVE_LOOK_WEIGHT, NO_LOOK_WEIGHT, check_comparable, total
from prodsim.similarity import Scores, Weights, contributions

UNLIKE = 0.5
"""How much a disliked product counts against the liked ones (Rocchio's gamma; Manning et al. 2008, ch. 9)."""

EXACT_MATCH = "exact match"
"""The part of products whose SKU, GTIN, MPN or brand is the query itself: it brings them near 1, so they come first."""
NAMED_GAIN = 0.95
"""How much of what a named product's score lacks to 1 is added, so that several keep their order."""


NAME_KINDS = {
    "sku": Text("SKU"),
    "gtin": Text("GTIN"),
    "mpn": Text("model number"),
    "brand": Text("brand"),
}
PRODUCT_FIRST = Text("“{text}” is a {kind}: that product comes first, then similar ones.")
BRAND_FIRST = Text("“{text}” is a {kind}: its products come first.")
NO_PICTURE = Text("The query has no picture, so the other parts share the weight of Look.")
READ_TOO = Text("Hardly any product has “{written}”; it is also read as {others} ({source}).")
QUOTED = Text("“{name}”")
NAME_EXCLUDED = Text("“{text}” is a {kind}, but the filters or the disliked products exclude it.")


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows to be scored, ascending, and how many of them each kind of index proposed; 0 when all are allowed ones."""

    rows: Rows
    from_words: int = 0
    from_meaning: int = 0
    from_look: int = 0


class PreparedQuery:
    """A query made ready: what to be close to, what to be far from, and what to leave out.

    Attributes:
        weights: of the parts.
        typed: the query's text.
        liked: rows of the products to be close to; a text that names a product is among them.
        own: rows of the products that the query gives by SKU; they are left out of the result.
        vector: of the text; see ``text_to_encode``.
        looks: of the picture, or of what the text speaks of where pictures are encoded by what reads texts, too, shape
            (1, dim); ``None`` without.
    """

    def __init__(self, comparer: Comparer, lookup: Lookup, query: Query, weights: Weights) -> None:
        lookup.check(query)
        self._comparer = comparer
        self.weights = weights
        self.liked, self._text = lookup.resolve(query)
        self._unlike = [lookup.row(sku) for sku in query.unlike]
        self.own = np.array([*map(lookup.row, query.like), *self._unlike], np.int64)
        self._matches, self._named_by = lookup.match(query.text)
        self.typed = query.text.strip()
        if query.picture and not weights.look:
            raise QueryError(NO_LOOK_WEIGHT(), GIVE_LOOK_WEIGHT())
        self.looks = comparer.looks_of(query.picture) if query.picture else self._pictured()
        self.vector = np.zeros((1, comparer.index.index.vectors.shape[1]), np.float32)

    def _pictured(self) -> Vectors | None:
        """Return the looks that the text speaks of, where they count and can be known."""
        return self._comparer.picture(self._text) if self._text and self.weights.look else None

    @property
    def text_to_encode(self) -> str:
        """Return the text whose vector must be put into ``vector``; ``""`` when none is needed."""
        needs_vector = self.weights.meaning > 0 or self.weights.description > 0
        return self._text if needs_vector else ""

    def note(self, allowed: Rows) -> str:
        """Say what becomes of a text that names products, of words that are read as others, and of lacking pictures."""
        lacking = NO_PICTURE() if self.lacks_pictures else ""
        return joined(filter(None, (self._note_on_name(allowed), *self._read_too(), lacking)), SENTENCE_AFTER_SENTENCE)

    def _read_too(self) -> Iterator[str]:
        """Yield a sentence for each word of the text that is read as others too."""
        others: dict[tuple[str, str], list[str]] = {}
        for reading in self._comparer.readings_of(self._text) if self._text else ():
            for one in reading.replaced:
                names = others.setdefault((one.written, one.source), [])
                names += [one.instead] if one.instead not in names else []
        for (written, source), names in others.items():
            yield READ_TOO(written=written, others=joined([QUOTED(name=name) for name in names]), source=retold(source))

    @property
    def lacks_pictures(self) -> bool:
        """Return whether the look has a weight, but none of the products to be close to has a picture."""
        comparer = self._comparer
        if not (self.weights.look and self.liked and comparer.look is not None) or self.looks is not None:
            return False
        return not comparer.look.has_pictures[self.liked].any()

    def _note_on_name(self, allowed: Rows) -> str:
        if not self._named_by:
            return ""
        if not np.isin(self._matches, allowed).any():
            text = NAME_EXCLUDED
        else:
            text = BRAND_FIRST if self._named_by == "brand" else PRODUCT_FIRST
        return text(text=self.typed, kind=NAME_KINDS[self._named_by]())

    def candidates(self, n: int, allowed: Rows) -> "Candidates":
        """Propose about n allowed rows from each index, with exact matches; all allowed ones when they are few."""
        if len(allowed) <= 2 * n:
            return Candidates(allowed)
        lexical = self._comparer.lexical
        proposed = [np.empty(0, np.int64), *(lexical.product_candidates(row, n) for row in self.liked)]
        if self._text:
            readings = self._comparer.readings_of(self._text)
            proposed += [lexical.text_candidates(reading.text, n) for reading in readings]
        by_words = _kept(np.concatenate(proposed), allowed)
        by_meaning = _kept(self._near(n, allowed), allowed)
        by_look = self._alike(n, allowed)
        rows = np.unique(np.concatenate([by_words, by_meaning, by_look, _kept(self._matches, allowed)]))
        return Candidates(rows, len(by_words), len(by_meaning), len(by_look))

    def _near(self, n: int, allowed: Rows) -> Rows:
        """Propose about n allowed rows by their vectors; none when meaning does not count."""
        index = self._comparer.index
        if self.weights.meaning == 0 or not (self.liked or self._text):
            return np.empty(0, np.int64)
        everything = len(allowed) + len(self.own) == len(index)
        neighbours = index.search(self._direction(), n + len(self.own), None if everything else allowed)
        return np.asarray(neighbours.rows[0])

    def _alike(self, n: int, allowed: Rows) -> Rows:
        """Propose about n allowed rows by each picture of the query; none when the look does not count."""
        look = self._comparer.look
        if self.weights.look == 0 or look is None:
            return np.empty(0, np.int64)
        looks = [look.looks_of(row) for row in self.liked] + ([] if self.looks is None else [self.looks])
        return look.search(np.vstack(looks), n, allowed) if looks else np.empty(0, np.int64)

    @property
    def query_row(self) -> int | None:
        """Return the first product to be close to; ``None`` when there is only a text."""
        return self.liked[0] if self.liked else None

    @property
    def is_text(self) -> bool:
        """Return whether a text takes part, so that scores are those of a text."""
        return bool(self._text)

    def parts(self, rows: Rows) -> dict[str, Scores]:
        """Return what each part adds to the rows' scores."""
        comparer, weights = self._comparer, self.weights

        def of_product(row: int) -> dict[str, Scores]:
            return comparer.reranked(comparer.product_parts(row, rows), row, rows, weights)

        liked, unliked = [*map(of_product, self.liked)], [*map(of_product, self._unlike)]
        if self._text or self.looks is not None:
            liked.append(self._given_parts(rows))
        mean = _mean(liked)
        for name, part in _mean(unliked).items() if unliked else ():
            mean[name] = mean.get(name, np.float32(0)) - UNLIKE * part
        check_comparable(self.weights, mean)
        added = contributions(mean, self.weights)
        if len(self._matches):
            added[EXACT_MATCH] = np.where(self.is_named(rows), named_gain(total(added)), 0.0).astype(np.float32)
        return added

    def is_named(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which products have the query as their SKU, GTIN, MPN or brand."""
        return np.isin(rows, self._matches)

    def _given_parts(self, rows: Rows) -> dict[str, Scores]:
        """Return each part between what was typed and shown, words and a picture, and products."""
        comparer, parts = self._comparer, dict[str, Scores]()
        if self._text:
            typed = comparer.text_parts(self._text, self.vector, rows)
            parts |= comparer.reranked(typed, self._text, rows, self.weights)
        if self.looks is not None:
            parts["look"] = comparer.picture_look(self.looks, rows, self.vector if self.text_to_encode else None)
        return parts

    def _direction(self) -> Vectors:
        """Return one vector to search by: the mean of the liked ones minus half the mean of the disliked ones."""
        index = self._comparer.index
        liked = [index.vectors_of(np.array(self.liked, np.int64))] if self.liked else []
        liked += [self.vector] if self._text else []
        direction = np.vstack(liked).mean(axis=0, keepdims=True)
        if self._unlike:
            direction = direction - UNLIKE * index.vectors_of(np.array(self._unlike)).mean(axis=0, keepdims=True)
        return np.asarray(direction, np.float32)


def named_gain(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is added to the scores of products that the query names, so that they come near 1 in their order."""
    return NAMED_GAIN * np.maximum(1 - scores, 0.0)


def _kept(proposed: Rows, allowed: Rows) -> Rows:
    """Return those of the proposed rows that are allowed, ascending, each once."""
    proposed = np.unique(proposed)
    places = np.searchsorted(allowed, proposed)
    places[places == len(allowed)] = 0
    return np.asarray(proposed[allowed[places] == proposed], np.int64)


def _mean(several: Sequence[Mapping[str, Scores]]) -> dict[str, Scores]:
    """Return each part's mean; where one lacks a part, as a text has no price, it counts as unknown there: 0.

    What has no picture takes nothing from the look of the others.
    """
    mean = {}
    for name in dict.fromkeys(name for parts in several for name in parts):
        given = [parts[name] for parts in several if name in parts]
        mean[name] = np.asarray(sum(given) / np.float32(len(given if name == "look" else several)), np.float32)
    return mean
