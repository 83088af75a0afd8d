"""The commands `adapt` and `adapted`, by their contract."""

import json

import pytest
from typer.testing import CliRunner

from prodsim.adapt import TrainingRecipe
from prodsim.cli.commands import app
from tests.adapt.conftest import make_base, make_shop

runner = CliRunner()


def ask(home, *words):
    done = runner.invoke(app, [*words, "--home", str(home), "--json"])
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapt cli")
    catalog, truth = make_shop(folder)
    base = make_base(folder / "base")
    assert ask(folder / "home", "build", str(catalog), "--encoder", base)[0] == 0
    return folder / "home", truth, base


def test_adapt_prints_before_and_after_and_uses_what_helped(shop, tmp_path):
    home, truth, base = shop
    good = TrainingRecipe(base=base, batches=12, batch=32, learning_rate=2e-3, patience=20, held_out=0.4)
    good.save(tmp_path / "r.yaml")

    code, found = ask(home, "adapt", "tools", "--recipe", str(tmp_path / "r.yaml"), "--pairs", str(truth), "--use")

    assert code == 0
    assert {"run", "recipe", "before", "after", "n_pairs", "wall_s"} <= set(found)
    assert found["recipe"] == "language"
    assert found["after"]["meaning recall@1"] > found["before"]["meaning recall@1"] + 0.05
    assert found["is_used"] is found["is_better"] is True
    assert ask(home, "info", "tools")[1]["encoder"] == f"adapted:{found['run']}"

    code, listed = ask(home, "adapted", "tools", "--back")

    assert code == 0
    assert [(run["run"], run["state"], run["is_better"]) for run in listed["runs"]] == [(found["run"], "done", True)]
    assert ask(home, "info", "tools")[1]["encoder"] == base
    assert ask(home, "adapted", "--throw-away", found["run"]) == (0, {"runs": []})


def test_a_dry_run_tells_what_would_be_used_and_keeps_nothing(shop):
    home, truth, _ = shop

    code, found = ask(home, "adapt", "tools", "--pairs", str(truth), "--dry-run")

    assert code == 0
    assert found["n_pairs"] == sum(found["pairs"].values()) >= 50
    assert {one["source"] for one in found["examples"]} == set(found["pairs"])
    assert found["n_kept_out"] > 0
    assert found["estimate_s"] > 0
    assert ask(home, "adapted")[1]["runs"] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["adapt", "--recipe", "magic"], "There is no recipe “magic”"),
        (["adapt", "--recipe", "shoppers"], "has no histories"),
        (["adapt", "--recipe", "shoppers", "--pairs", "PAIRS"], "The recipe shoppers does not read"),
        (["adapt", "--recipe", "judgements"], "instead of at least 50"),
        (["adapted", "--use", "nobody"], "There is no run “nobody”"),
    ],
)
def test_what_cannot_be_done_is_told(shop, words, told):
    code, found = ask(shop[0], *(str(shop[1]) if word == "PAIRS" else word for word in words))

    assert code == 1
    assert told in found["error"]["what"]
    assert found["error"]["fix"]
