"""What a catalog can be narrowed by: values with the number of products that each would leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import with_parents
from prodsim.search.filters import Filters, Mask

CATEGORY, PRICE = "category", "price"
N_BANDS, N_BINS = 5, 24
WITHIN = "\0within"
"""Beside the names of fields, none of which can be this."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A field's values with the number of products each, most frequent first, equal counts by value."""

    field: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PriceBand:
    """Prices from ``low`` to ``high``, both included; ``None`` for no limit. ``n`` products have one."""

    low: float | None
    high: float | None
    n: int


class FacetCounter:
    """Counts values over the products that the filters of all other fields let pass, exactly.

    A column is turned into numbers when it is first counted, so that counting it again takes a millisecond.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._coded = lru_cache(maxsize=None)(self._code)

    def counts(self, filters: Filters, fields: Sequence[str], within: Mask | None = None) -> tuple[Facet, ...]:
        """Count the values of the fields, of each without its own filter; empty values are left out.

        A category counts for every path above it too: "Shoes" counts the products of "Shoes > Running".

        Args:
            filters: of all fields.
            fields: to count.
            within: the products that count at all, such as those drawn around on the map; ``None`` for all.
        """
        masks = filters.masks(self._catalog) | ({} if within is None else {WITHIN: within})
        return tuple(Facet(name, self._count(name, _others(masks, name))) for name in fields)

    def price_bands(self, filters: Filters) -> tuple[PriceBand, ...]:
        """Return about five bands with about as many products of the catalog, between round prices, lowest first.

        Products are counted that all filters but that of the price let pass.
        """
        prices = self._catalog.products["price"].to_numpy(np.float64)
        edges = round_edges(prices)
        if not edges:
            return ()
        allowed = _others(filters.masks(self._catalog), PRICE)
        left = prices if allowed is None else prices[allowed]
        limits = zip([None, *edges], [*edges, None], strict=True)
        return tuple(PriceBand(low, high, _n_between(left, low, high)) for low, high in limits)

    def price_histogram(self, filters: Filters, within: Mask | None = None) -> tuple[list[float], list[int]]:
        """Return edges of bins and how many products are in each, by all filters but that of the price.

        The bins are as wide as each other on a logarithmic scale, from the 1st to the 99th percentile of the catalog's
        prices; the first and the last hold what is beyond them. No bins where no two products have different prices.
        """
        prices = self._catalog.products["price"].to_numpy(np.float64)
        known = prices[prices > 0]
        if not len(known) or known.min() == known.max():
            return [], []
        low, high = (float(edge) for edge in np.percentile(known, (1, 99)))
        edges = np.geomspace(low, high, N_BINS + 1)
        masks = filters.masks(self._catalog) | ({} if within is None else {WITHIN: within})
        allowed = _others(masks, PRICE)
        left = prices[prices > 0] if allowed is None else prices[allowed & (prices > 0)]
        counts, _ = np.histogram(np.clip(left, edges[0], edges[-1]), edges)
        return edges.tolist(), counts.tolist()

    def _count(self, name: str, allowed: Mask | None) -> tuple[tuple[str, int], ...]:
        codes, values = self._coded(name)
        counts = np.bincount(codes if allowed is None else codes[allowed], minlength=len(values))
        counted = {value: n for value, n in zip(values, counts.tolist(), strict=True) if value and n}
        if name == CATEGORY:
            counted = _with_parents(counted)
        return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def _code(self, name: str) -> tuple[NDArray[np.int64], list[str]]:
        codes, values = pd.factorize(self._catalog.column(name))
        return codes, [str(value) for value in values]


def round_edges(prices: NDArray[np.float64]) -> list[float]:
    """Return up to four round prices that part the known ones above 0 into bands of about as many, ascending."""
    known = prices[prices > 0]
    if not len(known):
        return []
    parts = np.quantile(known, np.arange(1, N_BANDS) / N_BANDS)
    edges = dict.fromkeys(_round(float(part)) for part in parts)
    return [edge for edge in edges if known.min() < edge < known.max()]


def _round(price: float) -> float:
    """Round to one of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 of its power of ten."""
    power = 10.0 ** np.floor(np.log10(price))
    steps = np.array([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10])
    return float(f"{power * steps[np.argmin(abs(steps - price / power))]:.6g}")


def _n_between(prices: NDArray[np.float64], low: float | None, high: float | None) -> int:
    passes = np.isfinite(prices)
    if low is not None:
        passes &= prices >= low
    if high is not None:
        passes &= prices <= high
    return int(passes.sum())


def _others(masks: Mapping[str, Mask], name: str) -> Mask | None:
    """Return what all filters but that of the field let pass; None where there is no other."""
    others = [mask for field, mask in masks.items() if field != name]
    return np.logical_and.reduce(others) if others else None


def _with_parents(counts: Mapping[str, int]) -> dict[str, int]:
    """Add up the counts of paths for every path above them."""
    summed: dict[str, int] = {}
    for path, count in counts.items():
        for above in with_parents(path):
            summed[above] = summed.get(above, 0) + count
    return summed
