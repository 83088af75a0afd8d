"""How far the quick search can be trusted: what share of an exact search's answers it returns."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.evaluation.evaluate import sample_rows, top_categories
from prodsim.index import GroupedIndex, HnswIndex, Neighbours, Rows, Vectors
from prodsim.progress import SILENT, Progress
from prodsim.search import Filters, Query, SearchEngine, SearchOptions
from prodsim.similarity import Weights

K = 10
N_QUERIES = 200
N_SEARCHES = 100
EF_LADDER = (20, 50, 100, 200, 400, 800)
N_CATEGORIES = 3
"""Largest categories that searches are narrowed to."""
SLACK = 1e-6
"""Scores this far apart count as equal: two products as close as each other are both a right answer."""
Z = 1.959964
"""The normal distribution holds 95 % within so many standard deviations."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recall:
    """Which share of an exact search's ten best is returned.

    Attributes:
        of: what was searched, or where the queries come from: "all products", "Kitchen", "in stock".
        n_queries: products asked by.
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
    def told(self) -> str:
        """What a search returns, as the end of a sentence."""
        if not self.n_queries:
            return "nothing that could be compared with an exact search."
        within = f"95 % within {self.low:.1%} to {self.high:.1%}, {self.n_queries:,} products asked by"
        return f"{self.recall:.1%} of what an exact search would return ({within})."


@dataclass(frozen=True, slots=True)
class EfPoint:
    """A search that looks at ``ef`` rows: its recall with the 95 % interval, and the median time of one search."""

    ef: int
    recall: float
    low: float
    high: float
    median_ms: float


@dataclass(frozen=True, slots=True)
class Trust:
    """What the vector index finds of what is there; the queries are products of the catalog, themselves left out.

    Attributes:
        ef: rows that a search looks at now; None for an index that compares with every row.
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


def measure_trust(index: GroupedIndex, catalog: Catalog, *, n: int = N_QUERIES, progress: Progress = SILENT) -> Trust:
    """Compare the index's answers with those of an exact search.

    Args:
        index: over the catalog's products.
        catalog: the products.
        n: products to ask by, spread over the top categories.
        progress: advanced by searches of all queries at once.
    """
    own = sample_rows(catalog, n)
    queries = index.vectors_of(own)
    filters = {name: rows for name, rows in _filtered(catalog) if 0 < len(rows) < len(catalog)}
    widened = _widened(index)
    progress.step("recall", 1 + len(filters) + len(widened), "searches")
    truth = _others(index.search(queries, K + 1, exact=True), own)
    shares = _shares(_others(index.search(queries, K + 1), own), truth)
    progress.advance()
    filtered = []
    for name, rows in filters.items():
        filtered.append(_recall(name, _filtered_shares(index, queries, own, rows), len(rows)))
        progress.advance()
    ladder = []
    for ef, wider in widened.items():
        ladder.append(_rung(ef, wider, queries, own, truth))
        progress.advance()
    return Trust(
        ef=index.index.ef if isinstance(index.index, HnswIndex) else None,
        overall=_recall("all products", shares, len(catalog)),
        by_category=_by_category(catalog, own, shares),
        filtered=tuple(filtered),
        ladder=tuple(ladder),
    )


def measure_search(
    engine: SearchEngine,
    catalog: Catalog,
    weights: Weights | None = None,
    *,
    n: int = N_SEARCHES,
    progress: Progress = SILENT,
) -> Recall:
    """Which share of the ten hits of an exact search with all parts ``engine.search`` returns: what a person gets.

    Args:
        engine: of the catalog.
        catalog: the products.
        weights: what counts how much; the engine's own by default.
        n: products to ask by, spread over the top categories.
        progress: advanced by queries, in two steps.
    """
    skus = catalog.products["sku"].iloc[sample_rows(catalog, n)].tolist()
    queries = [Query(like=(sku,)) for sku in skus]
    found = np.full((2, len(queries), K), -np.inf)
    for scores, exact in zip(found, (False, True), strict=True):
        results = engine.search_many(queries, K, SearchOptions(weights, exact=exact), progress=progress)
        for line, result in zip(scores, results, strict=True):
            line[: len(result.hits)] = [hit.score for hit in result.hits]
    return _recall("all products", _shares(*found), len(catalog))


