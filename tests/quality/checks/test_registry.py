"""Running checks by kind."""

from types import SimpleNamespace

import pytest

from prodsim.findings import Finding
from prodsim.phrases import Text
from prodsim.progress import Silent
from prodsim.quality import CHECKS, CheckSpec, expand_kinds, kind_title, run_checks

SUBJECT = SimpleNamespace(catalog=range(3))


class Told(Silent):
    def __init__(self):
        self.steps = []

    def step(self, name, total=None, unit=""):
        self.steps.append(name)


def check(name: str, *findings: Finding) -> CheckSpec:
    kinds = {finding.kind: Text(finding.kind.upper()) for finding in findings}
    return CheckSpec(name, kinds, Text(name), Text(""), lambda subject, progress: findings)


TWO = (
    check("twice", Finding("same", "", score=0.5), Finding("variant", "", score=0.9)),
    check("odd", Finding("odd", "", score=0.7), Finding("odd", "", score=0.2)),
)


def test_the_surest_finding_comes_first_whatever_check_gave_it():
    found = run_checks(SUBJECT, checks=TWO)

    assert [finding.score for finding in found] == [0.9, 0.7, 0.5, 0.2]
    assert [finding.kind for finding in found] == ["variant", "odd", "same", "odd"]


def test_only_checks_that_give_the_kind_run():
    told = Told()

    found = run_checks(SUBJECT, ["same"], told, TWO)

    assert [finding.kind for finding in found] == ["same"]
    assert told.steps == ["twice"]


def test_the_name_of_a_check_means_all_its_kinds():
    assert {finding.kind for finding in run_checks(SUBJECT, ["twice"], checks=TWO)} == {"same", "variant"}
    assert expand_kinds(["odd", "twice"], TWO) == ("same", "variant", "odd")  # in the order of the checks


def test_an_unknown_kind_names_the_nearest_one():
    with pytest.raises(ValueError, match="Did you mean “variant”"):
        run_checks(SUBJECT, ["varriant"], checks=TWO)


def test_every_kind_has_one_check():
    kinds = [kind for spec in CHECKS for kind in spec.kinds]

    assert len(kinds) == len(set(kinds))


def test_kinds_have_titles_and_a_kind_of_an_older_check_its_own_name():
    assert kind_title("variant", TWO) == "VARIANT"
    assert kind_title("odd") == "Unusual products"
    assert kind_title("removed long ago") == "removed long ago"
