"""A product that is open over a page."""

from tests.pages.cards import cards, click, opened_product
from tests.pages.conftest import open_link


def test_a_click_on_a_card_opens_the_product_and_the_link_names_it(app):
    app.query_params["q"] = "coffee mug"
    app.run()
    click(app, "M3")

    assert app.query_params["product"] == "M3"
    assert "Ceramic coffee mug number 3" in opened_product(app)
    assert "Holds coffee" in opened_product(app)
    assert "<dt>colour</dt><dd>blue</dd>" in opened_product(app)
    assert cards(app), "the list stays behind it"


def test_a_link_opens_a_product_and_its_neighbours_by_the_preset_chosen(built):
    app = open_link(product="J1")

    assert "number 1" in opened_product(app)
    by = next(choice for choice in app.button_group if choice.key == "neighbours by")
    by.set_value("same style").run()
    assert not app.exception
    assert "number 1" in opened_product(app)


def test_a_product_that_is_not_there_is_said(built):
    app = open_link(product="Z9")

    assert opened_product(app) == ""
    assert any("Z9" in caption.value for caption in app.caption)
