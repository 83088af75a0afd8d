"""The dashboard on a small built catalog."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from prodsim.settings import Settings
from prodsim.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def built(shop_home):
    """The small shop, built without a model."""
    st.cache_resource.clear()
    st.cache_data.clear()
    return Workspace(Settings(shop_home))


def open_link(page="pages/search.py", /, **params):
    """A page of the dashboard, opened by a link with these parameters."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(page)
    for name, values in params.items():
        app.query_params[name] = values
    return app.run()


@pytest.fixture
def app(built):
    """The dashboard over the small shop, at Search."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page("pages/search.py")
