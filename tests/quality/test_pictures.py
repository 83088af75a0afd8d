"""Pictures that are missing, or that unlike products share."""

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.pictures import check_pictures


def shop(kinds):
    rows = [(f"{title} {n:02}", title, f"https://shop.example/{kind}-{n // 2}.jpg")
            for kind, title in enumerate(kinds) for n in range(12)]  # fmt: skip
    return pd.DataFrame(rows, columns=["title", "category", "image"])


KINDS = [
    ["Waterproof rain jacket", "Ceramic coffee mug", "Brass desk lamp"],
    ["保湿滋润面霜", "陶瓷咖啡杯", "黄铜台灯"],
]


@pytest.mark.parametrize("kinds", KINDS, ids=["English", "Chinese"])
def test_variants_may_share_a_picture(make_subject, kinds):
    assert check_pictures(make_subject(shop(kinds)), SILENT) == []


@pytest.mark.parametrize("kinds", KINDS, ids=["English", "Chinese"])
def test_one_picture_on_unlike_products_is_found(make_subject, kinds):
    products = shop(kinds)
    products.loc[30, "image"] = products["image"].iloc[0]

    findings = check_pictures(make_subject(products), SILENT)

    assert [(finding.skus[-1], finding.evidence["image"]) for finding in findings] == [
        ("P30", "https://shop.example/0-0.jpg")
    ]


def test_a_product_without_a_picture_is_found_where_all_others_have_one(make_subject):
    products = shop(KINDS[0])
    products.loc[5, "image"] = ""

    assert [finding.skus for finding in check_pictures(make_subject(products), SILENT)] == [("P5",)]


def test_a_catalog_without_pictures_lacks_none(make_subject):
    assert check_pictures(make_subject(shop(KINDS[0]).assign(image="")), SILENT) == []
