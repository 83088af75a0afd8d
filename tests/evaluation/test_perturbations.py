import numpy as np
import pytest

from prodsim.evaluation.perturbations import PERTURBATIONS
from prodsim.text import folded


def perturbed(kind, text):
    return PERTURBATIONS[kind](text, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Rose lotion 500 ml", "Rose lotion 0.5 l"),
        ("Rose lotion 0.5 l", "Rose lotion 500 ml"),
        ("Flour 2kg and 250 g", "Flour 2000 g and 0.25 kg"),
        ("14 inch laptop, 1 TB", "35.56 cm laptop, 1000 GB"),
        ("玫瑰乳 500毫升", "玫瑰乳 500 ml"),
        ("Blue scarf", "Blue scarf"),
    ],
)
def test_quantities_are_written_in_another_unit(text, other):
    assert perturbed("other units", text) == other


def test_a_slip_exchanges_two_letters_within_a_word():
    other = perturbed("typos", "Waterproof jacket for men")

    assert other != "Waterproof jacket for men"
    assert sorted(other) == sorted("Waterproof jacket for men")
    assert [word[0] for word in other.split()] == ["W", "j", "f", "m"]


def test_the_same_words_come_in_another_order_or_half_of_them():
    assert sorted(perturbed("word order", "red wool scarf long").split()) == ["long", "red", "scarf", "wool"]
    assert perturbed("half the words", "red wool scarf long") == "red wool"
    assert sorted(perturbed("word order", "玫瑰身体乳")) == sorted("玫瑰身体乳")


def test_characters_are_those_of_another_hand():
    assert perturbed("full width", "A-1 红") == "Ａ－１ 红"
    assert folded(perturbed("traditional characters", "保湿护手霜")) == "保湿护手霜"
    assert perturbed("traditional characters", "保湿护手霜") != "保湿护手霜"
    assert perturbed("scanning errors", "RX-200") in ("RX-2OO", "RX-2O0", "RX-20O")


def test_what_surrounds_a_title_is_in_its_language():
    assert "Red scarf" in perturbed("boilerplate", "Red scarf")
    assert perturbed("boilerplate", "Red scarf").isascii()
    assert "包邮" in perturbed("boilerplate", "红围巾")
    assert "Red scarf" in perturbed("emoji", "Red scarf")
