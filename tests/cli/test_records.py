import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app
from prodsim.records import JUDGEMENT_COLUMNS


@pytest.fixture
def run(shop_home):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def as_json(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_judgements_go_in_and_out(run, tmp_path):
    (tmp_path / "truth.csv").write_text("sku_a,sku_b,label\nJ1,J0,1\nJ1,M1,0\nJ1,J1,1\n杯子,J1,1\n", encoding="utf-8")

    report = as_json(run("judgements", "--import", tmp_path / "truth.csv", "--export", tmp_path / "o.csv", "--json"))
    table = pd.read_csv(tmp_path / "o.csv")

    assert (report["judgements"], report["taken"], report["left_out"]) == (3, 3, 1)
    assert [finding["line"] for finding in report["findings"]] == [4]
    assert tuple(table.columns) == JUDGEMENT_COLUMNS
    assert table[["sku_a", "sku_b", "grade"]].values.tolist() == [["J0", "J1", 1], ["J1", "M1", 0], ["J1", "杯子", 1]]
    assert as_json(run("judgements", "--json"))["judgements"] == 3


def test_people_are_told_why_rows_are_left_out(run, tmp_path):
    rows = "".join(f"J{n},J{n},1\n" for n in range(14))
    (tmp_path / "truth.csv").write_text(f"sku_a,sku_b,label\n{rows}", encoding="utf-8")

    said = run("judgements", "--import", tmp_path / "truth.csv").stdout

    assert said.startswith("0 judgements; 0 imported, 14 rows left out")
    assert "Line 11 is left out: a product cannot be judged against itself, got 'J9' twice." in said
    assert said.endswith("and 4 more; --json prints all\n")


def test_settings_are_saved_chosen_and_deleted(run):
    saved = as_json(run("settings", "--save", "款式", "--preset", "same style", "--weights", "price=0.5", "--json"))
    as_json(run("settings", "--save", "mine", "--metric", "l2", "--default", "mine", "--json"))
    listed = as_json(run("settings", "--json"))

    assert saved["settings"]["款式"]["weights"] | {"price": 0.5, "meaning": 1} == saved["settings"]["款式"]["weights"]
    assert {name: setting["metric"] for name, setting in listed["settings"].items()} == {"mine": "l2", "款式": "cosine"}
    assert (saved["default"], listed["default"], listed["problems"]) == (None, "mine", {})
    assert "mine (default): meaning 0.5, description 0.1, words 1" in run("settings").stdout
    assert as_json(run("settings", "--default", "", "--json"))["default"] is None
    assert list(as_json(run("settings", "--delete", "mine", "--json"))["settings"]) == ["款式"]


def test_weights_are_learned_from_judgements_and_kept_if_better(run, tmp_path):
    rng = np.random.default_rng(0)
    words = ["red", "blue", "small", "large", "soft", "lamp", "chair", "mug", "红色", "台灯"]
    lines = [f"P{i},{' '.join(rng.choice(words, 5))},{3 ** (i % 7)}" for i in range(91)]
    (tmp_path / "taste.csv").write_text("\n".join(["sku,title,price", *lines]) + "\n", encoding="utf-8")
    as_json(run("build", tmp_path / "taste.csv", "--encoder", "hashing", "--json"))
    pairs = [(int(a), int((a + (7 if n % 2 else 1 + n % 6)) % 91)) for n, a in enumerate(rng.permutation(91)[:80])]
    rows = [f"P{a},P{b},{int(a % 7 == b % 7)}" for a, b in pairs]
    (tmp_path / "j.csv").write_text("\n".join(["sku_a,sku_b,label", *rows]) + "\n", encoding="utf-8")
    as_json(run("judgements", "--catalog", "taste", "--import", tmp_path / "j.csv", "--json"))

    found = as_json(run("settings", "--catalog", "taste", "--learn", "by price", "--json"))

    assert found["learned"]["is_better"]
    kept = found["settings"]["by price"]["weights"]
    assert kept == found["learned"]["weights"]
    assert max(kept, key=kept.get) == "price"
    assert "better on held-out judgements" in run("settings", "--catalog", "taste", "--learn", "again").stdout
    assert run("settings", "--catalog", "shop", "--learn", "x").exit_code == 1


def test_mistakes_are_told_and_make_no_file(run, home):
    mistakes = {
        ("settings", "--delete", "none"): 1,
        ("settings", "--save", "overall"): 1,
        ("settings", "--preset", "overall"): 2,
        ("settings", "--save", "x", "--metric", "taxi"): 2,
        ("settings", "--save", "x", "--catalog", "shpo"): 1,
        ("judgements", "--catalog", "shpo"): 1,
        ("judgements", "--import", "absent.csv"): 1,
    }

    assert {words: run(*words).exit_code for words in mistakes} == mistakes
    assert not (home / "decided").exists()


def test_judgements_can_be_taken_out_after_the_catalog_is_removed(run, tmp_path):
    (tmp_path / "truth.csv").write_text("sku_a,sku_b,label\nJ1,J0,1\n", encoding="utf-8")
    as_json(run("judgements", "--import", tmp_path / "truth.csv", "--json"))
    as_json(run("remove", "shop", "--json"))

    as_json(run("judgements", "--catalog", "shop", "--export", tmp_path / "out.parquet", "--json"))

    assert pd.read_parquet(tmp_path / "out.parquet")["sku_b"].tolist() == ["J1"]


RULES = "per_brand: 2\nrules:\n- pin: M3\n  when: jacket\n- bury: brand = 'BrandJ'\n"


def test_rules_are_kept_in_versions_used_and_exported(run, tmp_path):
    file = tmp_path / "autumn.yaml"
    file.write_text(RULES, encoding="utf-8")
    assert as_json(run("rules", "--save", file, "--json"))["rules"][0]["version"] == 1
    file.write_text(RULES.replace("M3", "M4"), encoding="utf-8")
    run("rules", "--save", file)

    hits = as_json(run("search", "rain jacket", "--rules", "autumn", "--json"))["hits"]
    assert (hits[0]["sku"], hits[0]["rules"]) == ("M4", ["pinned"])
    assert as_json(run("search", "mug", "--rules", "autumn", "--json"))["hits"][0]["rules"] == []
    assert as_json(run("search", "rain jacket", "--rules", file, "--json"))["hits"] == hits
    run("rules", "--name", "autumn", "--version", "1", "--export", tmp_path / "first.yaml")
    assert (tmp_path / "first.yaml").read_text(encoding="utf-8") == RULES
    assert "[pinned]" in run("search", "rain jacket", "--rules", "autumn").stdout
    assert as_json(run("rules", "--delete", "autumn", "--json"))["rules"] == []


def test_rules_that_do_not_fit_are_refused_and_nothing_is_kept(run, tmp_path):
    file = tmp_path / "autumn.yaml"
    for text, told in (
        ("rules:\n- pin: M99\n", "M99"),
        ("per_brnd: 2\n", "Did you mean “per_brand”?"),
        ("a: [\n", "line"),
    ):
        file.write_text(text, encoding="utf-8")
        refused = run("rules", "--save", file, "--json")
        assert refused.exit_code == 1
        assert told in refused.stdout
    assert as_json(run("rules", "--json"))["rules"] == []
    assert run("search", "mug", "--rules", "autumn").exit_code == 1


def test_where_records_are_is_shown_with_their_counts_and_moving_needs_a_server(run, home):
    nothing = run("records")
    run("settings", "--save", "mine", "--preset", "overall")
    shown = as_json(run("records", "show", "--json"))

    assert nothing.output.endswith(":\nnothing\n")
    assert (shown["place"], shown["catalogs"]["shop"]["settings"]) == (str(home / "decided"), 1)
    refused = run("records", "move")
    assert (refused.exit_code, "PRODSIM_RECORDS" in refused.output) == (1, True)
