"""Before a search: what could be searched for, and products to start from."""

from collections import Counter
from pathlib import Path

import numpy as np
import streamlit as st

from pages.shared import search_form
from pages.shared.chosen_cards import bulk_actions
from pages.shared.frame import as_written
from pages.shared.grid import Card, draw_cards, products_shown
from pages.shared.search import texts
from pages.shared.search.results_view import actions
from pages.shared.shortlist import shortlist_marker
from prodsim.catalog import Catalog
from prodsim.index import Rows
from prodsim.search import Families
from prodsim.search.families import family_texts
from prodsim.workspace import OpenCatalog

N_PRODUCTS = 24
N_EXAMPLES = 6
SHOWN_FIELDS = ("image", "description", "category", "brand", "availability")
"""A product to start from has these, and a price."""


def draw_start(opened: OpenCatalog, allowed: Rows, families: Families | None) -> None:
    """Draw words to search for and products from all over the catalog, those with most of the fields that show well."""
    examples = example_queries(opened.catalog, allowed)
    if examples:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(texts.TRY(), width="content")
            for words in examples:
                st.button(as_written(words), key=f"try {words}", on_click=search_form.search_words, args=(words,))
    rows = showcase(opened.catalog, allowed, families, N_PRODUCTS)
    products, offered, mark = products_shown(opened.catalog, rows), actions(), shortlist_marker(opened)
    others = [allowed[:0]] * len(rows) if families is None else families.represented(rows, allowed)
    notes = family_texts(opened.catalog, [[row, *own.tolist()] for row, own in zip(rows, others, strict=True)])
    cards = [
        Card(product, (*offered, mark(str(product["sku"]))), variants=note)
        for product, note in zip(products, notes, strict=True)
    ]
    draw_cards(cards, Path(opened.info.base), bulk=bulk_actions(opened))


def example_queries(catalog: Catalog, allowed: Rows) -> list[str]:
    """Return words that find something: names of the largest categories, else the brands with most products."""
    for field in ("category", "brand"):
        counts: Counter[str] = Counter()
        for name, n in catalog.products[field].iloc[allowed].value_counts().items():
            counts[str(name).rpartition(" > ")[2]] += int(n)
        names = [name for name, _ in counts.most_common() if name][:N_EXAMPLES]
        if names:
            return names
    return []


def showcase(catalog: Catalog, allowed: Rows, families: Families | None, n: int) -> list[int]:
    """Return up to n rows from all over the allowed ones, of each stretch the product with most of its fields.

    A price counts as much as all other fields, since a card without one looks unfinished.

    Args:
        catalog: the products.
        allowed: rows to choose from, ascending.
        families: of which one product each is chosen; ``None`` for any product.
        n: how many.
    """
    products = catalog.products[[*SHOWN_FIELDS, "price"]].iloc[allowed]
    is_filled = [(products[field] != "").to_numpy(np.bool_) for field in SHOWN_FIELDS]
    has_price = products["price"].to_numpy(np.float64) > 0
    filled = np.sum([*is_filled, *[has_price] * len(SHOWN_FIELDS)], axis=0)
    best = np.argsort(-filled, kind="stable")
    if families is not None:
        best = best[np.unique(families.number_of[allowed][best], return_index=True)[1]]
    stretches = np.array_split(np.sort(best), min(n, len(best)))
    return [int(allowed[stretch[np.argmax(filled[stretch])]]) for stretch in stretches]
