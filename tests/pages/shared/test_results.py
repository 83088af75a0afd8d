"""Limits of the list: in the link and in the line above the results, which counts what they leave out."""

import re

from tests.pages.cards import cards, skus
from tests.pages.conftest import open_link


def summary(app):
    return next(caption.value for caption in app.caption if " products · " in caption.value and " of " in caption.value)


def test_at_most_two_per_brand_leaves_out_the_rest_and_says_so(built):
    app = open_link(q="rain jacket", per_brand="2")

    assert not app.exception
    brands = [sku[0] for sku in skus(app)]
    assert brands.count("J") == 2
    assert brands[:2] == ["J", "J"]
    assert "over the limit of 2 per brand" in summary(app)


def test_the_price_band_is_around_the_query_product(built):
    app = open_link(like=["J0"], price_within="4", same_category="true")

    assert set(skus(app)) == {"J1", "J2"}
    assert "in another category" in summary(app)


def test_limits_that_leave_nothing_are_named_and_can_be_cleared(built):
    app = open_link(like=["J0"], price_within="0")
    assert "No product passes the limits set under Arrange" in app.info[0].value

    next(button for button in app.button if button.label == "Clear limits").click().run()
    assert not app.exception
    assert "price_within" not in app.query_params
    assert len(skus(app)) == 23


def test_a_limit_chosen_on_the_page_changes_the_list_and_is_counted(built):
    app = open_link(like=["J0"])
    app.toggle(key="same_category").set_value(True).run()

    assert len(skus(app)) == 7
    assert "16 left out: 16 in another category" in summary(app)
    assert not app.exception


def test_the_badge_says_how_similar_in_words_and_against_chance(built):
    body = cards(open_link(like=["J0"]))[0]

    assert re.search(r">(very close|close|related|loosely related|not similar) 0\.\d\d<", body)
    assert "of random pairs of this catalog" in body or "every random pair" in body
