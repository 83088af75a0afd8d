"""How much each product is in demand, where a column shows it."""

import re

import numpy as np

from prodsim.catalog import Catalog
from prodsim.quality.statistics import Numbers

MIN_KNOWN_SHARE = 0.5
"""Share of the products whose demand a column must give."""
MAX_RATING = 10
"""A column that never exceeds it holds ratings such as *4.6* and counts nothing."""

_COUNT_COLUMN = re.compile(
    r"\b(?:sales?|sold|orders?|purchases?|units|popularity|reviews?|ratings?|comments?)\b|销量|销售量|成交|月销|付款人数|评论|评价",
    re.IGNORECASE,
)
_SALES = ("sale", "sold", "order", "purchase", "units", "销", "成交", "付款", "popularity")
"""What counts sales goes before what counts reviews."""
_OTHER_COLUMN = re.compile(r"price|date|text|top|url|id$|value|status|价格|时间|内容|分$", re.IGNORECASE)
_AMOUNT = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?)\s*(k|m|万|亿)?\s*(?:\+|人|件|条|sold)*\s*", re.IGNORECASE)
_MULTIPLES = {"": 1.0, "k": 1e3, "m": 1e6, "万": 1e4, "亿": 1e8}


def read_demand(catalog: Catalog) -> tuple[str, Numbers] | None:
    """Return the column that counts sales, or else reviews or ratings, and its numbers, NaN where unknown.

    None where no column does. A column of scores such as *4.6* counts nothing: what never exceeds ``MAX_RATING`` is
    left alone, and so is a constant.
    """
    names = [
        name for name in catalog.attributes if _COUNT_COLUMN.search(_spaced(name)) and not _OTHER_COLUMN.search(name)
    ]
    for name in sorted(names, key=lambda name: not any(word in name.casefold() for word in _SALES)):
        cells = catalog.products[name]
        count_of = {cell: _read_count(cell) for cell in cells.unique()}
        counts = np.array([count_of[cell] for cell in cells], np.float64)
        known = counts[np.isfinite(counts)]
        if len(known) >= MIN_KNOWN_SHARE * len(counts) and known.max(initial=0.0) > MAX_RATING and np.ptp(known) > 0:
            return name, counts
    return None


def _spaced(name: str) -> str:
    """Split a column's name into words: *sale_count*, *numberSold*."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[\W_]+", " ", name)


def _read_count(cell: str) -> float:
    """Read *1,204*, *1.2k+* and *2万+* as numbers; NaN for anything else."""
    match = _AMOUNT.fullmatch(cell)
    return float(match[1].replace(",", "")) * _MULTIPLES[(match[2] or "").casefold()] if match else float("nan")
