"""Spelling variants of one brand."""

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.brands import check_brands


def found(make_subject, counts, category="Printers"):
    """The spellings of each finding, the proposed one first."""
    brands = [brand for brand, n in counts.items() for _ in range(n)]
    products = pd.DataFrame(
        {"title": [f"Thing {n}" for n in range(len(brands))], "brand": brands, "category": category}
    )
    return [list(finding.evidence["spellings"]) for finding in check_brands(make_subject(products), SILENT)]


@pytest.mark.parametrize(
    "spellings",
    [
        ["HP", "H.P."],
        ["HP", "Hewlett-Packard"],
        ["Nike", "NIKE"],
        ["Lancôme", "Lancome"],
        ["Nordvik", "Nordvik GmbH"],
        ["Nordvik", "Nordvick"],
        ["欧莱雅", "欧莱雅 L'Oréal"],
        ["L'Oréal", "欧莱雅 L'Oréal"],
        ["欧莱雅", "欧莱雅官方旗舰店"],
        ["欧莱雅/LOREAL", "LOREAL"],
    ],
)
def test_two_spellings_are_one_brand_and_the_frequent_one_is_proposed(make_subject, spellings):
    assert found(make_subject, {spellings[1]: 2, "Kaffa": 5, spellings[0]: 12}) == [spellings]


@pytest.mark.parametrize(
    "brands",
    [
        ["Nordvik", "Sudvik"],
        ["Canon", "Canyon"],
        ["A1000", "A2000"],
        ["欧莱雅", "欧珀莱"],
        ["Lumo", "Luna"],
        ["HP", "Home"],
        ["5-1/4", "5-1/2"],
        ["Roku/Roku", "Canon"],
    ],
)
def test_other_brands_stay_apart(make_subject, brands):
    assert found(make_subject, {brands[0]: 12, brands[1]: 10}) == []


def test_initials_of_a_brand_that_sells_something_else_are_by_chance(make_subject):
    category = ["Printers"] * 12 + ["Gardens"] * 3

    assert found(make_subject, {"HP": 12, "Happy Plants": 3}, category) == []


def test_three_spellings_are_one_finding(make_subject):
    assert found(make_subject, {"HP": 12, "H.P.": 2, "Hewlett-Packard": 4}) == [["HP", "Hewlett-Packard", "H.P."]]


def test_initials_that_two_brands_have_tell_nothing(make_subject):
    assert found(make_subject, {"MS": 12, "Martha Stewart": 4, "Metal Sales": 3}) == []


@pytest.mark.parametrize("names", [["No Brand", "NOBRAND", "Tidak Ada Merk"], ["无品牌", "其他", "暂无品牌"]])
def test_names_of_no_brand_are_one_finding(make_subject, names):
    assert found(make_subject, {names[0]: 12, names[1]: 3, names[2]: 2, "Kaffa": 5}) == [names]
