"""Map: the whole catalog as a picture, to select from, understand and export."""

import numpy as np
import streamlit as st

from pages.shared import frame, search_form, state
from pages.shared import texts as shared_texts
from pages.shared.map import texts
from pages.shared.map.figure import draw_map, draw_product, selected_rows
from pages.shared.product import show_product
from pages.shared.results import offer_exports
from prodsim.catalog import usual_prices
from prodsim.map.selection import distinctive_words, most_central
from prodsim.output.charts import counts_figure, spread_figure
from prodsim.output.export import products_table
from prodsim.workspace import OpenCatalog

MAX_LISTED = 2000
NO_TOOLBAR = {"displayModeBar": False}


def describe(opened: OpenCatalog, rows: "np.ndarray") -> None:
    """Draw what is typical of the selection: words, brands, prices."""
    products = opened.catalog.products
    chosen = products.iloc[rows]
    words = distinctive_words(products["title"].tolist(), rows)
    if words:
        st.text(texts.TYPICAL_WORDS(words=words))
    brands = [(str(name), int(count)) for name, count in chosen["brand"].value_counts().items() if name][:5]
    if brands:
        figure = counts_figure(brands, texts.BRANDS())
        st.plotly_chart(figure, key="brands", config=NO_TOOLBAR, alt=texts.BRANDS_ALT())
    prices, n_far = usual_prices(chosen["price"])
    if len(prices) > 1:
        figure = spread_figure(prices, texts.PRICES_WITHOUT(n_far) if n_far else shared_texts.PRICES())
        st.plotly_chart(figure, key="prices", config=NO_TOOLBAR, alt=shared_texts.PRICES())


frame.title(shared_texts.MAP(), texts.PURPOSE())
opened = state.require_catalog()
show_product(opened)
if not opened.info.has_map:
    state.map_is_missing(opened.info)
    st.stop()
picture, side = st.columns([2, 1], gap="medium")
with picture:
    event, drawn = draw_map(opened)
rows = selected_rows(event, opened)
with side:
    if not len(rows):
        st.subheader(texts.NOTHING_SELECTED(), anchor=False)
        st.caption(texts.HOW_TO_SELECT())
        st.caption(texts.DISTANCES_MISLEAD())
        st.stop()
    st.subheader(texts.SELECTED(len(rows)), anchor=False)
    if len(rows) == 1:
        draw_product(opened, rows[0])
        st.stop()
    with st.container(horizontal=True):
        table = lambda: products_table(opened.catalog, rows)  # noqa: E731 - made when a file is downloaded
        name = texts.EXPORT_NAME(catalog=opened.name)
        offer_exports(name, table, shared_texts.N_OF_PRODUCTS(opened.info.products, shown=len(rows)))
        if st.button(texts.SEARCH_SIMILAR(), icon=":material/search:", help=texts.SEARCH_SIMILAR_HELP()):
            sampled = rows[:: max(1, len(rows) // 2_000)]  # the mean of 2,000 is, for five examples, the mean of all
            typical = sampled[most_central(opened.index.vectors_of(sampled), 5)]
            search_form.start_like(opened.catalog.products["sku"].iloc[typical].tolist())
            st.switch_page("pages/search.py", query_params={})  # without them it refuses where a widget holds one
    describe(opened, rows)
shown = opened.catalog.products.iloc[rows[:MAX_LISTED]][["sku", "title", "brand", "category", "price"]]
if len(rows) > MAX_LISTED:
    st.caption(texts.SOME_LISTED(listed=MAX_LISTED, n=len(rows)))
headings = {field: shared_texts.FIELD_NAMES[field]() for field in shown.columns}
st.dataframe(shown, hide_index=True, height=280, column_config=headings, alt=texts.LIST_ALT())
