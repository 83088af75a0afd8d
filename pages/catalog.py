"""Catalog: bring a file, confirm its columns, watch the build, see what the catalog holds."""

import streamlit as st

from pages.shared import frame, state
from pages.shared.bringing import ask_columns, ask_source, offer_build, show_reading
from pages.shared.holding import show_catalog
from prodsim.catalog import read_table

frame.title("Catalog", "Bring your products, confirm what the columns mean, and see what the catalog holds.")
for job in state.active_jobs():
    with st.container(border=True):
        st.text(f"{job.title} is being built; the sidebar shows how far it is. You can go on searching meanwhile.")

here, new = st.tabs(["This catalog", "Bring a file"])
with here:
    info = state.current()
    if info is None:
        st.info("There is no catalog yet. Bring a file, or open a sample.", icon=":material/inventory_2:")
    else:
        with frame.errors_shown():
            show_catalog(state.open_catalog(info.name))
    for name, problem in state.workspace().problems().items():
        st.text(name)
        frame.show_error(problem)
with new, frame.errors_shown():
    path = ask_source()
    if path is not None:
        options = show_reading(path)
        table = read_table(path, options)
        mapping = ask_columns(table)
        offer_build(path, table, mapping, options)
