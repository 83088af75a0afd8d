"""The two settings that are compared, and the queries put to both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.evaluation.evaluate import mean_interval, sample_rows
from prodsim.progress import Progress
from prodsim.search import Hit, Query, SearchEngine, SearchOptions
from prodsim.similarity import Weights

N_COMPARED = 50
"""Products searched by, where the caller does not say."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two settings compared.

    Attributes:
        name: as the person knows it.
        catalog: the products; the other side's may be another one, with SKUs in common.
        engine: of the catalog; ``engine.by(metric)`` for another metric.
        weights: what counts how much.
    """

    name: str
    catalog: Catalog
    engine: SearchEngine
    weights: Weights


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval by bootstrap over products or queries."""

    mean: float
    low: float
    high: float


def sample_skus(a: Side, b: Side, n: int = N_COMPARED) -> list[str]:
    """Return n products that both catalogs hold, spread over the top categories, in the order of a's catalog."""
    common = [row for sku, row in a.catalog.row_of.items() if sku in b.catalog.row_of]
    rows = sample_rows(a.catalog, n, np.array(common, np.int64))
    return [str(sku) for sku in a.catalog.products["sku"].iloc[rows]]


def hits_of(side: Side, queries: Sequence[Query], k: int, progress: Progress) -> list[tuple[Hit, ...]]:
    """Return the k hits of each query, best first; ``progress`` is advanced by queries."""
    results = side.engine.search_many(queries, k, SearchOptions(side.weights), progress=progress)
    return [result.hits for result in results]


def estimate(values: Values) -> Estimate:
    """Return the mean of at least one value, with its interval."""
    return Estimate(float(values.mean()), *mean_interval(values))
