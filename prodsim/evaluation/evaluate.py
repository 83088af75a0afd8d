"""How well a similarity ranks products that are known to belong together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import SEPARATOR
from prodsim.errors import CatalogError
from prodsim.evaluation.failures import FailedQuery, Failure, worst_failures
from prodsim.extras import optional_packages
from prodsim.index import Rows
from prodsim.map.selection import spread_sample
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.search import Query, SearchEngine, SearchOptions
from prodsim.similarity import Weights

K = 10
"""Results of each query that are measured."""
MEASURES: Mapping[str, str] = {
    **{f"recall@{cut}": f"Success@{cut}" for cut in (1, 5, K)},
    "precision@1": "P@1",
    f"mrr@{K}": f"RR@{K}",
    f"ndcg@{K}": f"nDCG@{K}",
}
"""Our name of each measure of a ranking to that in ir-measures."""
GRADE_STEPS = 2520
"""Whole numbers that a query's grades are scaled to: the least that holds all ratios of grades 1 to 10 exactly."""
N_QUERY_RESAMPLES = 1000
N_PAIR_RESAMPLES = 200
"""Fewer, because ranking all pairs again takes longer than averaging."""

Gains = Mapping[str, float]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known.

    Attributes:
        gains: query to the SKUs worth finding, each with its grade above 0. A query is a SKU, or a text's id.
        best: grade from which a product counts as a true partner.
        texts: the query texts by id; empty when products are the queries.
        listed: pairs (sku_a, sku_b, is a partner), when some are listed that are none.
        left_out: rows of the truth that name a product or a query that is not there.
    """

    gains: Mapping[str, Gains]
    best: float = 1.0
    texts: Mapping[str, str] | None = None
    listed: tuple[tuple[str, str, bool], ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Metrics, all higher for better and in [0, 1].

    Attributes:
        metrics: ``recall@k``: share of queries with a true partner among the first k; ``precision@1``: share whose
            first is one; ``mrr@10``: mean of 1 / rank of the first one; ``ndcg@10`` (Järvelin and Kekäläinen 2002), by
            grade. Queries whose products all have a lower grade than the best count in ndcg alone.
            With listed pairs that are none also ``auc`` and ``ap`` over the listed pairs.
        intervals: 95 % by bootstrap over queries (over pairs for the last two).
        n: queries.
        by_category: the same means per top category of the product searched by, the largest first; empty for texts.
        failures: the worst of the queries whose first hit is no partner, as ``worst_failures`` orders them.
        left_out: rows of the truth that could not be used.
    """

    metrics: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    n: int
    by_category: Mapping[str, Mapping[str, float]]
    failures: tuple[Failure, ...]
    left_out: int


def truth_of_pairs(pairs: pd.DataFrame, catalog: Catalog) -> Truth:
    """Read pairs ``sku_a, sku_b, label``; a label above 0 makes partners of both, without a label column all are."""
    _require(pairs, "pairs", "sku_a", "sku_b")
    numbers = pd.to_numeric(pairs["label"], errors="coerce") if "label" in pairs else pd.Series(1.0, pairs.index)
    label = numbers.to_numpy() > 0
    usable = pairs["sku_a"].isin(catalog.row_of) & pairs["sku_b"].isin(catalog.row_of) & numbers.notna()
    known = (usable & (pairs["sku_a"] != pairs["sku_b"])).to_numpy()
    a, b = pairs["sku_a"][known].tolist(), pairs["sku_b"][known].tolist()
    listed = tuple(zip(a, b, label[known].tolist(), strict=True))
    gains: dict[str, dict[str, float]] = {}
    for sku, other, is_partner in listed:
        if is_partner:
            gains.setdefault(sku, {})[other] = gains.setdefault(other, {})[sku] = 1.0
    return Truth(gains, listed=() if label[known].all() else listed, left_out=int((~known).sum()))


def truth_of_clusters(clusters: pd.DataFrame, catalog: Catalog) -> Truth:
    """Read clusters ``sku, cluster_id``: the products of a cluster are partners of each other."""
    _require(clusters, "clusters", "sku", "cluster_id")
    usable = clusters["sku"].isin(catalog.row_of) & (clusters["cluster_id"].fillna("").astype(str).str.strip() != "")
    known = clusters[usable].drop_duplicates(["sku", "cluster_id"])
    gains: dict[str, dict[str, float]] = {}
    for _, members in known.groupby("cluster_id", sort=False)["sku"]:
        skus = members.tolist()
        for sku in skus if len(skus) > 1 else ():
            gains.setdefault(sku, {}).update(dict.fromkeys((other for other in skus if other != sku), 1.0))
    return Truth(gains, left_out=len(clusters) - len(known))


