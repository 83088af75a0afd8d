import pytest

from prodsim.explain import Counterfactual, WhatIf
from prodsim.search import Query, SearchOptions
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace
from tests.explain.conftest import EVERY

TWIN_QUERIES = [
    Query(like=("Q",)),
    Query(text="leather boot"),
    Query(like=("Q",), unlike=("Z",)),
    Query(text="皮革 靴 40 ml"),
]
FIELDS = EVERY.only("brand", "category", "price", "quantities")


@pytest.mark.parametrize("query", TWIN_QUERIES)
@pytest.mark.parametrize(("sku", "word", "twin"), [("X", "leather", "X0"), ("皮", "皮革", "雨")])
def test_a_product_without_a_word_scores_and_ranks_as_the_product_that_lacks_it(twins, query, sku, word, twin):
    hits = twins.search(query, 10, SearchOptions(weights=EVERY)).hits
    score = {hit.sku: hit.score for hit in hits}
    found = twins.explain(query, sku, EVERY, by_meaning=True, hits=hits).what_if

    changed = {one.change: one for one in found.changes}.get(f"Without “{word}”")
    if changed is None:
        assert score[twin] >= score[sku] - 1e-3
    else:
        assert changed.score == pytest.approx(score[twin], abs=2e-3)
        others = [hit for hit in hits if hit.sku != sku]
        assert changed.rank == 1 + sum(hit.score > changed.score for hit in others)


def test_an_identifier_that_the_model_number_still_says_is_not_lost_with_the_word(tmp_path):
    lines = ["sku,title,mpn,description", "Q,charger AB-1234,,", "M,red plug AB-1234,AB-1234,"]
    lines += ["D,tin plug AB-1234,,fits AB-1234", *(f"Z{i},pot,," for i in range(9))]
    (tmp_path / "codes.csv").write_text("\n".join(lines), encoding="utf-8")
    workspace, by = Workspace(Settings(tmp_path / "home")), Weights(words=0.01, identifiers=1)
    workspace.build(BuildRequest(tmp_path / "codes.csv", encoder="hashing"))
    opened, query = workspace.open(), Query(like=("Q",))
    hits = opened.search(query, 2, SearchOptions(weights=by)).hits

    found = {hit.sku: opened.explain(query, hit.sku, by, hits=hits).what_if.changes[0].score for hit in hits}
    assert found["M"] == pytest.approx(next(hit.score for hit in hits if hit.sku == "M"), abs=0.01)
    assert found["D"] < found["M"] / 2  # "AB" is still a word in common


@pytest.mark.parametrize(
    ("change", "twin"),
    [("With another brand", "XB"), ("In another category", "XC"), ("At twice the price", "XP")],
)
def test_a_product_with_another_field_scores_and_ranks_as_the_product_with_it(twins, change, twin):
    hits = twins.search(Query(like=("Q",)), 9, SearchOptions(weights=FIELDS)).hits
    found = twins.explain(Query(like=("Q",)), "X", FIELDS, hits=hits).what_if

    changed = next(one for one in found.changes if one.change == change)
    assert changed.score == pytest.approx(next(hit.score for hit in hits if hit.sku == twin), abs=1e-6)
    before = sum(hit.score > changed.score + 1e-6 for hit in hits if hit.sku != "X")
    beside = sum(abs(hit.score - changed.score) < 1e-6 for hit in hits if hit.sku != "X")
    assert before < changed.rank <= before + beside + 1
    assert found.rank == 1
    assert found.changes[0].score == min(one.score for one in found.changes)


def test_words_are_left_alone_when_meaning_counts_and_no_encoder_is_needed(twins):
    hits = twins.search(Query(like=("Q",)), 9).hits
    found = twins.explain(Query(like=("Q",)), "X", hits=hits).what_if

    assert not found.knows_words
    assert not any("Without" in one.change for one in found.changes)
    assert twins.explain(Query(like=("Q",)), "X", EVERY.only("words"), hits=hits).what_if.knows_words


def test_a_named_product_is_ranked_without_its_name_and_is_still_like_itself(twins):
    hits = twins.search(Query(text="X"), 9, SearchOptions(weights=FIELDS)).hits
    found = twins.explain(Query(text="X"), "X", FIELDS, hits=hits)

    changes = {one.change: one.score for one in found.what_if.changes}
    other_brand = next(hit.score for hit in hits if hit.sku == "XB")
    unnamed = changes["If the query did not name this product"]
    assert found.score == pytest.approx(0.95 + 0.05 * unnamed)
    assert changes["With another brand"] == pytest.approx(0.95 + 0.05 * other_brand, abs=1e-6)
    assert other_brand < unnamed < found.score <= 1


def test_a_change_is_given_with_the_rank_before_and_after():
    change = Counterfactual("Without “leather”", 14, 0.25)

    assert WhatIf(2, 20, (change,), True).sentence(change) == ("Without “leather”: rank 14 instead of 2, score 0.250.")
    assert "last of all 14 results instead of rank 2" in WhatIf(2, 14, (change,), True).sentence(change)
