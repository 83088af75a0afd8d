"""The login and its roles, on the real pages."""

import threading
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.config import set_option
from streamlit.testing.v1 import AppTest

from pages.shared import state
from pages.shared.access import actor_here, role_of
from prodsim.adapt import RunFolder, TrainingRecipe
from prodsim.errors import StorageError
from prodsim.roles import OWNER, Actor, acting_as, read_actor_from
from tests.pages.cards import button, press_for_all, skus
from tests.pages.test_quality import queue_alone

ROOT = Path(__file__).resolve().parents[3]
TABLE = {
    "admin": ["ann@shop.example"],
    "editor": ["ed@shop.example", "other@shop.example"],
    "viewer": ["*@shop.example"],
}


@pytest.fixture(autouse=True)
def nobody_stays_logged_in():
    yield
    read_actor_from(lambda: OWNER)


@pytest.fixture
def open_as(built):
    """Open a page as somebody who logged in; as nobody without a name."""

    def opened(page, email="", link=None, **claims):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(page)
        for key, value in (link or {}).items():
            app.query_params[key] = value
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
    (delete,) = [popover.proto for popover in editor.get("popover") if popover.proto.popover.label == "Delete"]
    assert delete.popover.disabled
    assert "You have the role editor and may not delete catalogs" in delete.popover.help

    editor.button(key="delete shop").click().run()

    assert any("You have the role editor and may not delete catalogs" in text for text in shown(editor))
    assert [info.name for info in built.catalogs()] == ["shop"]
    assert not editor.exception


def test_a_decision_has_the_name_of_whoever_made_it_and_takes_a_role_when_it_is_made(built):
    read_actor_from(actor_here)

    def queue_of(email):
        app = AppTest.from_function(queue_alone, default_timeout=60)
        app.secrets["auth"], app.secrets["roles"] = {"cookie_secret": "s" * 32}, TABLE
        app.user = {"is_logged_in": True, "email": email, "iat": time.time()}
        return app.run()

    def keep_left(app):
        return next(button for button in app.button if button.label == "Keep left")

    def who_decided():
        return [decision.who for decision in built.records("shop").decisions().values()]

    viewers = keep_left(queue_of("vic@shop.example"))
    assert viewers.disabled
    assert "You have the role viewer and may not decide" in viewers.help
    late, editors = queue_of("ed@shop.example"), queue_of("ed@shop.example")
    late.secrets["roles"] = {"viewer": ["ed@shop.example"]}  # taken away after the buttons were drawn
    keep_left(late).click().run()
    assert any("You have the role viewer and may not decide" in text for text in shown(late))
    assert who_decided() == []
    keep_left(editors).click().run()
    assert who_decided() == ["ed@shop.example"]


def test_a_role_that_is_taken_away_counts_from_the_next_click_on(open_as):
    app = open_as("pages/settings.py", "ed@shop.example")
    app.secrets["roles"] = {"viewer": ["ann@shop.example"]}

    app.run()

    assert any("ed@shop.example has no role here" in text for text in shown(app))
    assert not app.sidebar.selectbox


def test_a_job_and_its_failure_are_seen_by_who_started_it_and_by_admins_alone(open_as):
    def seen_by(email):
        app = open_as("pages/settings.py", email)
        return "Stop" in [button.label for button in app.sidebar.button], "No room." in shown(app)

    def fail(job):
        go_on.wait()
        raise StorageError("No room.", "Make some.")

    go_on, people = threading.Event(), ("ed@shop.example", "ann@shop.example", "vic@shop.example")
    with acting_as(Actor("ed@shop.example", "editor")):
        job = state.job_runner().submit("build prices", "purchase prices", fail)

    assert [seen_by(person) for person in people] == [(True, False), (True, False), (False, False)]
    go_on.set()
    job.wait()
    assert [seen_by(person) for person in people] == [(False, True), (False, True), (False, False)]


def test_a_viewer_is_told_on_the_cards_what_only_editors_may(open_as):
    link = {"q": "mug"}
    viewer, editor = (open_as("pages/search.py", f"{who}@shop.example", link=link) for who in ("vic", "ed"))

    for icon in ("bookmark", "keep", "vertical_align_bottom", "thumb_up"):
        theirs, ours = (button(app, skus(app)[0], icon) for app in (viewer, editor))
        assert " disabled" in theirs
        assert "You have the role viewer and may not" in theirs
        assert " disabled" not in ours
    assert " disabled" not in button(viewer, skus(viewer)[0], "hub")
    with pytest.raises(AssertionError):
        press_for_all(viewer, skus(viewer)[:2], "Put on")
    press_for_all(editor, skus(editor)[:2], "Put on")


def test_a_run_at_work_is_seen_and_stopped_by_who_began_it_and_by_admins_alone(open_as, built):
    run = RunFolder(built.layout.adapted / "twins-1")
    with acting_as(Actor("ed@shop.example", "editor")):
        run.begin(TrainingRecipe(), "shop")

    def seen_by(name):
        app = open_as("pages/adapt.py", f"{name}@shop.example", link={"adapt_view": "Runs"})
        return any("twins-1" in option for box in app.selectbox if box.label == "Run" for option in box.options)

    assert [seen_by(name) for name in ("ed", "ann", "other", "vic")] == [True, True, False, False]


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
