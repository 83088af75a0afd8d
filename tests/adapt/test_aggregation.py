"""What a round takes over from several clients, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from prodsim.adapt.aggregation import Terms, Update, join_updates
from prodsim.errors import TrainingError

TERMS = Terms("base", "words", "recipe")


def update(client, *change, n=10):
    return Update(client, 1, TERMS, np.array(change, np.float32), n)


def joined(*updates, n_clients=None, aggregation="mean"):
    return join_updates(updates, 1, TERMS, 2, n_clients or len(updates), aggregation)


def test_a_mean_weighs_updates_by_their_examples():
    both = joined(update("north", 1, 0, n=30), update("south", 0, 1, n=10))

    assert both.change == pytest.approx([0.75, 0.25])
    assert (both.taken, both.refused, both.shortened) == (("north", "south"), {}, ())


@pytest.mark.parametrize("aggregation", ["median", "krum"])
def test_a_poisoned_update_decides_nothing(aggregation):
    honest = [update(name, 1, 1 + 0.1 * i) for i, name in enumerate(("north", "south", "west"))]

    change = joined(*honest, update("liar", -90, -90), aggregation=aggregation).change

    assert change == pytest.approx([1, 1.1], abs=0.2)


def test_an_update_that_is_too_long_is_shortened_to_three_times_the_median():
    both = joined(update("north", 1, 0), update("south", 0, 1), update("liar", -100, 0))

    assert both.shortened == ("liar",)
    assert both.change == pytest.approx([(1 - 3) / 3, 1 / 3])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"terms": replace(TERMS, base="other")}, "it started from a different base model"),
        ({"terms": replace(TERMS, vocabulary="other")}, "its model has a different vocabulary"),
        ({"round": 0}, "it belongs to round 0"),
        ({"change": np.zeros(3, np.float32)}, "it has 3 numbers instead of 2"),
        ({"change": np.array([0, np.nan], np.float32)}, "some of its numbers are infinite or missing"),
        ({"n": 0}, "it was trained on 0 examples"),
    ],
)
def test_an_update_that_does_not_fit_is_refused_with_the_reason(wrong, why):
    both = joined(update("north", 1, 0), update("west", 1, 0), replace(update("south", 5, 5), **wrong))

    assert both.refused == {"south": why}
    assert both.change == pytest.approx([1, 0])


def test_half_a_round_teaches_nothing():
    late = replace(update("south", 1, 0), round=0)

    with pytest.raises(
        TrainingError, match="Round 1 was not used: 1 of 2 catalogs sent an update that fits. south: it"
    ):
        joined(update("north", 1, 0), late)
    with pytest.raises(TrainingError, match="2 of 4 catalogs"):
        joined(update("north", 1, 0), update("west", 1, 0), n_clients=4)
