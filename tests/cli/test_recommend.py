import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app


@pytest.fixture
def run(shop_home):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


@pytest.fixture
def events(tmp_path):
    """Twelve shoppers of mugs and twelve of lamps, each with three neighbouring products."""
    lines = ["user_id,sku,timestamp,event"]
    for number in range(24):
        for step in range(3):
            product = f"{'ML'[number % 2]}{(number // 2 + step) % 8}"
            lines.append(f"u{number},{product},2025-01-{1 + step:02d} 10:00:00,purchase")
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_json(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_every_user_of_a_file_gets_k_rows_also_one_unknown(run, events, tmp_path):
    (tmp_path / "users.csv").write_text("user_id\nu3\nu4\nnobody\nu3\n", encoding="utf-8")

    report = as_json(
        run("recommend", "--interactions", events, "--users", tmp_path / "users.csv", "--out", tmp_path / "o.csv", "-k",
            4, "--json")
    )  # fmt: skip
    table = pd.read_csv(tmp_path / "o.csv")

    assert (report["rows"], report["users"]) == (12, 3)
    assert list(table.columns) == ["user_id", "sku", "rank", "score"]
    assert table["user_id"].drop_duplicates().tolist() == ["u3", "u4", "nobody"]
    assert table.groupby("user_id")["rank"].apply(list).map(lambda ranks: ranks == [1, 2, 3, 4]).all()
    assert table.loc[table["user_id"] == "u3", "sku"].str.startswith("L").all()
    assert table.loc[table["user_id"] == "u4", "sku"].str.startswith("M").all()


def test_a_user_and_a_history_get_hits_with_reasons(run, events):
    found = as_json(run("recommend", "--interactions", events, "--user", "u4", "-k", 3, "--json"))

    assert [hit["sku"][0] for hit in found["hits"]] == ["M", "M", "M"]
    assert found["history"] == ["M4", "M3", "M2"]
    assert found["hits"][0]["because"][0]["sku"] in found["history"]
    assert sum(found["hits"][0]["parts"].values()) == pytest.approx(found["hits"][0]["score"])
    asked = as_json(run("recommend", "--history", "J1,J2", "-k", 3, "--json"))
    assert {hit["sku"][0] for hit in asked["hits"]} == {"J"}


def test_what_is_bought_together_is_another_list(run, events):
    rows = [
        f"b{n},J{n % 4},2025-01-01 10:00:00,purchase\nb{n},M{n % 4},2025-01-01 10:00:00,purchase" for n in range(24)
    ]
    events.write_text("user_id,sku,timestamp,event\n" + "\n".join(rows) + "\n", encoding="utf-8")

    found = as_json(run("recommend", "--interactions", events, "--goes-with", "J1", "-k", 3, "--json"))

    assert [one["sku"] for one in found["goes_with"]] == ["M1"]
    assert "M1" in run("recommend", "--interactions", events, "--goes-with", "J1").stdout
    assert as_json(run("recommend", "--interactions", events, "--goes-with", "L1", "--json"))["goes_with"] == []


def test_a_release_of_counts_is_written_and_adds_up(run, events, tmp_path):
    run("histories", "--keep", events)

    first = as_json(run("histories", "--release", "2", "--out", tmp_path / "counts.csv", "--json"))
    second = as_json(run("histories", "--release", "0.5", "--out", tmp_path / "counts.csv", "--json"))

    assert (first["epsilon"], first["epsilon_spent"], second["epsilon_spent"]) == (2.0, 2.0, 2.5)
    assert list(pd.read_csv(tmp_path / "counts.csv").columns) == ["sku", "with_sku", "shoppers"]
    assert "ε must be from" in run("histories", "--release", "0", "--out", tmp_path / "counts.csv").stderr


def test_histories_are_kept_exported_and_erased(run, events, tmp_path):
    kept = as_json(run("histories", "--keep", events, "--json"))
    assert (kept["events"], kept["shoppers"]) == (72, "24")
    assert as_json(run("recommend", "--user", "u4", "--json"))["history"] == ["M4", "M3", "M2"]

    exported = as_json(run("histories", "--export", "u4", "--out", tmp_path / "u4.csv", "--json"))
    assert exported["exported"] == 3
    assert pd.read_csv(tmp_path / "u4.csv")["sku"].tolist() == ["M2", "M3", "M4"]
    assert as_json(run("histories", "--erase", "u4", "--json"))["erased"] == 3
    assert run("histories", "--export", "u4", "--out", tmp_path / "u4.csv").exit_code == 1
    assert as_json(run("histories", "--remove", "--json"))["events"] == 0


def test_measuring_prints_every_way_and_the_lead(run, events):
    said = run("recommend", "--interactions", events, "--evaluate", "last").stdout

    for name in (
        "prodsim",
        "popularity",
        "implicit ALS",
        "implicit BPR",
        "implicit item-item",
        "ndcg@10 against the best other",
    ):
        assert name in said
    found = as_json(run("recommend", "--interactions", events, "--evaluate", "time", "--json"))
    assert {"recall@10", "ndcg@10", "mrr", "novelty"} == set(found["methods"][0]["metrics"])


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "give one of --user"),
        (("--user", "u1", "--history", "J1"), 2, "give one of --user"),
        (("--user", "u1"), 1, "no histories"),
        (("--history", "X1"), 1, "X1"),
        (("--users", "none.csv"), 2, "--users needs --out"),
        (("--evaluate", "never"), 2, "--evaluate must be one of"),
    ],
)
def test_wrong_usage_says_what_to_do(run, words, code, told):
    result = run("recommend", *words)

    assert result.exit_code == code
    assert told in " ".join(result.output.replace("│", " ").split())


def test_no_shopper_is_named_in_what_is_said_or_logged(run, events, caplog):
    for words in (("--user", "u4"), ("--user", "nobody-known"), ("--evaluate", "last")):
        result = run("recommend", "--interactions", events, *words, "--json")
        told = result.output + caplog.text
        assert not any(name in told for name in ('"u4"', "nobody-known", "u23"))
