import json

import numpy as np
import pandas as pd
import pytest

from prodsim.explain import Counterfactual, WhatIf, explain_meaning
from prodsim.explain.sentences import _category
from prodsim.search import Filters, Query, SearchOptions
from prodsim.settings import Settings
from prodsim.similarity import PRESETS, Weights
from prodsim.workspace import BuildRequest, Workspace

SHOP = """sku,title,brand,category,price,colour
A,Lotion 500 ml with rose RX-200,Kaffa,Care > Body > Lotion,10,red
B,Rose lotion RX200 0.5 l,kaffa,Care > Body > Lotion,12,red
C,Lotion 250 ml,Lumo,Care > Body > Oil,20,blue
D,玫瑰身体乳 500毫升,Kaffa,Care > Body > Lotion,10,red
E,玫瑰护手霜 50毫升,Kaffa,Care > Hand,,blue
F,Frying pan,,Kitchen > Pans,80,blue
"""
QUERIES = [
    Query(like=("A",)),
    Query(text="rose lotion RX-200"),
    Query(text="玫瑰 乳"),
    Query(text="lotion", like=("A", "D"), unlike=("F",)),
    Query(text="Kaffa"),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.csv").write_text(SHOP, encoding="utf-8")
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(folder / "shop.csv", encoder="hashing"))
    return workspace.open()


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_reasons_of_every_hit_add_up_to_its_score(opened, query, preset):
    weights = Weights.preset(preset)
    for hit in opened.search(query, 6, SearchOptions(weights=weights)).hits:
        found = opened.explain(query, hit.sku, weights)

        assert found.score == pytest.approx(hit.score, abs=1e-6)
        assert sum(part.contribution for part in found.parts) == pytest.approx(hit.score, abs=1e-6)
        for part in found.parts:
            assert part.name == "exact match" or part.share * part.closeness == pytest.approx(part.contribution)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_the_reasons_add_up_by_every_metric_and_no_score_depends_on_other_hits(opened, query, metric):
    catalog = opened.by(metric)
    hits = catalog.search(query, 6).hits
    for hit in hits:
        found = catalog.explain(query, hit.sku)
        alone = catalog.search(query, 1, SearchOptions(filters=Filters(where=f"sku='{hit.sku}'"))).hits[0]

        assert sum(part.contribution for part in found.parts) == pytest.approx(hit.score, abs=1e-6)
        assert alone.score == pytest.approx(hit.score, abs=1e-7)


@pytest.mark.parametrize(("liked", "sku"), [("A", "B"), ("A", "C"), ("D", "E"), ("A", "F")])
def test_the_pieces_of_a_text_add_up_to_the_part_words(opened, liked, sku):
    found = opened.explain(Query(like=(liked,)), sku)
    words = next(part for part in found.parts if part.name == "words")

    assert sum(amount for _, amount in found.pieces) == pytest.approx(words.contribution, abs=1e-6)


def test_a_piece_in_common_adds_and_another_does_not(opened):
    pieces = dict(opened.explain(Query(like=("A",)), "C").pieces)

    assert pieces["Lotion"] > 0.05
    assert pieces["Oil"] == pytest.approx(0)


EVERY = Weights.preset("overall").parse("attributes=0.1")


def test_sentences_tell_the_values(opened):
    told = {part.name: part.told for part in opened.explain(Query(like=("A",)), "B", EVERY).parts}

    assert told["price"] == "20% higher: 12.00, not 10.00"
    assert told["identifiers"] == "same: rx200"
    assert told["quantities"] == "500 ml and 500 ml"
    assert told["category"] == "same: Care > Body > Lotion"
    assert told["brand"] == "both kaffa"
    assert told["attributes"] == "same: colour red; none different"


def test_what_differs_is_told_with_both_values(opened):
    told = {part.name: part.told for part in opened.explain(Query(like=("A",)), "C", EVERY).parts}

    assert told["category"] == "same down to Care > Body"
    assert told["brand"] == "Kaffa and Lumo"
    assert told["attributes"] == "none same; different: colour red and blue"


def test_what_a_product_does_not_say_counts_neither_way(opened):
    parts = {part.name: part for part in opened.explain(Query(like=("A",)), "F").parts}

    assert parts["brand"].contribution == 0
    assert "not given on both sides" in parts["brand"].told


def test_a_typed_sku_is_told_as_its_product(opened):
    typed = opened.explain(Query(text="a"), "B", EVERY)
    chosen = opened.explain(Query(like=("A",)), "B", EVERY)

    told = {part.name: part.told for part in typed.parts}
    assert told.pop("exact match") == "it is not what the search names"
    assert told == {part.name: part.told for part in chosen.parts}


def test_several_wishes_are_told_as_a_mean(opened):
    told = {part.name: part.told for part in opened.explain(Query(text="lotion", like=("A", "D")), "B").parts}

    assert "on the mean" in told["words"]


def test_a_category_in_another_case_is_told_as_the_same():
    own, found = (pd.Series({"category": path}) for path in ("Care > Body", "care > BODY"))

    assert _category(own, found) == "same: care > BODY"


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("metric", ["cosine", "l2"])
def test_words_left_out_and_the_completeness_error_make_up_meaning(opened, query, metric):
    catalog = opened.by(metric)
    for sku in ("B", "D"):
        found = catalog.explain(query, sku, EVERY, by_meaning=True)
        meaning = next(part for part in found.parts if part.name == "meaning").contribution

        total = sum(amount for _, amount in found.meaning.words)
        assert total + found.meaning.completeness_error == pytest.approx(meaning, abs=1e-6)
        assert "of meaning" in found.meaning.told


