"""The login and its roles, on the real pages."""

import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.config import set_option
from streamlit.testing.v1 import AppTest

from pages.shared.access import actor_here, role_of
from prodsim.roles import OWNER, read_actor_from
from tests.pages.test_quality import queue_alone

ROOT = Path(__file__).resolve().parents[3]
TABLE = {"admin": ["ann@shop.example"], "editor": "ed@shop.example", "viewer": ["*@shop.example"]}


@pytest.fixture(autouse=True)
def nobody_stays_logged_in():
    yield
    read_actor_from(lambda: OWNER)


@pytest.fixture
def open_as(built):
    """Open a page as somebody who logged in; as nobody without a name."""

    def opened(page, email="", **claims):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(page)
        app.secrets["auth"] = {"cookie_secret": "s" * 32}
        app.secrets["roles"] = TABLE
        app.user = {"is_logged_in": bool(email), "email": email, "iat": time.time(), **claims}
        return app.run()

    return opened


def shown(app):
    return [text.value for text in app.text]


def test_the_highest_role_that_lists_somebody_counts():
    assert [role_of(f"{name}@Shop.example", TABLE) for name in ("ann", "Ed", "vic")] == ["admin", "editor", "viewer"]
    assert role_of("eve@evil.example", TABLE) is None
    assert role_of("eve@evil.example", {}) == "viewer"


def test_a_link_ends_at_the_login_until_somebody_is_let_in(open_as):
    nobody = open_as("pages/settings.py")
    late = open_as("pages/settings.py", "ann@shop.example", iat=time.time() - 13 * 3600)
    stranger = open_as("pages/settings.py", "eve@evil.example")
    forged = open_as("pages/settings.py", "ann@shop.example", email_verified=False)

    for app in (nobody, late):
        assert [button.label for button in app.button] == ["Log in"]
    for app in (stranger, forged):
        assert [button.label for button in app.button] == ["Log out"]
        assert any("has no role here" in text for text in shown(app))
    assert not any(app.sidebar.selectbox for app in (nobody, late, stranger, forged))


def test_a_viewer_reads_and_an_editor_cannot_delete(open_as, built):
    editor = open_as("pages/settings.py", "ed@shop.example")
    assert "ed@shop.example · editor" in shown(editor)

    editor.button(key="delete shop").click().run()

    assert any("You have the role editor and may not delete catalogs" in text for text in shown(editor))
    assert [info.name for info in built.catalogs()] == ["shop"]
    assert not editor.exception


def test_a_decision_has_the_name_of_whoever_made_it(built):
    read_actor_from(actor_here)

    def decide_as(email):
        app = AppTest.from_function(queue_alone, default_timeout=60)
        app.secrets["auth"], app.secrets["roles"] = {"cookie_secret": "s" * 32}, TABLE
        app.user = {"is_logged_in": True, "email": email, "iat": time.time()}
        next(button for button in app.run().button if button.label == "Keep left").click().run()
        return shown(app), [decision.who for decision in built.records("shop").decisions().values()]

    refused, nobody = decide_as("vic@shop.example")
    _, editors = decide_as("ed@shop.example")

    assert any("You have the role viewer and may not decide" in text for text in refused)
    assert (nobody, editors) == ([], ["ed@shop.example"])


def test_other_machines_need_a_login_unless_it_is_switched_off(built, monkeypatch):
    address = st.get_option("server.address")
    set_option("server.address", "0.0.0.0")
    try:
        refused = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        monkeypatch.setenv("PRODSIM_LOGIN", "off")
        opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    finally:
        set_option("server.address", address)

    assert any("no login is set up" in text for text in shown(refused))
    assert not refused.sidebar.selectbox
    assert opened.sidebar.selectbox
