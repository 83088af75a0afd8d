"""Adapt: teach the encoder this catalog's language, see whether it helped, use the model or discard it."""

import streamlit as st

from pages.shared import frame, link, state
from pages.shared import texts as shared
from pages.shared.adapt import texts
from pages.shared.adapt.plan import draw_plan
from pages.shared.adapt.recipe_form import choose_recipe
from pages.shared.adapt.run import VIEW, adaptations, choose_run, draw_present, draw_run

frame.title(shared.ADAPT(), texts.PURPOSE())
opened = state.require_catalog()
draw_present(opened)
runs = [run for run in adaptations().runs(opened.name) if run.is_shown]
view = link.choose(
    st.segmented_control,
    shared.VIEW(),
    {view: text() for view, text in texts.RUN_VIEWS.items()},
    VIEW,
    "Runs" if runs else "New run",
    label_visibility="collapsed",
    required=True,
)
if view == "New run":
    recipe, truth = choose_recipe(opened)
    draw_plan(opened, recipe, truth)
elif not runs:
    st.info(texts.NO_RUNS(), icon=":material/model_training:")
else:
    draw_run(opened, choose_run(runs))
