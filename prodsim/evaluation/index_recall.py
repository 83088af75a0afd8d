"""The recall of the index: what share of an exact search's results a search returns."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.evaluation.evaluate import K, sample_rows, top_categories
from prodsim.index import GroupedIndex, Neighbours, Rows, SearchedIndex, Vectors
from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress
from prodsim.search import Filters, Query, SearchEngine, SearchOptions
from prodsim.similarity import Weights

N_QUERIES = 200
N_SEARCHES = 100
EF_STEPS = (20, 50, 100, 200, 400, 800)
"""Search widths that are measured, and offered on the screens."""
N_FILTER_CATEGORIES = 3
"""Largest categories that searches are narrowed to."""
SCORE_TOLERANCE = 1e-6
"""Scores this far apart count as equal: of two products equally close, both are right."""
Z = 1.959964
"""The normal distribution holds 95 % within so many standard deviations."""

RETURNED = Text("{share:.1%} of the exact results (95 % interval {low:.1f}–{high:.1f} %, {n:,} queries)")
NOT_COMPARABLE = Text("nothing that could be compared with an exact search")

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recall:
    """Which share of an exact search's ten best is returned.

    Attributes:
        of: what was searched, or where the queries come from: "all products", "Kitchen", "in stock".
        n_queries: products searched by.
        n_allowed: products that could be returned.
        recall: mean share over the queries, in [0, 1]; NaN without a query.
        low, high: 95 % interval, see ``wilson``.
    """

    of: str
    n_queries: int
    n_allowed: int
    recall: float
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """Say what a search returns, as the end of a sentence."""
        if not self.n_queries:
            return NOT_COMPARABLE()
        return RETURNED(share=self.recall, low=100 * self.low, high=100 * self.high, n=self.n_queries)


@dataclass(frozen=True, slots=True)
class EfPoint:
    """A search that visits ``ef`` rows: its recall with the 95 % interval, and the median time of one search."""

    ef: int
    recall: float
    low: float
    high: float
    median_ms: float


@dataclass(frozen=True, slots=True)
class IndexRecall:
    """The recall of the vector index; the queries are products of the catalog, themselves left out.

    Attributes:
        ef: rows that a search visits now; None for an index that compares with every row.
        overall: of all queries.
        by_category: of the queries from each top category, most queries first.
        filtered: of all queries, where only some products may be returned. Few allowed products are compared one by
            one, so nothing is missed there.
        ladder: by ``ef`` ascending; empty for an index that compares with every row.
    """

    ef: int | None
    overall: Recall
    by_category: tuple[Recall, ...]
    filtered: tuple[Recall, ...]
    ladder: tuple[EfPoint, ...]


def measure_index_recall(
    index: GroupedIndex, catalog: Catalog, *, n: int = N_QUERIES, progress: Progress = SILENT
) -> IndexRecall:
    """Compare the index's results with those of an exact search.

    Args:
        index: over the catalog's products.
        catalog: the products.
        n: products to search by, spread over the top categories.
        progress: advanced by searches of all queries at once.
    """
    own = sample_rows(catalog, n)
    queries = index.vectors_of(own)
    filters = {name: rows for name, rows in _filtered(catalog) if 0 < len(rows) < len(catalog)}
    widened = _widened(index)
    progress.step("recall", 1 + len(filters) + len(widened), "searches")
    truth = _other_scores(index.search(queries, K + 1, exact=True), own)
    shares = _shares(_other_scores(index.search(queries, K + 1), own), truth)
    progress.advance()
    filtered = []
    for name, rows in filters.items():
        filtered.append(_recall(name, _filtered_shares(index, queries, own, rows), len(rows)))
        progress.advance()
    ladder = []
    for ef, wider in widened.items():
        ladder.append(_ef_point(ef, wider, queries, own, truth))
        progress.advance()
    return IndexRecall(
        ef=index.index.ef if isinstance(index.index, SearchedIndex) else None,
        overall=_recall("all products", shares, len(catalog)),
        by_category=_by_category(catalog, own, shares),
        filtered=tuple(filtered),
        ladder=tuple(ladder),
    )


def measure_search_recall(
    engine: SearchEngine,
    catalog: Catalog,
    weights: Weights | None = None,
    *,
    n: int = N_SEARCHES,
    progress: Progress = SILENT,
) -> Recall:
    """Measure which share of an exact search's ten hits, by all parts, ``engine.search`` returns: what a person sees.

    Args:
        engine: of the catalog.
        catalog: the products.
        weights: what counts how much; the engine's own by default.
        n: products to search by, spread over the top categories.
        progress: advanced by queries, in two steps.
    """
    skus = catalog.products["sku"].iloc[sample_rows(catalog, n)].tolist()
    queries = [Query(like=(sku,)) for sku in skus]
    best_scores = np.full((2, len(queries), K), -np.inf)
    for scores, exact in zip(best_scores, (False, True), strict=True):
        results = engine.search_many(queries, K, SearchOptions(weights, exact=exact), progress=progress)
        for line, result in zip(scores, results, strict=True):
            line[: len(result.hits)] = [hit.score for hit in result.hits]
    return _recall("all products", _shares(*best_scores), len(catalog))


def wilson(shares: Values) -> tuple[float, float]:
    """Return the 95 % interval of the mean of values in [0, 1] (Wilson 1927); (0, 1) without a value.

    Wilson's is made for values that are 0 or 1. Ten results of one query vary less, and depend on each other; so it is
    taken for as many zeros and ones as would vary like these (the effective sample size of Korn and Graubard 1998), and
    for one per query where nothing varies: unlike the bootstrap it claims no certainty from a sample without a miss.
    """
    if not len(shares):
        return 0.0, 1.0
    mean, variance = float(shares.mean()), float(shares.var())
    n = len(shares) * (min(mean * (1 - mean) / variance, K) if variance > 0 else 1.0)
    spread = Z**2 / n
    centre = (mean + spread / 2) / (1 + spread)
    half = Z * float(np.sqrt(mean * (1 - mean) / n + spread / (4 * n))) / (1 + spread)
    return max(0.0, centre - half), 1.0 if mean == 1 else min(1.0, centre + half)


def _recall(of: str, shares: Values, n_allowed: int) -> Recall:
    known = shares[~np.isnan(shares)]
    mean = float(known.mean()) if len(known) else float("nan")
    return Recall(of, len(known), n_allowed, mean, *wilson(known))


def _shares(scores: Values, truth: Values) -> Values:
    """Return per query the share of true results, by scores; NaN where there is none; both shape (n_queries, K)."""
    exists = np.isfinite(truth)
    last = np.where(exists, truth, np.inf).min(axis=1, keepdims=True)
    right = np.isfinite(scores) & (scores >= last - SCORE_TOLERANCE)
    with np.errstate(invalid="ignore"):
        return np.asarray(right.sum(axis=1) / exists.sum(axis=1))


def _other_scores(neighbours: Neighbours, own: Rows) -> Values:
    """Return the scores of the ten best besides the queries themselves, best first, -inf where there are fewer."""
    scores = np.where(neighbours.rows == own[:, None], -np.inf, neighbours.scores).astype(np.float64)
    return -np.sort(-scores, axis=1)[:, :K]


def _filtered_shares(index: GroupedIndex, queries: Vectors, own: Rows, rows: Rows) -> Values:
    quick, exact = (_other_scores(index.search(queries, K + 1, rows, exact=exact), own) for exact in (False, True))
    return _shares(quick, exact)


def _filtered(catalog: Catalog) -> Iterator[tuple[str, Rows]]:
    """Yield what people filter by: the largest categories, what is in stock, the cheapest quarter."""
    top = top_categories(catalog)
    for category in top[top != "none"].value_counts().index[:N_FILTER_CATEGORIES]:
        yield f"in {category}", np.flatnonzero(top == category)
    yield "in stock", _rows(catalog, Filters(in_stock=True))
    if catalog.products["price"].notna().any():
        quarter = float(catalog.products["price"].quantile(0.25))
        yield f"cheapest quarter, up to {quarter:,.2f}", _rows(catalog, Filters(price_max=quarter))


def _rows(catalog: Catalog, filters: Filters) -> Rows:
    rows = filters.rows(catalog)
    return np.arange(len(catalog)) if rows is None else rows


def _by_category(catalog: Catalog, own: Rows, shares: Values) -> tuple[Recall, ...]:
    category = top_categories(catalog).iloc[own]
    counts = category.value_counts()
    return tuple(_recall(str(name), shares[(category == name).to_numpy()], len(catalog)) for name in counts.index)


def _widened(index: GroupedIndex) -> dict[int, GroupedIndex]:
    """Return the index by the rows that a search visits: steps below the number of vectors, and the present ``ef``."""
    if not isinstance(index.index, SearchedIndex):
        return {}
    widths = {ef for ef in EF_STEPS if ef < len(index.index)} | {index.index.ef}
    return {ef: GroupedIndex(index.index.at(ef), index.group_of) for ef in sorted(widths)}


def _ef_point(ef: int, index: GroupedIndex, queries: Vectors, own: Rows, truth: Values) -> EfPoint:
    """Search by each query alone, as a person would."""
    scores, took_ms = [], []
    for query, row in zip(queries, own, strict=True):
        started = time.perf_counter()
        neighbours = index.search(query[None], K + 1)
        took_ms.append((time.perf_counter() - started) * 1000)
        scores.append(_other_scores(neighbours, np.array([row])))
    recall = _recall("", _shares(np.vstack(scores), truth), len(index))
    return EfPoint(ef, recall.recall, recall.low, recall.high, float(np.median(took_ms)))
