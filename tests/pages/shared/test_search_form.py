"""What the search page writes into the address is what another session reads back."""

import numpy as np

from tests.pages.cards import press, skus
from tests.pages.conftest import open_link


def test_a_link_holds_skus_and_values_not_their_labels(app):
    app.run()
    press(app, "J0", "hub")
    app.multiselect(key="brand").select("Nordvik").run()

    assert np.atleast_1d(app.query_params["like"]).tolist() == ["J0"]  # a single value may come bare
    assert np.atleast_1d(app.query_params["brand"]).tolist() == ["Nordvik"]


def test_a_written_link_reopens_liked_products_and_filters(built):
    app = open_link(like=["J0", "J1"], unlike=["M0"], brand=["Nordvik", "Kaffa"], category=["Kitchen"])

    chosen = [app.multiselect(key=key).value for key in ("like", "unlike", "brand")]
    assert chosen == [["J0", "J1"], ["M0"], ["Nordvik", "Kaffa"]]
    assert app.session_state["category"] == ["Kitchen"]
    again = open_link(**app.query_params)
    assert again.query_params == app.query_params


def test_what_a_catalog_does_not_have_is_ignored_and_shown(built):
    app = open_link(like=["J0", "gone"], brand=["Nobody"])

    assert app.multiselect(key="like").value == ["J0"]
    captions = " ".join(caption.value for caption in app.caption)
    assert "1 product in the link is not in this catalog" in captions
    assert "Brand: 1 value in the link is not in this catalog" in captions


def test_clearing_the_filters_clears_the_link(built):
    app = open_link(q=["jacket"], brand=["Kaffa"], category=["Clothing"])
    next(button for button in app.button if button.label == "Clear filters").click().run()

    assert "brand" not in app.query_params
    assert "category" not in app.query_params
    assert app.multiselect(key="brand").value == []


def test_clearing_the_filters_clears_prices_and_stock_too(built):
    app = open_link(q=["jacket"], price_min="9999", stock="true")
    next(button for button in app.button if button.label == "Clear filters").click().run()

    assert not app.exception
    assert app.number_input(key="price_min").value is None
    assert not {"price_min", "stock"} & set(app.query_params)


def test_a_link_holds_the_value_of_a_choice_and_not_its_label(built):
    app = open_link(like=["J0"], tune="true")
    app.selectbox(key="preset").set_value("same product").run()

    assert app.query_params["preset"] in ("same product", ["same product"])
    assert open_link(**app.query_params).selectbox(key="preset").value == "same product"


def test_filters_count_what_the_others_leave_and_several_attributes_count(built):
    app = open_link(**{"attribute: colour": ["red", "blue"], "category": ["Kitchen"], "sort": "-price"})

    assert skus(app) == [f"M{number}" for number in range(7, -1, -1)]
    assert "8 products" in [caption.value for caption in app.caption]
    assert [str(label) for label in app.multiselect(key="brand").options] == ["Kaffa (8)"]
    assert set(app.multiselect(key="attribute: colour").options) == {"blue (8)", "red (0)"}
    app.multiselect(key="attribute: colour").set_value(["red"]).run()
    assert "No product passes the filters" in app.info[0].value


def test_a_link_with_one_attribute_of_before_opens_as_it_did(built):
    app = open_link(attribute="colour", value=["gold"])

    assert {sku[0] for sku in skus(app)} == {"L"}
    assert np.atleast_1d(app.query_params["attribute: colour"]).tolist() == ["gold"]
    assert "value" not in app.query_params
