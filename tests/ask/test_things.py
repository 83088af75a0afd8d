"""The thing asked for, and whether a product is one."""

import pytest

from prodsim.ask import Vocabulary
from prodsim.ask.stated import value_places
from prodsim.ask.things import IS_FILED, IS_IT, IS_NEAR, IS_OTHER, MAY_BE, UNKNOWN, KindJudge, find_thing


def thing(question, vocabulary=Vocabulary()):
    return find_thing(question, vocabulary, value_places(question, vocabulary))[0]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("I'm looking for a warm jacket for hiking", "jacket"),
        ("laptop sleeve 15 inch in pink", "laptop sleeve"),
        ("cordless phone with answering machine", "cordless phone"),
        ("jacket waterproof", "jacket"),
        ("tent pegs", "tent pegs"),
        ("something to keep my coffee hot on a hike", ""),
        ("my armpits smell by noon", ""),
        ("适合油皮的爽肤水", "爽肤水"),
        ("面膜 补水", "面膜"),
        ("Ich suche einen Rucksack für die Schule", "Rucksack"),
    ],
)
def test_a_question_names_a_thing_or_none(question, text):
    assert thing(question).text == text


@pytest.mark.parametrize(
    ("title", "category", "level"),
    [
        ("Nordvik Notebook 14", "", IS_IT),
        ("Sleeve for a laptop", "", IS_OTHER),
        ("Laptop battery", "", UNKNOWN),
        ("Laptop sleeve", "", UNKNOWN),
        ("Pro 14", "Computers > Laptops", IS_FILED),
        ("Laptop 14", "Bags > Backpacks", MAY_BE),
        ("Kettle", "", UNKNOWN),
    ],
)
def test_the_head_of_a_title_and_the_category_tell_what_a_product_is(title, category, level):
    vocabulary = Vocabulary(paths_of_kind={"laptop": ["Computers > Laptops"]})

    assert KindJudge(thing("a laptop", vocabulary)).level(title, category) == level


def test_a_chinese_title_that_names_another_kind_more_often_is_hardly_it():
    judge = KindJudge(thing("口红"))

    assert judge.level("护唇膏 保湿润唇膏 口红打底", "") == MAY_BE
    assert judge.level("口红 哑光唇釉", "") == IS_IT


def test_what_the_nearest_products_are_makes_a_product_likely():
    judge = KindJudge(thing("a laptop"), usual=["Computers"])

    assert judge.level("Pro 14", "Computers > Portable") == IS_NEAR


def test_a_name_before_the_head_of_a_category_is_no_head():
    judge = KindJudge(thing("rice"), heads={"light"})

    assert judge.level("White Rice Lights", "") == IS_OTHER
