import json

import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app


@pytest.fixture
def run(shop_home):
    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def as_json(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_question_gives_an_answer_hits_and_what_was_understood(run):
    found = as_json(run("ask", "rain jacket under 52, not gold", "--json"))

    assert {hit["sku"] for hit in found["hits"]} == {"J0", "J1", "J2"}
    assert found["understood"]["price_max"] == 52
    assert found["fits"] is True
    assert "at most 52" in found["answer"]
    assert all(hit["reason"] for hit in found["hits"])


def test_questions_that_follow_refine_the_first(run):
    found = as_json(run("ask", "mug", "under 7", "--json"))

    assert {hit["sku"] for hit in found["hits"]} == {"M0", "M1", "M2"}
    said = run("ask", "desk lamp", "does it light a desk?").stdout
    assert "“Lights a desk" in said


def test_choices_are_learned_from_only_when_wanted_and_erased(run):
    last = as_json(run("ask", "coffee mug", "-k", 8, "--json"))["hits"][-1]["sku"]
    for _ in range(20):
        run("ask", "coffee mug", "--chosen", last)

    assert as_json(run("ask", "coffee mug", "--json"))["hits"][0]["sku"] != last
    assert as_json(run("ask", "coffee mug", "--learn", "--json"))["hits"][0]["sku"] == last
    assert as_json(run("ask", "coffee mug", "--learn", "--forget", "--json"))["forgotten"] == 20
    assert as_json(run("ask", "coffee mug", "--learn", "--json"))["hits"][0]["sku"] != last


def test_conditions_of_the_command_line_hold_and_no_question_is_wrong_usage(run):
    assert as_json(run("ask", "mug", "--where", "price > 11", "--json"))["hits"][0]["sku"] == "M7"
    assert run("ask").exit_code == 2
    assert run("ask", " ").exit_code == 1
