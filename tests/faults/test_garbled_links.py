"""Links whose parameters are garbled open a page that says what it ignores."""

import random

import pytest

from tests.faults.garbling import BREAKERS, garbled, n_inputs
from tests.pages.conftest import open_link
from tests.pages.test_every_page import PAGES

PARAMETERS = (
    "catalog", "q", "like", "unlike", "history", "price_min", "price_max", "brand", "category", "stock", "attribute", "value", "rules", "per_brand",
    "per_category", "per_family", "diversity", "at_least", "same_category", "price_within", "exact", "view", "by", "tune", "page", "preset", "weights",
    "closeness", "ef", "colour", "names", "highlight", "ask", "learn", "recommend view", "again", "whose", "shopper", "level", "threshold", "found", "section",
    "sample", "adapt view", "kind", "run", "catalog_tab", *(f"{side}_{of}" for side in "ab" for of in ("catalog", "setting", "metric", "weights")),
)  # fmt: skip
"""Names that pages read from a link."""


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("page", PAGES)
def test_a_garbled_link_opens_its_page(page):
    chance = random.Random(page)
    plain = ("1", "2.5", "price", "meaning=1", "J1", "price=0.5,words=2", "cosine", "true", "search", "shop")
    values = [value.encode("utf-8", "replace").decode() for value in (*BREAKERS, *garbled(plain, 50, seed=6))]
    for _ in range(n_inputs(1, whole=30)):
        link = {name: chance.choice(values) for name in PARAMETERS if chance.random() < 0.5}
        app = open_link(page, **link)

        assert [element.value for element in (*app.exception, *app.error)] == [], link


@pytest.mark.usefixtures("built")
def test_numbers_of_400_digits_are_ignored_and_said():
    numbers = (
        "price_min",
        "price_max",
        "per_brand",
        "per_category",
        "per_family",
        "price_within",
        "diversity",
        "page",
        "ef",
    )
    app = open_link(
        "pages/search.py", q="mug", tune="true", stock="perhaps", view="sideways", **dict.fromkeys(numbers, "9" * 400)
    )

    assert [element.value for element in (*app.exception, *app.error)] == []
    said = " ".join(text.value for text in app.text if text.value.startswith("The link says"))
    assert all(f"{name} = “" in said for name in (*numbers[:-2], "ef", "stock", "view"))
    assert "9" * 41 not in said
    assert app.number_input(key="price_min").value is None