def test_a_word_in_common_carries_meaning_and_another_takes_it_away(opened):
    words = dict(opened.explain(Query(text="lotion"), "C", by_meaning=True).meaning.words)
    chinese = dict(opened.explain(Query(text="玫瑰身体乳"), "D", by_meaning=True).meaning.words)

    assert words["Lotion"] == max(words.values()) > 0.05
    assert words["Oil"] < 0
    assert chinese["玫瑰身体乳"] == max(chinese.values()) > 0.05


def test_without_a_weight_of_meaning_no_encoder_is_asked(opened, monkeypatch):
    monkeypatch.setattr(type(opened), "_encoder", None)
    by_words = Weights.preset("overall").only("words")

    assert opened.explain(Query(like=("A",)), "B", by_words, by_meaning=True).meaning.words == ()


def test_words_beyond_sixty_are_counted_and_told(opened):
    text = " ".join(f"word{i}" for i in range(70))
    encode = lambda texts: np.ones((len(texts), opened.info.dim), np.float32)  # noqa: E731
    found = explain_meaning(opened.engine, text, encode, Query(like=("A",)), "B")

    assert (len(found.words), found.n_left) == (60, 10)
    assert "10 further words" in found.told


TWINS = """sku,title,brand,category,price
Q,Leather boot classic,Acme,Shoes > Boots,10
X,Leather rain boot,Acme,Shoes > Boots,10
X0,rain boot,Acme,Shoes > Boots,10
XB,Leather rain boot,Other,Shoes > Boots,10
XC,Leather rain boot,Acme,Garden > Pots,10
XP,Leather rain boot,Acme,Shoes > Boots,20
皮,皮革 雨靴 40毫升,Acme,Shoes > Boots,10
雨,雨靴 40毫升,Acme,Shoes > Boots,10
无,皮革 雨靴,Acme,Shoes > Boots,10
Z,Garden pot,Acme,Garden > Pots,90
"""


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins")
    (folder / "twins.csv").write_text(TWINS, encoding="utf-8")
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(folder / "twins.csv", encoder="hashing"))
    return workspace.open()


ASKED = [Query(like=("Q",)), Query(text="leather boot"), Query(like=("Q",), unlike=("Z",)), Query(text="皮革 靴 40 ml")]


@pytest.mark.parametrize("query", ASKED)
@pytest.mark.parametrize(("sku", "word", "twin"), [("X", "leather", "X0"), ("皮", "皮革", "雨")])
def test_a_product_without_a_word_scores_and_ranks_as_the_product_that_lacks_it(twins, query, sku, word, twin):
    hits = twins.search(query, 10, SearchOptions(weights=EVERY)).hits
    score = {hit.sku: hit.score for hit in hits}
    found = twins.explain(query, sku, EVERY, by_meaning=True, hits=hits).what_if

    changed = {one.change: one for one in found.changes}.get(f"without '{word}'")
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
    assert found["D"] == pytest.approx(0, abs=0.01)


FIELDS = EVERY.only("brand", "category", "price", "quantities")


@pytest.mark.parametrize(
    ("change", "twin"),
    [("at another brand", "XB"), ("in another category", "XC"), ("at double the price", "XP")],
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


def test_words_are_left_alone_when_meaning_counts_and_no_encoder_is_asked(twins):
    hits = twins.search(Query(like=("Q",)), 9).hits
    found = twins.explain(Query(like=("Q",)), "X", hits=hits).what_if

    assert not found.knows_words
    assert not any("without" in one.change for one in found.changes)
    assert twins.explain(Query(like=("Q",)), "X", EVERY.only("words"), hits=hits).what_if.knows_words


def test_a_named_product_is_ranked_without_its_name_and_is_still_like_itself(twins):
    hits = twins.search(Query(text="X"), 9, SearchOptions(weights=FIELDS)).hits
    found = twins.explain(Query(text="X"), "X", FIELDS, hits=hits)

    changes = {one.change: one.score for one in found.what_if.changes}
    assert changes["if the search did not name it,"] == pytest.approx(found.score - 1)
    assert changes["at another brand"] == pytest.approx(next(h.score for h in hits if h.sku == "XB") + 1, abs=1e-6)


def test_a_change_is_told_with_the_rank_before_and_after():
    change = Counterfactual("without 'leather'", 14, 0.25)

    assert WhatIf(2, 20, (change,), True).told(change) == (
        "Without 'leather' it would be rank 14 (now 2), with a score of 0.250."
    )
    assert "all other 13 hits would be before it" in WhatIf(2, 14, (change,), True).told(change)


def test_the_hits_are_told_in_short_by_their_strongest_parts(opened):
    hits = opened.search(Query(like=("A",)), 3, SearchOptions(weights=EVERY)).hits

    told = dict(zip([hit.sku for hit in hits], opened.in_short(Query(like=("A",)), hits, EVERY), strict=True))

    assert "words in common: rose, lotion" in told["B"]
    assert "identifiers same: rx200" in told["B"]
    assert all(sentence.count("; ") <= 2 for sentence in told.values())


def test_an_explanation_is_json(opened):
    hits = opened.search(Query(text="玫瑰"), 6).hits
    found = opened.explain(Query(text="玫瑰"), "D", by_meaning=True, hits=hits).as_dict()

    assert json.loads(json.dumps(found))["what_if"]["rank"] == 2
    assert {"sku", "score", "parts", "pieces", "meaning", "what_if"} == set(found)
