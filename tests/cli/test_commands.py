import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(home):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


@pytest.fixture
def built(run, shop_home):
    return run


def as_json(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_build_prints_one_json_object(run, shop):
    report = as_json(run("build", shop, "--encoder", "hashing", "--json"))

    assert {"name", "products", "encoder", "dim", "vectors", "encoded", "reused", "findings", "steps", "wall_s"} <= set(
        report
    )
    assert (report["name"], report["products"], report["encoded"]) == ("shop", 24, 24)
    assert {"read", "encode", "index", "graph", "map"} <= set(report["steps"])


def test_a_file_without_a_header_is_told_in_words_and_as_json(run, tmp_path):
    (tmp_path / "杯子.csv").write_text(
        "P-1,蓝色陶瓷马克杯,19.90\nP-2,红色陶瓷马克杯,21.90\nP-3,透明玻璃水杯,9.90\n", encoding="utf-8"
    )
    result = run("build", tmp_path / "杯子.csv", "--encoder", "hashing", "--json")

    report = json.loads(result.stdout)
    assert report["products"] == 3
    assert "Line 1 looks like a product" in report["warnings"][0]
    assert report["warnings"][0] in result.stderr


def test_variants_as_one_says_which_products_a_hit_stands_for(built):
    plain = as_json(built("search", "coffee mug", "-k", 3, "--json"))
    shown = as_json(built("search", "coffee mug", "-k", 3, "--variants-as-one", "--json"))

    assert plain["n_families"] is None
    assert shown["n_families"] == 24, "no product of this shop is a variant of another"
    assert [hit["variants"] for hit in shown["hits"]] == [[], [], []]
    assert [hit["sku"] for hit in shown["hits"]] == [hit["sku"] for hit in plain["hits"]]


def test_search_by_words_and_by_sku_finds_the_family(built):
    by_words = as_json(built("search", "coffee mug", "-k", 3, "--json"))
    by_sku = as_json(built("search", "--sku", "J2", "-k", 3, "--json"))

    assert [hit["sku"][0] for hit in by_words["hits"]] == ["M"] * 3
    assert [hit["sku"][0] for hit in by_sku["hits"]] == ["J"] * 3
    assert {"exact", "took_ms", "candidates"} <= set(by_sku)
    for hit in [*by_words["hits"], *by_sku["hits"]]:
        assert abs(sum(hit["parts"].values()) - hit["score"]) < 1e-6


def test_where_narrows_and_exact_says_so(built):
    found = as_json(built("search", "jacket", "--where", "price < 7 and brand = 'Kaffa'", "--exact", "--json"))

    assert {hit["sku"] for hit in found["hits"]} == {"M0", "M1"}
    assert found["exact"] is True


def test_many_queries_are_answered_at_once(built, tmp_path):
    (tmp_path / "q.csv").write_text("query_id,query,sku\n1,brass lamp,\n2,,M4\n", encoding="utf-8")

    report = as_json(built("search", "--queries", tmp_path / "q.csv", "--out", tmp_path / "a.csv", "-k", 3, "--json"))
    answers = pd.read_csv(tmp_path / "a.csv", dtype=str)

    assert report["queries"] == 2
    assert list(answers.columns) == ["query_id", "sku", "rank", "score"]
    assert [sku[0] for sku in answers["sku"]] == ["L", "L", "L", "M", "M", "M"]


def test_a_query_that_cannot_be_read_is_told_and_nothing_is_written(built, tmp_path):
    (tmp_path / "q.csv").write_text("query_id,query\n1,brass lamp\n2,mug, blue\n3,jacket\n", encoding="utf-8")

    result = built("search", "--queries", tmp_path / "q.csv", "--out", tmp_path / "a.csv", "--json")

    assert result.exit_code == 1
    assert "Line 3 of q.csv" in json.loads(result.stdout)["error"]["what"]
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_neighbours_and_map_write_tables(built, tmp_path, ending):
    read = pd.read_csv if ending == "csv" else pd.read_parquet

    report = as_json(built("neighbours", "-k", 2, "--out", tmp_path / f"n.{ending}", "--json"))
    placed = as_json(built("map", "--out", tmp_path / f"m.{ending}", "--json"))

    assert report["rows"] == len(read(tmp_path / f"n.{ending}")) == 48
    assert placed["rows"] == 24
    assert list(read(tmp_path / f"m.{ending}").columns) == ["sku", "x", "y", "cluster", "label"]


def test_across_leaves_the_own_shop_out(built, tmp_path):
    as_json(built("neighbours", "-k", 4, "--across", "brand", "--out", tmp_path / "n.csv", "--json"))

    table = pd.read_csv(tmp_path / "n.csv")
    assert (table["sku"].str[0] != table["neighbour_sku"].str[0]).all()


def test_the_map_is_also_a_page(built, tmp_path):
    as_json(built("map", "--out", tmp_path / "m.html", "--json"))

    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "Waterproof rain jacket number 3" in page
    assert 'src="http' not in page


def test_list_info_and_remove(built):
    assert [c["name"] for c in as_json(built("list", "--json"))["catalogs"]] == ["shop"]
    facts = as_json(built("info", "shop", "--json"))
    assert facts["products"] == 24
    assert 0.98 <= facts["recall@10"] <= 1
    assert as_json(built("remove", "shop", "--json")) == {"removed": "shop"}
    assert as_json(built("list", "--json"))["catalogs"] == []


def test_info_measures_the_recall_when_asked(built):
    assert "trust" not in as_json(built("info", "--json"))
    trust = as_json(built("info", "--recall", "--json"))["trust"]
    assert trust["search"]["recall"] == trust["index"]["overall"]["recall"] == 1
    assert "search returns 100.0 % of the exact results" in built("info", "--recall").stdout


def test_errors_a_person_can_act_on_exit_with_1_as_json(built):
    result = built("search", "--sku", "J99", "--json")

    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert "J99" in error["what"]
    assert "J9" not in error["fix"] or error["fix"]


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["search", "-k", "0", "x"],
        ["build", "shop.csv", "--metric", "manhattan"],
        ["search", "--weights", "x", "y"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(built, words):
    assert built(*words).exit_code == 2


def test_every_command_has_help(run):
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        assert command.callback.__doc__, name
        assert run(name, "--help").exit_code == 0


def test_search_by_sku_loads_neither_a_model_nor_what_reads_files(built, home):
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "prodsim",
        "search",
        "--sku",
        "J2",
        "--home",
        str(home),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}

    assert "prodsim.search" in loaded
    assert not loaded & {"torch", "transformers", "openvino", "umap", "sklearn", "jieba", "prodsim.catalog.read"}


def test_evaluate_prints_metrics_with_intervals(built, tmp_path):
    (tmp_path / "pairs.csv").write_text("sku_a,sku_b,label\nJ0,J1,1\nM0,M1,1\nJ0,M0,0\n")

    found = as_json(built("evaluate", "--pairs", tmp_path / "pairs.csv", "--json"))

    assert {"recall@1", "recall@10", "ndcg@10", "auc", "ap"} <= set(found["metrics"])
    assert set(found["intervals"]) == set(found["metrics"])
    assert found["n"] == 4
    assert found["settings"]["encoder"] == "hashing"


def test_evaluate_robust_prints_each_kind_beside_the_texts_as_they_are(built, tmp_path):
    (tmp_path / "pairs.csv").write_text("sku_a,sku_b,label\nM0,M1,1\n", encoding="utf-8")

    found = as_json(built("evaluate", "--pairs", tmp_path / "pairs.csv", "--robust", "--json"))
    assert {"as written", "typos", "other units", "emoji"} <= found["kinds"].keys()
    assert found["kinds"]["as written"].keys() == found["kinds"]["typos"].keys()
    assert found["n"] == 2
    assert "typos" in built("evaluate", "--pairs", tmp_path / "pairs.csv", "--robust").stdout
    assert built("evaluate", "--pairs", tmp_path / "pairs.csv", "--robust", "--across", "brand").exit_code == 2


def test_evaluate_without_one_truth_is_wrong_usage(built):
    result = built("evaluate")

    assert result.exit_code == 2
    assert "--pairs FILE" in result.output


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are Unicode there")
def test_an_error_about_a_name_that_is_no_text_is_still_one_json_object(home, tmp_path):
    command = [sys.executable, "-m", "prodsim", "build", os.fsencode(tmp_path) + b"/sh\xffp.csv", "--json"]
    done = subprocess.run([*command, "--home", str(home)], capture_output=True, cwd=ROOT, check=False)

    assert done.returncode == 1
    assert set(json.loads(done.stdout)["error"]) == {"what", "fix"}


def test_the_metric_is_a_setting_of_a_search(built):
    scores = {
        m: as_json(built("search", "--sku", "J2", "--metric", m, "--json"))["hits"][0]["score"]
        for m in ("cosine", "l2")
    }

    assert scores["l2"] != scores["cosine"]
    assert built("search", "--sku", "J2", "--metric", "manhattan").exit_code == 2
