"""Answers: products that meet what was asked, the nearest otherwise, and sentences of the catalog."""

import pytest

from prodsim.errors import QueryError
from prodsim.search import Arrangement, Filters, Rule
from tests.ask.conftest import open_shop


def skus(answer):
    return [one.hit.sku for one in answer.suggestions]


def test_products_meet_all_that_was_understood(english):
    answer = english.asker.ask("rain jacket, not black, under 100")

    assert skus(answer) == ["J2"]
    assert answer.fits
    assert "not Black" in answer.text


def test_reasons_are_facts_of_the_catalog(english):
    answer = english.asker.ask("red socks for the rain")

    assert answer.suggestions[0].hit.sku == "S1"
    assert answer.suggestions[0].reason.startswith("Red · 12.00 GBP · in stock")
    quoted = [one.reason.partition("“")[2].rstrip("”") for one in english.asker.ask("soft and warm socks").suggestions]
    assert quoted[0] in "Soft and warm."


def test_where_nothing_fits_the_nearest_say_what_differs(english):
    answer = english.asker.ask("rain jacket in red")

    assert not answer.fits
    assert set(skus(answer)) == {"J1", "J2"}
    assert all("has colour" in one.differs for one in answer.suggestions)
    priced = english.asker.ask("head torch under 20")
    assert (skus(priced), priced.suggestions[0].differs) == (["T1"], "costs 40, not at most 20")
    assert skus(english.asker.ask("jacket under 20")) == ["J1", "J2", "J3"]


@pytest.mark.parametrize("question", ["an electric guitar", "a spaceship", "笔记本电脑"])
def test_what_the_catalog_lacks_is_said(english, question):
    answer = english.asker.ask(question)

    assert not answer.fits
    assert "Nothing in this catalog closely matches" in answer.text


def test_a_follow_up_refines_what_was_asked(english):
    first = english.asker.ask("jacket for women")
    assert set(skus(first)) == {"J1", "J3"}

    red = english.asker.ask("in red", before=first)
    assert skus(red) == ["J3"]
    black = english.asker.ask("in black", before=red)
    assert skus(black) == ["J1"]
    cheap = english.asker.ask("under 70", before=black)
    assert not cheap.fits
    new = english.asker.ask("coffee mug", before=black)
    assert skus(new)[0] == "M1"


def test_cheaper_is_cheaper_than_the_first_that_was_shown(english):
    first = english.asker.ask("padded jacket")
    assert skus(first)[0] == "J3"

    cheaper = english.asker.ask("cheaper", before=english.asker.ask("jacket over 100"))
    assert "at most 149.99" in [chip.label for chip in cheaper.understood.chips]
    assert set(skus(english.asker.ask("cheapest socks"))) == {"S1", "S2"}
    assert skus(english.asker.ask("cheapest socks"))[0] == "S2"


def test_more_like_one_that_was_shown(english):
    first = english.asker.ask("jacket")
    second = first.suggestions[1].hit.sku
    answer = english.asker.ask("more like the second", before=first)

    assert answer.understood.like == second
    assert second not in skus(answer)
    assert all(sku.startswith("J") for sku in skus(answer))


def test_a_question_about_a_product_quotes_its_sentence_or_says_it_is_not_told(english):
    assert english.asker.ask("is T1 rechargeable?").quote == "Rechargeable by USB."
    shown = english.asker.ask("rain jacket for women")
    assert english.asker.ask("does it have pockets?", before=shown).quote == "It has two pockets."
    untold = english.asker.ask("does it come with a bicycle bell?", before=shown)
    assert untold.quote == ""
    assert "does not say this" in untold.text


def test_chinese_questions_are_answered(chinese):
    assert skus(chinese.asker.ask("静音风扇，不要白色")) == ["C2"]
    assert skus(chinese.asker.ask("100元以内的口红")) == ["K1"]
    assert skus(chinese.asker.ask("护肤品，200元以内")) == ["F1"]
    assert skus(chinese.asker.ask("最便宜的风扇"))[0] == "C1"


def test_filters_and_rules_hold_in_answers(english):
    pinned = english.asker.ask("jacket", arrangement=Arrangement(rules=(Rule("pin", "J3"),)))
    assert skus(pinned)[0] == "J3"
    assert skus(english.asker.ask("jacket", filters=Filters(where="price > 100"))) == ["J3"]


def test_an_empty_question_says_what_to_do(english):
    with pytest.raises(QueryError, match="empty"):
        english.asker.ask("  ")


