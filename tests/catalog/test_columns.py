import pandas as pd
import pytest

from prodsim.catalog import RawTable, ReadFacts, header_key, propose_columns, read_table


def table(**columns):
    n = len(next(iter(columns.values())))
    return RawTable(pd.DataFrame(columns, dtype="str"), ReadFacts("x.csv", "csv", n), pd.Index(range(2, n + 2)))


TITLES = ["Blue ceramic mug", "Rain jacket for hiking", "Brass desk lamp", "补水保湿面霜 50g"]
IMAGES = [f"https://cdn.example/{n}.jpg" for n in range(4)]
LINKS = [f"https://shop.example/p/{n}" for n in range(4)]
PRICES = ["$4.50", "¥1,299.00", "12", "9,99 €"]
SKUS = ["001", "002", "003", "004"]


@pytest.mark.parametrize(
    "names",
    [
        {
            "sku": "id",
            "title": "title",
            "image": "image_link",
            "url": "link",
            "price": "sale_price",
            "group_id": "item_group_id",
        },
        {
            "sku": "Variant SKU",
            "title": "Title",
            "image": "Image Src",
            "url": "URL",
            "price": "Variant Price",
            "gtin": "Variant Barcode",
        },
        {
            "sku": "SKU",
            "title": "Name",
            "image": "Images",
            "url": "Permalink",
            "price": "Regular price",
            "category": "Categories",
        },
        {
            "sku": "asin",
            "title": "item-name",
            "image": "main_image_url",
            "url": "product_url",
            "price": "price",
            "brand": "brand_name",
        },
        {
            "sku": "商品编号",
            "title": "宝贝标题",
            "image": "主图链接",
            "url": "宝贝链接",
            "price": "价格",
            "category": "类目",
            "brand": "品牌",
        },
    ],
    ids=["google merchant", "shopify", "woocommerce", "amazon", "taobao"],
)
def test_the_exports_of_usual_systems_are_understood(names):
    contents = {
        "sku": SKUS, "title": TITLES, "image": IMAGES, "url": LINKS, "price": PRICES, "brand": ["Acme", "Acme", "Nord", "云岫"],
        "category": ["A > B", "A > B", "A > C", "A > C"], "gtin": ["4006381333931"] * 4, "group_id": ["g1", "g1", "g2", "g2"],
    }  # fmt: skip

    proposal = propose_columns(table(**{column: contents[field] for field, column in names.items()}))

    assert dict(proposal.mapping) == names
    assert all(0 < sure <= 1 for sure in proposal.confidence.values())


def test_contents_overrule_names():
    proposal = propose_columns(
        table(sku=SKUS, title=TITLES, image=["yes", "no", "no", "yes"], picture=IMAGES, price=["n/a", "ask", "-", "?"])
    )

    assert proposal.mapping["image"] == "picture"
    assert "price" not in proposal.mapping


def test_the_price_asked_now_is_preferred_to_the_old_one():
    proposal = propose_columns(table(sku=SKUS, title=TITLES, initial_price=PRICES, final_price=PRICES))

    assert proposal.mapping["price"] == "final_price"


def test_a_title_is_found_without_being_called_so():
    assert (
        propose_columns(table(StockCode=SKUS, Description=TITLES, InvoiceDate=["2010-12-01 08:26"] * 4)).mapping[
            "title"
        ]
        == "Description"
    )
    assert propose_columns(table(a=SKUS, b=TITLES, c=PRICES)).mapping["title"] == "b"


