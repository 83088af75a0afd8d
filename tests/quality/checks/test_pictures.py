"""Pictures that are missing, or that unlike products share."""

from dataclasses import replace

import pandas as pd
import pytest

from prodsim.progress import SILENT
from prodsim.quality.checks.pictures import check_pictures


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


def local_shop(kinds, folder):
    """Pictures as files, each with bytes of its own."""
    products = shop(kinds)
    products["image"] = [f"images/{n // 2}.jpg" for n in range(len(products))]
    (folder / "images").mkdir()
    for n in range(len(products) // 2):
        (folder / f"images/{n}.jpg").write_bytes(f"picture {n:03}".encode())
    return products


@pytest.mark.parametrize("kinds", KINDS, ids=["English", "Chinese"])
def test_one_file_under_two_names_is_one_picture(make_subject, tmp_path, kinds):
    products = local_shop(kinds, tmp_path)
    products.loc[30, "image"] = "images/other.jpg"
    (tmp_path / "images/other.jpg").write_bytes(b"picture 000")

    (finding,) = check_pictures(replace(make_subject(products), base=tmp_path), SILENT)

    assert finding.skus[-1] == "P30"
    assert finding.evidence["files"] == ["images/0.jpg", "images/other.jpg"]
    assert "“images/0.jpg”, the same file as “images/other.jpg”, is on 3 products" in finding.what


def test_pictures_of_one_size_with_other_bytes_are_no_copies(make_subject, tmp_path):
    assert check_pictures(replace(make_subject(local_shop(KINDS[0], tmp_path)), base=tmp_path), SILENT) == []


def test_nothing_outside_the_folder_is_read(make_subject, tmp_path):
    products = local_shop(KINDS[0], tmp_path)
    (tmp_path.parent / "outside.jpg").write_bytes(b"picture 000")
    products.loc[30, "image"] = "../outside.jpg"

    assert check_pictures(replace(make_subject(products), base=tmp_path), SILENT) == []


def test_absent_and_empty_files_are_no_copies_of_each_other(make_subject, tmp_path):
    products = local_shop(KINDS[0], tmp_path)
    for n, name in enumerate(["gone-1.jpg", "empty-1.jpg", "gone-2.jpg", "empty-2.jpg"]):
        products.loc[6 + 8 * n, "image"] = name
        if "empty" in name:
            (tmp_path / name).touch()

    assert check_pictures(replace(make_subject(products), base=tmp_path), SILENT) == []
