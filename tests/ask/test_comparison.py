"""Which of two shown products is more so."""

import pytest

from prodsim.ask.comparison import compared_places, compared_quality, comparison

LIGHT = {"title": "Tent Sti", "description": "", "price": 90.0, "currency": "GBP", "weight": "1.2 kg"}
HEAVY = {"title": "Tent Vei", "description": "Packs to 1500 g.", "price": 70.0, "currency": "GBP", "weight": ""}


@pytest.mark.parametrize(
    ("question", "quality"),
    [
        ("which is lighter?", "lighter"),
        ("哪个更便宜", "cheaper"),
        ("Welches ist größer?", "larger"),
        ("lighter tents", ""),
    ],
)
def test_questions_about_two_are_told_apart(question, quality):
    assert compared_quality(question)[0] == quality


def test_two_places_are_pointed_at_or_the_first_two():
    assert compared_places("which is lighter, the first or the third?") == [0, 2]
    assert compared_places("which is lighter?") == [0, 1]


@pytest.mark.parametrize(
    ("quality", "first"), [("lighter", "Tent Sti"), ("heavier", "Tent Vei"), ("cheaper", "Tent Vei")]
)
def test_the_product_that_is_more_so_is_named_first(quality, first):
    text, is_told = comparison(quality, quality, (LIGHT, HEAVY))

    assert is_told
    assert text.startswith(f"“{first}” is {quality}")


def test_what_one_of_them_does_not_state_is_not_guessed():
    text, is_told = comparison("brighter", "brighter", (LIGHT, HEAVY))

    assert not is_told
    assert "does not say" in text
