"""One product with all there is to know about it, open over the page that led to it."""

from pathlib import Path

import streamlit as st

from pages.shared import search_form, texts
from pages.shared.frame import as_written
from pages.shared.grid import Card, draw_cards, mount_products, products_shown
from pages.shared.product_html import PRODUCT_STYLE, product_html
from pages.shared.product_link import PRODUCT, close_product
from prodsim.index import Rows
from prodsim.search import Query, SearchOptions
from prodsim.search.families import Families
from prodsim.similarity import PRESETS
from prodsim.text import excerpt
from prodsim.workspace import OpenCatalog

N_NEIGHBOURS = 12
NEIGHBOURS_BY = "neighbours by"


def show_product(opened: OpenCatalog) -> None:
    """Open the product that the link names, until it is closed; say so where the catalog has none of that name."""
    sku = st.query_params.get(PRODUCT)
    if sku is None:
        return
    if sku not in opened.catalog.row_of:
        st.caption(as_written(texts.PRODUCT_NOT_HERE(sku=excerpt(sku, 60))))
        return
    st.dialog(texts.PRODUCT(), width="large", on_dismiss=close_product)(_draw)(opened)


def _draw(opened: OpenCatalog) -> None:
    """Draw the product that the link names now: a neighbour or a variant leads on without drawing the page anew."""
    row = opened.catalog.row_of.get(st.query_params.get(PRODUCT, ""))
    if row is None:
        st.rerun()
    sku, base = str(opened.catalog.products["sku"].iat[row]), Path(opened.info.base)
    family = Families.of(opened.catalog).members(row)
    st.html(PRODUCT_STYLE)
    mount_products(product_html(opened.catalog, row, family, base), "pp-product", "product")
    _draw_ways_on(opened, row, sku)
    _draw_neighbours(opened, sku, family, base)


def _draw_ways_on(opened: OpenCatalog, row: int, sku: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        label = texts.SEARCH_SIMILAR()
        if st.button(label, on_click=search_form.search_like, args=(sku,), icon=":material/hub:"):
            close_product()
            st.switch_page("pages/search.py")
        if opened.info.has_map:
            title = str(opened.catalog.products["title"].iat[row])
            place = {"catalog": opened.name, "highlight": title}
            st.page_link("pages/map.py", label=texts.ON_THE_MAP(), icon=":material/scatter_plot:", query_params=place)


def _draw_neighbours(opened: OpenCatalog, sku: str, family: Rows, base: Path) -> None:
    """Draw the nearest products that are no variants of it, by the preset chosen."""
    names = {name: texts.PRESET_NAMES[name]() for name in PRESETS}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{texts.NEIGHBOURS()}**", width="content")
        preset = st.segmented_control(
            texts.NEIGHBOURS(),
            list(names),
            default=next(iter(names)),
            format_func=lambda name: names[name],
            key=NEIGHBOURS_BY,
            required=True,
            label_visibility="collapsed",
        )
    weights = opened.engine.weights if preset == "overall" else opened.info.preset(preset)
    result = opened.search(Query(like=(sku,)), N_NEIGHBOURS + len(family), SearchOptions(weights))
    hits = [hit for hit in result.hits if hit.row not in family][:N_NEIGHBOURS]
    if not hits:
        st.caption(texts.NO_NEIGHBOURS())
        return
    products = products_shown(opened.catalog, [hit.row for hit in hits])
    cards = [
        Card(product, (), hit.score, hit.parts, closer_than=hit.closer_than)
        for product, hit in zip(products, hits, strict=True)
    ]
    draw_cards(cards, base, "product neighbours", is_small=True)
