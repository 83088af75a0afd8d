import pandas as pd
import pytest

from prodsim.catalog import RawTable, ReadFacts, header_key, propose_columns


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


def test_the_header_tells_files_apart():
    assert header_key(table(a=SKUS, b=TITLES)) == header_key(table(a=TITLES, b=SKUS))
    assert header_key(table(a=SKUS, b=TITLES)) != header_key(table(b=SKUS, a=TITLES))
