"""Each page runs on a catalog, and says what to do without one."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.shared import state

ROOT = Path(__file__).resolve().parents[2]

PAGES = sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("[a-z]*.py"))


@pytest.mark.parametrize("page", PAGES)
def test_each_page_runs_on_a_catalog(app, page):
    app.run()
    app.switch_page(page).run()

    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("page", PAGES)
def test_each_page_says_what_to_do_without_a_catalog(home, page, monkeypatch):
    st.cache_resource.clear()
    monkeypatch.setattr(state, "SAMPLES", ())
    monkeypatch.setattr("pages.shared.frame._open_first_sample", lambda: None)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(page).run()

    assert not app.exception
    if page == "pages/catalog.py":
        assert app.text_input(key="typed_path")  # the place to add one
    elif page != "pages/settings.py":
        assert "no catalog yet" in app.info[0].value
