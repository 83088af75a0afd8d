import pytest

from prodsim.records import MatchDecision, Records


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "decided" / "店.sqlite")


def verdicts(records, other="rival"):
    return {(each.sku_a, each.sku_b): each.verdict for each in records.match_decisions(other)}


def test_the_newest_decision_of_a_pair_counts(records):
    records.decide_match(MatchDecision("rival", "A", "x", "accepted"))
    records.decide_match(MatchDecision("rival", "B", "y", "rejected", "other size"))
    records.decide_match(MatchDecision("rival", "A", "x", "rejected", when="2020-01-01T00:00:00+00:00"))

    assert verdicts(records) == {("B", "y"): "rejected", ("A", "x"): "rejected"}
    assert {each.note for each in records.match_decisions("rival")} == {"other size", ""}


def test_each_other_catalog_has_decisions_of_its_own(records):
    records.decide_match(MatchDecision("rival", "A", "x", "accepted"))

    assert verdicts(records, "last year") == {}


def test_undo_takes_back_the_last_of_its_own_session(records):
    records.decide_match(MatchDecision("rival", "A", "x", "accepted"), session="one")
    records.decide_match(MatchDecision("rival", "A", "x", "rejected"), session="one")
    records.decide_match(MatchDecision("rival", "B", "y", "later"), session="two")

    assert records.undo_match(session="one").verdict == "rejected"
    assert verdicts(records) == {("A", "x"): "accepted", ("B", "y"): "later"}
    assert records.undo_match(session="three") is None


def test_a_verdict_is_one_of_three():
    with pytest.raises(ValueError, match="accepted, rejected, later, got 'maybe'"):
        MatchDecision("rival", "A", "x", "maybe")
