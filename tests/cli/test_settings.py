"""--setting: a saved setting is asked for by name, and the catalog's default without one."""

import json
import sqlite3

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app

BY_PRICE = (
    "--weights",
    "price=2,words=0,meaning=0,identifiers=0,quantities=0,category=0,brand=0,description=0",
    "--metric",
    "l2",
)


@pytest.fixture
def built(shop_home):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

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
    assert "Did you mean “按价格”" in json.loads(found.stdout)["error"]["fix"]


@pytest.mark.parametrize(
    "words", [("--weights", "reranker=1"), ("--setting", "with it")], ids=["by weights", "by a saved setting"]
)
def test_a_weight_of_a_reranker_that_was_not_chosen_is_told(built, words):
    built("settings", "--save", "with it", "--weights", "reranker=1")
    said, found = built("search", "--sku", "J0", *words), search(built, *words)

    assert "No re-ranker is set up" in said.stderr
    assert "PRODSIM_RERANKER" in found["warnings"][-1]
    assert "reranker" in found["lacking"]
    assert "warnings" not in search(built)


def test_every_command_with_weights_tells_of_fields_the_catalog_lacks(built, tmp_path):
    (tmp_path / "坚果.csv").write_text("sku,title\n1,每日坚果 500g\n2,每日坚果 750g\n3,挂耳咖啡\n", encoding="utf-8")
    (tmp_path / "pairs.csv").write_text("sku_a,sku_b\n1,2\n")
    assert built("build", tmp_path / "坚果.csv", "--encoder", "hashing").exit_code == 0
    weighted = ("--weights", "price=1,brand=1", "--catalog", "坚果", "--json")
    for words in (
        ("search", "坚果"),
        ("neighbours", "--out", tmp_path / "n.csv"),
        ("evaluate", "--pairs", tmp_path / "pairs.csv"),
        ("explain", "坚果", "--hit", "2"),
    ):
        told = json.loads(built(*words, *weighted).stdout)["warnings"]
        assert len(told) == 1
        assert "This catalog has no values for Description, Category, Brand, Price; the other parts share" in told[0]


def test_only_a_reranker_that_was_not_chosen_is_refused_with_what_to_do(built):
    only = "reranker=1,words=0,meaning=0,identifiers=0,quantities=0,category=0,brand=0,description=0,price=0"
    found = built("search", "--sku", "J0", "--weights", only, "--json")

    assert found.exit_code == 1
    assert "PRODSIM_RERANKER" in json.loads(found.stdout)["error"]["fix"]


def test_a_default_that_cannot_be_used_names_the_command_that_deletes_it(built, home):
    built("settings", "--default", "按价格")
    path = next(home.rglob("*.sqlite*"), None) or next(home.rglob("*.db"))
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE setting SET value = '[1'")
    connection.close()

    found = built("search", "mug", "--json")

    assert found.exit_code == 1
    assert 'settings --delete "按价格"' in json.loads(found.stdout)["error"]["fix"]
    assert built("settings", "--delete", "按价格").exit_code == 0
    assert built("search", "mug").exit_code == 0
