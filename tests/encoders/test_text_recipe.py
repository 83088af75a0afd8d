import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.encoders.text_recipe import TextRecipe, compose_texts, description_texts


def make_catalog(**fields):
    row = {name: "" for name in PRODUCT_FIELDS} | {"price": float("nan")} | fields
    return Catalog(pd.DataFrame([row]))


LONG = "Nordvik Alpine three layer rain jacket"


def test_brand_and_category_join_where_the_title_lacks_them():
    catalog = make_catalog(title="Alpine three layer shell", brand="Nordvik", category="Clothing > Jackets")

    assert compose_texts(catalog, TextRecipe()) == ["Alpine three layer shell · Nordvik · Jackets"]


def test_what_the_title_says_is_not_said_twice():
    catalog = make_catalog(title=LONG, brand="NORDVIK", category="Clothing > Rain jacket")

    assert compose_texts(catalog, TextRecipe()) == [LONG]


@pytest.mark.parametrize(
    ("title", "joined"), [("Shell", True), (LONG, False), ("面霜", True), ("玻尿酸补水保湿面霜敏感肌可用", False)]
)
def test_a_description_joins_a_short_title(title, joined):
    catalog = make_catalog(title=title, description="Keeps you dry")

    assert ("Keeps you dry" in compose_texts(catalog, TextRecipe())[0]) is joined


def test_the_person_can_choose_descriptions_for_all_or_none():
    catalog = make_catalog(title=LONG, description="Keeps you dry")

    assert "Keeps you dry" in compose_texts(catalog, TextRecipe(description="always"))[0]
    assert TextRecipe(description="always").fingerprint != TextRecipe().fingerprint
    with pytest.raises(ValueError, match="'often'"):
        TextRecipe(description="often")


@pytest.mark.parametrize(
    ("description", "begin"),
    [("dry – " * 33 + "ok", "dry – " * 33 + "ok"), ("dry and " * 30, "dry and " * 24 + "dry and"), ("面" * 150, "面" * 100),
     ("warm " * 39 + "面面面霜", "warm " * 39 + "面面"), ("x" * 199 + "面霜", "x" * 199), ("", "")],
)  # fmt: skip
def test_a_description_is_read_to_two_hundred_letters_and_cut_between_words(description, begin):
    assert description_texts(make_catalog(title=LONG, description=description)) == [begin]