def truth_of_table(table: pd.DataFrame, catalog: Catalog) -> Truth:
    """Read a table of clusters, where it has a ``cluster_id``, else of pairs; raise as these do."""
    return (truth_of_clusters if "cluster_id" in table else truth_of_pairs)(table, catalog)


def truth_of_queries(queries: pd.DataFrame, qrels: pd.DataFrame, catalog: Catalog) -> Truth:
    """Read queries ``query_id, query`` and grades ``query_id, sku, grade``; the highest grade makes partners."""
    _require(queries, "queries", "query_id", "query")
    _require(qrels, "qrels", "query_id", "sku", "grade")
    texts = dict(zip(queries["query_id"], queries["query"], strict=True))
    grade = pd.to_numeric(qrels["grade"], errors="coerce")
    known = qrels["sku"].isin(catalog.row_of) & qrels["query_id"].isin(texts) & grade.notna()
    gains: dict[str, dict[str, float]] = {}
    used = qrels[known & (grade > 0)]
    for name, sku, value in zip(used["query_id"], used["sku"], grade[used.index], strict=True):
        gains.setdefault(name, {})[sku] = float(value)
    best = float(grade[known].max()) if known.any() else 1.0
    return Truth(gains, best, texts, left_out=int((~known).sum()))


def evaluate(
    engine: SearchEngine,
    catalog: Catalog,
    truth: Truth,
    weights: Weights,
    *,
    across: str | None = None,
    progress: Progress = SILENT,
) -> Evaluation:
    """Search by every query of the truth and compare the results with it.

    Args:
        engine: of the catalog.
        catalog: the products.
        truth: what is known.
        weights: what counts how much.
        across: as ``SearchEngine.neighbours``; only for products as queries.
        progress: advanced by queries or products.

    Raises:
        CatalogError: the truth leaves no query.
    """
    if not truth.gains:
        raise CatalogError(
            phrase(
                "The truth has no usable query: no row makes two products partners (unusable rows: {n:,}).",
                n=truth.left_out,
            ),
            phrase("Check that its SKUs are those of the catalog, and that some labels or grades are above 0."),
        )
    rankings = _rankings(engine, truth, weights, across, progress)
    names = list(truth.gains)
    ranked = [rankings.get(name, []) for name in names]
    values = values_by_query([truth.gains[name] for name in names], ranked, truth.best, MEASURES)
    metrics = {name: float(np.nanmean(value)) for name, value in values.items()}
    intervals = {name: mean_interval(value) for name, value in values.items()}
    if truth.listed:
        pairs, bounds = _pair_metrics(engine, catalog, truth, weights)
        metrics |= pairs
        intervals |= bounds
    by_category = {} if truth.texts is not None else _by_category(names, values, catalog)
    failures = worst_failures(engine, catalog, _failed_queries(names, rankings, truth, values), weights)
    return Evaluation(metrics, intervals, len(names), by_category, failures, truth.left_out)


def _rankings(
    engine: SearchEngine, truth: Truth, weights: Weights, across: str | None, progress: Progress
) -> dict[str, list[str]]:
    """Return the first ten SKUs of each query."""
    if truth.texts is None:
        table = engine.neighbours(K, weights, across=across, progress=progress)
        return {str(sku): group.tolist() for sku, group in table.groupby("sku", sort=False)["neighbour_sku"]}
    queries = [Query(text=truth.texts[name]) for name in truth.gains]
    results = engine.search_many(queries, K, SearchOptions(weights), progress=progress)
    return {name: [hit.sku for hit in result.hits] for name, result in zip(truth.gains, results, strict=True)}


def values_by_query(
    gains: Sequence[Gains], rankings: Sequence[Sequence[str]], best: float, measures: Mapping[str, str]
) -> dict[str, Values]:
    """Compute each measure per query with ir-measures (MacAvaney et al. 2022, which calls trec_eval).

    Args:
        gains: per query the judged SKUs with their grades; grade 0 is judged to be none.
        rankings: per query the SKUs returned, best first, each once.
        best: grade from which a product counts as a true partner.
        measures: our name to the name in ir-measures, such as ``RR@10``. Only nDCG looks at grades (its gain is the
            grade itself); the others separate partners from all else. What is not judged counts as no partner.

    Returns:
        Name to values of shape (n_queries,); NaN where a query has no partner to find, for nDCG no grade above 0.
    """
    with optional_packages():
        import ir_measures  # late: only evaluations need it

    run = {str(i): {sku: -float(rank) for rank, sku in enumerate(skus)} for i, skus in enumerate(rankings) if skus}
    graded, partners = {}, {}
    for i, grades in enumerate(gains):
        highest = max(grades.values(), default=0.0)
        if highest > 0:  # trec_eval takes whole numbers; a query's nDCG is the same for grades of any unit
            graded[str(i)] = {sku: round(GRADE_STEPS * grade / highest) for sku, grade in grades.items()}
        if highest >= best:
            partners[str(i)] = {sku: int(grade >= best) for sku, grade in grades.items()}
    values = {name: np.full(len(gains), np.nan) for name in measures}
    for name, measure in measures.items():
        truth = graded if measure.startswith("nDCG") else partners
        for result in ir_measures.iter_calc([ir_measures.parse_measure(measure)], truth, run) if truth else ():
            values[name][int(result.query_id)] = result.value
    return values


