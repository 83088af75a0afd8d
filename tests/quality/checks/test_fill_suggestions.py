import json

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.fill_suggestions import check_fill_suggestions, is_named
from tests.quality.conftest import SAMPLES


def shop() -> pd.DataFrame:
    """Jackets of cotton, mugs that have no material column filled, and Chinese cups of 陶瓷."""
    kinds = [
        ("rain jacket hood", "Nordvik", "Jackets", "cotton"),
        ("coffee mug big", "", "Mugs", ""),
        ("马克杯大号", "松隅", "杯子", "陶瓷"),
    ]
    rows = [
        (f"{title} {brand} {'abcdefghijkl'[i] * 3}", brand, category, material)
        for title, brand, category, material in kinds
        for i in range(12)
    ]
    return pd.DataFrame(rows, columns=["title", "brand", "category", "material"])


def test_what_the_neighbours_agree_on_is_proposed_with_their_share(make_subject):
    products = shop()
    products.loc[3, "material"] = products.loc[30, "material"] = products.loc[30, "category"] = ""

    found = {(each.skus[0], each.column): each for each in check_fill_suggestions(make_subject(products), SILENT)}

    assert {key: each.evidence["value"] for key, each in found.items()} == {
        ("P3", "material"): "cotton",
        ("P30", "material"): "陶瓷",
        ("P30", "category"): "杯子",
    }
    assert all(each.evidence["share"] == 1.0 for each in found.values())


def test_a_column_that_says_nothing_of_such_products_is_not_filled(make_subject):
    products = shop()
    products.loc[12, "material"] = "clay"

    assert list(check_fill_suggestions(make_subject(products), SILENT)) == []


@pytest.mark.parametrize("values", [["4.5", "4.8", "4.9"], ["100%", "98%", "99%"], ["yes"] * 3, ["有货"] * 3])
def test_ratings_and_what_nearly_all_have_are_not_filled(make_subject, values):
    products = shop()
    products["more"] = [values[i // 12] for i in range(36)]
    products.loc[3, "more"] = ""

    assert list(check_fill_suggestions(make_subject(products), SILENT)) == []


def test_a_brand_is_proposed_only_where_the_title_names_it(make_subject):
    products = shop()
    products.loc[3, "brand"] = products.loc[30, "brand"] = ""
    named = check_fill_suggestions(make_subject(products), SILENT)
    products["title"] = products["title"].str.replace("Nordvik", "")
    products.loc[3, "title"] = "rain jacket hood waxed with a long and wide storm flap"

    assert {each.skus[0]: each.evidence["value"] for each in named} == {"P3": "Nordvik", "P30": "松隅"}
    assert [each.skus[0] for each in check_fill_suggestions(make_subject(products), SILENT)] == ["P30"]


def test_a_name_is_a_whole_word_but_in_chinese():
    assert is_named("Le Crû", "pan by le crû, red")
    assert not is_named("Acme", "Acmeville pan")
    assert is_named("松隅", "带盖松隅收纳箱")
    assert not is_named("HP", "HPX toner")


@pytest.mark.parametrize("name", ["outdoor", "beauty_zh"])
def test_missing_brands_of_the_sample_catalogs_are_proposed_right(samples, name):
    truth = json.loads((SAMPLES / f"{name}_truth.json").read_text(encoding="utf-8"))
    missing = {case["skus"][0]: case["was"] for case in truth["missing brand"]}

    found = [each for each in check_fill_suggestions(samples[name], SILENT) if each.column == "brand"]

    assert all(missing[each.skus[0]] == each.evidence["value"] for each in found)
    assert len(found) >= len(missing) - 1