def wilson(shares: Values) -> tuple[float, float]:
    """95 % interval of the mean of values in [0, 1] (Wilson 1927); (0, 1) without a value.

    Wilson's is made for values that are 0 or 1. Ten answers to one query vary less, and hang together; so it is taken
    for as many zeros and ones as would vary like these (the effective sample size of Korn and Graubard 1998), and for
    one a query where nothing varies: unlike the bootstrap it claims no certainty from a sample without a miss.
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


def _shares(found: Values, truth: Values) -> Values:
    """Per query the share of true answers found, by scores; NaN where there is none; both shape (n_queries, K)."""
    there = np.isfinite(truth)
    last = np.where(there, truth, np.inf).min(axis=1, keepdims=True)
    right = np.isfinite(found) & (found >= last - SLACK)
    with np.errstate(invalid="ignore"):
        return np.asarray(right.sum(axis=1) / there.sum(axis=1))


def _others(found: Neighbours, own: Rows) -> Values:
    """The scores of the ten best besides the products asked by, best first, -inf where there are fewer."""
    scores = np.where(found.rows == own[:, None], -np.inf, found.scores).astype(np.float64)
    return -np.sort(-scores, axis=1)[:, :K]


def _filtered_shares(index: GroupedIndex, queries: Vectors, own: Rows, rows: Rows) -> Values:
    quick, exact = (_others(index.search(queries, K + 1, rows, exact=exact), own) for exact in (False, True))
    return _shares(quick, exact)


def _filtered(catalog: Catalog) -> Iterator[tuple[str, Rows]]:
    """Searches that people narrow: the largest categories, what is in stock, the cheapest quarter."""
    named = top_categories(catalog)
    for category in named[named != "none"].value_counts().index[:N_CATEGORIES]:
        yield f"in {category}", np.flatnonzero(named == category)
    yield "in stock", _rows(catalog, Filters(in_stock=True))
    if catalog.products["price"].notna().any():
        quarter = float(catalog.products["price"].quantile(0.25))
        yield f"cheapest quarter, up to {quarter:,.2f}", _rows(catalog, Filters(price_max=quarter))


def _rows(catalog: Catalog, filters: Filters) -> Rows:
    rows = filters.rows(catalog)
    return np.arange(len(catalog)) if rows is None else rows


def _by_category(catalog: Catalog, own: Rows, shares: Values) -> tuple[Recall, ...]:
    of = top_categories(catalog).iloc[own]
    counts = of.value_counts()
    return tuple(_recall(str(name), shares[(of == name).to_numpy()], len(catalog)) for name in counts.index)


def _widened(index: GroupedIndex) -> dict[int, GroupedIndex]:
    """The index by the rows that a search looks at: rungs below the number of vectors, and the present one."""
    if not isinstance(index.index, HnswIndex):
        return {}
    widths = {ef for ef in EF_LADDER if ef < len(index.index)} | {index.index.ef}
    return {ef: GroupedIndex(index.index.at(ef), index.group_of) for ef in sorted(widths)}


def _rung(ef: int, index: GroupedIndex, queries: Vectors, own: Rows, truth: Values) -> EfPoint:
    """Each query by itself, as a person would search."""
    found, took_ms = [], []
    for query, row in zip(queries, own, strict=True):
        started = time.perf_counter()
        answer = index.search(query[None], K + 1)
        took_ms.append((time.perf_counter() - started) * 1000)
        found.append(_others(answer, np.array([row])))
    recall = _recall("", _shares(np.vstack(found), truth), len(index))
    return EfPoint(ef, recall.recall, recall.low, recall.high, float(np.median(took_ms)))
