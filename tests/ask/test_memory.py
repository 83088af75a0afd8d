"""What earlier askers chose lifts products for like questions; nothing of them is kept."""

from prodsim.ask import question_words
from prodsim.ask.memory import boosts_for
from prodsim.records import Choice, Records


def test_only_words_of_the_catalog_are_kept(english):
    words = question_words("My name is Alice Smith, +44 7700 900123, I want rain jackets", english.asker.vocabulary)

    assert words == {"rain", "jacket"}


def test_what_was_chosen_is_counted_and_erased(tmp_path):
    records = Records(tmp_path / "shop.sqlite")
    assert records.choices() == []
    for sku in ("J3", "J3", "J1"):
        records.remember_choice({"rain", "jacket"}, sku)
    records.remember_choice(set(), "J1")

    assert records.choices() == [
        Choice(frozenset({"rain", "jacket"}), "J1", 1),
        Choice(frozenset({"rain", "jacket"}), "J3", 2),
    ]
    assert records.forget_choices() == 3
    assert records.choices() == []


def test_the_more_chosen_gains_more_and_other_questions_nothing():
    choices = [Choice(frozenset({"rain", "jacket"}), "J3", 6), Choice(frozenset({"rain", "jacket"}), "J1", 1)]
    gained = {rule.target: rule.by for rule in boosts_for(frozenset({"rain", "jacket"}), choices)}

    assert gained["J3"] > gained["J1"] > 0
    assert boosts_for(frozenset({"coffee", "mug"}), choices) == ()


def test_a_product_chosen_before_comes_first_and_says_so(english):
    usual = english.asker.ask("warm jacket for the rain")
    last = usual.suggestions[-1].hit.sku
    words = question_words("warm jacket for the rain", english.asker.vocabulary)
    answer = english.asker.ask("warm jacket for the rain", choices=[Choice(words, last, 50), Choice(words, "gone", 3)])

    assert usual.suggestions[0].hit.sku != last
    assert answer.suggestions[0].hit.sku == last
    assert "chosen after similar questions" in answer.suggestions[0].reason
