import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app
from prodsim.findings import Finding
from prodsim.phrases import Text
from prodsim.quality import CheckSpec
from prodsim.records import Records, finding_key
from prodsim.settings import Settings
from prodsim.workspace import Workspace, checks

MUGS = Finding(
    "twins", "M0 和 M1 是同一个杯子。", ("M0", "M1"), 0.5, 0.9, evidence={"close": 0.97}, proposal="Keep M1."
)
LAMPS = Finding("twins", "=L0 and L1 are one lamp.", ("L0", "L1"), 0.5, 0.8)
BARE = Finding("bare", "J0 has no picture.", ("J0",), 0.2, 0.95, column="image")


@pytest.fixture
def run(shop_home, monkeypatch):
    specs = [("twins", ("twins",), (MUGS, LAMPS)), ("bare", ("bare", "far"), (BARE,))]
    registry = tuple(
        CheckSpec(
            name, dict.fromkeys(kinds, Text("")), Text(name), Text(""), lambda subject, progress, found=found: found
        )
        for name, kinds, found in specs
    )
    monkeypatch.setattr(checks, "CHECKS", registry)

    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


@pytest.fixture
def opened(run, home):
    return Workspace(Settings(home)).open()


@pytest.fixture
def records(run, home):
    return Records(home / "decided" / "shop.sqlite")


def as_json(result, exit_code=0):
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def test_check_prints_findings_surest_first_and_counts(run):
    report = as_json(run("check", "shop", "--json"))

    assert [finding["what"] for finding in report["findings"]] == [BARE.what, MUGS.what, LAMPS.what]
    assert report["counts"] == {"twins": 2, "bare": 1, "far": 0}
    assert report["findings"][1] == {
        "key": finding_key(MUGS), "kind": "twins", "severity": 0.5, "skus": ["M0", "M1"], "score": 0.9, "what": MUGS.what, "column": None,
        "evidence": {"close": 0.97}, "proposal": "Keep M1.", "state": "open", "decision": None,
    }  # fmt: skip
    assert report["wall_s"] >= 0
    assert as_json(run("check", "--kind", "bare", "--json"))["counts"] == {"bare": 1}
    assert run("check").stdout.startswith("twins: 2, 2 open\nbare: 1, 1 open\nfar: 0, 0 open\n0.95  J0 has no picture.")


def test_decided_findings_are_marked_or_left_out_and_come_back_when_a_product_changes(run, opened, records, shop):
    records.decide(MUGS, "keep", opened.catalog, keep="M1")
    records.decide(BARE, "later", opened.catalog)
    whole, open_only = as_json(run("check", "--json")), as_json(run("check", "--open", "--json"))

    assert [(f["state"], f["decision"]) for f in whole["findings"]] == [
        ("open", "later"),
        ("decided", "keep"),
        ("open", None),
    ]
    assert (whole["counts"], whole["open"]) == ({"twins": 2, "bare": 1, "far": 0}, {"twins": 1, "bare": 1, "far": 0})
    assert [finding["skus"][0] for finding in open_only["findings"]] == ["J0", "L0"]

    shop.write_text(shop.read_text().replace("coffee mug number 1", "coffee mug no. 1"), encoding="utf-8")
    run("build", shop, "--encoder", "hashing")
    again = as_json(run("check", "--open", "--json"))
    assert [finding["state"] for finding in again["findings"]] == ["open", "changed", "open"]


@pytest.mark.parametrize(
    ("conditions", "exit_code"),
    [
        (["twins>0"], 1),
        (["twins > 1"], 0),
        (["twins<=1"], 1),
        (["far>0", "bare >= 1"], 1),
        (["far!=0"], 0),
        (["far=0"], 1),
        (["twins>0.5"], 1),
    ],
)
def test_conditions_on_open_findings_decide_the_exit_code(run, opened, records, conditions, exit_code):
    records.decide(MUGS, "dismissed", opened.catalog)
    options = [word for condition in conditions for word in ("--fail-on", condition)]

    report = as_json(run("check", "--json", *options), exit_code)

    assert len(report["findings"]) == 3
    assert ("error" in report) == (exit_code == 1)


def test_a_condition_that_holds_is_told(run):
    result = run("check", "--fail-on", "twins>1", "--fail-on", "far>0")

    assert result.exit_code == 1
    assert '"twins>1" holds: 2 twins are open.\n' in result.stderr
    assert "far>0" not in result.stderr
    assert "twins: 2, 2 open" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--fail-on", "twins"],
        ["--fail-on", "twins>many"],
        ["--fail-on", "twin>0"],
        ["--fail-on", "bare>0", "--kind", "twins"],
        ["--kind", "twin"],
        ["--level", "lax"],
        ["--out", "x.doc"],
    ],
)
def test_wrong_usage_is_told_before_the_work_starts(run, monkeypatch, words):
    broken = tuple(
        CheckSpec(c.name, c.kinds, Text(""), Text(""), lambda subject, progress: 1 / 0) for c in checks.CHECKS
    )
    monkeypatch.setattr(checks, "CHECKS", broken)

    assert run("check", *words).exit_code == 2


def test_findings_are_written_as_table_json_and_page(run, opened, records, tmp_path):
    records.decide(MUGS, "keep", opened.catalog, keep="M1")
    for ending in ("csv", "json", "html", "pdf", "pptx"):
        as_json(run("check", "--out", tmp_path / f"o.{ending}", "--json"))

    table = pd.read_csv(tmp_path / "o.csv")
    assert table["what"].tolist() == [BARE.what, MUGS.what, f"'{LAMPS.what}"]
    assert table["state"].tolist() == ["open", "decided", "open"]
    assert table["skus"].tolist() == ["J0", "M0 | M1", "L0 | L1"]
    assert json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["findings"][1]["decision"] == "keep"
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert MUGS.what in page
    assert "decided: keep M1" in page


def test_each_version_of_the_catalog_has_a_summary_if_all_was_looked_for(run, records, shop):
    run("check", "--kind", "twins")
    assert records.summaries() == ()
    run("check")
    run("check")
    shop.write_text(shop.read_text().replace("mug number 3", "bowl"), encoding="utf-8")
    run("build", shop, "--encoder", "hashing")
    run("check")

    assert [dict(one.counts) for one in records.summaries()] == [{"twins": 2, "bare": 1, "far": 0}] * 2
    assert len({one.version for one in records.summaries()}) == 2


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_decisions_go_out_and_in(run, opened, records, tmp_path, name):
    records.decide(MUGS, "keep", opened.catalog, keep="M1", note="=1+1", who="李")
    kept = records.decisions()
    out = as_json(run("decisions", "--export", tmp_path / name, "--json"))
    records.undo(who="李")

    report = as_json(run("decisions", "--import", tmp_path / name, "--json"))

    assert (out["decisions"], out["actions"]) == (1, {"keep": 1})
    assert (report["taken"], report["left_out"], report["findings"]) == (1, 0, [])
    assert records.decisions() == kept
    assert run("decisions", "--export", "x.pdf").exit_code == 2
    assert run("decisions", "--catalog", "shpo").exit_code == 1


def test_a_threshold_out_of_range_is_refused_and_nothing_told_is_null(run):
    refused = run("check", "shop", "--threshold", "1.5")

    assert refused.exit_code == 2
    assert "--threshold must be within 0 and 1, got 1.5" in refused.output
    assert as_json(run("check", "shop", "--threshold", "0.52", "--json"))["threshold"] is None
