"""Catalog: upload a file, confirm its columns, watch the build, see what the catalog holds."""

import streamlit as st

from pages.shared import frame, link, state
from pages.shared import texts as shared
from pages.shared.catalog import file_cache, texts
from pages.shared.catalog.build import HERE, NEW, TAB, offer_build, show_builds, show_preview
from pages.shared.catalog.columns import choose_columns, choose_kind
from pages.shared.catalog.overview import show_catalog
from pages.shared.catalog.upload import choose_file, choose_reading, show_headline, show_reading
from pages.shared.language import in_kind

frame.title(shared.CATALOG(), texts.PURPOSE())
with st.container(), frame.errors_shown():  # always there: what comes and goes in it must not reset what is below
    show_builds()

view = link.choose(
    st.segmented_control,
    shared.VIEW(),
    {HERE: texts.THIS_CATALOG(), NEW: shared.ADD_CATALOG()},
    TAB,
    HERE if state.current() else NEW,
    label_visibility="collapsed",
    required=True,
)
if view == HERE:
    with frame.errors_shown():
        info = state.current()
        if info is None:
            st.info(shared.NO_CATALOG(), icon=":material/inventory_2:")
        else:
            show_catalog(state.open_catalog(info.name))
    for name, problem in state.workspace().problems().items():
        st.text(name)
        frame.show_error(problem)
else:
    with frame.errors_shown():
        path = choose_file()
        if path is not None:
            headline = st.container(gap="xsmall")
            st.subheader(texts.WHAT_WAS_READ(), anchor=False)
            options = choose_reading(path)
            table = file_cache.read(path, options)
            show_reading(path, table)
            st.subheader(texts.WHAT_COLUMNS_MEAN(), anchor=False)
            kind = choose_kind(table)
            with in_kind(kind):
                mapping = choose_columns(table, kind)
                with headline:
                    show_headline(path, options, mapping)
                st.subheader(texts.PREVIEW(), anchor=False)
                show_preview(path, options, mapping)
                st.subheader(texts.BUILD(), anchor=False)
                offer_build(path, table, options, mapping, kind)
