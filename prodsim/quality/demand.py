"""How much each product is asked for, where a column tells it."""

import re

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog
from prodsim.quality.statistics import Numbers

KNOWN = 0.5
"""Share of the products that a column must tell of."""

_NAME = re.compile(
    r"\b(?:sales?|sold|orders?|purchases?|units|popularity|reviews?|ratings?|comments?)\b|销量|销售量|成交|月销|付款人数|评论|评价",
    re.IGNORECASE,
)
_RANK = ("sale", "sold", "order", "purchase", "units", "销", "成交", "付款", "popularity")
"""What counts sales goes before what counts reviews."""
_NO_COUNT = re.compile(r"price|date|text|top|url|id$|value|status|价格|时间|内容|分$", re.IGNORECASE)
_AMOUNT = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?)\s*(k|m|万|亿)?\s*(?:\+|人|件|条|sold)*\s*", re.IGNORECASE)
_TIMES = {"": 1.0, "k": 1e3, "m": 1e6, "万": 1e4, "亿": 1e8}


def read_demand(catalog: Catalog) -> tuple[str, Numbers] | None:
    """The column that counts sales, or else reviews or ratings, and its numbers, NaN where unknown; none for None.

    A column of scores such as *4.6* counts nothing: what is never above 10 is left alone, and so is a constant.
    """
    names = [name for name in catalog.attributes if _NAME.search(_spaced(name)) and not _NO_COUNT.search(name)]
    for name in sorted(names, key=lambda name: not any(word in name.casefold() for word in _RANK)):
        counts = _counts(catalog.products[name])
        known = counts[np.isfinite(counts)]
        if len(known) >= KNOWN * len(counts) and known.max(initial=0.0) > 10 and np.ptp(known) > 0:
            return name, counts
    return None


def _spaced(name: str) -> str:
    """A column's name in words: *sale_count*, *numberSold*."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[\W_]+", " ", name)


def _counts(cells: "pd.Series[str]") -> Numbers:
    known = {cell: _count(cell) for cell in cells.unique()}
    return np.array([known[cell] for cell in cells], np.float64)


def _count(cell: str) -> float:
    """*1,204*, *1.2k+* and *2万+* as numbers; NaN for anything else."""
    found = _AMOUNT.fullmatch(cell)
    return float(found[1].replace(",", "")) * _TIMES[(found[2] or "").casefold()] if found else float("nan")
