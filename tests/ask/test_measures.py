"""Amounts in questions: exact, limits, ranges, in any unit."""

import pytest

from prodsim.ask.measures import limits, measures


@pytest.mark.parametrize(
    ("question", "dimension", "inside", "outside"),
    [
        ("tent for 4 people", "persons", 4, 3),
        ("4人帐篷", "persons", 4, 5),
        ("screen 15 inch", "length", 15.6 * 25.4, 17 * 25.4),
        ("pan 28 cm", "length", 280, 270),
        ("disk of at least 1 TB", "storage", 2000, 500),
        ("stove under 2 kg", "mass", 1500, 2500),
        ("bottle 500 ml or more", "volume", 750, 330),
        ("between 10 and 15 inch", "length", 12 * 25.4, 20 * 25.4),
        ("about 15 cm", "length", 160, 200),
        ("护手霜三支装", "count", 3, 1),
        ("mindestens 500 ml", "volume", 600, 400),
    ],
)
def test_an_amount_says_what_passes(question, dimension, inside, outside):
    (one,) = limits(question)

    assert one.dimension == dimension
    assert one.low <= inside <= one.high
    assert not one.low <= outside <= one.high


def test_texts_state_amounts_in_order_and_other_numbers_are_none():
    assert [(one.dimension, one.amount) for one in measures("Tent 4-person, 3 kg, model 200")] == [
        ("persons", 4.0),
        ("mass", 3000.0),
    ]
