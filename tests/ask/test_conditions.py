"""Conditions that products meet, fail or do not state."""

import pytest

from prodsim.ask import Chip, Vocabulary
from prodsim.ask.conditions import State, state_of
from prodsim.ask.understanding import understand

MET, UNKNOWN, FAILED = State.MET, State.UNKNOWN, State.FAILED


def product(title, description="", **fields):
    usual = {"title": title, "description": description, "price": 10.0, "brand": "", "category": "", "availability": ""}
    return {**usual, **fields}


def chip_of(question, kind):
    return next(chip for chip in understand(question, Vocabulary(spellings={"sugar": 9})).chips if chip.kind == kind)


@pytest.mark.parametrize(
    ("question", "title", "state"),
    [
        ("a red mug", "Mug, crimson", MET),
        ("a red mug", "Mug, rot", MET),
        ("a red mug", "Mug, blue", FAILED),
        ("a red mug", "Mug", UNKNOWN),
        ("a mug, not red", "Mug, red", FAILED),
        ("a mug, not red", "Mug", MET),
        ("a leather belt", "Belt, suede", MET),
        ("shoes for my daughter", "Shoes, girls", MET),
        ("shoes for my daughter", "Men's shoes", FAILED),
    ],
)
def test_colours_materials_and_audiences_are_read_from_titles(question, title, state):
    assert state_of(chip_of(question, "attribute"))(product(title)) == state


@pytest.mark.parametrize(
    ("title", "description", "state"),
    [
        ("Tent, 4-person", "", MET),
        ("Tent, 2-person", "", FAILED),
        ("Tent", "Sleeps 4 people.", MET),
        ("Tent", "", UNKNOWN),
    ],
)
def test_amounts_are_compared_wherever_they_are_stated(title, description, state):
    assert state_of(chip_of("tent for 4 people", "measure"))(product(title, description)) == state


@pytest.mark.parametrize(
    ("title", "state"), [("Lemonade, sugar-free", MET), ("Lemonade with sugar", FAILED), ("Lemonade", UNKNOWN)]
)
def test_silence_about_a_substance_leaves_it_open(title, state):
    assert state_of(chip_of("lemonade without sugar", "word"))(product(title)) == state


def test_a_price_that_is_missing_fails_and_a_brand_that_is_missing_is_unknown():
    assert state_of(Chip("price_max", "", amount=20))(product("Mug", price=float("nan"))) == FAILED
    assert state_of(Chip("brand", "", values=("Lumo",)))(product("Mug")) == UNKNOWN
