"""Two built catalogs are matched, what came of it is kept, and decisions count from either side."""

from pathlib import Path

import pytest

from prodsim.errors import QueryError
from prodsim.records import MatchDecision
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.matches import decisions_between, match_catalogs, was_matched

MATES = {(f"J{n}", f"r{n}") for n in range(8)} | {(f"M{n}", f"k{n}") for n in range(4)}


@pytest.fixture
def workspace(pair_home):
    return Workspace(Settings(pair_home))


def compared(workspace, a="shop", b="rival"):
    return match_catalogs(workspace, workspace.open(a), workspace.open(b))


def found(match, matching):
    skus_a, skus_b = (one.catalog.products["sku"] for one in (match.a, match.b))
    return {(skus_a[a], skus_b[b]) for a, b in zip(matching.a, matching.b, strict=True)}


def test_both_shops_products_are_matched_from_either_side(workspace):
    there, back = compared(workspace), compared(workspace, "rival", "shop")

    assert found(there, there.matching()) == MATES
    assert found(back, back.matching()) == {(b, a) for a, b in MATES}


def test_what_was_computed_is_loaded_and_replaced_with_the_catalog(workspace):
    assert not was_matched(workspace, "shop", "rival")
    first = compared(workspace)
    (folder,) = workspace.layout.catalog("shop").glob("match-*")
    again = compared(workspace)

    assert was_matched(workspace, "shop", "rival")
    assert (first.pairs.scores == again.pairs.scores).all()
    file = workspace.settings.home.parent / "rival.csv"
    file.write_text("sku,title\nz,Nordvik jacket for rain (number 3)\n", encoding="utf-8")
    workspace.build(BuildRequest(file, encoder="hashing"))
    newer = compared(workspace)
    assert found(newer, newer.matching()) == {("J3", "z")}
    assert not folder.exists()


def test_decisions_count_from_either_side(workspace):
    workspace.records("shop").decide_match(MatchDecision("rival", "J0", "r0", "rejected"))
    workspace.records("rival").decide_match(MatchDecision("shop", "t0", "L0", "accepted"))
    workspace.records("rival").decide_match(MatchDecision("shop", "t0", "gone", "accepted"))
    match = compared(workspace)
    pairs = found(match, match.matching(decisions_between(workspace, "shop", "rival")))

    assert ("J0", "r0") not in pairs
    assert ("L0", "t0") in pairs


def test_of_two_accepted_pairs_of_one_product_the_newer_counts(workspace):
    records = workspace.records("shop")
    records.decide_match(MatchDecision("rival", "J0", "r1", "accepted", when="2026-01-01T00:00:00+00:00"))
    records.decide_match(MatchDecision("rival", "J2", "r1", "accepted", when="2026-01-02T00:00:00+00:00"))
    match = compared(workspace)
    pairs = found(match, match.matching(decisions_between(workspace, "shop", "rival")))

    assert ("J2", "r1") in pairs
    assert ("J0", "r1") not in pairs


def test_texts_are_encoded_anew_where_the_encoders_differ(workspace):
    file = Path(workspace.info("rival").base) / "rival.csv"
    workspace.build(BuildRequest(file, name="spelled", encoder="lsa"))
    match = compared(workspace, "shop", "spelled")

    assert "different encoders" in match.note
    assert found(match, match.matching()) == MATES


def test_the_score_of_a_match_is_explained(workspace):
    match = compared(workspace)
    matching = match.matching()
    explanation = match.explain(int(matching.a[0]), int(matching.b[0]))

    assert explanation.score == pytest.approx(matching.scores[0], abs=1e-5)
    assert sum(part.contribution for part in explanation.parts) == pytest.approx(explanation.score)


def test_a_catalog_is_not_matched_with_itself(workspace):
    with pytest.raises(QueryError, match="“shop” cannot be matched with itself"):
        compared(workspace, "shop", "shop")
