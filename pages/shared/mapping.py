"""The map's figure and what is told about the products selected on it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared import asking
from pages.shared.cards import draw_card, picture_url
from pages.shared.results import offer_exports
from prodsim.charts import (
    Colouring,
    colour_by_amount,
    colour_by_kind,
    counts_figure,
    drawn_rows,
    label_places,
    map_figure,
    ringed,
    spread_figure,
)
from prodsim.export import products_table
from prodsim.index import Rows
from prodsim.search import Query
from prodsim.selection import most_central, telling_words
from prodsim.workspace import OpenCatalog

COLOURS = ("cluster", "category", "brand", "price")
MAX_TITLES = 5_000
"""Products up to which a point shows its title; above it the texts would make the figure heavy."""

MAX_LISTED = 500
"""Rows of the table beside the map; all of them are in the export."""

SEEDS = 5
"""Liked products that stand for a selection when it is opened as a search."""


def draw_figure(opened: OpenCatalog, colour: str, labels: bool, found: Rows) -> dict[str, dict[str, list[object]]]:
    """Draw the map and return what is selected on it, by plotly's names."""
    dark = st.context.theme.type == "dark"
    version = f"{opened.name} {opened.info.artifacts['map']} {opened.info.artifacts['catalog']}"
    figure = _figure(version, colour, labels, dark, opened)
    if len(found):
        figure = ringed(figure, opened.map.xy, found, dark)
    return st.plotly_chart(  # type: ignore[return-value]  # read by item, so that a test can seed it
        figure,
        key="map_figure",
        on_select="rerun",
        selection_mode=("lasso", "box", "points"),
        height=580,
        config={"displaylogo": False, "scrollZoom": True, "modeBarButtonsToRemove": ["toImage", "autoScale2d"]},
        alt="The products as points; close points are similar products",
    )


def drawn_sentence(opened: OpenCatalog) -> str:
    """What the map shows."""
    n, drawn = len(opened.catalog), len(drawn_rows(opened.map.cluster))
    if drawn == n:
        return f"All {n:,} products are drawn, in {len(opened.map.labels):,} clusters."
    return f"{drawn:,} of {n:,} products are drawn, with each cluster's share; the shade below and selections count all."


def draw_product(opened: OpenCatalog, row: int) -> None:
    """One product, and its closest ones in the full space."""
    products, base = opened.catalog.products, Path(opened.info.base)
    draw_card(products.iloc[row], base)
    sku = str(products["sku"].iat[row])
    _open_search("Open its neighbours", [sku])
    st.caption("Closest by the full comparison, not by the map")
    hits = opened.search(Query(like=(sku,)), 8).hits
    _draw_table(opened, np.array([hit.row for hit in hits], np.int64), {"score": [hit.score for hit in hits]})


def draw_selection(opened: OpenCatalog, rows: Rows, name: str) -> None:
    """Count, telling words, spreads and table of some products, and ways to go on with them."""
    products = opened.catalog.products
    st.subheader(f"{len(rows):,} {name}", anchor=False)
    words = telling_words(products["title"].tolist(), rows)
    if words:
        st.text(f"Set apart by: {words}", help="The words most of these titles have and most others lack.")
    with st.container(horizontal=True):
        _open_search("Open as search", products["sku"].iloc[_centre(opened, rows)].tolist())
        offer_exports(f"{opened.name} selection", lambda: products_table(opened.catalog, rows), f"{len(rows):,} {name}")
    with st.grid(2, min_column_width=150, gap="small"):
        for figure in _spreads(products.iloc[rows]):
            st.plotly_chart(figure, config={"displayModeBar": False}, alt="How the selected products spread")
    if len(rows) > MAX_LISTED:
        st.caption(f"The first {MAX_LISTED:,} of {len(rows):,}; the export has all.")
    _draw_table(opened, rows[:MAX_LISTED], {})


def _spreads(products: pd.DataFrame) -> list[object]:
    figures: list[object] = []
    for field in ("brand", "category"):
        counts = products[field].str.rpartition(" > ")[2][products[field] != ""].value_counts().head(5)
        if len(counts) > 1 or (len(counts) and field == "brand"):
            figures.append(counts_figure([(str(k), int(n)) for k, n in counts.items()], field.capitalize()))
    if products["price"].notna().sum() > 1:
        figures.append(spread_figure(products["price"], "Price"))
    return figures


def _centre(opened: OpenCatalog, rows: Rows) -> Rows:
    sampled = rows[:: max(1, len(rows) // 2_000)]  # the mean of 2,000 is the mean of all, as far as five seeds can tell
    return sampled[most_central(opened.index.vectors_of(sampled), SEEDS)]


def _open_search(label: str, skus: list[str]) -> None:
    if st.button(label, icon=":material/search:", help="Search for products close to these"):
        asking.start_like(skus)
        st.switch_page("pages/search.py")


def _draw_table(opened: OpenCatalog, rows: Rows, extra: dict[str, list[float]]) -> None:
    products = opened.catalog.products.iloc[rows]
    pictures = [picture_url(image, Path(opened.info.base)) or None for image in products["image"]]
    table = pd.DataFrame({"picture": pictures, **{c: products[c].tolist() for c in ("title", "brand", "price", "sku")}, **extra})
    st.dataframe(
        table,
        hide_index=True,
        row_height=44,
        height=min(44 * len(table) + 40, 360),
        column_config={
            "picture": st.column_config.ImageColumn("", width=52),
            "title": st.column_config.TextColumn("Title", width="medium"),
            "price": st.column_config.NumberColumn("Price", format="%.2f"),
            "score": st.column_config.ProgressColumn("Score", min_value=0, max_value=1, format="%.2f"),
        },
        alt="The products selected",
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _figure(version: str, colour: str, labels: bool, dark: bool, _opened: OpenCatalog) -> object:
    data = _opened.map
    titles = _opened.catalog.products["title"].tolist() if len(data.xy) <= MAX_TITLES else None
    places = label_places(data.xy, data.cluster, data.labels) if labels else []
    return map_figure(data.xy, _COLOURINGS[colour](_opened), places, drawn_rows(data.cluster), dark, titles)


def _by_category(opened: OpenCatalog) -> Colouring:
    """By the first level of the path that tells products apart."""
    paths = opened.catalog.products["category"].str.split(" > ")
    for level in range(4):
        names = paths.str[level].fillna("")
        if names.nunique() > 1:
            break
    return colour_by_kind(names)


_COLOURINGS: dict[str, Callable[[OpenCatalog], Colouring]] = {
    "cluster": lambda opened: colour_by_kind(pd.Series(opened.map.cluster_names()).str.replace("unclustered", "")),
    "category": _by_category,
    "brand": lambda opened: colour_by_kind(opened.catalog.products["brand"]),
    "price": lambda opened: colour_by_amount(opened.catalog.products["price"]),
}