KINDS = {
    "sku": SKUS, "title": TITLES, "price": ["9.90", "12.50", "7", "30"], "sale": ["", "8.50", "", ""], "image": IMAGES, "url": LINKS,
    "gtin": ["4006381333931", "5901234123457", "0036000291452", "9780306406157"], "category": ["A > B", "A > B", "A > C", "A > C"],
    "word": ["red", "blue", "red", "blue"], "row": ["simple", "variation", "simple", "variation"], "number": ["1604", "1604", "499713", "1604"],
    "stock": ["In stock", "Sold out", "In stock", "Only 3 left"], "id": ["71", "72", "73", "74"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"SKU": "sku", "Name": "title", "Type": "row", "Categories": "category", "Regular price": "price", "Sale price": "sale"},
         {"category": "Categories", "price": "Regular price", "sale_price": "Sale price"}),
        ({"sku": "sku", "title": "title", "Type": "word", "Product Category": "category"}, {"category": "Product Category"}),
        ({"id": "sku", "title": "title", "google_product_category": "number", "product_type": "category"}, {"category": "product_type"}),
        ({"sku": "sku", "title": "title", "Variant Compare At Price": "price", "Variant Price": "price", "Cost per item": "price"},
         {"price": "Variant Price"}),
        ({"Artikelnummer": "sku", "Name": "title", "Preis netto": "price", "Preis brutto": "price"}, {"price": "Preis brutto"}),
        ({"Seller SKU": "sku", "Title": "title", "Product ID": "gtin", "Product ID Type": "word"}, {"sku": "Seller SKU", "gtin": "Product ID"}),
        ({"Product ID": "id", "Title": "title", "SKU": "sku"}, {"sku": "SKU"}),
        ({"default_code": "sku", "name": "title", "list_price": "price", "standard_price": "price"}, {"price": "list_price"}),
        ({"a": "sku", "b": "title", "c": "image", "d": "url", "e": "gtin", "f": "category", "g": "stock"},
         {"title": "b", "image": "c", "url": "d", "gtin": "e", "category": "f", "availability": "g"}),
    ],
    ids=["kinds of rows", "fine type", "numbers of a taxonomy", "old price and cost", "net", "number by content", "shop's id", "odoo", "no names"],
)  # fmt: skip
def test_of_several_columns_the_fitting_one_is_chosen(columns, expected):
    proposal = propose_columns(table(**{column: KINDS[kind] for column, kind in columns.items()}))

    assert {field: proposal.mapping.get(field) for field in expected} == expected


def test_a_price_without_tax_that_is_left_aside_is_told():
    proposal = propose_columns(table(sku=SKUS, title=TITLES, price_net=PRICES, price_gross=PRICES[::-1]))

    assert proposal.notes == ("The price is “price_gross”; “price_net” is without tax.",)


def test_two_columns_that_are_as_good_are_a_doubt():
    columns = {"sku": SKUS, "Price": ["9", "8", "7", "6"], "Selling price": ["10", "9", "8", "7"], "title": TITLES}

    doubts = propose_columns(table(**columns)).doubts

    assert [(doubt.field, doubt.columns) for doubt in doubts] == [("price", ("Price", "Selling price"))]


def test_the_header_tells_files_apart():
    assert header_key(table(a=SKUS, b=TITLES)) == header_key(table(a=TITLES, b=SKUS))
    assert header_key(table(a=SKUS, b=TITLES)) != header_key(table(b=SKUS, a=TITLES))


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("path,name,code,sub-code,original-price,price,product-code,jan", "Mugs,陶器のマグカップ,mug-{0},,2480,1980,MG-{0},", "code"),
        ("コントロールカラム,商品管理番号（商品URL）,商品番号,商品名,販売価格", "u,mug-{0},MUG-{0},陶器のマグカップ,1980", "商品番号"),
        ("商品管理番号（商品URL）,商品番号,SKU管理番号,システム連携用SKU番号,商品名,販売価格", "m{0},M{0},normal{0},S{0},マグ,900", "システム連携用SKU番号"),
        ("商品编号,SKU编号,货号,商品名称,京东价", "10001{0},10002{0},MUG-{0},陶瓷马克杯 350ml,59", "货号"),
        ("商品编号,货号,商品名称,价格", "10001{0},MUG-{0},陶瓷马克杯 350ml,59", "商品编号"),
    ],
)  # fmt: skip
def test_of_several_numbers_the_sku_is_what_the_shop_system_lets_the_shop_choose(tmp_path, header, cells, expected):
    path = tmp_path / "shop.csv"
    path.write_text("\n".join([header, *(cells.format(n) for n in range(3))]) + "\n", encoding="utf-8")

    proposal = propose_columns(read_table(path))

    assert proposal.mapping["sku"] == expected
    assert not proposal.doubts
