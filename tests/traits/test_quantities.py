import math

import pytest

from prodsim.traits import UNIT_DIMENSIONS, find_numbers, find_quantities


def told(text):
    return [(UNIT_DIMENSIONS[place], round(amount, 1)) for place, amount in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Body lotion 500 ml", [("volume", 500)]),
        ("Body lotion 0.5L", [("volume", 500)]),
        ("身体乳500毫升", [("volume", 500)]),
        ("Salbe 0,5 l", [("volume", 500)]),
        ("12 fl oz tumbler", [("volume", 354.9)]),
        ('15" laptop', [("length", 381)]),
        ("15-inch laptop", [("length", 381)]),
        ("1-1/2 in. x 10 ft. pipe", [("length", 38.1), ("length", 3048)]),
        ("Power bank 10,000 mAh", [("charge", 10000)]),
        ("2TB drive", [("storage", 2000)]),
        ("Socks, pack of 3", [("count", 3)]),
        ("Socks 3-pack", [("count", 3)]),
        ("面霜50g*2瓶", [("mass", 50), ("count", 2)]),
    ],
)
def test_a_quantity_is_read_in_any_usual_spelling(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize("text", ["2 in 1 shampoo", "WM500ML", "Model 3000", "version 2.0", "0 ml", "1/0 in", ""])
def test_what_only_looks_like_a_quantity_is_none(text):
    assert find_quantities(text) == []


def test_each_quantity_is_told_once_and_in_order():
    assert told("30 ml cream, 50 ml tonic, 30ml") == [("volume", 30), ("volume", 50)]


def test_the_same_amount_in_another_unit_is_within_two_percent():
    (_, ounces), (_, grams) = find_quantities("1 lb") + find_quantities("454 g")

    assert math.isclose(ounces, grams, rel_tol=0.02)


def test_numbers_are_equal_in_any_unit_and_by_themselves():
    assert find_numbers("0.5 l") == {"5e+02 ml": "0.5 l"}
    assert find_numbers("1 lb").keys() == find_numbers("454 g").keys()
    assert find_numbers("WM-0347 V8, pack of 12") == {"12 pieces": "pack of 12", "347": "0347", "8": "8"}
    assert find_numbers("64GB").keys().isdisjoint(find_numbers("128 GB"))