@pytest.mark.parametrize("question", ["'; DROP TABLE products; --", "not", "under", "不要", "?" * 50, "jacket " * 200])
def test_odd_questions_get_an_answer(english, question):
    assert english.asker.ask(question).text


def test_a_product_that_is_out_of_stock_is_answered_by_what_is_in_stock(english):
    answer = english.asker.ask("J2")

    assert answer.text == "Rain jacket Fjord is out of stock. Nearest products in stock:"
    assert skus(answer)[:2] == ["J2", "J1"]
    assert (
        answer.suggestions[1].differs
        == "colour Black, not Sky Blue; audience women, not men; size M, not L; 10.00 cheaper"
    )
    assert skus(english.asker.ask("J1"))[0] == "J1"


def test_rare_words_count_more_in_a_questions_vector(english):
    vocabulary = english.asker.vocabulary
    assert vocabulary.rarity("microwave") > vocabulary.rarity("jacket") > 0

    engine = english.engine
    plain, alone = engine.encode(["red mug", "mug"])
    boosts = engine.with_word_weights(lambda word: float(word == "mug")).encode(["red mug"])[0]
    assert boosts @ alone > plain @ alone


def test_cheaper_than_an_amount_is_a_price_and_cheaper_goes_with_other_words(english):
    first = english.asker.ask("red jacket")
    other = english.asker.ask("socks cheaper than 10", before=first)
    assert skus(other) == ["S2"]

    both = english.asker.ask("cheaper in black", before=english.asker.ask("jacket over 60, red"))
    assert {"Black", "at most 149.99"} <= {chip.label for chip in both.understood.chips}
    assert "Red" not in {chip.label for chip in both.understood.chips}


def test_a_follow_up_keeps_the_cheapest_first(english):
    answer = english.asker.ask("in red", before=english.asker.ask("cheapest clothing"))

    assert skus(answer) == ["S1", "J3"]


@pytest.mark.parametrize(
    ("question", "quote"),
    [("how much is J1?", "80.00 GBP"), ("is J2 in stock?", "out of stock"), ("what brand is J1?", "Nordvik")],
)
def test_price_stock_and_brand_are_told_of_a_product(english, question, quote):
    assert english.asker.ask(question).quote == quote


def test_what_was_excluded_can_be_wanted_after_all(english):
    without = english.asker.ask("jacket, not black")
    assert skus(english.asker.ask("in black", before=without)) == ["J1"]


def test_pointing_at_a_product_keeps_what_else_is_said(english):
    shown = english.asker.ask("warm jacket")
    place = ("first", "second", "third")[skus(shown).index("J2")]

    limited = english.asker.ask(f"more like the {place}, under 85", before=shown)
    cheaper = english.asker.ask(f"more like the {place} but cheaper", before=shown)

    assert limited.understood.like == cheaper.understood.like == "J2"
    assert skus(limited) == ["J1"]
    assert all(price_of(english, sku) < price_of(english, "J2") for sku in skus(cheaper))


def test_pointing_at_a_place_that_was_not_shown_is_said(english):
    shown = english.asker.ask("warm jacket")

    answer = english.asker.ask("more like the fifth", before=shown)

    assert not answer.understood.like
    assert "so there is no fifth" in answer.text


def test_a_new_subject_is_not_limited_by_the_price_of_the_last(english):
    answer = english.asker.ask("cheaper jackets", before=english.asker.ask("socks"))

    assert {"J1", "J2", "J3"} == set(skus(answer))


@pytest.mark.parametrize(
    "question", ["What jacket is good for this season?", "Is it possible to get a jacket under 100?"]
)
def test_a_question_for_products_is_not_taken_for_one_about_the_first_shown(english, question):
    assert not english.asker.ask(question, before=english.asker.ask("socks")).understood.about


def test_available_in_a_colour_asks_for_the_colour(english):
    assert english.asker.ask("is J1 available in red?").quote != "in stock"
    assert english.asker.ask("is J1 available?").quote == "in stock"


def test_cheaper_after_a_question_about_a_product_is_about_it(english):
    answer = english.asker.ask("cheaper", before=english.asker.ask("does J3 have pockets?"))

    assert set(skus(answer)[:2]) == {"J1", "J2"}


