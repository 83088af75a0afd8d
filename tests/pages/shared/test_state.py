"""What the pages share is shared."""

import streamlit as st

from pages.shared.state import open_catalog


def test_a_catalog_that_a_page_still_shows_is_not_opened_beside_itself(built):
    shown = open_catalog("shop")

    st.cache_resource.clear()  # as where other catalogs have taken its place

    assert open_catalog("shop") is shown
