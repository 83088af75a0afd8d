import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.categories import check_categories


def shop(**titles: str) -> pd.DataFrame:
    """Ten products per category, told by a word each has besides the category's title."""
    rows = [(f"{title} {'abcdefghij'[i] * 3}", name) for name, title in titles.items() for i in range(10)]
    return pd.DataFrame(rows, columns=["title", "category"])


def test_one_name_in_two_spellings_with_one_content_is_told(make_subject):
    names = {"T-Shirts": "cotton shirt soft", "Tshirts": "cotton shirt soft", "T恤": "纯棉短袖", "Mugs": "coffee mug"}

    (found,) = check_categories(make_subject(shop(**names), k=18), SILENT)

    assert set(found.evidence["categories"]) == {"T-Shirts", "Tshirts"}
    assert found.evidence["products"] == [10, 10]
    assert found.proposal == "Move the products of “Tshirts” to “T-Shirts”."


def test_other_names_are_told_when_the_products_are_mixed(make_subject):
    products = shop(tees="cotton shirt soft", shirts="cotton shirt soft", 杯子="陶瓷杯", 马克杯="陶瓷杯")

    found = check_categories(make_subject(products, "loose", 18), SILENT)

    assert {frozenset(each.evidence["categories"]) for each in found} == {
        frozenset(("tees", "shirts")),
        frozenset(("杯子", "马克杯")),
    }


def test_near_names_with_other_contents_are_not_told(make_subject):
    products = shop(Jumpers="wool knit sleeve", Bumpers="steel car front", 面霜="保湿滋润", 面膜="补水贴片")

    assert list(check_categories(make_subject(products), SILENT)) == []


def test_the_larger_category_is_kept(make_subject):
    products = shop(**{"Tshirts": "cotton shirt", "T-Shirts": "cotton shirt"}).drop(index=range(5))

    (found,) = check_categories(make_subject(products.reset_index(drop=True), k=18), SILENT)

    assert found.evidence["categories"] == ["T-Shirts", "Tshirts"]


@pytest.mark.parametrize("name", ["outdoor", "beauty_zh"])
def test_the_sample_catalogs_have_no_two_names_of_one(samples, name):
    assert list(check_categories(samples[name], SILENT)) == []


@pytest.mark.parametrize(
    ("one", "other", "is_told"),
    [
        ("Rucksacks", "Rucksaks", True),
        ("SG bats", "GM bats", False),
        ("Model 400 speakers", "Model 460 speakers", False),
        ("面部护理用品类", "面部护理用品", True),
        ("5号电池用品", "7号电池用品", False),
    ],
)
def test_a_slip_is_in_a_long_word_and_in_no_number(make_subject, one, other, is_told):
    products = shop(**{one: "cotton shirt", other: "cotton shirt"}).drop(index=[8, 9, 18, 19]).reset_index(drop=True)

    found = check_categories(make_subject(products, k=15), SILENT)

    assert [set(each.evidence["categories"]) for each in found] == ([{one, other}] if is_told else [])
