"""What only one of two catalogs has, by category and by price band."""

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import SEPARATOR
from prodsim.index import Rows

MOST_BANDS = 5
NO_BAND = -1
"""The band of products without a price."""


def gaps_by_category(catalog: Catalog, rows: Rows) -> pd.DataFrame:
    """Count products by the first level of their category.

    Args:
        catalog: the products.
        rows: those that the other catalog lacks.

    Returns:
        A table category (``""`` where unknown), missing, products, share; the most missing first. Categories of which
        nothing is missing are left out.
    """
    first = catalog.products["category"].str.partition(SEPARATOR)[0]
    return _counted(first, rows, "category").sort_values(["missing", "category"], ascending=[False, True])


def gaps_by_price(catalog: Catalog, rows: Rows) -> pd.DataFrame:
    """Count products by price band; as ``gaps_by_category`` with the columns low and high, unknown prices last.

    ``low`` belongs to the band and ``high`` does not; the last band has no end.
    """
    prices = catalog.products["price"].to_numpy(np.float64)
    edges = price_edges(prices)
    bands = pd.Series(np.where(prices > 0, np.searchsorted(edges, prices, side="right"), NO_BAND))
    table = _counted(bands, rows, "band")
    starts, ends = np.array([0.0, *edges]), np.array([*edges, np.inf])
    is_priced = table["band"].to_numpy() != NO_BAND
    places = np.maximum(table["band"].to_numpy(), 0)
    table.insert(0, "low", np.where(is_priced, starts[places], np.nan))
    table.insert(1, "high", np.where(is_priced, ends[places], np.nan))
    return table.drop(columns="band").sort_values("low", na_position="last", ignore_index=True)


def price_edges(prices: NDArray[np.float64]) -> list[float]:
    """Return where bands of about equally many products begin, at numbers of two digits; none for few prices."""
    known = prices[prices > 0]
    if len(known) < MOST_BANDS:
        return []
    quantiles = np.quantile(known, np.arange(1, MOST_BANDS) / MOST_BANDS)
    return sorted({_rounded(price) for price in quantiles.tolist()})


def _rounded(price: float) -> float:
    step = 10.0 ** (math.floor(math.log10(price)) - 1)
    return round(round(price / step) * step, 6)


def _counted(groups: "pd.Series[Any]", rows: Rows, name: str) -> pd.DataFrame:
    products, missing = groups.value_counts(), groups.iloc[rows].value_counts()
    table = pd.DataFrame({"missing": missing, "products": products.reindex(missing.index)})
    table["share"] = table["missing"] / table["products"]
    return table.rename_axis(name).reset_index()
