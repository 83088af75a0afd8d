"""What only one of the two catalogs has: by category, by price band, and as a list."""

from typing import Any

import numpy as np
import streamlit as st

from pages.shared import texts as shared
from pages.shared.match import texts
from pages.shared.match.lists import MOST_LISTED
from prodsim.catalog.category_paths import SEPARATOR
from prodsim.index import Rows
from prodsim.match import gaps_by_category, gaps_by_price
from prodsim.workspace import OpenCatalog

LISTED_FIELDS = ("sku", "title", "brand", "category", "price", "currency")


def draw_gaps(opened: OpenCatalog, rows: Rows) -> None:
    """Draw the products of a catalog that the other one lacks."""
    if not len(rows):
        st.info(texts.NO_GAPS(catalog=opened.name), icon=":material/task_alt:")
        return
    by_category, by_price = st.columns(2, gap="medium")
    with by_category:
        rows = _choose_category(opened, rows)
    with by_price:
        _draw_bands(opened, rows)
    listed = opened.catalog.products.iloc[rows[:MOST_LISTED]][list(LISTED_FIELDS)]
    names = {name: shared.COMPARED_FIELD_NAMES[name]() for name in LISTED_FIELDS}
    st.dataframe(listed, hide_index=True, height=420, alt=texts.GAPS_ALT(catalog=opened.name), column_config=names)
    if len(rows) > MOST_LISTED:
        st.caption(texts.SOME_LISTED(listed=MOST_LISTED, n=len(rows)))


def _choose_category(opened: OpenCatalog, rows: Rows) -> Rows:
    """Draw the gaps by category; return the rows of the selected one, else all."""
    table = gaps_by_category(opened.catalog, rows)
    st.caption(f"**{texts.BY_CATEGORY()}** · {texts.SELECT_CATEGORY()}")
    event = st.dataframe(
        table.assign(category=table["category"].replace("", texts.NO_CATEGORY())),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"gaps {opened.name}",
        alt=texts.BY_CATEGORY(),
        column_config={"category": shared.CATEGORY(), **_count_columns()},
    )
    chosen = event["selection"]["rows"]
    if not chosen or chosen[0] >= len(table):
        return rows
    first = opened.catalog.products["category"].iloc[rows].str.partition(SEPARATOR)[0]
    return np.asarray(rows[(first == table["category"].iloc[chosen[0]]).to_numpy()], np.int64)


def _draw_bands(opened: OpenCatalog, rows: Rows) -> None:
    table = gaps_by_price(opened.catalog, rows)
    names = [_band_name(low, high) for low, high in zip(table["low"], table["high"], strict=True)]
    st.caption(f"**{texts.BY_PRICE()}**")
    st.dataframe(
        table.assign(band=names)[["band", "missing", "products", "share"]],
        hide_index=True,
        alt=texts.BY_PRICE(),
        column_config={"band": shared.PRICE(), **_count_columns()},
    )


def _band_name(low: float, high: float) -> str:
    if np.isnan(low):
        return texts.NO_PRICE()
    if np.isinf(high):
        return texts.LAST_BAND(low=low)
    return texts.BAND(low=low, high=high) if low else texts.FIRST_BAND(high=high)


def _count_columns() -> dict[str, Any]:
    """Return what the columns of counts are called and how they are drawn."""
    share = st.column_config.ProgressColumn(texts.SHARE(), format="percent", min_value=0, max_value=1)
    return {"missing": texts.MISSING(), "products": texts.OF_PRODUCTS(), "share": share}
