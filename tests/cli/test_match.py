"""match: two catalogs, one to one."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app


@pytest.fixture
def call(pair_home):
    return lambda *words: CliRunner().invoke(app, ["match", *(str(word) for word in words)])


def test_the_table_and_the_summary_say_the_same(call, tmp_path):
    done = call("shop", "rival", "--out", tmp_path / "m.csv", "--threshold", 0.3, "--json")
    facts, table = json.loads(done.stdout), pd.read_csv(tmp_path / "m.csv")

    assert list(table)[:6] == ["sku_a", "sku_b", "score", "certainty", "price_a", "price_b"]
    assert facts["matches"] == len(table) == 12
    assert (facts["only_a"], facts["only_b"]) == (12, 4)
    assert facts["sure"] == (table["certainty"] >= facts["threshold"]).sum()
    assert facts["prices"]["cheaper"] == facts["sure"] > 0
    jacket = table[table["sku_a"] == "J3"].iloc[0]
    assert (jacket["sku_b"], jacket["price_a"], jacket["price_b"]) == ("r3", 53, 63)
    assert jacket["difference"] == pytest.approx(53 / 63 - 1, abs=1e-4)


def test_a_workbook_and_a_page_are_written_too(call, tmp_path):
    for suffix in ("xlsx", "html"):
        assert call("shop", "rival", "--out", tmp_path / f"m.{suffix}").exit_code == 0
    assert len(pd.read_excel(tmp_path / "m.xlsx")) == 12
    assert "Nordvik jacket" in (tmp_path / "m.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("shop", "rivl"), "There is no catalog “rivl”"),
        (("shop", "rival", "--threshold", 2), "--threshold must be within 0 and 1, got 2"),
        (("shop", "rival", "--out", "m.pdf"), "--out must end in .csv, .xlsx or .html, got 'm.pdf'"),
    ],
)
def test_what_cannot_be_done_is_said(call, words, problem):
    done = call(*words)

    assert done.exit_code in (1, 2)
    assert problem in " ".join(done.output.replace("│", " ").split())
