"""How old the things of a catalog are, by a column of dates."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog.plain_names import plain_name, split_words
from prodsim.catalog.products import Catalog

DATE_NAMES = (
    "published", "published at", "publication date", "pubdate", "pub date", "date published", "发布时间", "发布日期",
    "posted", "posted at", "date posted", "date", "datetime", "time", "timestamp", "日期", "时间", "release date",
    "released", "created", "created at", "date added", "updated", "updated at",
)  # fmt: skip
"""Names of columns of dates, the one that tells age best first; dates under other names come after them."""
MIN_DATES = 0.8
"""Share of a column's filled cells that must be dates."""
SAMPLED_CELLS = 200
_DATE = (
    r"\s*(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[T ].*)?|\d{1,2}\.\d{1,2}\.\d{4}.*"
    r"|(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2,8} \d{4}.*|[A-Z][a-z]{2,8} \d{1,2}, \d{4}.*)\s*"
)
"""Dates that are read in one way only: 05/03/2026 is in March or in May, so it is none."""


def date_column(catalog: Catalog) -> str:
    """Return the attribute that holds dates, by its cells; of several the first of ``DATE_NAMES``; ``""`` for none."""
    found = [name for name in catalog.attributes if _holds_dates(catalog.products[name])]
    rank = {name: place for place, name in enumerate(DATE_NAMES)}
    return min(found, key=lambda name: rank.get(plain_name(split_words(name)), len(rank)), default="")


def ages_in_days(catalog: Catalog) -> NDArray[np.float64]:
    """Return how many days older than the newest each thing is, shape (n,); NaN where no date can be read."""
    column = date_column(catalog)
    if not column:
        return np.full(len(catalog), np.nan)
    texts = catalog.products[column].astype(str)
    texts = texts.where(texts.str.fullmatch(_DATE), "").str.replace("[年月]", "-", regex=True).str.replace("日", "")
    is_german = texts.str.match(r"\s*\d{1,2}\.\d")
    times = _times(texts.where(~is_german, ""), is_day_first=False).fillna(_times(texts.where(is_german, ""), True))
    return np.asarray((times.max() - times).dt.total_seconds() / 86_400, np.float64)


def _holds_dates(values: "pd.Series[str]") -> bool:
    filled = values[values.astype(str) != ""].head(SAMPLED_CELLS).astype(str)
    return len(filled) > 0 and bool(filled.str.fullmatch(_DATE).mean() >= MIN_DATES)


def _times(texts: "pd.Series[str]", is_day_first: bool) -> "pd.Series[pd.Timestamp]":
    return pd.to_datetime(texts, errors="coerce", utc=True, format="mixed", dayfirst=is_day_first)
