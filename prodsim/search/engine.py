"""The search: candidates from the indexes, an exact score for each, hits."""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog, date_column
from prodsim.encoders import Encoder, Vectors
from prodsim.errors import QueryError
from prodsim.index import Metric, Rows, top
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.search.arrangement import NOT_CLOSE, PINS_EXCLUDED, Arrangement
from prodsim.search.calibration import ScoreCalibration
from prodsim.search.comparer import Comparer
from prodsim.search.families import Families, places
from prodsim.search.lookup import Lookup
from prodsim.search.options import SearchOptions
from prodsim.search.prepared_query import EXACT_MATCH, Candidates, PreparedQuery
from prodsim.search.rules import Ruling, Targets
from prodsim.search.types import Hit, Query, SearchResult
from prodsim.search.weights import lacking_parts, total, weights_of_mode
from prodsim.similarity import Setting, Weights
from prodsim.text import words

CANDIDATES = 200
"""Candidates taken from each index, at least; ten times k if that is more."""

REMEMBERED = 2000
"""Vectors of texts and words that are kept for the next search."""

Scores = NDArray[np.float32]


class SearchEngine:
    """Answers queries over one built catalog; safe to use from several threads.

    Args:
        catalog: the products.
        comparer: of the products, in product rows.
        get_encoder: called when a text must be encoded, never for a search by SKU.
        calibration: how close random products are.
        weights: used when a search gives none.
        half_life: days after which a product counts half as new, where a search does not say; 0 for never. Without
            dates in the catalog it has no effect.
    """

    def __init__(
        self,
        catalog: Catalog,
        comparer: Comparer,
        get_encoder: Callable[[], Encoder],
        calibration: ScoreCalibration,
        weights: Weights = Weights.preset("overall"),
        half_life: float = 0.0,
    ) -> None:
        self._catalog = catalog
        self._get_encoder = get_encoder
        self._weigh: Callable[[str], float] | None = None
        self._encoded: dict[str, Vectors] = {}
        self.comparer = comparer
        self.calibration = calibration
        self.weights = weights
        self._half_life = half_life if half_life and date_column(catalog) else 0.0
        self.lookup = Lookup(catalog)  # here, not at first use, so that ``by`` shares it
        self.targets = Targets(catalog)

    def by(self, metric: Metric) -> Self:
        """Return the same engine, but vectors are compared by ``metric``; everything else is shared."""
        other = copy.copy(self)
        other.comparer = self.comparer.by(metric)
        return other

    def with_word_weights(self, weigh: Callable[[str], float]) -> Self:
        """Return the same engine, but a text's rare words count more in its vector: TF-IDF weights over word vectors.

        Args:
            weigh: a word, as ``prodsim.text.words`` gives it, to its weight, 0 or more.
        """
        other = copy.copy(self)
        other._weigh = weigh
        other._encoded = {}
        return other

    def with_comparer(self, comparer: Comparer, get_encoder: Callable[[], Encoder] | None = None) -> Self:
        """Return the same engine over the same products, with another comparer, and another encoder if one is given."""
        other = copy.copy(self)
        other.comparer, other._get_encoder = comparer, get_encoder or self._get_encoder
        return other

    def as_typed(self) -> Self:
        """Return the same engine, but the words of a text are never read as others."""
        other = copy.copy(self)
        other.comparer = replace(self.comparer, readings=None)
        return other

    def at(self, ef: int) -> Self:
        """Return the same engine, but the vector index visits ``ef`` vectors for its candidates."""
        other = copy.copy(self)
        other.comparer = replace(self.comparer, index=self.comparer.index.at(ef))
        return other

    def search(self, query: Query, k: int = 10, options: SearchOptions = SearchOptions()) -> SearchResult:
        """Find the k products closest to the query.

        The products of ``like`` and ``unlike`` are left out. A text that is a product's SKU, GTIN or MPN shows that
        product first and then its neighbours; one that is a brand shows the brand's products first. Where a query has
        several terms, each part is the mean over text and liked products, minus half the mean over the disliked ones.

        Args:
            query: a text, products to be close to, products to be far from.
            k: how many hits; fewer come back when fewer are allowed.
            options: weights, filters and the like.

        Raises:
            QueryError: the query is empty or names an unknown SKU, a filter or a rule cannot be understood, or the
                weights leave nothing of the mode.
        """
        started = time.perf_counter()
        weights = weights_of_mode(options.weights or self.weights, options.mode)
        prepared = self._with_vectors([PreparedQuery(self.comparer, self.lookup, query, weights)])[0]
        return self._answer(prepared, k, options.filters.rows(self._catalog), options, started)

    def search_many(
        self,
        queries: Sequence[Query],
        k: int = 10,
        options: SearchOptions = SearchOptions(),
        *,
        progress: Progress = SILENT,
    ) -> list[SearchResult]:
        """Answer each query as ``search`` does.

        All queries are checked before the first is answered, their texts are encoded together, and the filters are
        evaluated once. ``progress`` is advanced by queries.

        Raises:
            QueryError: as ``search``; says which query, counted from 1.
        """
        weights = weights_of_mode(options.weights or self.weights, options.mode)
        rows = options.filters.rows(self._catalog)
        prepared_queries = self.prepared_queries(queries, weights)
        progress.step("search", len(prepared_queries), "queries")
        results = []
        for prepared in prepared_queries:
            results.append(self._answer(prepared, k, rows, options, time.perf_counter()))
            progress.advance()
        return results

    def parts_of(self, query: Query, sku: str, weights: Weights | None = None) -> dict[str, float]:
        """Return what each part adds to one product's score, as in the hit that ``search`` gives of it."""
        prepared = self._with_vectors([PreparedQuery(self.comparer, self.lookup, query, weights or self.weights)])[0]
        return {name: float(part[0]) for name, part in prepared.parts(np.array([self.lookup.row(sku)])).items()}

    def lacks_pictures(self, query: Query, weights: Weights) -> bool:
        """Return whether the look has a weight, but none of the query's products has a picture."""
        return PreparedQuery(self.comparer, self.lookup, query, weights).lacks_pictures

    def neighbours(
        self, k: int = 10, weights: Weights | None = None, *, across: str | None = None, progress: Progress = SILENT
    ) -> pd.DataFrame:
        """Return every product's k closest others, by the same candidates and scores as ``search``.

        Args:
            k: neighbours per product; fewer where fewer are allowed.
            weights: what counts how much; a weight of the re-ranker makes it read every product's candidates.
            across: a column; only products with another value in it are neighbours; those without a value have none.
            progress: advanced by products.

        Returns:
            A table sku, neighbour_sku, rank (from 1), score; by product in catalog order, then by rank.
        """
        progress.step("neighbours", len(self._catalog), "products")
        weights = weights or self.weights
        groups = None if across is None else self._groups(across)
        neighbours = []
        for rows, lexical in self.comparer.lexical.candidate_chunks(max(CANDIDATES // 4, 5 * k)):
            near = self.comparer.index.search(
                self.comparer.index.vectors_of(rows), max(CANDIDATES // 4, 5 * k) + 1
            ).rows
            for row, by_words, by_meaning in zip(rows.tolist(), lexical, near, strict=True):
                by_look = self._alike(row, max(CANDIDATES // 4, 5 * k)) if weights.look else by_words[:0]
                proposed = np.unique(np.concatenate([by_words, by_meaning, by_look]))
                neighbours.append(self._closest(row, proposed, k, weights, groups))
                progress.advance()
        return self._table(neighbours)

    def closest(self, row: int, k: int, weights: Weights | None = None) -> tuple[Rows, NDArray[np.float64]]:
        """Return one product's k closest others and their scores, closest first; scored as by ``neighbours``."""
        weights = weights or self.weights
        prepared = PreparedQuery(self.comparer, self.lookup, Query(like=(self._skus_and_titles[0][row],)), weights)
        others = np.delete(np.arange(len(self._catalog)), row)
        candidates = prepared.candidates(max(CANDIDATES // 4, k), others)
        return self._closest(row, candidates.rows, k, weights, None)

    def prepared_queries(self, queries: Sequence[Query], weights: Weights) -> list[PreparedQuery]:
        """Make queries ready: all are checked, then their texts are encoded together.

        Raises:
            QueryError: as ``search``; says which query, counted from 1.
        """
        return self._with_vectors(
            [self._numbered_query(number, query, weights) for number, query in enumerate(queries, 1)]
        )

    def _with_vectors(self, prepared_queries: list[PreparedQuery]) -> list[PreparedQuery]:
        texts = list(dict.fromkeys(prepared.text_to_encode for prepared in prepared_queries if prepared.text_to_encode))
        vectors = dict(zip(texts, self.encode(texts), strict=True)) if texts else {}
        for prepared in prepared_queries:
            if prepared.text_to_encode:
                prepared.vector = vectors[prepared.text_to_encode][None]
        return prepared_queries

    def _numbered_query(self, number: int, query: Query, weights: Weights) -> PreparedQuery:
        try:
            return PreparedQuery(self.comparer, self.lookup, query, weights)
        except QueryError as error:
            raise QueryError(
                phrase("Query {number}: {problem}", number=number, problem=error.what), error.fix
            ) from error

    def _answer(
        self, prepared: PreparedQuery, k: int, rows: Rows | None, options: SearchOptions, started: float
    ) -> SearchResult:
        products, arrangement, families = self._catalog.products, options.arrangement, options.arrangement.families
        allowed, left_out = self.allowed(rows, prepared.own), dict[str, int]()
        if prepared.liked:
            allowed, left_out = arrangement.around(products, prepared.liked, allowed)
        setting = Setting(prepared.weights, self.comparer.metric)
        least = self.calibration.least_score(arrangement.min_closeness, setting, is_text=prepared.is_text)
        ruling = self.ruling(arrangement, self._rule_text(prepared))
        if options.exact:
            candidates = Candidates(allowed)
        else:
            candidates = self._candidates(prepared, max(CANDIDATES, 10 * k), allowed, ruling)
        # The limits, the closeness and the pins of an arrangement are known only once candidates are scored, so a list
        # may come out shorter than k although more products would fit. Widening the candidates step by step would score
        # many of them again and again; scoring all that is allowed, once, costs at most one exact search.
        while True:
            parts = prepared.parts(candidates.rows)
            is_close = _without_reranker(parts, prepared.weights) >= least
            plain = total(parts)
            boosts = ruling.parts(candidates.rows)
            raised = plain + total(boosts) if boosts else plain
            chosen, passed = arrangement.choose(
                k, candidates.rows, raised, is_close, products, self.comparer.index, ruling
            )
            is_whole = len(candidates.rows) == len(allowed)
            is_full = len(chosen) == arrangement.most(k, allowed)
            is_cut = bool(passed) or families is not None
            # Candidates are the closest products: where some of them are not close enough, hardly any other product is.
            if is_full or is_whole or not is_cut or NOT_CLOSE in passed:
                break
            candidates = Candidates(allowed)
        hits = self._hits(candidates.rows[chosen], {part: scores[chosen] for part, scores in parts.items()}, prepared)
        if arrangement != Arrangement() or boosts:
            added = {name: part[chosen] for name, part in boosts.items()}
            family_of = None if families is None else families.number_of[candidates.rows]
            hits = _ruled(hits, added, ruling, places(plain, family_of)[chosen])
        if families is not None:
            hits = self._standing_for(hits, families, allowed)
        return SearchResult(
            hits=hits,
            exact=options.exact or is_whole,
            took_ms=(time.perf_counter() - started) * 1000,
            candidates=len(candidates.rows),
            n_allowed=len(allowed),
            n_products=len(self._catalog),
            note=prepared.note(allowed),
            left_out={**left_out, **_pins_left_out(ruling, allowed), **passed},
            from_words=candidates.from_words,
            from_meaning=candidates.from_meaning,
            from_look=candidates.from_look,
            lacking=lacking_parts(prepared.weights, self.comparer.parts),
            n_families=None if families is None else families.count(allowed),
        )

    def _standing_for(self, hits: tuple[Hit, ...], families: Families, allowed: Rows) -> tuple[Hit, ...]:
        """Return the hits with the SKUs of the allowed variants that they stand for."""
        skus = self._skus_and_titles[0]
        represented = families.represented([hit.row for hit in hits], allowed)
        return tuple(
            replace(hit, variants=tuple(skus[row] for row in rows.tolist()))
            for hit, rows in zip(hits, represented, strict=True)
        )

    def _candidates(self, prepared: PreparedQuery, n: int, allowed: Rows, ruling: Ruling) -> Candidates:
        """Return rows to be scored: the closest, with rules also those that are pinned and the closest boosted ones.

        Buried ones come last anyway, so they do not take the places of others.
        """
        if ruling.is_empty:
            return prepared.candidates(n, allowed)
        is_buried = np.isin(allowed, ruling.buried)
        buried, free = allowed[is_buried], allowed[~is_buried]
        closest = prepared.candidates(n, free)
        more = [prepared.candidates(n, rows[np.isin(rows, free)]).rows for rows in ruling.boosted]
        more += [prepared.candidates(n, buried).rows] if len(free) < n else []
        pinned = ruling.pinned[np.isin(ruling.pinned, allowed)]
        rows = np.unique(np.concatenate([closest.rows, *more, pinned]))
        return replace(closest, rows=rows)

    def ruling(self, arrangement: Arrangement, text: str) -> Ruling:
        """Return the rules of a list for a query of this text, with newness as the list or else the catalog has it.

        Raises:
            QueryError: a rule does not fit the catalog, or the list asks for newness where nothing has a date.
        """
        half_life = self._half_life if arrangement.half_life is None else arrangement.half_life
        return Ruling.of(arrangement.rules, self.targets, text, half_life)

    def _rule_text(self, prepared: PreparedQuery) -> str:
        """Return what a rule's words are searched in: the typed text and the titles of the query's products."""
        titles = self._skus_and_titles[1]
        return "\n".join([prepared.typed, *(titles[row] for row in prepared.liked)])

    def allowed(self, rows: Rows | None, own: Rows) -> Rows:
        """Return the filtered rows (``None``: all) without some products, ascending.

        Through a mask, because sorting 100,000 rows takes longer than the search.
        """
        mask = np.full(len(self._catalog), rows is None)
        if rows is not None:
            mask[rows] = True
        mask[own] = False
        return np.flatnonzero(mask)

    def _alike(self, row: int, n: int) -> Rows:
        """Propose about n products by a product's pictures."""
        look = self.comparer.look
        return np.empty(0, np.int64) if look is None else look.search(look.looks_of(row), n)

    def _closest(
        self, row: int, candidates: Rows, k: int, weights: Weights, groups: NDArray[np.int64] | None
    ) -> tuple[Rows, NDArray[np.float64]]:
        keep = candidates != row
        if groups is not None:
            keep &= (groups[candidates] != groups[row]) & (groups[candidates] >= 0) & (groups[row] >= 0)
        kept = candidates[keep]
        if groups is not None and len(kept) < k and groups[row] >= 0:
            # Too few of the candidates are of other groups, so candidates are proposed from these groups alone.
            others = np.flatnonzero((groups != groups[row]) & (groups >= 0))
            query = Query(like=(self._skus_and_titles[0][row],))
            kept = PreparedQuery(self.comparer, self.lookup, query, weights).candidates(CANDIDATES, others).rows
        scores = self.comparer.pair_scores(np.full(len(kept), row), kept, weights)
        best = top(scores, k)
        return kept[best], scores[best]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the texts' vectors, as queries."""
        if self._weigh is None:
            return self._get_encoder().encode(texts, "query")
        return self._with_words(texts, self._remembered(texts), self._weigh)

    def _remembered(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts and words; they are kept, because a question is searched repeatedly."""
        encoded = self._encoded  # one name throughout, because another thread may replace it
        new = [text for text in dict.fromkeys(texts) if text not in encoded]
        if new:
            if len(encoded) > REMEMBERED:
                encoded = self._encoded = {text: encoded[text] for text in texts if text in encoded}
            encoded.update(zip(new, self._get_encoder().encode(new, "query"), strict=True))
        return np.array([encoded[text] for text in texts], np.float32)

    def _with_words(self, texts: Sequence[str], vectors: Vectors, weigh: Callable[[str], float]) -> Vectors:
        """Return the mean of each text's vector and that of its single words by their weights, all of length 1."""
        of_text = [words(text) for text in texts]
        known = list(dict.fromkeys(word for own in of_text for word in own))
        if not known:
            return vectors
        vector_of = dict(zip(known, self._remembered(known), strict=True))
        sums = [sum((weigh(word) * vector_of[word] for word in own), np.zeros_like(vectors[0])) for own in of_text]
        return _unit(_unit(vectors) + _unit(np.array(sums, np.float32)))

    @cached_property
    def _skus_and_titles(self) -> tuple[list[str], list[str]]:
        """Return SKUs and titles as lists; an Arrow column takes long to give a single value."""
        return self._catalog.products["sku"].tolist(), self._catalog.products["title"].tolist()

    def _hits(self, rows: Rows, parts: Mapping[str, Scores], prepared: PreparedQuery) -> tuple[Hit, ...]:
        skus, titles = self._skus_and_titles
        each = [{part: float(scores[i]) for part, scores in parts.items()} for i in range(len(rows))]
        for added, is_named in zip(each, prepared.is_named(rows), strict=True):
            if not is_named:
                added.pop(EXACT_MATCH, None)
        setting = Setting(prepared.weights, self.comparer.metric)
        closer = self.calibration.closer_than(
            _without_reranker(parts, prepared.weights), setting, is_text=prepared.is_text
        )
        return tuple(
            Hit(skus[row], row, titles[row], sum(added.values()), added, float(share))
            for row, added, share in zip(rows.tolist(), each, closer, strict=True)
        )

    def _groups(self, column: str) -> NDArray[np.int64]:
        """Return a number per value of the column; -1 where it is empty."""
        values = self._catalog.column(column)
        codes, _ = pd.factorize(values.where(values.astype(str) != ""))
        return codes.astype(np.int64)

    def _table(self, neighbours: list[tuple[Rows, NDArray[np.float64]]]) -> pd.DataFrame:
        skus = self._catalog.products["sku"].to_numpy()
        counts = [len(rows) for rows, _ in neighbours]
        return pd.DataFrame(
            {
                "sku": np.repeat(skus, counts),
                "neighbour_sku": skus[np.concatenate([rows for rows, _ in neighbours])],
                "rank": np.concatenate([np.arange(1, count + 1) for count in counts]),
                "score": np.concatenate([scores for _, scores in neighbours]),
            }
        )


def _ruled(hits: tuple[Hit, ...], boosts: Mapping[str, Scores], ruling: Ruling, before: Rows) -> tuple[Hit, ...]:
    """Return the hits with what boosts add, the labels of their rules, and how far they moved from ``before``."""
    ruled = []
    for place, (hit, old) in enumerate(zip(hits, before.tolist(), strict=True)):
        added = {name: float(part[place]) for name, part in boosts.items() if part[place]}
        parts = {**hit.parts, **added}
        score = sum(parts.values())
        ruled.append(replace(hit, score=score, parts=parts, rules=ruling.labels(hit.row), moved=old - place))
    return tuple(ruled)


def _pins_left_out(ruling: Ruling, allowed: Rows) -> dict[str, int]:
    if not ruling.rules:  # without pins, numpy would search all allowed rows all the same
        return {}
    missing = int((~np.isin(ruling.pinned, allowed)).sum())
    return {PINS_EXCLUDED: missing} if missing else {}


def _without_reranker(added: Mapping[str, Scores], weights: Weights) -> NDArray[np.float64]:
    """Return the scores without the re-ranker, which is too slow for the random pairs that calibrate them."""
    whole = sum(weight for name, weight in weights.as_dict().items() if name in added)
    if "reranker" not in added or whole == weights.reranker:
        return total(added)
    on_top = ("reranker", EXACT_MATCH)
    rest = (
        total({name: part for name, part in added.items() if name not in on_top}) * whole / (whole - weights.reranker)
    )
    return rest + added[EXACT_MATCH] if EXACT_MATCH in added else rest


def _unit(vectors: Vectors) -> Vectors:
    """Scale vectors to length 1; a vector of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)
