from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.shared import state
from pages.shared.cards import card_html, picture_url
from prodsim.catalog import FIELDS
from tests.pages.cards import cards

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
    if page != "pages/settings.py":
        assert "no catalog yet" in app.info[0].value


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
    assert "24 at any price" in app.info[0].value


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


def test_a_lasso_answers_with_the_products_inside(app, built):
    data = built.open().map
    x, y = data.xy[0]
    app.run()
    app.session_state["map"] = {
        "selection": {
            "points": [],
            "point_indices": [],
            "box": [{"x": [x - 1e-4, x + 1e-4], "y": [y - 1e-4, y + 1e-4]}],
            "lasso": [],
        }
    }
    app.switch_page("pages/map.py").run()

    assert not app.exception
    assert app.subheader[0].value == "1 products selected"


def test_product_text_is_never_markup():
    evil = '**bold** <script>alert(1)</script> $x$ :red[hi] "quoted"'
    product = dict.fromkeys(FIELDS, evil) | {"price": 1.0}

    body = card_html(product, ROOT, 0.5, {"meaning": 0.5})  # type: ignore[arg-type]

    assert "<script>" not in body
    assert "&lt;script&gt;" in body
    assert '"quoted"' not in body


def test_a_picture_never_leaves_the_catalogs_folder(tmp_path):
    (tmp_path / "secret.svg").write_text("<svg/>")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "ok.svg").write_text("<svg/>")

    assert picture_url("../secret.svg", tmp_path / "shop") == ""
    assert picture_url(str(tmp_path / "secret.svg"), tmp_path / "shop") == ""
    assert picture_url("ok.svg", tmp_path / "shop").startswith("data:image/svg")
    assert picture_url("javascript:alert(1)", tmp_path / "shop") == ""
