import csv
import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from sample_data import generate

FOLDER = Path(generate.__file__).parent
SHOPS = {"outdoor": ("sku", "title", "category"), "beauty_zh": ("商品编号", "商品标题", "类目")}


def load(name):
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    generate.write_samples(tmp_path)

    for path in sorted(p for p in tmp_path.rglob("*") if p.is_file()):
        shipped = FOLDER / path.relative_to(tmp_path)
        assert path.read_bytes() == shipped.read_bytes().replace(b"\r\n", b"\n"), path.name


@pytest.mark.parametrize(("name", "n", "categories"), [("outdoor", 1500, 15), ("beauty_zh", 600, 12)])
def test_each_shop_is_large_and_varied_enough(name, n, categories):
    sku, title, category = SHOPS[name]
    shop = load(name)

    assert len(shop) >= n
    assert shop[category].nunique() >= categories
    assert shop[title].nunique() > 0.9 * len(shop)


@pytest.mark.parametrize("name", SHOPS)
def test_the_truth_names_products_that_are_there(name):
    skus = set(load(name)[SHOPS[name][0]])
    truth = json.loads((FOLDER / f"{name}_truth.json").read_text(encoding="utf-8"))

    faults = {fault: cases for fault, cases in truth.items() if fault != "taste groups"}
    assert len(faults) >= 10
    assert {sku for cases in faults.values() for case in cases for sku in case["skus"]} <= skus


@pytest.mark.parametrize("name", SHOPS)
def test_every_picture_is_there_and_all_are_small(name):
    images = load(name)["image" if name == "outdoor" else "主图"]

    assert all((FOLDER / image).is_file() for image in set(images))
    assert sum(p.stat().st_size for p in FOLDER.rglob("*") if p.is_file() and p.suffix != ".pyc") < 3_000_000


def test_shoppers_keep_to_their_taste():
    truth = json.loads((FOLDER / "outdoor_truth.json").read_text(encoding="utf-8"))["taste groups"]
    category = dict(zip(load("outdoor")["sku"], load("outdoor")["category"], strict=True))
    with (FOLDER / "outdoor_histories.csv").open(encoding="utf-8") as stream:
        events = list(csv.DictReader(stream))

    coffee = set(truth["coffee lover"]) - {u for taste, users in truth.items() if taste != "coffee lover" for u in users}
    seen = Counter(category[e["sku"]].startswith("Kitchen") for e in events if e["user"] in coffee)
    assert seen[True] > 5 * seen[False]


def test_any_number_of_products_from_a_seed():
    small, large = generate.generate_products(50, seed=3), generate.generate_products(500, seed=3)

    assert large[:50].equals(small)
    assert large["sku"].is_unique
    assert large["title"].nunique() > 480
