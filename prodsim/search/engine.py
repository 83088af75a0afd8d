"""Answering a query: candidates from the indexes, exact scores for each, hits."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.encoders import Encoder, Vectors
from prodsim.index import GroupedIndex, Rows, top
from prodsim.lexical import LexicalIndex
from prodsim.progress import SILENT, Progress
from prodsim.search.filters import Filters
from prodsim.search.lookup import Lookup
from prodsim.search.types import Hit, Query, SearchResult
from prodsim.similarity import Weights, contributions

CANDIDATES = 200
"""Candidates taken from each index, at least; ten times k if that is more."""

UNLIKE = 0.5
"""How much a disliked product counts against the liked ones (Rocchio's gamma; Manning et al. 2008, ch. 9)."""

EXACT_MATCH = "exact match"
"""The part of products whose SKU, GTIN, MPN or brand is the query itself; it adds 1, so they come first."""

Scores = NDArray[np.float32]


class SearchEngine:
    """Answers queries over one built catalog; safe to use from several threads.

    Args:
        catalog: the products.
        index: over the products' vectors, in product rows.
        get_encoder: called when a text must be encoded, never for a search by SKU.
        lexical: over the products' texts.
        weights: used when a search brings none.
    """

    def __init__(
        self,
        catalog: Catalog,
        index: GroupedIndex,
        get_encoder: Callable[[], Encoder],
        lexical: LexicalIndex,
        weights: Weights = Weights(),
    ) -> None:
        self._catalog = catalog
        self._index = index
        self._get_encoder = get_encoder
        self._lexical = lexical
        self.weights = weights

    @cached_property
    def lookup(self) -> Lookup:
        """Finds products by SKU, GTIN, MPN or brand."""
        return Lookup(self._catalog)

    def search(
        self,
        query: Query,
        k: int = 10,
        filters: Filters = Filters(),
        weights: Weights | None = None,
        *,
        exact: bool = False,
    ) -> SearchResult:
        """Find the k products closest to the query.

        The products of ``like`` and ``unlike`` are left out. A text that is a product's SKU, GTIN or MPN shows that
        product first and then its neighbours; one that is a brand shows the brand's products first. For several wishes
        each part is the mean over text and liked products, minus half the mean over the disliked ones.

        Args:
            query: what to look for.
            k: how many hits; fewer come back when fewer are allowed.
            filters: only products that pass.
            weights: what counts how much; the engine's own by default.
            exact: score every allowed product.

        Raises:
            QueryError: the query is empty or names an unknown SKU, or a filter cannot be understood.
        """
        started = time.perf_counter()
        wish = _Wish(self, query, weights or self.weights)
        rows = filters.rows(self._catalog)
        allowed = self._allowed(rows, wish.own)
        candidates = allowed if exact else wish.candidates(max(CANDIDATES, 10 * k), allowed)
        parts = wish.parts(candidates)
        total = _total(parts, len(candidates))
        hits = tuple(self._hit(candidates[i], {p: float(s[i]) for p, s in parts.items()}) for i in top(total, k))
        return SearchResult(
            hits=hits,
            exact=exact or len(candidates) == len(allowed),
            took_ms=(time.perf_counter() - started) * 1000,
            candidates=len(candidates),
            n_allowed=len(allowed),
            n_products=len(self._catalog),
            note=wish.note,
        )

    def neighbours(
        self, k: int = 10, weights: Weights | None = None, *, across: str | None = None, progress: Progress = SILENT
    ) -> pd.DataFrame:
        """Every product's k closest others, by the same candidates and scores as ``search``.

        Args:
            k: neighbours per product; fewer where fewer are allowed.
            weights: what counts how much.
            across: a column; only products with another value in it are neighbours; those without a value have none.
            progress: advanced by products.

        Returns:
            A table sku, neighbour_sku, rank (from 1), score; by product in catalog order, then by rank.
        """
        progress.step("neighbours", len(self._catalog), "products")
        weights = weights or self.weights
        groups = None if across is None else self._groups(across)
        found = []
        for rows, lexical in self._lexical.candidate_chunks(max(CANDIDATES // 4, 5 * k)):
            near = self._index.search(self._index.vectors_of(rows), max(CANDIDATES // 4, 5 * k) + 1).rows
            for row, by_words, by_meaning in zip(rows.tolist(), lexical, near, strict=True):
                found.append(self._closest(row, np.union1d(by_words, by_meaning), k, weights, groups))
            progress.advance(len(rows))
        return self._table(found)

    def _allowed(self, rows: Rows | None, own: Rows) -> Rows:
        """The filtered rows without the query's own products, ascending.

        Through a mask, because sorting 100,000 rows takes longer than the search.
        """
        mask = np.full(len(self._catalog), rows is None)
        if rows is not None:
            mask[rows] = True
        mask[own] = False
        return np.flatnonzero(mask)

    def _closest(
        self, row: int, candidates: Rows, k: int, weights: Weights, groups: NDArray[np.int64] | None
    ) -> tuple[Rows, NDArray[np.float64]]:
        keep = candidates != row
        if groups is not None:
            keep &= (groups[candidates] != groups[row]) & (groups[candidates] >= 0) & (groups[row] >= 0)
        kept = candidates[keep]
        if groups is not None and len(kept) < k and groups[row] >= 0:  # too few of the other side came up: ask for them
            others = np.flatnonzero((groups != groups[row]) & (groups >= 0))
            kept = _Wish(self, Query(like=(self._named[0][row],)), weights).candidates(CANDIDATES, others)
        parts = contributions(self.product_parts(row, kept), weights)
        total = _total(parts, len(kept))
        best = top(total, k)
        return kept[best], total[best]

    def product_parts(self, row: int, rows: Rows) -> dict[str, Scores]:
        """Each part between a product and others, before weights."""
        return {
            "meaning": self._index.scores(self._index.vectors_of(np.array([row])), rows)[0],
            "words": self._lexical.product_grams(row, rows),
            "identifiers": self._lexical.product_identifiers(row, rows),
        }

    def text_parts(self, text: str, vector: Vectors, rows: Rows) -> dict[str, Scores]:
        """Each part between a text and products, before weights."""
        return {
            "meaning": self._index.scores(vector, rows)[0],
            "words": self._lexical.text_words(text, rows),
            "identifiers": self._lexical.text_identifiers(text, rows),
        }

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, as queries."""
        return self._get_encoder().encode(texts, "query")

    @cached_property
    def _named(self) -> tuple[list[str], list[str]]:
        """SKUs and titles; a list gives one at once, an Arrow column takes its time."""
        return self._catalog.products["sku"].tolist(), self._catalog.products["title"].tolist()

    def _hit(self, row: int, parts: dict[str, float]) -> Hit:
        skus, titles = self._named
        return Hit(skus[row], int(row), titles[row], sum(parts.values()), parts)

    def _groups(self, column: str) -> NDArray[np.int64]:
        """A number per value of the column; -1 where it is empty."""
        values = self._catalog.column(column)
        codes, _ = pd.factorize(values.where(values.astype(str) != ""))
        return codes.astype(np.int64)

    def _table(self, found: list[tuple[Rows, NDArray[np.float64]]]) -> pd.DataFrame:
        skus = self._catalog.products["sku"].to_numpy()
        counts = [len(rows) for rows, _ in found]
        return pd.DataFrame(
            {
                "sku": np.repeat(skus, counts),
                "neighbour_sku": skus[np.concatenate([rows for rows, _ in found])],
                "rank": np.concatenate([np.arange(1, count + 1) for count in counts]),
                "score": np.concatenate([scores for _, scores in found]),
            }
        )


def _total(parts: Mapping[str, Scores], n: int) -> NDArray[np.float64]:
    """The sum of the parts of n products, in the precision that Python adds a hit's parts with."""
    return np.asarray(sum((part.astype(np.float64) for part in parts.values()), np.zeros(n)))


class _Wish:
    """A query made ready: what to be close to, what to be far from, and what to leave out."""

    def __init__(self, engine: SearchEngine, query: Query, weights: Weights) -> None:
        lookup = engine.lookup
        lookup.check(query)
        self._engine = engine
        self._weights = weights
        self._like = [lookup.row(sku) for sku in query.like]
        self._unlike = [lookup.row(sku) for sku in query.unlike]
        self.own = np.array([*self._like, *self._unlike], np.int64)
        self._matches, self.note, is_product = lookup.match(query.text)
        self._text = "" if is_product else query.text.strip()
        if is_product:
            self._like.append(int(self._matches[0]))
        needs_vector = bool(self._text) and weights.meaning > 0
        self._vector = (
            engine.encode([self._text])
            if needs_vector
            else np.zeros((1, engine._index.index.vectors.shape[1]), np.float32)
        )

    def candidates(self, n: int, allowed: Rows) -> Rows:
        """About n rows from each index that are allowed, with exact matches; all allowed ones when they are few."""
        if len(allowed) <= 2 * n:
            return allowed
        engine = self._engine
        found = [self._matches]
        if self._weights.meaning > 0:
            everything = len(allowed) + len(self.own) == len(engine._catalog)
            near = engine._index.search(self._direction(), n + len(self.own), None if everything else allowed)
            found.append(near.rows[0])
        if self._text:
            found.append(engine._lexical.text_candidates(self._text, n))
        found += [engine._lexical.product_candidates(row, n) for row in self._like]
        proposed = np.unique(np.concatenate(found))
        places = np.searchsorted(allowed, proposed)
        places[places == len(allowed)] = 0
        return np.asarray(proposed[allowed[places] == proposed], np.int64)

    def parts(self, rows: Rows) -> dict[str, Scores]:
        """What each part adds to the rows' scores."""
        engine = self._engine
        liked = [engine.product_parts(row, rows) for row in self._like]
        if self._text:
            liked.append(engine.text_parts(self._text, self._vector, rows))
        unliked = [engine.product_parts(row, rows) for row in self._unlike]
        mean = {name: np.mean([parts[name] for parts in liked], axis=0) for name in liked[0]}
        for name in mean if unliked else ():
            mean[name] = mean[name] - UNLIKE * np.mean([parts[name] for parts in unliked], axis=0)
        added = contributions(mean, self._weights)
        if len(self._matches):
            added[EXACT_MATCH] = np.isin(rows, self._matches).astype(np.float32)
        return added

    def _direction(self) -> Vectors:
        """One vector to search by: the mean of the liked ones minus half the mean of the disliked ones."""
        index = self._engine._index
        liked = [index.vectors_of(np.array(self._like, np.int64))] if self._like else []
        liked += [self._vector] if self._text else []
        direction = np.vstack(liked).mean(axis=0, keepdims=True)
        if self._unlike:
            direction = direction - UNLIKE * index.vectors_of(np.array(self._unlike)).mean(axis=0, keepdims=True)
        return np.asarray(direction, np.float32)
