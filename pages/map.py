"""Map: the whole catalog as a picture; select, understand, take away."""

import numpy as np
import streamlit as st

from pages.shared import asking, frame, state
from pages.shared.mapping import draw_map, hovered_products, selected_rows
from pages.shared.results import offer_exports
from prodsim.charts import counts_figure, spread_figure
from prodsim.clusters import label_clusters
from prodsim.export import products_table
from prodsim.workspace import OpenCatalog

MAX_LISTED = 2000
MAX_WORDS_FROM = 5000


def describe(opened: OpenCatalog, rows: "np.ndarray") -> None:
    """What sets the selection apart: words, brands, prices."""
    products = opened.catalog.products
    chosen = products.iloc[rows]
    inside = chosen["title"].iloc[:: max(1, len(rows) // MAX_WORDS_FROM)]
    around = products["title"].iloc[:: max(1, len(products) // MAX_WORDS_FROM)]
    cluster = np.concatenate([np.zeros(len(inside), np.int32), np.full(len(around), -1, np.int32)])
    st.text(f"Words that set them apart: {label_clusters([*inside, *around], cluster)[0]}")
    brands = [(str(name), int(count)) for name, count in chosen["brand"].value_counts().items() if name][:5]
    if brands:
        st.plotly_chart(counts_figure(brands, "Brands"), key="brands", config={"displayModeBar": False}, alt="Most frequent brands")
    if chosen["price"].notna().sum() > 1:
        st.plotly_chart(spread_figure(chosen["price"], "Prices"), key="prices", config={"displayModeBar": False}, alt="Prices")


frame.title("Map", "Products with like texts lie together. Draw around some with the lasso to see and export them.")
opened = state.require_catalog()
if not opened.info.has_map:
    st.info("The map is being drawn. Search works already.", icon=":material/hourglass_top:")
    st.stop()
picture, side = st.columns([2, 1], gap="medium")
with picture:
    event, drawn = draw_map(opened)
rows = selected_rows(event, opened)
with side:
    if not len(rows):
        st.subheader("Nothing selected", anchor=False)
        st.caption("Draw a lasso or a box on the map, or click a product to see it. Double-click on the map to begin again.")
        st.caption(
            "Distances on a map mislead: it keeps neighbours together, but not how far apart groups are. Search and its "
            "scores use the full vectors, never the map."
        )
        st.stop()
    st.subheader(f"{len(rows):,} products selected", anchor=False)
    if len(rows) == 1:
        hovered_products(opened, rows)
        st.stop()
    with st.container(horizontal=True):
        table = lambda: products_table(opened.catalog, rows)  # noqa: E731 - made when asked for
        offer_exports(f"{opened.name} selection", table, f"{len(rows):,} of {opened.info.products:,} products")
        first = opened.catalog.products["sku"].iloc[rows[:5]].tolist()
        if st.button("Search like these", icon=":material/search:", help="Starts a search with the first five as examples."):
            st.session_state[asking.TEXT], st.session_state[asking.LIKE] = "", first
            st.switch_page("pages/search.py")
    describe(opened, rows)
shown = opened.catalog.products.iloc[rows[:MAX_LISTED]][["sku", "title", "brand", "category", "price"]]
if len(rows) > MAX_LISTED:
    st.caption(f"The first {MAX_LISTED:,} are listed; the export has all {len(rows):,}.")
st.dataframe(shown, hide_index=True, height=280, alt="Selected products")
