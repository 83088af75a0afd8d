import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodsim.artifacts import write_artifact
from prodsim.lexical import LexicalIndex, identifiers, matrix
from prodsim.lexical import index as lexical
from prodsim.lexical.terms import gram_terms, word_terms

TEXTS = [
    "Sony WH-1000XM4 wireless headphones 30ml", "Sony wireless earbuds WF-1000XM4", "Bose QC45 headphones 30ml", "玻尿酸补水保湿面霜 50g",
    "补水面膜 10片 30ml", "Ceramic coffee mug 30ml", "Coffee mugs, set of 4", "Travel mug for coffee 30ml",
]  # fmt: skip
ALL = np.arange(len(TEXTS))


@pytest.fixture(scope="module")
def index():
    return LexicalIndex.build(TEXTS)


def test_terms_of_model_numbers_meet_in_any_spelling():
    assert set(identifiers("WH-1000XM4")) == set(identifiers("the wh1000xm4 set")) != set(identifiers("WH-1000XM5"))
    assert set(word_terms("WH-1000XM4")) & set(word_terms("wh1000xm4"))
    assert set(word_terms("mugs")) == set(word_terms("mug"))
    assert len(gram_terms("面霜")) == 3


def test_all_the_words_of_a_product_score_highest_and_within_bounds(index):
    scores = index.text_words("coffee mug", ALL)

    assert set(np.argsort(-scores)[:3]) == {5, 6, 7}
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (scores[:5] == 0).all()


def test_words_that_no_product_has_lower_the_score(index):
    assert index.text_words("coffee unicorn", ALL)[5] < index.text_words("coffee", ALL)[5]
    assert (index.text_words("unicorn", ALL) == 0).all()
    assert (index.text_words("", ALL) == 0).all()


def test_chinese_words_find_their_products(index):
    assert set(index.text_candidates("补水面霜", 2)) == {3, 4}
    assert index.product_grams(3, ALL)[4] > index.product_grams(3, ALL)[5]


@pytest.mark.parametrize(
    ("query", "title"),
    [("creme brulee", "Crème brûlée"), ("CRÈME BRÛLÉE", "creme brulee"), ("ｍｕｇ ５００ｍｌ", "mug 500ml"),
     ("保濕面霜", "保湿面霜"), ("كتابه ٥٠٠", "كتابة 500")],
)  # fmt: skip
def test_accents_variants_and_widths_of_letters_make_no_difference(query, title):
    index = LexicalIndex.build([title, "desk lamp", "rain jacket"])
    rows = np.arange(3)

    assert index.text_words(query, rows)[0] == index.text_words(title, rows)[0] > 0.5
    assert index.text_grams(query, rows)[0] == index.text_grams(title, rows)[0]
    assert index.text_candidates(query, 3).tolist() == [0]


def test_a_shared_model_number_says_more_than_a_shared_size(index):
    texts = ["Acme AX-3470 drill 500w", "drill AX3470", *[f"drill number {n} 500w" for n in range(40)]]

    shared = LexicalIndex.build(texts).product_identifiers(0, np.arange(len(texts)))

    assert shared[1] > 0.7
    assert shared[5] < 0.1


def test_a_rare_word_says_something_and_a_common_one_nothing():
    texts = ["Zorvex kettle", "white Zorvex", *["kettle"] * 38]

    shared = LexicalIndex.build(texts).product_identifiers(0, np.arange(len(texts)))

    assert 0.2 < shared[1] < 0.4
    assert shared[2] < 0.02


def test_numbers_that_contradict_each_other_count_against_and_a_number_more_does_not():
    texts = ["phone 64GB", "phone 128 GB", "phone 64 GB red 5", "phone", *[f"case {n}" for n in range(20)]]
    index = LexicalIndex.build(texts)

    assert index.product_identifiers(0, np.array([1]))[0] < 0 < index.product_identifiers(0, np.array([2]))[0]
    assert index.product_identifiers(1, np.array([0])) == index.product_identifiers(0, np.array([1]))
    assert index.text_identifiers("phone 32 gb", np.array([0]))[0] == index.text_identifiers("phone", np.array([0]))[0]


def test_the_rarest_word_is_found():
    index = LexicalIndex.build(["red Zorvex kettle", "kettle Zorvex in red", *["red kettle"] * 5])

    assert index.rarest_word("red Zorvex kettle", "kettle Zorvex in red") == "zorvex"
    assert index.rarest_word("red", "blue") == ""


def test_a_typing_error_is_forgiven_by_character_sequences():
    index = LexicalIndex.build(["waterproof jacket", "waterprof jackte", "brass lamp", "brass lampp"])

    assert set(index.product_candidates(0, 2)) == {0, 1}


def test_a_misspelt_query_finds_what_no_whole_word_does(index):
    assert (index.text_words("cofee mugg", ALL) == 0).all()
    assert set(np.argsort(-index.text_grams("cofee mugg", ALL))[:3]) == {5, 6, 7}
    assert {5, 6, 7} <= set(index.text_candidates("cofee mugg", 3))