def top_categories(catalog: Catalog) -> "pd.Series[str]":
    """Return the first level of each product's category, in catalog order; "none" without one."""
    first = catalog.products["category"].str.split(SEPARATOR).str[0]
    return first.where(first != "", "none")


def sample_rows(catalog: Catalog, n: int, rows: Rows | None = None) -> Rows:
    """Return n of the rows (``None``: of all), each top category by its size and none left out, ascending."""
    of = np.arange(len(catalog)) if rows is None else rows
    codes, _ = pd.factorize(top_categories(catalog).iloc[of])
    return of[spread_sample(codes, n)]


def mean_interval(values: Values) -> tuple[float, float]:
    """Return the 95 % interval of the mean by bootstrap over the values without NaN; the same in every run."""
    return _interval(len(values), N_QUERY_RESAMPLES, partial(_mean_of, values))


def _mean_of(values: Values, rows: NDArray[np.int64]) -> float:
    """Return the mean of those of the rows that have a value; NaN where none has."""
    drawn = values[rows]
    mean = drawn.mean()
    if np.isnan(mean):  # else all have one, as nearly always, and this is quicker by far
        known = drawn[~np.isnan(drawn)]
        mean = known.mean() if len(known) else mean
    return float(mean)


def _interval(n: int, resamples: int, metric: Callable[[NDArray[np.int64]], float]) -> tuple[float, float]:
    """Return the middle 95 % of the metric over resampled queries; the same in every run."""
    rng = np.random.default_rng(0)
    drawn = [metric(rng.integers(0, n, n)) for _ in range(resamples)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])  # a draw of partners alone has no AP
    return float(low), float(high)


def _pair_metrics(
    engine: SearchEngine, catalog: Catalog, truth: Truth, weights: Weights
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    label = np.array([is_partner for _, _, is_partner in truth.listed])
    if label.all() or not label.any():
        return {}, {}
    rows = np.array([(catalog.row_of[a], catalog.row_of[b]) for a, b, _ in truth.listed], np.int64)
    score = engine.comparer.pair_scores(rows[:, 0], rows[:, 1], weights)
    functions: dict[str, Any] = {"auc": roc_auc_score, "ap": average_precision_score}

    def value(metric: Any, rows: NDArray[np.int64]) -> float:
        return float(metric(label[rows], score[rows])) if 0 < label[rows].sum() < len(rows) else float("nan")

    every = np.arange(len(label))
    metrics = {name: value(metric, every) for name, metric in functions.items()}
    bounds = {
        name: _interval(len(label), N_PAIR_RESAMPLES, partial(value, metric)) for name, metric in functions.items()
    }
    return metrics, bounds


def _by_category(names: Sequence[str], values: Mapping[str, Values], catalog: Catalog) -> dict[str, dict[str, float]]:
    category_of = top_categories(catalog).iloc[[catalog.row_of[name] for name in names]]
    means = {}
    for category in category_of.value_counts().index:
        own = (category_of == category).to_numpy()
        means[str(category)] = {
            "n": float(own.sum()),
            **{n: float(np.nanmean(value[own])) for n, value in values.items()},
        }
    return means


def _failed_queries(
    names: Sequence[str], rankings: Mapping[str, list[str]], truth: Truth, values: Mapping[str, Values]
) -> list[FailedQuery]:
    """Return the queries that have a partner, but not as their first hit."""
    failed = []
    for name, reciprocal, ndcg in zip(names, values[f"mrr@{K}"], values[f"ndcg@{K}"], strict=True):
        if np.isnan(reciprocal) or reciprocal == 1:
            continue
        gains = truth.gains[name]
        query = Query(like=(name,)) if truth.texts is None else Query(text=truth.texts[name])
        first = next(iter(rankings.get(name, [])), "")
        rank = round(1 / reciprocal) if reciprocal else np.inf
        failed.append(FailedQuery(query, max(gains, key=lambda sku: gains[sku]), first, rank, float(ndcg)))
    return failed


def _require(table: pd.DataFrame, name: str, *columns: str) -> None:
    missing = [column for column in columns if column not in table]
    if missing:
        raise CatalogError(
            phrase(
                "The table of {name} has no column {missing}; it has {columns}.",
                name=name,
                missing=", ".join(missing),
                columns=", ".join(map(str, table.columns)),
            ),
            phrase("It needs the columns {columns}.", columns=", ".join(columns)),
        )
