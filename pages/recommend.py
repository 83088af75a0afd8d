"""Recommend: what a shopper should see next."""

import streamlit as st

from pages.shared import frame, link, state
from pages.shared import texts as shared
from pages.shared.histories import kept_histories
from pages.shared.product import show_product
from pages.shared.recommend import texts
from pages.shared.recommend.events import draw_events
from pages.shared.recommend.history_form import choose_history
from pages.shared.recommend.measurement import draw_measurement
from pages.shared.recommend.view import draw_bought_together, draw_list, learned_recommender
from pages.shared.shortlist import draw_shortlist

frame.title(shared.RECOMMEND(), texts.PURPOSE())
opened = state.require_catalog()
show_product(opened)
draw_shortlist(opened)
histories = kept_histories(opened)
view = link.choose(
    st.segmented_control,
    shared.VIEW(),
    {view: text() for view, text in texts.VIEWS.items()},
    "recommend view",
    "What to show next",
    label_visibility="collapsed",
    required=True,
)
if view == "Histories":
    draw_events(opened, histories)
elif view == "How good it is":
    draw_measurement(opened, histories)
else:
    profile = choose_history(opened, histories)
    recommender = learned_recommender(opened, histories)
    if recommender is not None:
        (draw_bought_together if view == "Goes with" else draw_list)(opened, recommender, profile)
