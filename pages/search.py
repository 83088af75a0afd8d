"""Search: by words, by SKU, or by liked and disliked products."""

from pathlib import Path

import streamlit as st

from pages.shared import frame, search_form, state
from pages.shared.grid import Card, draw_cards, products_shown
from pages.shared.results import nothing_found
from pages.shared.search.results_view import ACTIONS, draw_found

EXAMPLES = ("warm waterproof jacket", "gift for a coffee lover", "quiet fan for the bedroom", "敏感肌 补水面霜")

frame.title("Search", "Find products by words, by SKU, or by examples you like and dislike.")
opened = state.require_catalog()
query = search_form.ask_query(opened)
filters, arrangement = search_form.ask_limits(opened)

if query.is_empty:
    st.caption("Try: " + " · ".join(EXAMPLES) + " — or start from one of these products.")
    rows = filters.rows(opened.catalog)
    first = range(len(opened.catalog)) if rows is None else rows
    if rows is not None and not len(rows):
        nothing_found(opened, filters)
        st.stop()
    step = max(1, len(first) // 24)
    some = products_shown(opened.catalog, first[::step][:24])
    draw_cards([Card(product, ACTIONS) for product in some], Path(opened.info.base))
    st.stop()

draw_found(opened, query, filters, arrangement)
