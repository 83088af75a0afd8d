"""Gaps and crowding."""

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.assortment import check_assortment


def found(make_subject, **columns):
    return check_assortment(make_subject(pd.DataFrame(columns)), SILENT)


@pytest.mark.parametrize("name", ["Jacket", "面霜"])
def test_a_price_band_between_cheap_and_dear_is_a_gap(make_subject, name):
    prices = [20 + n * 0.5 for n in range(15)] + [80 + n for n in range(15)]

    gap, *others = found(make_subject, title=[f"{name} {n}x" for n in range(30)], category=name, price=prices)

    assert others == []
    assert gap.skus == ("P14", "P15")
    assert (gap.evidence["from"], gap.evidence["to"]) == (27.0, 80.0)


def test_a_single_dear_product_is_no_gap(make_subject):
    prices = [*(20 + n * 0.5 for n in range(29)), 500]

    assert found(make_subject, title=[f"Jacket {n}x" for n in range(30)], category="Jackets", price=prices) == []


@pytest.mark.parametrize(("title", "other"), [("Ceramic coffee mug", "Brass lamp"), ("陶瓷咖啡杯", "黄铜台灯")])
def test_ten_near_equal_products_of_a_brand_are_a_crowd(make_subject, title, other):
    titles = [title] * 12 + [f"{other} {n} {chr(97 + n % 26) * 3}" for n in range(40)]

    (crowd,) = found(make_subject, title=titles, brand=["Kaffa"] * 12 + ["Lumo"] * 40, price=[9.0] * 52)

    assert sorted(crowd.skus) == sorted(f"P{n}" for n in range(12))


def test_near_equal_products_of_several_brands_compete(make_subject):
    titles = ["Ceramic coffee mug"] * 12 + [f"Brass lamp {n} {chr(97 + n % 26) * 3}" for n in range(40)]

    assert found(make_subject, title=titles, brand=[f"Brand{n % 5}" for n in range(52)], price=[9.0] * 52) == []


@pytest.mark.parametrize(
    ("column", "sold"), [("sale_count", ["900", "7"]), ("number sold", ["1.2k+", "1,004"]), ("月销量", ["2万+", "300"])]
)
def test_a_gap_is_told_only_where_there_is_demand(make_subject, column, sold):
    prices = [20 + n * 0.5 for n in range(15)] + [80 + n for n in range(15)]
    two = {"title": [f"Jacket {n}x" for n in range(60)], "category": ["Wanted"] * 30 + ["Left"] * 30}

    (gap,) = found(make_subject, **two, price=prices * 2, **{column: [sold[0]] * 30 + [sold[1]] * 30})

    assert gap.evidence["category"] == "Wanted"
    assert gap.evidence["demand column"] == column
    assert f"The median {column} is " in gap.what


def test_that_no_column_shows_the_demand_is_reported(make_subject):
    prices = [20 + n * 0.5 for n in range(15)] + [80 + n for n in range(15)]

    (gap,) = found(make_subject, title=[f"Mug {n}x" for n in range(30)], category="Mugs", price=prices, rating="4.5")

    assert "No column shows what sells." in gap.what


@pytest.mark.parametrize("name", ["No Brand", "NOBRAND", "Unbranded", "Tidak Ada Merk", "无品牌", "其他"])
def test_products_without_a_brand_are_no_crowd(make_subject, name):
    titles = ["Ceramic coffee mug"] * 12 + [f"Brass lamp {n} {chr(97 + n % 26) * 3}" for n in range(40)]

    assert found(make_subject, title=titles, brand=[name] * 12 + ["Lumo"] * 40, price=[9.0] * 52) == []


@pytest.mark.parametrize(("groups", "n"), [(2, 0), (12, 1)])
def test_declared_variants_count_as_one_product(make_subject, groups, n):
    titles = ["陶瓷咖啡杯"] * 24 + [f"黄铜台灯 {n} {chr(97 + n % 26) * 3}" for n in range(40)]
    group = [f"G{row % groups}" for row in range(24)] + [""] * 40

    crowds = found(make_subject, title=titles, brand=["Kaffa"] * 24 + ["Lumo"] * 40, price=[9.0] * 64, group_id=group)

    assert len(crowds) == n
