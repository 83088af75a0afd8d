"""Queries that are read with other words where the catalog lacks those that were typed."""

import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import Catalog
from prodsim.knowledge import Concept, Knowledge, Thesaurus
from prodsim.lexical import LexicalIndex
from prodsim.search import Readings

WORDS = Thesaurus.of(
    "words",
    (
        Concept(("sofa", "couch", "沙发"), ("seating",)),
        Concept(("sofa bed",), ("sofa",)),
        Concept(("fruit",)),
        Concept(("apple",), ("fruit",)),
        Concept(("red", "crimson")),
        Concept(("lamp", "light"), ("lighting",)),
        Concept(("torchiere",), ("lamp",)),
    ),
)
TITLES = ["Red sofa, two seats", "Green sofa", "Sofa bed blue", *["Lamp for the desk"] * 12, "Light", "Apple phone"]


@pytest.fixture(scope="module")
def readings():
    products = pd.DataFrame({"title": TITLES, "brand": [*[""] * (len(TITLES) - 1), "Apple"]}, dtype="string")
    return Readings(lambda: Knowledge([WORDS]), LexicalIndex.build(TITLES), Catalog(products))


def read(readings, text):
    return [reading.text for reading in readings.of(text)]


def test_a_lacked_word_is_read_as_its_other_names(readings):
    assert read(readings, "couch, leather") == ["couch, leather", "sofa, leather", "sofa bed, leather"]
    assert read(readings, "真皮沙发") == ["真皮沙发", "真皮sofa", "真皮sofa bed"]


def test_a_word_that_the_catalog_has_stays(readings):
    assert read(readings, "green sofa") == ["green sofa"]


def test_a_word_that_hardly_any_product_has_is_read_as_the_usual_one_too(readings):
    assert read(readings, "light") == ["light", "lamp"]
    assert read(readings, "lamp") == ["lamp"]


def test_several_lacked_words_are_read_together_at_a_lower_weight(readings):
    typed, *others = readings.of("crimson couch")

    assert (typed.text, typed.weight, typed.replaced) == ("crimson couch", 1.0, ())
    weights = {other.text: other.weight for other in others}
    assert weights["crimson sofa"] == weights["red couch"] == 0.9
    assert np.isclose(weights["red sofa"], 0.81)


def test_something_wider_is_read_only_where_nothing_else_is_there(readings):
    assert read(readings, "torchiere") == ["torchiere", "lamp", "light"]
    assert read(readings, "seating") == ["seating", "sofa"]


def test_a_brand_stands_for_nothing_else(readings):
    assert read(readings, "fruit") == ["fruit"]
    assert read(readings, "apple") == ["apple"]


def test_a_long_text_of_lacked_words_has_few_readings(readings):
    assert len(readings.of("crimson couch torchiere " * 40)) <= 5
