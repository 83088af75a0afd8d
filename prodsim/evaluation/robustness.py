"""How much of what is found is lost when the same thing is written otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.errors import CatalogError
from prodsim.evaluation.evaluate import MEASURES, Truth, values_by_query
from prodsim.evaluation.perturbations import PERTURBATIONS, Perturbation
from prodsim.evaluation.sides import Estimate, estimate
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.search import Query, SearchEngine, SearchOptions
from prodsim.similarity import Weights

K = 10
AS_WRITTEN = "as written"
MAX_QUERIES = 300
"""Queries taken, the same in every run: each is searched by once for every kind."""
REPORTED = "recall@1"
"""The measure whose loss is told with its interval."""


@dataclass(frozen=True, slots=True)
class RobustnessReport:
    """What searches by text find, as the texts are written and as they are perturbed.

    Attributes:
        kinds: kind of perturbation, ``as written`` first, to the metrics of ``evaluate``.
        lost: kind to how much lower ``recall@1`` is on the queries that the perturbation changes, below 0 where it is
            higher, with its 95 % interval by bootstrap over these queries.
        n_changed: kind to how many queries it changes; one that changes none is in ``kinds`` alone.
        n: queries searched by.
        n_all: queries of the truth.
    """

    kinds: Mapping[str, Mapping[str, float]]
    lost: Mapping[str, Estimate]
    n_changed: Mapping[str, int]
    n: int
    n_all: int


def measure_robustness(
    engine: SearchEngine,
    catalog: Catalog,
    truth: Truth,
    weights: Weights,
    *,
    kinds: Mapping[str, Perturbation] = PERTURBATIONS,
    progress: Progress = SILENT,
) -> RobustnessReport:
    """Search by the texts of the truth as they are written, then perturbed in each way, and compare.

    Where products are the queries, their titles are typed, and the product itself is left out of what is found.

    Args:
        engine: of the catalog.
        catalog: the products.
        truth: what is known.
        weights: what counts how much.
        kinds: the perturbations by name.
        progress: advanced by queries.

    Raises:
        CatalogError: the truth leaves no query.
    """
    names = _sampled(list(truth.gains))
    if not names:
        raise CatalogError(
            phrase("The truth has no usable query."), phrase("Check that its SKUs are those of the catalog.")
        )
    texts, rng = _texts(catalog, truth, names), np.random.default_rng(0)
    written = {AS_WRITTEN: texts} | {kind: [perturb(text, rng) for text in texts] for kind, perturb in kinds.items()}
    values = {
        kind: _values(engine, truth, names, texts_of_kind, weights, progress) for kind, texts_of_kind in written.items()
    }
    changed = {kind: np.array([a != b for a, b in zip(texts, written[kind], strict=True)]) for kind in kinds}
    before = values[AS_WRITTEN][REPORTED]
    return RobustnessReport(
        {kind: {name: float(np.nanmean(value)) for name, value in by_name.items()} for kind, by_name in values.items()},
        {
            kind: estimate((before - values[kind][REPORTED])[own & ~np.isnan(before)])
            for kind, own in changed.items()
            if (own & ~np.isnan(before)).any()
        },
        {kind: int(own.sum()) for kind, own in changed.items()},
        len(names),
        len(truth.gains),
    )


def _sampled(names: list[str]) -> list[str]:
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(names), min(MAX_QUERIES, len(names)), replace=False)
    return [names[place] for place in sorted(chosen.tolist())]


def _texts(catalog: Catalog, truth: Truth, names: list[str]) -> list[str]:
    if truth.texts is not None:
        return [truth.texts[name] for name in names]
    titles = catalog.products["title"]
    return [str(titles.iat[catalog.row_of[name]]) for name in names]


def _values(
    engine: SearchEngine, truth: Truth, names: list[str], texts: list[str], weights: Weights, progress: Progress
) -> dict[str, NDArray[np.float64]]:
    """Return each measure per query."""
    results = engine.search_many([Query(text) for text in texts], K + 1, SearchOptions(weights), progress=progress)
    rankings = [
        [hit.sku for hit in result.hits if truth.texts is not None or hit.sku != name][:K]
        for name, result in zip(names, results, strict=True)
    ]
    return values_by_query([truth.gains[name] for name in names], rankings, truth.best, MEASURES)
