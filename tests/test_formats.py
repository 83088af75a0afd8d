"""Prices and stock are written as the reader's language writes them."""

import pytest

from prodsim.formats import money, stock_name
from prodsim.phrases import ENGLISH, read_language_from


@pytest.fixture
def read_in():
    yield lambda language: read_language_from(lambda: language)
    read_language_from(lambda: ENGLISH)


@pytest.mark.parametrize(
    ("amount", "currency", "english", "chinese"),
    [
        (1294.5, "GBP", "1,294.50 GBP", "£1,294.50"),
        (12990.0, "IDR", "12,990 IDR", "12,990 IDR"),
        (1299.0, "JPY", "1,299 JPY", "JP¥1,299"),
        (0.5, "JPY", "0.50 JPY", "JP¥0.50"),  # a wrong currency, or a wrong amount; it is not hidden
        (9.0, "CNY", "9.00 CNY", "¥9.00"),
        (9.0, "points", "9.00 points", "9.00 points"),
        (9.0, "", "9.00", "9.00"),
    ],
)
def test_a_price_has_the_decimals_and_the_sign_that_are_usual(read_in, amount, currency, english, chinese):
    assert money(amount, currency) == english
    read_in("zh_CN")
    assert money(amount, currency) == chinese


def test_the_stock_has_a_name_unless_the_catalog_has_a_word_of_its_own(read_in):
    read_in("zh_CN")

    assert [stock_name(name) for name in ("in stock", "on request", "")] == ["有货", "on request", ""]
