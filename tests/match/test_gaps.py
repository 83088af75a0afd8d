import numpy as np
import pandas as pd

from prodsim.match import gaps_by_category, gaps_by_price
from tests.match.conftest import catalog_of

SHOP = catalog_of(
    pd.DataFrame(
        {
            "title": [f"Thing {number}" for number in range(10)],
            "category": ["Home > Lamps"] * 4 + ["Garden"] * 5 + [""],
            "price": [1, 2, 3, 4, 10, 20, 30, 40, 1000, np.nan],
        }
    )
)


def test_gaps_are_counted_by_the_first_level_of_the_category():
    table = gaps_by_category(SHOP, np.array([0, 4, 5, 9]))

    assert table.to_dict("list") == {
        "category": ["Garden", "", "Home"], "missing": [2, 1, 1], "products": [5, 1, 4], "share": [0.4, 1.0, 0.25],
    }  # fmt: skip


def test_price_bands_hold_every_product_and_unknown_prices_come_last():
    table = gaps_by_price(SHOP, np.arange(10))

    assert table["missing"].sum() == table["products"].sum() == 10
    assert (table["low"].iloc[1:-1] == table["high"].iloc[:-2].to_numpy()).all()
    assert np.isinf(table["high"].iloc[-2])
    assert np.isnan(table["low"].iloc[-1])
