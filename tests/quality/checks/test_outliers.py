"""Unusual products."""

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.outliers import check_outliers

SHOPS = {
    "English": (
        ["Waterproof rain jacket with hood", "Ceramic coffee mug with handle", "Brass desk lamp with switch"],
        "Annual insurance policy fee",
    ),
    "Chinese": (["保湿滋润面霜 补水", "陶瓷咖啡杯 带手柄", "黄铜台灯 可调光"], "运费差价专用链接"),
}


def shop(language):
    """Three kinds of products in 20 variants each, and something else."""
    kinds, other = SHOPS[language]
    rows = [(f"{title} {n:02}", title[:4]) for title in kinds for n in range(20)]
    return pd.DataFrame([*rows, (other, kinds[0][:4])], columns=["title", "category"])


@pytest.mark.parametrize("language", SHOPS)
def test_what_is_like_nothing_else_is_odd(make_subject, language):
    findings = check_outliers(make_subject(shop(language)), SILENT)

    assert [finding.skus for finding in findings] == [("P60",)]
    assert SHOPS[language][1] in findings[0].what


@pytest.mark.parametrize("language", SHOPS)
def test_a_shop_without_an_odd_product_has_none(make_subject, language):
    assert check_outliers(make_subject(shop(language).iloc[:60]), SILENT) == []


def test_a_product_of_another_category_is_misfiled_rather_than_odd(make_subject):
    products = shop("English").iloc[:60].copy()
    products.loc[0, "category"] = products["category"].iloc[-1]

    assert check_outliers(make_subject(products), SILENT) == []


def test_few_products_tell_nothing(make_subject):
    assert list(check_outliers(make_subject(shop("English").iloc[50:]), SILENT)) == []


@pytest.mark.parametrize(
    ("language", "title"), [("English", "Waterproofed rainjackets hooded"), ("Chinese", "滋润保湿霜 补水面")]
)
def test_what_has_letters_in_common_with_others_is_not_alone(make_subject, language, title):
    """Its words are no others', which is all that counted words tell."""
    products = shop(language)
    products.loc[60, "title"] = title

    assert check_outliers(make_subject(products), SILENT) == []