def test_character_sequences_that_no_product_has_lower_the_score(index):
    assert 0 < index.text_grams("coffee unicorn", ALL)[5] < index.text_grams("coffee", ALL)[5] <= 1
    assert (index.text_grams("", ALL) == 0).all()


def test_candidates_of_all_products_are_those_of_each(index):
    for rows, found in index.candidate_chunks(3):
        for row, candidates in zip(rows, found, strict=True):
            assert set(candidates) == set(index.product_candidates(int(row), 3))


def test_however_many_share_frequent_pieces_the_rarest_find_the_closest(monkeypatch):
    monkeypatch.setattr(lexical, "MOST_BROUGHT", 20)
    index = LexicalIndex.build([f"cotton shirt {'zephyr' if n in (3, 90) else 'plain'}" for n in range(100)])

    assert set(index.product_candidates(3, 5)) == {3, 90}
    ((_, found),) = index.candidate_chunks(5)
    assert [set(found[row]) for row in (3, 90)] == [{3, 90}, {3, 90}]


def test_scores_by_term_are_those_by_row(index):
    columns, weights = index.grams.row(0)

    by_row = index.grams.score_rows(index.grams.dense(columns, weights), ALL)

    np.testing.assert_allclose(index.grams.score_all(columns, weights), by_row, rtol=1e-6)
    assert (index.grams.score_all(columns[:0], weights[:0]) == 0).all()


def test_saving_and_loading_gives_the_same(index, tmp_path):
    with write_artifact(tmp_path / "words", {}) as work:
        index.save(work)
    loaded = LexicalIndex.load(tmp_path / "words")

    assert (loaded.text_words("sony headphones", ALL) == index.text_words("sony headphones", ALL)).all()
    assert (loaded.product_grams(0, ALL) == index.product_grams(0, ALL)).all()


@pytest.mark.parametrize("texts", [[], ["one"], ["", ""], ["same", "same"]])
def test_tiny_catalogs_work(texts):
    index = LexicalIndex.build(texts)

    assert len(index) == len(texts)
    assert len(index.text_words("one", np.arange(len(texts)))) == len(texts)


def test_codes_and_descriptions_have_identifiers_too_and_a_description_counts_half():
    texts = ["steel drill", "cordless drill", "drill press", "drill bit", *(f"lamp {n}" for n in range(20))]
    codes = ["WM-3470", "wm3470", "", "", *[""] * 20]
    descriptions = ["", "", "fits the WM-3470/", "like the WM 3470 and wm3470", *[""] * 20]
    index = LexicalIndex.build(texts, codes, descriptions)

    shared = index.product_identifiers(0, np.arange(4))

    assert shared[1] == shared[0] > 0
    assert shared[2] == shared[3] == pytest.approx(shared[1] * 0.7)
    assert index.product_identifiers(2, np.array([3]))[0] == pytest.approx(shared[1] * 0.49)
    assert index.text_identifiers("wm-3470", np.arange(5))[:2].tolist() == shared[:2].tolist()
    assert index.text_identifiers("wm-3470", np.array([4]))[0] == 0


@given(st.text("ab1面-./_ ", max_size=30))
def test_identifiers_are_the_joined_tokens_of_three_and_more_with_a_digit(text):
    tokens = re.findall(r"[a-z0-9]+(?:[-./][a-z0-9]+)*", text)
    joined = [re.sub(r"[^a-z0-9]", "", token) for token in tokens]

    assert identifiers(text) == [token for token in joined if len(token) >= 3 and "1" in token]


def test_rows_counted_some_at_a_time_are_those_of_each_text(index, monkeypatch):
    monkeypatch.setattr(matrix, "WEIGHED_ROWS", 3)
    built = LexicalIndex.build(TEXTS)

    for row, text in enumerate(TEXTS):
        assert np.array_equal(built.words.terms[built.words.row(row)[0]], np.unique(word_terms(text)))
        columns, weights = built.grams.row(row)
        expected, expected_weights = index.gram_row(text)
        assert np.array_equal(columns, expected)
        assert weights == pytest.approx(expected_weights, rel=1e-6)


def test_many_pairs_at_once_have_the_identifiers_of_each_pair_alone():
    titles = [
        "Acme WM-3470 washer 8 kg",
        "acme wm3470 8kg",
        "Bolt drill 18 V",
        "Bolt drill 12 V",
        "Rare zyx lamp",
        "zyx",
    ]
    index = LexicalIndex.build(titles, descriptions=["", "fits WM-9", "", "", "for WM-3470", ""])
    a, b = (side.ravel() for side in np.meshgrid(np.arange(6), np.arange(6)))

    alone = [index.product_identifiers(int(row), np.array([other]))[0] for row, other in zip(a, b, strict=True)]

    assert index.pair_identifiers(a, b) == pytest.approx(alone, abs=1e-6)
    assert len(set(np.round(alone, 3))) > 5
