"""The Adapt page: what a run would use, a run that was interrupted, and what came of one."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from prodsim.adapt import Measured, Option, Outcome, ProbeComparison, RunFolder, TrainingRecipe
from prodsim.workspace.adaptations import Adaptations
from tests.pages.conftest import ROOT
from tests.pages.waiting import wait_for


def open_adapt():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/adapt.py").run()
    assert not app.exception
    return app


def begun(workspace, name="language-1", kind="language"):
    folder = RunFolder(workspace.settings.home / "adapted" / name)
    folder.begin(TrainingRecipe(kind, base="scratch"), "shop")
    return folder


def ended(run, low, high, options=(), facts=None):
    compared = tuple(
        ProbeComparison("labels", setting, metric, 0.5, 0.5 + (low + high) / 2 * (setting == "meaning"), low, high, 90)
        for setting in ("meaning", "same product")
        for metric in ("recall@1", "ndcg@10")
    )
    Outcome(Measured(compared, {"Tools": (0.5, 0.6, 90)}, (), 40), {"two views": 80}, 10, 5, facts or {}, options).save(
        run.path / "result.json"
    )
    (run.path / "card.md").write_text("# A run\n", encoding="utf-8")
    run.log(1, {"loss": 2.0, "quality": 0.5})
    run.close_log()
    run.tell("done", step=10, total=10)


def labels(app):
    return [button.label for button in app.button]


def test_too_few_judgements_are_reported_before_anything_starts(built):
    app = open_adapt()
    app.radio(key="kind").set_value("judgements").run()
    next(button for button in app.button if button.label == "Preview the training data").click().run()

    wait_for(app, "instead of at least 50")
    assert "Start" not in labels(app)
    assert Adaptations(built).runs() == []


def test_a_run_whose_process_died_can_be_continued_or_discarded(built):
    run = begun(built)
    status = json.loads((run.path / "status.json").read_text(encoding="utf-8"))
    (run.path / "status.json").write_text(json.dumps({**status, "told": "2025-01-01T00:00:00+00:00"}), encoding="utf-8")

    app = open_adapt()

    assert app.selectbox(key="run").options == ["language-1 · interrupted"]
    assert "Continue" in labels(app)
    next(button for button in app.button if button.label == "Discard").click().run()
    assert not run.path.exists()
    assert not app.exception


@pytest.mark.parametrize(("low", "high", "is_offered"), [(0.05, 0.15, True), (-0.05, 0.15, False)])
def test_only_what_helped_offers_itself(built, low, high, is_offered):
    ended(begun(built), low, high)

    app = open_adapt()

    told = (app.success if is_offered else app.warning)[0].value
    assert told.startswith("The training helped" if is_offered else "The training made no clear difference")
    assert ("Use this model" in labels(app)) is is_offered


def test_a_smaller_encoder_is_picked_by_quality_and_speed(built):
    options = (
        Option("", "The encoder as it is", 0.5, 0.6, 0.8, 0.9, 500, 90, 384, True, False),
        Option("int8", "8-bit weights (int8)", 0.5, 0.6, 0.8, 0.9, 900, 24, 384, True, True),
        Option("fewer-layers", "Half of the layers", 0.49, 0.6, 0.8, 0.9, 1500, 70, 384, True, True),
        Option("int8-96", "8-bit weights (int8), vectors of length 96", 0.3, 0.4, 0.8, 0.9, 900, 24, 96, False, False),
    )
    ended(begun(built, "smaller-1", "smaller"), 0.0, 0.0, options)

    app = open_adapt()

    assert "Half of the layers: encodes 3.0 times as fast" in app.success[0].value
    assert app.select_slider(key="option").options == ["8-bit weights (int8)", "Half of the layers"]


def test_a_run_that_failed_says_why(built):
    run = begun(built)
    run.tell("failed", error=("The disk is full.", "Free some space."))

    app = open_adapt()

    assert [text.value for text in app.text][:2] == ["The disk is full.", "Free some space."]
    assert "Continue" in labels(app)


def test_catalogs_that_learned_together_are_listed_with_what_the_model_may_tell(built):
    run = RunFolder(built.settings.home / "adapted" / "federated-1")
    run.begin(TrainingRecipe("federated", partners=("south",), epsilon=8.0), "shop")
    private = {"pairs": 900, "rounds": 5, "epsilon": 7.99, "delta": 1e-5}
    ended(run, 0.05, 0.15, facts={"rounds": 5, "clients": {"shop": private, "south": {**private, "pairs": 700}}})

    app = open_adapt()

    table = next(one.value for one in app.dataframe if "ε" in one.value)
    assert table["ε"].tolist() == [7.99, 7.99]
    assert "The model tells little about any training pair: ε = 8, δ = 1e-05." in [one.value for one in app.caption]


def test_learning_together_asks_with_whom(built):
    app = open_adapt()
    app.radio(key="kind").set_value("federated").run()

    assert [one.value for one in app.info] == ["There is no other catalog to learn with. Add one on the Catalog page."]
    assert app.number_input(key="epsilon").value == 0
