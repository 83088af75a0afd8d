"""The Search page: by text, by examples, with filters, from a link."""

from streamlit.testing.v1 import AppTest

from tests.pages.cards import cards
from tests.pages.conftest import ROOT, open_link
from tests.pictures.drawn import draw, saved


def test_search_finds_the_family_and_says_how(app):
    app.run()
    app.text_input(key="q").set_value("coffee mug").run()

    assert not app.exception
    assert all("coffee mug" in card for card in cards(app)[:8])
    assert any("of 24 products" in caption.value for caption in app.caption)


def test_words_alone_leave_meaning_out(app):
    app.query_params["by"] = "words"
    app.query_params["q"] = "coffee mug"
    app.run()

    assert any("ps-bar" in card for card in cards(app))
    assert not any('title="meaning' in card for card in cards(app))


def test_filters_that_leave_nothing_offer_the_nearest_loosening(app):
    app.run()
    app.text_input(key="q").set_value("jacket").run()
    app.number_input(key="price_min").set_value(9999.0).run()

    assert "No product passes the filters" in app.info[0].value
    assert "Without the price filter there would be 24 products." in app.info[0].value


def test_like_and_dislike_are_chips_and_change_the_answer(app):
    app.run()
    app.session_state["like"] = ["J1", "M1"]
    app.session_state["unlike"] = ["M2"]
    app.run()

    assert not app.exception
    assert [m.value for m in app.multiselect if m.key in ("like", "unlike")] == [["J1", "M1"], ["M2"]]


def test_a_link_opens_the_same_view(built):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["q"] = "lamp"
    app.query_params["price_max"] = "33"
    app.query_params["like"] = ["L1", "nonsense"]
    app.run()

    assert not app.exception
    assert app.text_input(key="q").value == "lamp"
    assert app.number_input(key="price_max").value == 33
    assert next(m for m in app.multiselect if m.key == "like").value == ["L1"]


def test_a_photo_finds_what_looks_like_it_and_why_says_how(gallery_home, monkeypatch):
    monkeypatch.setenv("PRODSIM_HOME", str(gallery_home))
    app = open_link()
    photo = saved(draw("bars", "mediumblue", (200, 160)), "JPEG")
    app.file_uploader(key="photo").upload("photo.jpg", photo, "image/jpeg").run()

    assert not app.exception
    assert "P2" in cards(app)[0] + cards(app)[1]
    assert 'title="Look' in cards(app)[0]

    app.session_state["why"] = "P2"
    app.run()
    assert any("shapes and patterns" in markup.value for markup in app.get("html"))
