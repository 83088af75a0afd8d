"""--setting: a saved setting is asked for by name, and the catalog's default without one."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli import app

BY_PRICE = (
    "--weights",
    "price=2,words=0,meaning=0,identifiers=0,quantities=0,category=0,brand=0,description=0",
    "--metric",
    "l2",
)


@pytest.fixture
def built(home, shop):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    assert call("build", shop, "--encoder", "hashing").exit_code == 0
    assert call("settings", "--save", "按价格", *BY_PRICE).exit_code == 0
    return call


def search(built, *words):
    return json.loads(built("search", "--sku", "J0", "-k", "3", *words, "--json").stdout)


def test_a_saved_setting_is_used_and_told(built):
    found = search(built, "--setting", "按价格")

    assert [hit["sku"] for hit in found["hits"]] == ["J1", "J2", "J3"]
    assert set(found["hits"][0]["parts"]) == {"price"}
    assert found["setting"]["name"] == "按价格"
    assert found["setting"]["metric"] == "l2"
    assert found["setting"]["weights"]["price"] == 2


def test_weights_and_metric_are_laid_over_a_saved_setting(built):
    found = search(built, "--setting", "按价格", "--weights", "brand=1", "--metric", "cosine")

    assert set(found["hits"][0]["parts"]) == {"price", "brand"}
    assert found["setting"]["metric"] == "cosine"


def test_the_default_is_used_until_something_else_is_asked_for(built):
    assert search(built)["setting"]["name"] is None
    built("settings", "--default", "按价格")

    assert search(built)["setting"]["name"] == "按价格"
    assert search(built, "--preset", "same style")["setting"]["name"] == "same style"
    assert search(built, "--preset", "same style")["setting"]["metric"] == "cosine"
    assert search(built, "--weights", "brand=1")["setting"]["name"] is None


def test_neighbours_evaluate_and_explain_use_it_too(built, tmp_path):
    (tmp_path / "pairs.csv").write_text("sku_a,sku_b\nJ0,J1\n")
    named = ("--setting", "按价格", "--json")
    built("neighbours", "-k", "1", "--out", tmp_path / "near.csv", *named)
    evaluated = json.loads(built("evaluate", "--pairs", tmp_path / "pairs.csv", *named).stdout)
    explained = json.loads(built("explain", "--sku", "J0", "--hit", "J1", *named).stdout)

    near = pd.read_csv(tmp_path / "near.csv").set_index("sku")["neighbour_sku"]
    assert near["J0"] == "J1"
    assert evaluated["settings"]["name"] == "按价格"
    assert [part["name"] for part in explained["parts"]] == ["price"]


def test_a_setting_and_a_preset_exclude_each_other(built):
    assert built("search", "mug", "--setting", "按价格", "--preset", "overall").exit_code == 2


def test_an_unknown_setting_is_told_with_those_there_are(built):
    found = built("search", "mug", "--setting", "按价", "--json")

    assert found.exit_code == 1
    assert 'Did you mean "按价格"' in json.loads(found.stdout)["error"]["fix"]
