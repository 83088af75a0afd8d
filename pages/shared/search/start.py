"""Before a search: what could be searched for, and the catalog to browse, as far as the filters let it."""

from collections import Counter
from pathlib import Path

import streamlit as st

from pages.shared import search_form
from pages.shared import texts as shared_texts
from pages.shared.chosen_cards import bulk_actions
from pages.shared.frame import as_written
from pages.shared.grid import Card, draw_cards, products_shown
from pages.shared.results import offer_exports, page_of
from pages.shared.search import texts
from pages.shared.search.order import COMPLETE, choose_order, places_by
from pages.shared.search.results_view import actions
from pages.shared.shortlist import shortlist_marker
from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import leaf_of
from prodsim.index import Rows
from prodsim.output.export import products_table
from prodsim.search import Families
from prodsim.search.browsing import browse
from prodsim.search.families import family_texts
from prodsim.workspace import OpenCatalog

N_EXAMPLES = 6


def draw_start(opened: OpenCatalog, allowed: Rows, families: Families | None) -> None:
    """Draw words to search for, while nothing is filtered, and the products in the chosen order, page by page."""
    examples = example_queries(opened.catalog, allowed) if len(allowed) == len(opened.catalog) else []
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        order = choose_order(COMPLETE)
        rows = browse(places_by(opened, order), allowed, families)
        summary = _summary(len(allowed), len(rows))
        st.caption(summary, width="content")
        st.space("stretch")
        name = texts.EXPORT_NAME(catalog=opened.name)
        offer_exports(name, lambda: products_table(opened.catalog, rows), summary)
    if examples:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(texts.TRY(), width="content")
            for words in examples:
                st.button(as_written(words), key=f"try {words}", on_click=search_form.search_words, args=(words,))
    with page_of(len(rows), (opened.name, order, len(allowed), int(allowed.sum()))) as shown:
        _draw(opened, rows[shown], allowed, families)


def _draw(opened: OpenCatalog, rows: Rows, allowed: Rows, families: Families | None) -> None:
    """Draw the products of a page as cards, with what their variants differ in."""
    listed = rows.tolist()
    products, offered, mark = products_shown(opened.catalog, listed), actions(), shortlist_marker(opened)
    others = [allowed[:0]] * len(listed) if families is None else families.represented(listed, allowed)
    notes = family_texts(opened.catalog, [[row, *own.tolist()] for row, own in zip(listed, others, strict=True)])
    cards = [
        Card(product, (*offered, mark(str(product["sku"]))), variants=note)
        for product, note in zip(products, notes, strict=True)
    ]
    draw_cards(cards, Path(opened.info.base), bulk=bulk_actions(opened))


def _summary(n_allowed: int, n_shown: int) -> str:
    """Say how many products pass the filters, and how many are listed where variants count as one."""
    n_products = shared_texts.N_PRODUCTS(n_allowed)
    return n_products if n_shown == n_allowed else texts.N_LISTED(n_shown, products=n_products)


def example_queries(catalog: Catalog, allowed: Rows) -> list[str]:
    """Return words that find something: names of the largest categories, else the brands with most products."""
    for field in ("category", "brand"):
        counts: Counter[str] = Counter()
        for name, n in catalog.products[field].iloc[allowed].value_counts().items():
            counts[leaf_of(str(name))] += int(n)
        names = [name for name, _ in counts.most_common() if name][:N_EXAMPLES]
        if names:
            return names
    return []
