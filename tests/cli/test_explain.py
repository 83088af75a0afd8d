import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app


@pytest.fixture
def built(shop_home):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def test_explain_prints_one_object_whose_parts_add_up_to_the_score_of_the_search(built):
    found = json.loads(built("explain", "--sku", "J0", "--hit", "J1", "--json").stdout)
    hits = json.loads(built("search", "--sku", "J0", "--json").stdout)["hits"]

    assert found["score"] == pytest.approx(next(hit["score"] for hit in hits if hit["sku"] == "J1"), abs=1e-6)
    assert sum(part["contribution"] for part in found["parts"]) == pytest.approx(found["score"])
    words = sum(amount for _, amount in found["meaning"]["words"])
    meaning = next(part["contribution"] for part in found["parts"] if part["name"] == "meaning")
    assert words + found["meaning"]["completeness_error"] == pytest.approx(meaning, abs=1e-6)
    assert {"change", "rank", "score"} == set(found["what_if"]["changes"][0])


def test_explain_tells_parts_words_and_what_would_differ(built):
    said = built("explain", "rain jacket", "--hit", "J1").stdout

    assert said.startswith("J1  score 0.")
    assert "rain, jacket in common" in said
    assert "% of Meaning (unexplained: " in said
    assert "Without “jacket”: rank" in said


def test_explain_imitates_the_model_and_says_how_well(built):
    found = json.loads(built("explain", "rain jacket", "--hit", "J1", "--black-box", "--json").stdout)["black_box"]

    assert {"rain", "jacket"} <= {word.lower() for word, amount in found["words"] if amount > 0}
    assert found["fidelity"] > 0.5
    assert found["kept"] <= found["by_chance"]
    assert found["sentence"].startswith("A sum over words imitates the model with R² = ")


def test_explain_of_an_unknown_product_is_told(built):
    found = built("explain", "jacket", "--hit", "J99", "--json")

    assert found.exit_code == 1
    assert "J99" in json.loads(found.stdout)["error"]["what"]


@pytest.mark.parametrize("ending", ["html", "csv"])
def test_the_worst_failures_are_written_as_a_page_or_a_table(built, tmp_path, ending):
    (tmp_path / "pairs.csv").write_text("sku_a,sku_b\nM0,L1\n")
    out = tmp_path / f"failures.{ending}"

    result = built("evaluate", "--pairs", tmp_path / "pairs.csv", "--out", out, "--json")

    assert json.loads(result.stdout)["out"] == str(out)
    if ending == "csv":
        assert pd.read_csv(out)["why"].str.startswith("first 0.").all()
    else:
        page = out.read_text(encoding="utf-8")
        assert "; wanted " in page
        assert "http" not in page


def test_failures_in_another_format_are_refused_before_anything_is_asked(built, tmp_path):
    assert built("evaluate", "--pairs", tmp_path / "none.csv", "--out", tmp_path / "f.xlsx").exit_code == 2
