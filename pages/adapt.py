"""Adapt: teach the encoder this catalog's language, see whether it helped, use it or throw it away."""

import streamlit as st

from pages.shared import frame, state
from pages.shared.adapt.recipe_form import adaptations, ask_recipe, draw_plan, draw_present, draw_run, pick_run

NEW, RUNS = "New run", "Runs"

frame.title(
    "Adapt", "Teach the encoder your catalog's words, on this machine; what it gains is measured before you use it."
)
opened = state.require_catalog()
draw_present(opened)
runs = adaptations().runs(opened.name)
view = st.segmented_control(
    "View", (NEW, RUNS), default=RUNS if runs else NEW, key="adapt view", bind="query-params",
    label_visibility="collapsed", required=True,
)  # fmt: skip
if view == NEW:
    recipe, truth = ask_recipe(opened)
    draw_plan(opened, recipe, truth)
elif not runs:
    st.info("There are no runs yet; a new one is begun above.", icon=":material/model_training:")
else:
    draw_run(opened, pick_run(runs))
