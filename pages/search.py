"""Search: by words, by SKU, or by liked and disliked products."""

from pathlib import Path

import streamlit as st

from pages.shared import frame, search_form, state
from pages.shared import texts as shared_texts
from pages.shared.grid import Card, draw_cards, products_shown
from pages.shared.product import show_product
from pages.shared.results import draw_no_results
from pages.shared.search import texts
from pages.shared.search.results_view import actions, draw_results

EXAMPLE_QUERIES = ("warm waterproof jacket", "gift for a coffee lover", "quiet fan for the bedroom", "敏感肌 补水面霜")

frame.title(shared_texts.SEARCH(), texts.PURPOSE())
opened = state.require_catalog()
show_product(opened)
query = search_form.ask_query(opened)
filters, arrangement = search_form.ask_limits(opened)

if query.is_empty:
    st.caption(texts.EXAMPLES(examples=" · ".join(EXAMPLE_QUERIES)))
    rows = filters.rows(opened.catalog)
    allowed = list(range(len(opened.catalog)) if rows is None else rows)
    if not allowed:
        draw_no_results(opened, filters)
        st.stop()
    step = max(1, len(allowed) // 24)
    sampled = products_shown(opened.catalog, allowed[::step][:24])
    offered = actions()
    draw_cards([Card(product, offered) for product in sampled], Path(opened.info.base))
    st.stop()

draw_results(opened, query, filters, arrangement)
