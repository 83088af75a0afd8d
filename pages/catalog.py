"""Catalog: bring a file, confirm its columns, watch the build, see what the catalog holds."""

import streamlit as st

from pages.shared import frame, state
from pages.shared.catalog import file_cache
from pages.shared.catalog.build import HERE, NEW, TAB, offer_build, show_builds, show_preview
from pages.shared.catalog.columns import ask_columns
from pages.shared.catalog.overview import show_catalog
from pages.shared.catalog.upload import ask_reading, ask_source, show_reading

frame.title("Catalog", "Bring your products, confirm what the columns mean, and see what the catalog holds.")
with st.container(), frame.errors_shown():  # always there: what comes and goes in it must not reset the tabs below
    show_builds()

here, new = st.tabs([HERE, NEW], key=TAB, on_change="rerun", bind="query-params")
if here.open:
    with here, frame.errors_shown():
        info = state.current()
        if info is None:
            st.info("There is no catalog yet. Bring a file, or open a sample.", icon=":material/inventory_2:")
        else:
            show_catalog(state.open_catalog(info.name))
    with here:
        for name, problem in state.workspace().problems().items():
            st.text(name)
            frame.show_error(problem)
if new.open:
    with new, frame.errors_shown():
        path = ask_source()
        if path is not None:
            st.subheader("What we read", anchor=False)
            options = ask_reading(path)
            table = file_cache.read(path, options)
            show_reading(table)
            st.subheader("What the columns mean", anchor=False)
            mapping = ask_columns(table)
            st.subheader("How products will look", anchor=False)
            show_preview(path, options, mapping)
            st.subheader("Build", anchor=False)
            offer_build(path, table, options, mapping)
