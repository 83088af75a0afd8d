import pandas as pd

from prodsim.explain.sentences import _category
from prodsim.search import Query
from tests.explain.conftest import EVERY


def test_sentences_give_both_values(opened):
    sentences = {part.name: part.sentence for part in opened.explain(Query(like=("A",)), "B", EVERY).parts}

    assert sentences["price"] == "20 % higher: 12.00 vs. 10.00"
    assert sentences["identifiers"] == "rx200 in common"
    assert sentences["quantities"] == "both 500 ml"
    assert sentences["category"] == "both in Care > Body > Lotion"
    assert sentences["brand"] == "both kaffa"
    assert sentences["attributes"] == "the same: colour red"


def test_a_difference_is_given_with_both_values(opened):
    sentences = {part.name: part.sentence for part in opened.explain(Query(like=("A",)), "C", EVERY).parts}

    assert sentences["category"] == "the same down to Care > Body"
    assert sentences["brand"] == "Kaffa vs. Lumo"
    assert sentences["attributes"] == "different: colour red vs. blue"


def test_without_an_identifier_the_rarest_word_counts_and_numbers_may_contradict(opened):
    sentences = {part.name: part.sentence for part in opened.explain(Query(like=("A",)), "C", EVERY).parts}

    assert sentences["identifiers"].startswith("no model number in common; “ml” is the rarest word that both have")
    assert sentences["identifiers"].endswith("500 ml, 200 against 250 ml")


def test_a_missing_field_does_not_count(opened):
    parts = {part.name: part for part in opened.explain(Query(like=("A",)), "F").parts}

    assert parts["brand"].contribution == 0
    assert "not known for both products" in parts["brand"].sentence


def test_a_typed_sku_is_explained_as_its_product(opened):
    typed = opened.explain(Query(text="a"), "B", EVERY)
    chosen = opened.explain(Query(like=("A",)), "B", EVERY)

    sentences = {part.name: part.sentence for part in typed.parts}
    assert sentences.pop("exact match") == "not named by the query"
    assert sentences == {part.name: part.sentence for part in chosen.parts}


def test_a_query_of_several_products_is_explained_by_averages(opened):
    sentences = {part.name: part.sentence for part in opened.explain(Query(text="lotion", like=("A", "D")), "B").parts}

    assert "on average" in sentences["words"]


def test_a_category_in_another_case_is_the_same():
    own, found = (pd.Series({"category": path}) for path in ("Care > Body", "care > BODY"))

    assert _category(own, found) == "both in care > BODY"
