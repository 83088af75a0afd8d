"""Search: by words, by SKU, or by liked and disliked products."""

import numpy as np
import streamlit as st

from pages.shared import frame, search_form, state
from pages.shared import texts as shared_texts
from pages.shared.chosen_cards import show_chosen
from pages.shared.product import show_product
from pages.shared.results import draw_no_results
from pages.shared.search import texts
from pages.shared.search.results_view import draw_results
from pages.shared.search.start import draw_start
from pages.shared.shortlist import draw_shortlist

frame.title(shared_texts.SEARCH(), texts.PURPOSE())
opened = state.require_catalog()
show_product(opened, is_search=True)
show_chosen(opened)
draw_shortlist(opened)
query = search_form.ask_query(opened)
filters, arrangement = search_form.ask_limits(opened)

if query.is_empty:
    rows = filters.rows(opened.catalog)
    allowed = np.arange(len(opened.catalog)) if rows is None else rows
    if not len(allowed):
        draw_no_results(opened, filters)
        st.stop()
    draw_start(opened, allowed, arrangement.families)
    st.stop()

draw_results(opened, query, filters, arrangement)
