"""Counterfactuals: the rank of a product without a word, with another brand, at another price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from prodsim.catalog import Catalog, comparable_gtin
from prodsim.explain.counterfactual import with_text, with_traits
from prodsim.explain.meaning import closeness
from prodsim.explain.query_terms import Encode, QueryTerm, query_terms, shares
from prodsim.explain.spans import without
from prodsim.phrases import Text, joined
from prodsim.search import Hit, Query, SearchEngine
from prodsim.search.comparer import Comparer
from prodsim.search.prepared_query import EXACT_MATCH, named_gain
from prodsim.similarity import Weights
from prodsim.traits import TraitIndex

MAX_WORDS = 5
"""Words that are taken away, the ones that add most."""
ROUNDING = 1e-6
"""A change that lowers the score by less is rounding."""

WITHOUT = Text("Without {words}")
WORD = Text("“{word}”")
WORDS_AND_LAST = Text("{words} and {last}")
OTHER_BRAND = Text("With another brand")
OTHER_CATEGORY = Text("In another category")
OTHER_ATTRIBUTES = Text("With other attributes")
DOUBLE_PRICE = Text("At twice the price")
HALF_PRICE = Text("At half the price")
NOT_NAMED = Text("If the query did not name this product")
SAME_RANK = Text("{change}: still rank {rank:,}, score {score:.3f}.")
LAST_RANK = Text("{change}: last of all {n_hits:,} results instead of rank {rank_now:,}, score {score:.3f}.")
OTHER_RANK = Text("{change}: rank {rank:,} instead of {rank_now:,}, score {score:.3f}.")


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A change of the product, and what would follow.

    Attributes:
        change: in words, such as "Without “leather”" or "At twice the price".
        rank: among the hits, from 1; one more than there are other hits when all of them would be before it.
        score: what the search would give it.
    """

    change: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would become of a product in a search if it differed.

    Attributes:
        rank: as it is, among the hits.
        n_hits: hits, the product counted too.
        changes: those that lower the score, lowest first.
        knows_words: whether words were tested; they need the encoder where meaning counts.
    """

    rank: int
    n_hits: int
    changes: tuple[Counterfactual, ...]
    knows_words: bool

    def sentence(self, changed: Counterfactual) -> str:
        """Say what a change leads to."""
        change, rank, score = changed.change, changed.rank, changed.score
        if rank == self.rank:
            return SAME_RANK(change=change, rank=rank, score=score)
        if rank == self.n_hits:
            return LAST_RANK(change=change, n_hits=self.n_hits, rank_now=self.rank, score=score)
        return OTHER_RANK(change=change, rank=rank, rank_now=self.rank, score=score)


def what_if(
    engine: SearchEngine,
    catalog: Catalog,
    text: str,
    query: Query,
    sku: str,
    hits: Sequence[Hit],
    weights: Weights,
    by_word: Mapping[str, float],
    encode: Encode | None,
) -> WhatIf:
    """Change the product in one respect at a time, score it again, and rank it among the hits as they are.

    The five words that add most are taken away one by one, then together until all other hits are before it. Words,
    identifiers, traits and meaning of the changed product are computed as the search would, its texts' vectors by
    ``encode`` in one call; what a re-ranker says, and the vector of its description, stay as they are. A field that
    differs leaves the text as it is, although the text may name it.
    """
    row = engine.lookup.row(sku)
    others = [hit for hit in hits if hit.row != row]
    product = _Product(engine, catalog, query, row, text, engine.parts_of(query, sku, weights), weights)
    knows_words = encode is not None or "meaning" not in product.added

    def ranked(change: str, score: float) -> Counterfactual:
        return Counterfactual(change, 1 + sum((-hit.score, hit.row) < (-score, row) for hit in others), score)

    changes = [ranked(change, score) for change, score in product.by_field()]
    if knows_words:
        words = [word for word, amount in islice(by_word.items(), MAX_WORDS) if amount > ROUNDING]
        shortened = [ranked(change, score) for change, score in product.by_words(words, encode)]
        changes += _by_words(shortened, len(words), len(others) + 1)
    lower = sorted(
        (change for change in changes if change.score < product.score - ROUNDING), key=lambda change: change.score
    )
    return WhatIf(ranked("", product.score).rank, len(others) + 1, tuple(lower), knows_words)


def _by_words(changes: list[Counterfactual], n_single: int, last: int) -> list[Counterfactual]:
    """Return the single words, and the fewest together that put the product last, if no single one does."""
    single, together = changes[:n_single], changes[n_single:]
    fewest = [change for change in together if change.rank == last][:1]
    return single + (fewest if all(change.rank < last for change in single) else [])


class _Product:
    """A product, and its scores with changes."""

    def __init__(
        self,
        engine: SearchEngine,
        catalog: Catalog,
        query: Query,
        row: int,
        text: str,
        added: Mapping[str, float],
        weights: Weights,
    ) -> None:
        self._engine, self._catalog, self._query, self._row, self._text = engine, catalog, query, row, text
        self.added, self.score = added, sum(added.values())
        self._shares = shares(added, weights)
        self._is_named = row in engine.lookup.match(query.text)[0]
        self._terms = query_terms(engine, query)
        taken = {term.row for term in self._terms}
        # The changed product must not stand where a product of the query does, or the query would change with it.
        self._place = row if row not in taken else next(r for r in range(len(catalog) + 1) if r not in taken)

    def by_field(self) -> Iterator[tuple[str, float]]:
        """Yield each field given another value, with the score."""
        if self._place == len(self._catalog):  # the query names every product: no place for a changed one
            return
        traits, row = self._engine.comparer.traits, self._row
        for name, change, value in _other_values(traits, row):
            if self._shares.get(name):
                yield change, self._score_by(with_traits(self._engine.comparer, self._place, row, {name: value}), name)
        if self._is_named and self.added[EXACT_MATCH]:
            yield NOT_NAMED(), self.score - self.added[EXACT_MATCH]

    def by_words(self, words: Sequence[str], encode: Encode | None) -> list[tuple[str, float]]:
        """Return the product without each word, then without the first two, three, … together, with the scores."""
        if not words or self._place == len(self._catalog):
            return []
        taken = [*([word] for word in words), *(list(words[:n]) for n in range(2, len(words) + 1))]
        shorter = [without(self._text, some) for some in taken]
        meaning = np.zeros(len(taken), np.float32)
        if encode is not None and "meaning" in self.added:
            close = closeness(self._engine, self._query)(encode([self._text, *shorter]))
            meaning = (close[1:] - close[0]) * self._shares["meaning"]
        names = ("words", "identifiers", "quantities")
        return [
            (WITHOUT(words=_quoted(some)), self._score_by(self._without_words(some, text), *names) + float(amount))
            for some, text, amount in zip(taken, shorter, meaning, strict=True)
        ]

    def _without_words(self, words: Sequence[str], shorter: str) -> Comparer:
        product = self._catalog.products.iloc[[self._row]]
        title = without(self._text, words, before=len(str(product["title"].iat[0])))
        quantities = TraitIndex.build(Catalog(product.assign(title=title))).quantities[0]
        comparer = with_traits(self._engine.comparer, self._place, self._row, {"quantities": quantities})
        gtin = str(product["gtin"].iat[0])
        code = f"{comparable_gtin(gtin) or gtin} {product['mpn'].iat[0]}"  # not the text's, so it stays as it is
        description = without(str(product["description"].iat[0]), words)
        others = [term.row for term in self._terms if term.row is not None]
        return with_text(comparer, self._place, self._row, self._text, shorter, code, description, others)

    def _score_by(self, changed: Comparer, *names: str) -> float:
        """Return the score with some parts as the changed comparer gives them."""
        after = _mean_parts(self._terms, changed, self._place)
        differences = (self._shares.get(name, 0.0) * after.get(name, 0.0) - self.added.get(name, 0.0) for name in names)
        score = self.score - self.added.get(EXACT_MATCH, 0.0) + sum(differences)
        return score + float(named_gain(np.array(score))) if self._is_named else score


def _mean_parts(terms: Sequence[QueryTerm], comparer: Comparer, row: int) -> dict[str, float]:
    total: dict[str, float] = {}
    for term in terms:
        for name, value in term.parts(comparer, row).items():
            total[name] = total.get(name, 0.0) + term.factor * value
    return total


def _other_values(traits: TraitIndex, row: int) -> Iterator[tuple[str, str, Any]]:
    """Yield the fields that are given, with values that no product has, or another price."""
    for name, change in (("brand", OTHER_BRAND), ("category", OTHER_CATEGORY), ("attributes", OTHER_ATTRIBUTES)):
        codes = getattr(traits, name)
        yield name, change(), np.where(codes[row] >= 0, codes.max(initial=0) + 1, codes[row])
    yield "price", DOUBLE_PRICE(), traits.price[row] + np.log(2)
    yield "price", HALF_PRICE(), traits.price[row] - np.log(2)


def _quoted(words: Sequence[str]) -> str:
    quoted = [WORD(word=word) for word in words]
    return quoted[0] if len(quoted) == 1 else WORDS_AND_LAST(words=joined(quoted[:-1]), last=quoted[-1])
