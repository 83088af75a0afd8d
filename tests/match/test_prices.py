import numpy as np
import pandas as pd
import pytest

from prodsim.match import PriceComparison
from tests.match.conftest import catalog_of

ROWS = np.arange(5)


def compare(theirs):
    ours = pd.DataFrame({"title": list("abcde"), "price": [110, 90, 50, 0, 20], "currency": ["GBP"] * 4 + [""]})
    return PriceComparison.of(catalog_of(ours), catalog_of(theirs), ROWS, ROWS)


def test_dearer_cheaper_and_the_same_are_counted():
    prices = compare(pd.DataFrame({"title": list("abcde"), "price": [100, 100, 50.1, 40, 10], "currency": "GBP"}))
    index = prices.index(np.ones(5, bool))

    assert (index.n, index.n_dearer, index.n_cheaper, index.n_same) == (4, 2, 1, 1)  # a price of 0 is none
    assert index.median_difference == pytest.approx((0.1 - 0.002) / 2, abs=0.002)
    assert prices.n_other_currency == 0


def test_prices_in_another_currency_are_counted_and_not_compared():
    prices = compare(pd.DataFrame({"title": list("abcde"), "price": 100.0, "currency": "EUR"}))

    assert prices.n_other_currency == 3  # the one without a currency is compared
    assert prices.is_comparable.tolist() == [False] * 4 + [True]


def test_nothing_to_compare_has_no_median():
    prices = compare(pd.DataFrame({"title": list("abcde")}))

    assert prices.index(np.ones(5, bool)).median_difference is None
