"""compare: two settings, or two catalogs, side by side."""

import json

import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app

BY_PRICE = "price=2,words=0,meaning=0,identifiers=0,quantities=0,category=0,brand=0,description=0"


@pytest.fixture
def built(shop_home):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    assert call("settings", "--save", "按价格", "--weights", BY_PRICE).exit_code == 0
    return call


def compared(built, *words):
    result = built("compare", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_differs_is_told_with_intervals_and_what_moved_most_first(built):
    found = compared(built, "shop", "--b", "按价格", "-k", 3)

    assert (found["a"]["name"], found["b"]["name"], found["products"]) == (None, "按价格", 24)
    assert set(found["metrics"]) == set(found["intervals"]) == {"overlap@3", "rbo"}
    low, high = found["intervals"]["overlap@3"]
    assert 0 <= low <= found["metrics"]["overlap@3"] <= high < 1
    assert [one["rbo"] for one in found["moved"]] == sorted(one["rbo"] for one in found["moved"])
    jacket = next(one for one in found["moved"] if one["sku"] == "J0")
    assert jacket["b"] == ["J1", "J2", "J3"]  # by price
    assert found["judged"] is None


def test_the_better_side_is_named_by_a_test_on_what_was_judged(built, tmp_path):
    alike = [f"{f}{i},{f}{j},1" for f in "JML" for i in range(8) for j in range(i + 1, 8)]
    (tmp_path / "judged.csv").write_text("\n".join(["sku_a,sku_b,grade", *alike]) + "\n")
    built("judgements", "--import", tmp_path / "judged.csv")

    judged = compared(built, "--a", "按价格", "--b", "same product")["judged"]

    leading = judged["measures"][0]
    assert (leading["name"], leading["b"]["mean"]) == ("nDCG@10", pytest.approx(1, abs=0.01))
    assert leading["difference"]["low"] <= leading["difference"]["mean"] <= leading["difference"]["high"]
    assert 0 <= leading["p_value"] <= 1
    assert judged["n_judgements"] == 84
    assert judged["verdict"]


def test_the_pairs_to_judge_are_those_the_sides_disagree_on(built):
    telling = compared(built, "--b", "按价格", "--pairs", 4)["telling"]

    assert len(telling) == 4
    assert telling[0]["why"].startswith("The settings disagree")
    assert [one["telling"] for one in telling] == sorted((one["telling"] for one in telling), reverse=True)
    assert telling[0]["telling"] > telling[-1]["telling"]
    assert compared(built, "--b", "按价格", "--pairs", 0)["telling"] == []


def test_two_catalogs_are_compared_by_the_skus_of_both(built, shop, tmp_path):
    lines = shop.read_text(encoding="utf-8").splitlines()
    (tmp_path / "smaller.csv").write_text("\n".join(lines[:16]) + "\n", encoding="utf-8")
    assert built("build", tmp_path / "smaller.csv", "--encoder", "hashing").exit_code == 0

    found = compared(built, "shop", "--other", "smaller")

    assert (found["a"]["catalog"], found["b"]["catalog"]) == ("shop", "smaller")
    assert found["products"] == 15
    assert found["n_foreign"] > 0


def test_it_is_told_in_words_too(built):
    said = built("compare", "--b", "按价格").stdout

    assert "B (按价格, shop)" in said
    assert "overlap@10" in said
    assert "95 % interval" in said
    assert "it is open which is better" in said
    assert "The settings disagree" in said


def test_judgements_without_a_good_match_are_a_warning(built, tmp_path):
    (tmp_path / "judged.csv").write_text("sku_a,sku_b,grade\nJ0,M0,0\n")
    built("judgements", "--import", tmp_path / "judged.csv")

    found = compared(built, "--b", "按价格")

    assert found["judged"] is None
    assert "No judgement can be used" in found["warnings"][0]


def test_the_same_on_both_sides_is_wrong_usage_and_an_unknown_setting_is_told(built):
    assert built("compare").exit_code == 2
    assert built("compare", "--a", "same style", "--b", "same style").exit_code == 2
    unknown = built("compare", "--b", "按价", "--json")
    assert unknown.exit_code == 1
    assert "Did you mean “按价格”" in json.loads(unknown.stdout)["error"]["fix"]
