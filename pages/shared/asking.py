"""The choices of the search page: text, liked and disliked products, filters. All of them live in the link."""

from collections.abc import Sequence

import streamlit as st

from prodsim.search import Facet, Filters, Query, facets
from prodsim.workspace import OpenCatalog

TEXT, LIKE, UNLIKE = "q", "like", "unlike"
PRICE_MIN, PRICE_MAX, BRANDS, CATEGORIES, IN_STOCK = "price_min", "price_max", "brand", "category", "stock"
ATTRIBUTE, VALUES = "attribute", "value"
FILTER_KEYS = (PRICE_MIN, PRICE_MAX, BRANDS, CATEGORIES, IN_STOCK, ATTRIBUTE, VALUES)


def ask_query(opened: OpenCatalog) -> Query:
    """The search box, and a chip per liked and disliked product."""
    text = st.text_input(
        "Search",
        key=TEXT,
        placeholder="Words, a SKU, a model number or a brand",
        icon=":material/search:",
        label_visibility="collapsed",
        bind="query-params",
    )
    titles = dict(zip(opened.catalog.products["sku"], opened.catalog.products["title"], strict=True))
    liked = _chips(LIKE, "More like", titles)
    unliked = _chips(UNLIKE, "Less like", titles)
    return Query(text or "", tuple(liked), tuple(sku for sku in unliked if sku not in liked))


def ask_filters(opened: OpenCatalog) -> Filters:
    """Price, brand, category, stock and one attribute, with the number of products for each value."""
    counted = {facet.field: facet for facet in _facets(opened.info.artifacts["catalog"], opened)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        low = st.number_input("Price from", value=None, min_value=0.0, key=PRICE_MIN, bind="query-params", width=110)
        high = st.number_input("to", value=None, min_value=0.0, key=PRICE_MAX, bind="query-params", width=110)
        brands = _choose("Brand", BRANDS, counted["brand"])
        categories = _choose("Category", CATEGORIES, counted["category"])
        in_stock = st.toggle("In stock", key=IN_STOCK, bind="query-params")
        attributes = _ask_attribute(opened)
    return Filters(low, high, tuple(brands), tuple(categories), bool(in_stock), attributes)


def clear_filters() -> None:
    """Back to all products."""
    for key in FILTER_KEYS:
        st.session_state.pop(key, None)
        st.query_params.pop(key, None)


def search_like(sku: str) -> None:
    """Ask what else is like this product, and nothing else."""
    start_like([sku])


def start_like(skus: Sequence[str]) -> None:
    """Ask what else is like these products, and nothing else."""
    st.session_state[TEXT] = ""
    st.session_state[LIKE], st.session_state[UNLIKE] = list(skus), []


def like(sku: str) -> None:
    """Add a product to be close to."""
    _move(sku, LIKE, UNLIKE)


def unlike(sku: str) -> None:
    """Add a product to be far from."""
    _move(sku, UNLIKE, LIKE)


def _move(sku: str, to: str, away: str) -> None:
    st.session_state[to] = [*(s for s in st.session_state.get(to, []) if s != sku), sku]
    st.session_state[away] = [s for s in st.session_state.get(away, []) if s != sku]


def _chips(key: str, label: str, titles: dict[str, str]) -> Sequence[str]:
    """Chips for the SKUs of a key; the state wins over the link, and SKUs of another catalog are left out and told."""
    chosen = st.session_state[key] if key in st.session_state else st.query_params.get_all(key)
    known = [sku for sku in dict.fromkeys(chosen) if sku in titles]
    if len(known) < len(chosen):
        st.caption(f"{len(chosen) - len(known)} product of the link is not in this catalog and was left out.")
    st.session_state[key] = known
    if not known:
        return ()
    return st.multiselect(label, known, key=key, format_func=lambda sku: titles[sku][:60], bind="query-params")


def _choose(label: str, key: str, facet: Facet) -> list[str]:
    counts = dict(facet.counts)
    if not counts:
        return []
    return st.multiselect(
        label, list(counts), key=key, format_func=lambda v: f"{v} ({counts.get(v, 0):,})", placeholder="any", bind="query-params", width=185
    )


def _ask_attribute(opened: OpenCatalog) -> dict[str, tuple[str, ...]]:
    names = opened.catalog.attributes
    if not names:
        return {}
    name = st.selectbox("Attribute", names, index=None, key=ATTRIBUTE, placeholder="none", bind="query-params", width=140)
    if name is None:
        return {}
    values = _choose(name, VALUES, facets(opened.catalog, None, (name,))[0])
    return {name: tuple(values)} if values else {}


@st.cache_resource(max_entries=8, show_spinner=False)
def _facets(version: str, _opened: OpenCatalog) -> tuple[Facet, ...]:
    return facets(_opened.catalog, None, ("brand", "category"))
