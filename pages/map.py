"""Map: the whole catalog as a picture, to filter, select from, understand and export."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from pages.shared import frame, search_form, state
from pages.shared import texts as shared_texts
from pages.shared.filters_form import ask_filters, counter_of, set_prices, toggle_value, usual_attributes
from pages.shared.map import texts
from pages.shared.map.charts import MOST_BARS, bars_html, draw_charts, histogram_html
from pages.shared.map.figure import choose_look, draw_map, draw_product, selected
from pages.shared.product import show_product
from pages.shared.results import offer_exports
from prodsim.catalog.category_paths import parent_of
from prodsim.index import Rows
from prodsim.map.selection import distinctive_words, most_central
from prodsim.output.export import products_table
from prodsim.phrases import reader_profile
from prodsim.search import Filters
from prodsim.search.facets import CATEGORY
from prodsim.search.filters import Mask
from prodsim.workspace import OpenCatalog

MAX_LISTED = 2000
LISTED_FIELDS = ("sku", "title", "brand", "category", "price")
N_CHARTS = 2
"""Attributes that have a chart."""


def draw_linked_charts(opened: OpenCatalog, filters: Filters, within: Mask | None) -> None:
    """Draw prices, categories, brands and attributes of what is selected; a click or a brush filters map and list."""
    counter = counter_of(opened)
    edges, bins = counter.price_histogram(filters, within)
    prices = histogram_html(shared_texts.PRICE(), edges, bins, filters.price_min, filters.price_max)
    names = {CATEGORY: shared_texts.CATEGORY(), "brand": shared_texts.BRAND()}
    names |= {name: name for name in usual_attributes(opened)[:N_CHARTS]}
    chosen = {CATEGORY: filters.categories, "brand": filters.brands, **filters.attributes}
    charts = [prices]
    for facet in counter.counts(filters, list(names), within):
        counts = dict(facet.counts)
        if facet.field == CATEGORY:
            counts = one_level(counts, filters.categories)
        n_more = len(counts) - MOST_BARS
        more = texts.MORE_VALUES(n_more) if n_more > 0 else ""
        charts.append(bars_html(names[facet.field], facet.field, counts, chosen.get(facet.field, ()), more))

    def brush(ends: list[int]) -> None:
        if not ends:
            return set_prices(None, None)
        first, last = ends
        low = None if first == 0 else float(f"{edges[first]:.3g}")
        set_prices(low, None if last == len(bins) - 1 else float(f"{edges[last + 1]:.3g}"))

    draw_charts(charts, "map charts", toggle_value, brush)


def one_level(counts: Mapping[str, int], chosen: Sequence[str]) -> dict[str, int]:
    """Return the chosen categories and those just below them, the first level where none is chosen."""
    above = chosen or ("",)
    return {path: n for path, n in counts.items() if path in above or parent_of(path) in above}


def draw_ways_on(opened: OpenCatalog, rows: Rows) -> None:
    """Draw the export of the selection and the search for products like it."""
    with st.container(horizontal=True):
        table = lambda: products_table(opened.catalog, rows)  # noqa: E731 - made when a file is downloaded
        name = texts.EXPORT_NAME(catalog=opened.name)
        offer_exports(name, table, shared_texts.N_OF_PRODUCTS(opened.info.products, shown=len(rows)))
        if st.button(texts.SEARCH_SIMILAR(), icon=":material/search:", help=texts.SEARCH_SIMILAR_HELP()):
            sampled = rows[:: max(1, len(rows) // 2_000)]  # the mean of 2,000 is, for five examples, the mean of all
            typical = sampled[most_central(opened.index.vectors_of(sampled), 5)]
            search_form.start_like(opened.catalog.products["sku"].iloc[typical].tolist())
            st.switch_page("pages/search.py", query_params={})  # without them it refuses where a widget holds one


def draw_list(opened: OpenCatalog, rows: Rows) -> None:
    """Draw the products as a table."""
    shown = opened.catalog.products.iloc[rows[:MAX_LISTED]][[*LISTED_FIELDS]]
    shown = shown.drop(columns=[field for field in reader_profile().absent if field in LISTED_FIELDS])
    if len(rows) > MAX_LISTED:
        st.caption(texts.SOME_LISTED(listed=MAX_LISTED, n=len(rows)))
    headings = {field: shared_texts.FIELD_NAMES[field]() for field in shown.columns}
    st.dataframe(shown, hide_index=True, height=280, column_config=headings, alt=texts.LIST_ALT())


frame.title(shared_texts.MAP(), texts.PURPOSE())
opened = state.require_catalog()
show_product(opened)
if not opened.info.has_map:
    state.map_is_missing(opened.info)
    st.stop()
notes = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    filters = ask_filters(opened, notes)
    look = choose_look(opened)
passing = filters.rows(opened.catalog)
allowed = np.ones(len(opened.catalog), bool)
if passing is not None:
    allowed = np.isin(np.arange(len(opened.catalog)), passing)
within = selected(opened)
rows = np.flatnonzero(allowed if within is None else allowed & within)
is_narrowed = within is not None or passing is not None
picture, side = st.columns([3, 1], gap="medium")
with picture:
    draw_map(opened, look, allowed)
with side:
    if is_narrowed:
        st.subheader(texts.SELECTED(len(rows)), anchor=False)
        if len(rows):
            draw_ways_on(opened, rows)
    else:
        st.caption(texts.HOW_TO_SELECT(), help=texts.DISTANCES_MISLEAD())
    if len(rows) == 1:
        draw_product(opened, int(rows[0]))
    else:
        words = distinctive_words(opened.catalog.products["title"].tolist(), rows) if is_narrowed else ""
        if words:
            st.caption(frame.as_written(texts.TYPICAL_WORDS(words=words)))
        draw_linked_charts(opened, filters, within)
if is_narrowed and len(rows) > 1:
    draw_list(opened, rows)
