import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sample_data import generate
from sample_data.drawings import HEIGHT, WIDTH, shapes
from sample_data.faults import whole_picture
from sample_data.products import check_digit
from sample_data.shops import open_shop

FOLDER = Path(generate.__file__).parent
SHOPS = ("outdoor", "beauty_zh")
NOT_FAULTS = ("good answers", "taste groups")


def load(name):
    """The shipped file with English field names."""
    frame = pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)
    fields = {chinese: field for field, chinese in generate.CHINESE_HEADER.items()}
    return frame.rename(columns=fields)


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def truth_of(name):
    return json.loads((FOLDER / f"{name}_truth.json").read_text(encoding="utf-8"))


def faults_of(name):
    return {fault: cases for fault, cases in truth_of(name).items() if fault not in NOT_FAULTS}


@pytest.fixture(scope="module", params=SHOPS)
def name(request):
    return request.param


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    generate.write_samples(tmp_path)

    texts = {path.name for path in tmp_path.glob("*") if path.is_file()}
    pictures = {path.name for path in (tmp_path / "images").iterdir()}
    assert {name for name in texts if (tmp_path / name).read_bytes() != (FOLDER / name).read_bytes()} == set()
    assert not any(b"\r" in (tmp_path / name).read_bytes() for name in texts)
    assert pictures == {path.name for path in (FOLDER / "images").iterdir()}
    # The same pixels: another version of Pillow may pack them otherwise.
    assert {
        n for n in pictures if not np.array_equal(*(pixels(of / "images" / n) for of in (tmp_path, FOLDER)))
    } == set()


@pytest.mark.parametrize(
    ("name", "rows", "categories", "brands"), [("outdoor", 1500, 30, 25), ("beauty_zh", 600, 18, 15)]
)
def test_each_shop_is_large_and_varied(name, rows, categories, brands):
    shop = load(name)

    assert len(shop) >= rows
    assert shop["category"].nunique() >= categories
    assert shop["brand"].nunique() > brands
    assert shop["title"].nunique() > 0.97 * len(shop)


def test_variants_share_a_group_and_differ_in_size_or_colour(name):
    duplicates = {case["skus"][1] for case in faults_of(name)["exact duplicate"]}
    shop = load(name).query("group_id != ''")
    shop = shop[~shop["sku"].isin(duplicates)]
    sizes = [field for field in ("size", "capacity", "net_content", "shade", "diameter") if field in shop]

    groups = shop[shop["group_id"].duplicated(keep=False)].groupby("group_id")
    assert groups.ngroups > 100
    assert (groups["mpn"].nunique() == groups.size()).all()
    assert (groups[["colour", *sizes]].nunique().max(axis=1) > 1).mean() > 0.8


def test_pictures_are_there_and_all_is_small(name):
    images = {image for image in load(name)["image"] if image}

    assert all(pixels(FOLDER / image).shape == (HEIGHT, WIDTH, 3) for image in images)
    assert sum((FOLDER / image).stat().st_size for image in images) < 500_000
    assert (
        sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc") < 3_000_000
    )


def test_planted_pictures_are_those_of_another_department(name):
    shop = load(name).drop_duplicates("sku", keep="last").set_index("sku")
    department = shop["category"].str.split(" > ").str[0]

    for fault in ("picture of another product", "part of another picture"):
        for case in truth_of(name)[fault]:
            (sku,) = case["skus"]
            others = department[(shop["image"] == whole_picture(shop["image"][sku])) & (shop.index != sku)]
            assert len(others)
            assert department[sku] not in set(others)


def test_every_kind_has_a_drawing_brands_and_fitting_words():
    for shop in map(open_shop, SHOPS):
        for kind in shop.kinds:
            said = {phrase.words for phrase in (*kind.features, *kind.uses)}
            assert kind.shape in shapes(), kind.key
            assert len(shop.brands_in(kind.category)) >= 2, kind.key
            assert {*kind.sets, *(word for pair in kind.clash for word in pair)} <= said, kind.key


def test_no_product_has_two_faults(name):
    faults = faults_of(name)
    concerned = Counter(sku for cases in faults.values() for case in cases for sku in set(case["skus"]))

    assert len(faults) >= 15
    assert set(concerned) <= set(load(name)["sku"])
    assert set(concerned.values()) == {1}


def test_the_changed_fields_are_broken_as_named(name):
    shop, faults = load(name).drop_duplicates("sku").set_index("sku"), faults_of(name)

    def broken(fault, field):
        return {case["skus"][0]: (case["was"], shop.at[case["skus"][0], field]) for case in faults[fault]}

    assert all(was and not now for was, now in broken("empty title", "title").values())
    assert all(float(now) == 100 * float(was) for was, now in broken("price 100 times too high", "price").values())
    assert all("<p>" in now and was in now for was, now in broken("markup in description", "description").values())
    assert all(now != was and not now.isascii() for was, now in broken("mojibake", "description").values())
    assert all(was.split(" > ")[0] != now.split(" > ")[0] for was, now in broken("misfiled", "category").values())


def test_only_the_named_article_numbers_have_a_wrong_check_digit(name):
    shop = load(name).query("gtin != ''")
    wrong = {row.sku for row in shop.itertuples() if check_digit(row.gtin[:12]) != row.gtin[12:]}

    assert wrong == {case["skus"][0] for case in faults_of(name)["wrong check digit"]}


def test_duplicates_repeat_their_original(name):
    shop, faults = load(name).drop_duplicates("sku").set_index("sku"), faults_of(name)

    for original, copy in (case["skus"] for case in faults["exact duplicate"]):
        assert shop.loc[original].equals(shop.loc[copy].rename(original))
    for original, copy in (case["skus"] for case in faults["near duplicate"]):
        assert shop.at[original, "title"] != shop.at[copy, "title"]
        assert shop.at[original, "brand"] == shop.at[copy, "brand"]


def test_searches_have_answers_that_contain_no_fault(name):
    answers = truth_of(name)["good answers"]
    faulty = {sku for cases in faults_of(name).values() for case in cases for sku in case["skus"]}

    assert all(len(case["skus"]) >= 3 for case in answers)
    assert not faulty & {sku for case in answers for sku in case["skus"]}


def test_shoppers_keep_to_their_taste():
    groups = truth_of("outdoor")["taste groups"]
    with (FOLDER / "outdoor_histories.csv").open(encoding="utf-8") as stream:
        events = list(csv.DictReader(stream))

    assert len({event["user"] for event in events}) == 400
    assert {event["time"][:4] for event in events} == {"2025"}
    for group in groups:
        others = {user for other in groups if other is not group for user in other["users"]}
        theirs = [e["sku"] in set(group["skus"]) for e in events if e["user"] in set(group["users"]) - others]
        assert sum(theirs) / len(theirs) > 0.85, group["taste"]


@pytest.mark.parametrize("shop", SHOPS)
def test_any_number_of_products_from_a_seed(shop):
    small, large = (generate.generate_products(n, seed=3, shop=shop) for n in (50, 3000))

    assert large[:50].equals(small)
    assert large["sku"].is_unique
    assert large["gtin"].is_unique
    assert large["title"].nunique() > 0.97 * len(large)
    assert not large.equals(generate.generate_products(3000, seed=4, shop=shop))


def test_the_command_writes_a_large_catalog(tmp_path, monkeypatch):
    out = tmp_path / "big.csv"
    monkeypatch.setattr("sys.argv", ["generate", "--products", "200", "--out", str(out), "--seed", "3"])

    generate.main()

    written = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert written.equals(generate.generate_products(200, seed=3))
