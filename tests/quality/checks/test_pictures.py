"""Pictures that are missing, or that unlike products share."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from prodsim.encoders.colour_grid import ColourGridEncoder
from prodsim.look import LookIndex, sketched_vectors
from prodsim.progress import SILENT
from prodsim.quality.checks.pictures import check_pictures
from tests.pictures.drawn import draw


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


def with_looks(subject, images):
    """The subject with a look: the picture of each product, drawn here; ``None`` for one that cannot be compared."""
    encoder = ColourGridEncoder()
    pixels = [np.asarray(image.resize((64, 64))) for image in images if image is not None]
    mains = np.cumsum([image is not None for image in images]) - 1
    mains[[image is None for image in images]] = -1
    stored = sketched_vectors(pixels, encoder)
    look = LookIndex.of("colour-grid", "f", stored, [[main] if main >= 0 else [] for main in mains], mains)
    return replace(subject, comparer=replace(subject.comparer, look=look))


def drawn_shop():
    """Jackets, mugs and lamps, each with a picture of its own: its kind's shape in a place and colour of its own."""
    products = shop(KINDS[0]).assign(image=[f"{n}.png" for n in range(36)])
    rng = np.random.default_rng(0)
    images = [Image.fromarray(rng.integers(0, 255, (8, 8, 3), np.uint8)).resize((120, 120)) for _ in range(36)]
    return products, images


def test_a_scaled_and_cropped_copy_on_an_unlike_product_is_found(make_subject):
    products, images = drawn_shop()
    images[30] = images[0].crop((1, 1, 119, 119)).resize((80, 90))

    (finding,) = check_pictures(with_looks(make_subject(products), images), SILENT)

    assert set(finding.skus) == {"P0", "P30"}
    assert "which “30.png” shows as well, is on 2 products" in finding.what


def test_pictures_of_their_own_give_no_finding(make_subject):
    products, images = drawn_shop()

    assert check_pictures(with_looks(make_subject(products), images), SILENT) == []


@pytest.mark.parametrize(
    ("named", "n"), [("red", 0), ("blue", 1), ("blue and red", 0), ("blue and black", 0), ("红色", 0), ("蓝色", 1)]
)
def test_a_picture_of_another_colour_than_is_named_is_found(make_subject, named, n):
    products, images = drawn_shop()
    products = products.assign(colour=["", named, *[""] * 34])
    images[1] = draw("square", "red")

    findings = check_pictures(with_looks(make_subject(products), images), SILENT)

    assert [finding.kind for finding in findings] == ["picture colour"] * n
    assert all(finding.what == "P1 is said to be blue, but its picture shows red." for finding in findings)


def test_files_that_cannot_be_used_are_found_with_their_reason(make_subject):
    products, _ = drawn_shop()
    problems = {"3.png": "missing", "5.png": "blank", "7.png": "drawing"}

    findings = check_pictures(replace(make_subject(products), picture_problems=problems), SILENT)

    assert [(finding.kind, finding.skus) for finding in findings] == [
        ("picture file", ("P3",)),
        ("picture file", ("P5",)),
    ]
    assert findings[0].what == "P3, picture “3.png”: no such picture file."


def test_pictures_that_are_all_elsewhere_are_no_fault(make_subject):
    products, _ = drawn_shop()

    assert (
        check_pictures(
            replace(make_subject(products), picture_problems=dict.fromkeys(products["image"], "missing")), SILENT
        )
        == []
    )
