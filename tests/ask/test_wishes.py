"""Several things in one question, two to be compared, the shop, and greetings."""

import pytest

from prodsim.ask import Vocabulary
from prodsim.ask.wishes import topic_of, wishes_in


@pytest.mark.parametrize(
    ("question", "wishes"),
    [
        ("a tent and a matching sleeping bag", ["a tent", "sleeping bag"]),
        ("tent or sleeping bag under 100", ["tent under 100", "sleeping bag under 100"]),
        ("a tent with a pole and a rope for it", ["a tent with a pole and a rope for it"]),
        ("compare Nordvik and Lumo tents", ["Nordvik tents", "Lumo tents"]),
        ("帐篷或者睡袋", ["帐篷", "睡袋"]),
        ("red or black jacket", ["red or black jacket"]),
    ],
)
def test_each_thing_is_a_wish_of_its_own(question, wishes):
    assert wishes_in(question, Vocabulary()) == wishes


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How do I return a product?", "shop"),
        ("七天无理由退货怎么弄？", "shop"),
        ("Wie kann ich etwas zurückgeben?", "shop"),
        ("hello there!", "greeting"),
        ("你好呀", "greeting"),
        ("Vielen Dank", "greeting"),
        ("a hello kitty mug", "products"),
        ("a return cable", "products"),
    ],
)
def test_what_no_product_answers_is_told_apart(question, topic):
    assert topic_of(question) == topic


def test_phrases_are_compared_from_the_word_that_both_have(english):
    parts = wishes_in("difference between Core i5 and Core i7 processors", english.asker.vocabulary)

    assert [part.split("Core ")[1] for part in parts] == ["i5 processors", "i7 processors"]
