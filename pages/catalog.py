"""Catalog: upload a file, confirm its columns, watch the build, see what the catalog holds."""

import streamlit as st

from pages.shared import frame, state
from pages.shared import texts as shared
from pages.shared.catalog import file_cache, texts
from pages.shared.catalog.build import TAB, offer_build, show_builds, show_preview
from pages.shared.catalog.columns import choose_columns
from pages.shared.catalog.overview import show_catalog
from pages.shared.catalog.upload import choose_file, choose_reading, show_reading

frame.title(shared.CATALOG(), texts.PURPOSE())
with st.container(), frame.errors_shown():  # always there: what comes and goes in it must not reset the tabs below
    show_builds()

here, new = st.tabs([texts.THIS_CATALOG(), shared.UPLOAD_FILE()], key=TAB, on_change="rerun", bind="query-params")
if here.open:
    with here, frame.errors_shown():
        info = state.current()
        if info is None:
            st.info(shared.NO_CATALOG(), icon=":material/inventory_2:")
        else:
            show_catalog(state.open_catalog(info.name))
    with here:
        for name, problem in state.workspace().problems().items():
            st.text(name)
            frame.show_error(problem)
if new.open:
    with new, frame.errors_shown():
        path = choose_file()
        if path is not None:
            st.subheader(texts.WHAT_WAS_READ(), anchor=False)
            options = choose_reading(path)
            table = file_cache.read(path, options)
            show_reading(table)
            st.subheader(texts.WHAT_COLUMNS_MEAN(), anchor=False)
            mapping = choose_columns(table)
            st.subheader(texts.PREVIEW(), anchor=False)
            show_preview(path, options, mapping)
            st.subheader(texts.BUILD(), anchor=False)
            offer_build(path, table, options, mapping)
