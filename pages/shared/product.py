"""One product with all there is to know about it, open over the page that led to it."""

from pathlib import Path

import streamlit as st

from pages.shared import search_form, state, texts
from pages.shared.frame import as_written, errors_shown
from pages.shared.grid import Card, draw_cards, mount_products, products_shown
from pages.shared.histories import kept_histories, ready_recommender, shoppers_of
from pages.shared.product_html import PRODUCT_STYLE, product_html
from pages.shared.product_link import HIGHLIGHT, PRODUCT, close_product
from pages.shared.results import variants_notes
from prodsim.phrases import retold
from prodsim.quality import kind_title
from prodsim.recommend import Recommender
from prodsim.search import Arrangement, Families, Query, SearchOptions
from prodsim.similarity import PRESETS
from prodsim.text import excerpt
from prodsim.workspace import OpenCatalog

N_NEIGHBOURS = 12
NEIGHBOURS_BY, OVERALL, BOUGHT = "neighbours by", "overall", "bought with it"


def show_product(opened: OpenCatalog, *, is_search: bool = False) -> None:
    """Open the product that the link names, until it is closed; say so where the catalog has none of that name.

    ``is_search`` says that this is the Search page, where a search for similar products stays.
    """
    sku = st.query_params.get(PRODUCT)
    if sku is None:
        return
    if sku not in opened.catalog.row_of:
        st.caption(as_written(texts.PRODUCT_NOT_HERE(sku=excerpt(sku, 60))))
        return
    st.dialog(texts.PRODUCT(), width="large", on_dismiss=close_product)(_draw)(opened, is_search)


def _draw(opened: OpenCatalog, is_search: bool) -> None:
    """Draw the product that the link names now: a neighbour or a variant leads on without drawing the page anew."""
    with errors_shown():
        _draw_product(opened, is_search)


def _draw_product(opened: OpenCatalog, is_search: bool) -> None:
    row = opened.catalog.row_of.get(st.query_params.get(PRODUCT, ""))
    if row is None:
        st.rerun()
    sku, base = str(opened.catalog.products["sku"].iat[row]), Path(opened.info.base)
    families = state.families(opened)
    family = families.members(row)
    st.html(PRODUCT_STYLE)
    mount_products(product_html(opened.catalog, row, family, base), "pp-product", "product")
    _draw_ways_on(opened, row, sku, is_search=is_search)
    _draw_findings(opened, sku)
    _draw_neighbours(opened, sku, families, base)


def _draw_ways_on(opened: OpenCatalog, row: int, sku: str, *, is_search: bool) -> None:
    """Draw the ways to similar products and to the map; links keep the catalog, which switching pages does not."""
    with st.container(horizontal=True, vertical_alignment="center"):
        similar, icon = texts.SEARCH_SIMILAR(), ":material/hub:"
        if not is_search:
            st.page_link("pages/search.py", label=similar, icon=icon, query_params={search_form.LIKE: sku})
        elif st.button(similar, on_click=search_form.search_like, args=(sku,), icon=icon):
            close_product()
            st.rerun()
        if opened.info.has_map:
            lit = {HIGHLIGHT: str(opened.catalog.products["title"].iat[row])}
            st.page_link("pages/map.py", label=texts.ON_THE_MAP(), icon=":material/scatter_plot:", query_params=lit)


def _draw_findings(opened: OpenCatalog, sku: str) -> None:
    """Draw what checks found about the product that nobody has decided yet; nothing where they found nothing."""
    findings = state.open_findings(opened, sku)
    if not findings:
        return
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":orange[:material/flag:] **{texts.OPEN_FINDINGS(len(findings))}**", width="content")
            st.space("stretch")
            st.page_link("pages/quality.py", label=texts.DECIDE(), icon=":material/fact_check:")
        for finding in findings:
            line = texts.FIELD_VALUE(field=kind_title(finding.kind), value=retold(finding.what))
            st.caption(as_written(line))


def _draw_neighbours(opened: OpenCatalog, sku: str, families: Families, base: Path) -> None:
    """Draw the nearest products that are no variants of it, by the preset chosen, or what is bought with it."""
    recommender = ready_recommender(opened, kept_histories(opened)) if shoppers_of(opened).exists else None
    names = {name: texts.PRESET_NAMES[name]() for name in PRESETS}
    names |= {BOUGHT: texts.BOUGHT_WITH()} if recommender is not None else {}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{texts.NEIGHBOURS()}**", width="content")
        chosen = st.segmented_control(
            texts.NEIGHBOURS(),
            list(names),
            default=next(iter(names)),
            format_func=lambda name: names[name],
            key=NEIGHBOURS_BY,
            required=True,
            label_visibility="collapsed",
        )
    if chosen == BOUGHT and recommender is not None:
        cards = _bought_with(opened, recommender, sku)
    else:
        cards = _nearest(opened, sku, families, chosen)
    if cards:
        draw_cards(cards, base, "product neighbours", is_small=True)
    else:
        st.caption(texts.NO_NEIGHBOURS())


def _nearest(opened: OpenCatalog, sku: str, families: Families, preset: str) -> list[Card]:
    weights = opened.engine.weights if preset == OVERALL else opened.info.preset(preset)
    options = SearchOptions(weights, arrangement=Arrangement(families=families))
    hits = opened.search(Query(like=(sku,)), N_NEIGHBOURS, options).hits
    products = products_shown(opened.catalog, [hit.row for hit in hits])
    return [
        Card(
            product,
            (),
            hit.score,
            hit.parts,
            closer_than=hit.closer_than,
            variants=variants,
        )
        for product, hit, variants in zip(products, hits, variants_notes(opened.catalog, hits), strict=True)
    ]


def _bought_with(opened: OpenCatalog, recommender: Recommender, sku: str) -> list[Card]:
    together = recommender.bought_together(opened.catalog.row_of[sku], N_NEIGHBOURS)
    products = products_shown(opened.catalog, [each.row for each in together])
    return [Card(product, (), each.score) for product, each in zip(products, together, strict=True)]
