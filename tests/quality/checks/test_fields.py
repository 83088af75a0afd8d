"""Faults of single fields."""

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.fields import check_fields

N = 30


def shop(**columns):
    """Thirty jackets whose fields have no fault, with the columns changed."""
    colours = ["Red", "Blue", "Green"]
    base = {
        "title": [f"Nordvik jacket {n}, {colours[n % 3]}, {300 + 10 * n} g" for n in range(N)],
        "description": [f"Jacket number {n} keeps you dry." for n in range(N)],
        "brand": "Nordvik",
        "category": "Jackets",
        "price": [50.0 + n for n in range(N)],
        "currency": "EUR",
        "colour": [colours[n % 3] for n in range(N)],
        "weight_g": [str(300 + 10 * n) for n in range(N)],
    }
    return pd.DataFrame({**base, **columns})


def found(subject):
    return [(finding.kind, finding.column, finding.skus) for finding in check_fields(subject, SILENT)]


def changed(column, value, row=4):
    products = shop()
    products.loc[row, column] = value
    return products


def test_a_shop_without_faults_has_none(make_subject):
    assert found(make_subject(shop())) == []


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("missing field", "brand", ""),
        ("missing field", "description", ""),
        ("missing field", "weight_g", ""),
        ("price", "price", 0.0),
        ("price", "price", 5400.0),
        ("price", "price", 0.54),
        ("unit conflict", "weight_g", "3400"),
        ("unit conflict", "weight_g", "3.4 kg"),
        ("contradiction", "colour", "Red"),
        ("currency", "currency", "USD"),
    ],
)
def test_a_fault_is_found_with_its_product(make_subject, kind, column, value):
    assert found(make_subject(changed(column, value))) == [(kind, column, ("P4",))]


def test_a_constant_column_is_one_finding(make_subject):
    assert found(make_subject(shop(origin="Norway"))) == [("constant column", "origin", ())]


def test_a_unit_that_says_the_same_is_no_conflict(make_subject):
    assert found(make_subject(changed("weight_g", "0.34 kg"))) == []


def test_a_title_that_names_another_brand_contradicts(make_subject):
    brands = ["Nordvik", "Kaffa", "Lumo"] * 10
    titles = [f"{brand} product {n} of a kind" for n, brand in enumerate(brands)]
    titles[3], titles[6] = "Kaffa product 3 of a kind", "Nordvik product 6 for Kaffa"

    findings = found(make_subject(pd.DataFrame({"title": titles, "brand": brands})))

    assert findings == [("contradiction", "brand", ("P3",))]


def test_chinese_fields(make_subject):
    colours, brands = ["樱花粉", "雾霾蓝", "奶白色"] * 10, ["絮里", "栖禾屋", "砚白"] * 10
    names = enumerate(zip(brands, colours, strict=True))
    titles = [f"{brand} 保温杯{n}号 {colour} {400 + n}ml" for n, (brand, colour) in names]
    products = pd.DataFrame(
        {"title": titles, "brand": brands, "颜色": colours, "净含量": [f"{400 + n}毫升" for n in range(N)]}
    )
    products.loc[4, "brand"], products.loc[5, "颜色"], products.loc[6, "净含量"] = "絮里", "樱花粉", "4升"

    assert {(kind, column, skus[0]) for kind, column, skus in found(make_subject(products))} == {
        ("contradiction", "brand", "P4"), ("contradiction", "颜色", "P5"), ("unit conflict", "净含量", "P6"),
    }  # fmt: skip


def test_what_hundreds_lack_is_one_finding(make_subject):
    products = pd.DataFrame({"title": [f"Jacket {n}" for n in range(1500)], "brand": "Nordvik"})
    products.loc[:119, "brand"] = ""

    findings = found(make_subject(products, "loose"))

    assert [(kind, len(skus)) for kind, _, skus in findings] == [("missing field", 120)]


def test_prices_of_two_currencies_are_not_compared(make_subject):
    usual = {"currency": ["EUR", "JPY"] * 15, "price": [50.0 + n if n % 2 == 0 else 8000.0 + 160 * n for n in range(N)]}

    assert [kind for kind, *_ in found(make_subject(shop(**usual)))] == ["currency"]


def test_a_link_tells_no_amount(make_subject):
    products = shop(link=[f"https://shop.example/{300 + 10 * n} g" for n in range(N)])
    products.loc[4, "link"] = "https://shop.example/5 kg"

    assert found(make_subject(products)) == []


@pytest.mark.parametrize("column", ["fit", "版型"])
def test_an_attribute_that_ten_products_lack_is_told_once(make_subject, column):
    products = pd.DataFrame({"title": [f"Jacket {n}" for n in range(300)], column: ["slim", "wide"] * 150})
    products.loc[:11, column] = ""

    assert [(kind, len(skus)) for kind, _, skus in found(make_subject(products))] == [("missing field", 12)]


def test_two_fields_of_one_product_are_one_finding(make_subject):
    products = changed("brand", "")
    products.loc[4, "description"] = ""

    (finding,) = check_fields(make_subject(products), SILENT)

    assert (
        finding.what == 'P4 lacks 2 values: description, brand. At least 99 % of the products in "Jackets" have them.'
    )


def with_a_small_category(title, others, last):
    """Twelve near-identical products, something else, and a dear product of a category that tells nothing."""
    titles = [f"{title} {n:02}" for n in range(12)] + [f"{other} {n:02}" for other in others for n in range(20)]
    prices = [50.0 + n for n in range(12)] + [20.0 + n % 5 for _ in others for n in range(20)]
    category = [name[:4] for name in titles]
    return pd.DataFrame({"title": [*titles, last], "price": [*prices, 5_000.0], "category": [*category, "Last"]})


@pytest.mark.parametrize(
    ("title", "others", "alien"),
    [
        ("Waterproof rain jacket", ["Ceramic coffee mug", "Brass desk lamp"], "Grand concert piano"),
        ("保湿滋润面霜", ["陶瓷咖啡杯", "黄铜台灯"], "三角钢琴"),
    ],
)
def test_where_a_category_is_small_only_near_identical_products_tell_a_price(make_subject, title, others, alien):
    like = make_subject(with_a_small_category(title, others, f"{title} 12"))
    unlike = make_subject(with_a_small_category(title, others, alien))

    assert [kind for kind, *_ in found(like)] == ["price"]
    assert found(unlike) == []


def test_a_wide_category_has_high_prices_by_right(make_subject):
    bags = [8.0 + n % 5 for n in range(40)] + [300.0 + 10 * n for n in range(8)]

    assert found(make_subject(pd.DataFrame({"title": "Bag", "category": "Bags", "price": bags}))) == []


def test_chinese_catalogs_have_constants_and_currencies(make_subject):
    products = pd.DataFrame(
        {"title": [f"面霜{n}号" for n in range(N)], "price": 50.0, "currency": "CNY", "产地": "中国"}
    )
    products.loc[4, "currency"] = "USD"

    assert {kind for kind, *_ in found(make_subject(products))} == {"constant column", "currency"}


def test_a_brand_beside_chinese_characters_is_named(make_subject):
    brands = ["OLAY", "NIVEA", "CHANDO"] * 10
    titles = [f"{brand}保湿面霜{n}号" for n, brand in enumerate(brands)]
    titles[3] = "NIVEA保湿面霜3号"

    assert found(make_subject(pd.DataFrame({"title": titles, "brand": brands}))) == [
        ("contradiction", "brand", ("P3",))
    ]
