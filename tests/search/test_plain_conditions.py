"""Conditions of a form are the SQL that rules keep, and are found again in it."""

import pandas as pd
import pytest

from prodsim.search.plain_conditions import PlainCondition
from prodsim.search.where import find_rows

SHOP = pd.DataFrame(
    {
        "sku": ["A", "B", "C"],
        "brand": ["O'Hara", "Acme", "Acme"],
        "category": ["Shoes > Trail", "Shoes Care", "Shoes"],
        "price": [10.0, 20.0, 30.0],
        "availability": ["in stock", "", "in stock"],
        'colour "x"': ["red", "red", "blue"],
    }
)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        (PlainCondition("brand", "O'Hara"), [0]),
        (PlainCondition("category", "Shoes"), [0, 2]),
        (PlainCondition("price_max", "20"), [0, 1]),
        (PlainCondition("price_min", "20.5"), [2]),
        (PlainCondition("in_stock"), [0, 2]),
        (PlainCondition("not_in_stock"), [1]),
        (PlainCondition("attribute", "red", 'colour "x"'), [0, 1]),
        (PlainCondition("sql", "price > 5 AND brand = 'Acme'"), [1, 2]),
    ],
)
def test_a_condition_finds_its_products_and_is_read_again(condition, rows):
    assert condition.is_complete
    assert find_rows(SHOP, condition.target).tolist() == rows
    assert PlainCondition.of(condition.target, {"A": 0}) == condition


def test_a_product_is_a_product_and_what_lacks_a_value_is_incomplete():
    assert PlainCondition.of("A", {"A": 0}) == PlainCondition("sku", "A")
    assert not PlainCondition("attribute", "red").is_complete
    assert not PlainCondition("brand").is_complete
