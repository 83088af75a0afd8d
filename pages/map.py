"""Map: the whole catalog as a picture; select, understand, take away."""

import numpy as np
import streamlit as st

from pages.shared import frame, search_form, state
from pages.shared.map.figure import draw_map, hovered_products, selected_rows
from pages.shared.results import offer_exports
from prodsim.catalog import usual_prices
from prodsim.map.selection import most_central, telling_words
from prodsim.output.charts import counts_figure, spread_figure
from prodsim.output.export import products_table
from prodsim.workspace import OpenCatalog

MAX_LISTED = 2000


def describe(opened: OpenCatalog, rows: "np.ndarray") -> None:
    """What sets the selection apart: words, brands, prices."""
    products = opened.catalog.products
    chosen = products.iloc[rows]
    words = telling_words(products["title"].tolist(), rows)
    if words:
        st.text(f"Words that set them apart: {words}")
    brands = [(str(name), int(count)) for name, count in chosen["brand"].value_counts().items() if name][:5]
    if brands:
        st.plotly_chart(
            counts_figure(brands, "Brands"), key="brands", config={"displayModeBar": False}, alt="Most frequent brands"
        )
    prices, n_far = usual_prices(chosen["price"])
    if len(prices) > 1:
        told = f"Prices, without {n_far:,} far above" if n_far else "Prices"
        st.plotly_chart(spread_figure(prices, told), key="prices", config={"displayModeBar": False}, alt="Prices")


frame.title("Map", "Products with like texts lie together. Draw around some with the lasso to see and export them.")
opened = state.require_catalog()
if not opened.info.has_map:
    state.map_is_missing(opened.info)
    st.stop()
picture, side = st.columns([2, 1], gap="medium")
with picture:
    event, drawn = draw_map(opened)
rows = selected_rows(event, opened)
with side:
    if not len(rows):
        st.subheader("Nothing selected", anchor=False)
        st.caption(
            "Draw a lasso or a box on the map, or click a product to see it. Double-click on the map to begin again."
        )
        st.caption(
            "Distances on a map mislead: it keeps neighbours together, but not how far apart groups are. Search and "
            "its scores use the full vectors, never the map."
        )
        st.stop()
    st.subheader(f"{len(rows):,} products selected", anchor=False)
    if len(rows) == 1:
        hovered_products(opened, rows)
        st.stop()
    with st.container(horizontal=True):
        table = lambda: products_table(opened.catalog, rows)  # noqa: E731 - made when asked for
        offer_exports(f"{opened.name} selection", table, f"{len(rows):,} of {opened.info.products:,} products")
        if st.button("Search like these", icon=":material/search:", help="Takes the five most typical as examples."):
            sampled = rows[:: max(1, len(rows) // 2_000)]  # the mean of 2,000 is, for five examples, the mean of all
            typical = sampled[most_central(opened.index.vectors_of(sampled), 5)]
            search_form.start_like(opened.catalog.products["sku"].iloc[typical].tolist())
            st.switch_page("pages/search.py")
    describe(opened, rows)
shown = opened.catalog.products.iloc[rows[:MAX_LISTED]][["sku", "title", "brand", "category", "price"]]
if len(rows) > MAX_LISTED:
    st.caption(f"The first {MAX_LISTED:,} are listed; the export has all {len(rows):,}.")
st.dataframe(shown, hide_index=True, height=280, alt="Selected products")
