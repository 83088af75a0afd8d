"""What words add to the score of a model that is only asked."""

import numpy as np
import pytest

from prodsim.explain.black_box import deletion_area, imitate

TEXT = "red leather boots for women size 38"


def additive(texts):
    worth = {"leather": 0.5, "boots": 0.3, "red": 0.1}
    return np.array([0.05 + sum(worth.get(word, 0) for word in text.split()) for text in texts], np.float32)


def both_or_none(texts):
    return np.array([float("leather" in text and "boots" in text) for text in texts], np.float32)


def test_a_model_that_adds_words_up_is_imitated_exactly():
    surrogate = imitate(additive, TEXT)

    amounts = dict(surrogate.words)
    assert amounts == pytest.approx(
        {"red": 0.1, "leather": 0.5, "boots": 0.3, "for": 0, "women": 0, "size": 0, "38": 0}, abs=0.01
    )
    assert surrogate.fidelity > 0.99
    assert sum(amounts.values()) == pytest.approx(float(additive([TEXT])[0] - additive([""])[0]), abs=0.01)


def test_what_a_sum_cannot_say_is_admitted_but_the_words_are_right():
    surrogate = imitate(both_or_none, TEXT)

    assert 0.5 < surrogate.fidelity < 0.97
    assert {word for word, _ in sorted(surrogate.words, key=lambda one: -one[1])[:2]} == {"leather", "boots"}
    assert surrogate.kept < 0.2 < surrogate.by_chance
    assert "R² = " in surrogate.sentence


def test_deleting_what_matters_first_leaves_less():
    important = deletion_area(additive, "red leather boots", ["leather", "boots", "red"])

    assert important == pytest.approx((1 + 4 / 9 + 1 / 9 + 0) / 4)
    assert deletion_area(additive, "red leather boots", ["red", "boots", "leather"]) > important


def test_a_text_without_words_has_none_to_explain():
    assert imitate(additive, " · ").words == ()