def test_what_must_not_be_in_a_product_may_be_named_as_absent(tmp_path):
    rows = [
        ("A", "Toner calm", "Alcohol-free and mild.", ""),
        ("B", "Toner fresh", "Made with alcohol.", ""),
        ("C", "Toner plain", "Without alcohol or scent, further mild.", ""),
        ("D", "爽肤水", "不含酒精，敏感皮肤也能用。", ""),
        ("E", "爽肤水 清凉", "含酒精。", ""),
    ]
    opened = open_shop(tmp_path, "toners", rows, ("sku", "title", "description", "brand"))

    assert {"A", "C"} <= set(skus(opened.asker.ask("toner without alcohol")))
    assert "B" not in skus(opened.asker.ask("toner without alcohol"))
    assert "D" in skus(opened.asker.ask("不含酒精的爽肤水"))
    assert "E" not in skus(opened.asker.ask("不含酒精的爽肤水"))
    assert "C" in skus(opened.asker.ask("toner without fur"))


def test_what_must_not_be_in_a_product_is_meant_in_the_singular_and_the_plural(tmp_path):
    rows = [
        ("A", "Lamp solar", "No batteries needed.", 20),
        ("B", "Lamp pocket", "Runs on two batteries.", 10),
        ("C", "Lamp desk", "With a battery inside.", 10),
        ("D", "Lamp gift", "", float("nan")),
    ]
    opened = open_shop(tmp_path, "lamps", rows, ("sku", "title", "description", "price"))

    for word in ("battery", "batteries"):
        answer = opened.asker.ask(f"lamp without {word}")
        assert set(skus(answer)) == {"A", "D"}
        assert answer.understood.chips[0].label == f"not {word}"
    dear = opened.asker.ask("lamp over 5000")
    assert {one.hit.sku: one.differs for one in dear.suggestions}["D"] == "has no price"


def test_a_question_longer_than_is_read_says_so(english):
    with pytest.raises(QueryError, match="2,001 characters; the limit is 2,000"):
        english.asker.ask("x" * 2001)


def price_of(opened, sku):
    return opened.catalog.products["price"].iloc[opened.catalog.row_of[sku]]


def test_the_cheapest_first_leaves_pins_first_and_buried_last(english):
    rules = (Rule("pin", "J3"), Rule("bury", "sku = 'J1'"))
    answer = english.asker.ask("cheapest jacket", arrangement=Arrangement(rules=rules))

    assert skus(answer) == ["J3", "J2", "J1"]


def test_an_experts_boost_is_not_said_to_be_what_earlier_askers_chose(english):
    answer = english.asker.ask("jacket", arrangement=Arrangement(rules=(Rule("boost", "J3", by=0.5),)))

    assert not any("similar questions" in one.reason for one in answer.suggestions)


def test_a_kind_that_the_catalog_lacks_is_said_to_be_missing(english):
    for question in ("washing machine", "a red dress size M", "冰箱", "ein Fahrrad"):
        answer = english.asker.ask(question)
        assert not answer.fits, question
        assert "Nothing in this catalog" in answer.text


def test_a_question_finds_products_whatever_its_language(english):
    assert skus(english.asker.ask("袜子"))[0] in ("S1", "S2")
    assert skus(english.asker.ask("rote Socken")) == ["S1"]


def test_cheap_is_the_lowest_third_of_the_kind(english):
    answer = english.asker.ask("cheap jacket")

    assert skus(answer) == ["J1"]
    assert [chip.kind for chip in answer.understood.chips] == ["category", "price_max"]


def test_several_things_are_answered_one_by_one_and_refined_together(english):
    answer = english.asker.ask("socks and a head torch")

    assert {"T1", "S1"} <= {*skus(answer)}
    refined = english.asker.ask("under 10", before=answer)
    assert [wish.chips[-1].label for wish in refined.understood.wishes] == ["at most 10", "at most 10"]


def test_the_shop_and_greetings_get_no_products(english):
    for question in ("how do I return a product?", "hello"):
        answer = english.asker.ask(question)
        assert (answer.fits, answer.suggestions) == (False, ())


def test_two_shown_products_are_compared(english):
    shown = english.asker.ask("socks")
    answer = english.asker.ask("which is cheaper?", before=shown)

    assert "“Walking socks Vei” is cheaper: 9.00 GBP" in answer.text


def test_what_a_thing_belongs_to_is_no_condition(english):
    answer = english.asker.ask("a mug for a Lumo fan")

    assert skus(answer)[0] == "M1"
    assert "brand" not in [chip.kind for chip in answer.understood.chips]
