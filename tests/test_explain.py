import pandas as pd
import pytest

from prodsim import explain
from prodsim.search import Query
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
    for hit in opened.search(query, 6, weights=weights).hits:
        found = opened.explain(query, hit.sku, weights)

        assert found.score == pytest.approx(hit.score, abs=1e-6)
        assert sum(part.contribution for part in found.parts) == pytest.approx(hit.score, abs=1e-6)
        for part in found.parts:
            assert part.name == "exact match" or part.share * part.closeness == pytest.approx(part.contribution)


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

    assert explain._category(own, found) == "same: care > BODY"
