"""Recommend: what a shopper should see next."""

import streamlit as st

from pages.shared import frame, state
from pages.shared.recommend.view import (
    ask_taste,
    draw_bought_together,
    draw_histories,
    draw_list,
    draw_measurement,
    kept_histories,
    learned,
)

LIST, TOGETHER, MEASURE, HISTORIES = "What to show next", "Goes with", "How good it is", "Histories"

frame.title(
    "Recommend", "What should a shopper who looked at these see next? By one history, and by what everybody did."
)
opened = state.require_catalog()
histories = kept_histories(opened)
view = st.segmented_control(
    "View", (LIST, TOGETHER, MEASURE, HISTORIES), default=LIST, key="recommend view", bind="query-params",
    label_visibility="collapsed", required=True,
)  # fmt: skip
if view == HISTORIES:
    draw_histories(opened, histories)
elif view == MEASURE:
    draw_measurement(opened, histories)
else:
    profile = ask_taste(opened, histories)
    recommender = learned(opened, histories)
    if recommender is not None:
        (draw_list if view == LIST else draw_bought_together)(opened, recommender, profile)
