"""The threshold of duplicates, by scores and by judgements."""

import numpy as np

from prodsim.quality.duplicates.thresholds import DEFAULT_THRESHOLD, Thresholds


def test_where_all_are_much_alike_the_threshold_stays_a_score():
    spread = np.linspace(0, 1, 101)

    found = Thresholds.of(spread, spread, spread, "loose")

    assert (found.value, found.origin) == (1.0, "chance")


def test_stricter_levels_ask_for_more_and_a_person_may_choose():
    scores = np.linspace(0, 1, 101)

    found = Thresholds.of(scores, np.zeros(10), scores, "usual")
    asked = Thresholds.of(scores, np.zeros(10), scores, "usual", chosen=0.52)

    assert found.of_level["strict"] > found.value > found.of_level["loose"]
    assert (asked.value, asked.origin, asked.of_level) == (0.52, "asked", found.of_level)


def test_judged_pairs_move_the_threshold():
    judged = [(0.6, False)] * 10 + [(0.66, True)] * 10

    assert Thresholds.of(np.zeros(5), np.zeros(5), np.zeros(5), "usual", judged).value > DEFAULT_THRESHOLD + 0.1
