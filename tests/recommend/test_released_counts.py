"""Counts of shoppers that may be shown to others."""

import numpy as np
import pytest

from prodsim.errors import QueryError
from prodsim.recommend import Interactions, release_counts
from prodsim.recommend.released_counts import MAX_PAIRS, MAX_PRODUCTS, _last_pairs, _last_products

N = 40


def shopping(*baskets: tuple[int, ...], users: list[int]) -> Interactions:
    """Each basket is bought by the user of the same place."""
    user = np.array([u for u, rows in zip(users, baskets, strict=True) for _ in rows], np.int64)
    row = np.array([one for rows in baskets for one in rows], np.int64)
    basket = np.array([number for number, rows in enumerate(baskets) for _ in rows], np.int64)
    names = [f"u{number}" for number in range(max(users) + 1)]
    return Interactions(names, user, row, np.ones(len(row), np.float32), basket, np.ones(len(row), bool))


def test_what_many_bought_is_released_and_what_few_bought_is_not():
    often, seldom = [(0, 1)] * 3000, [(2, 3)] * 20
    counts = release_counts(shopping(*often, *seldom, users=list(range(3020))), N, 4.0)

    assert counts.pairs.tolist() == [[0, 1]]
    assert counts.together[0] == pytest.approx(3000, abs=200)
    assert counts.shoppers[:2] == pytest.approx([3000, 3000], abs=300)
    assert (counts.epsilon, counts.delta <= 1e-6, 20 < counts.least < 3000) == (4.0, True, True)


def test_a_shopper_counts_for_few_products_and_pairs_the_last_ones():
    many = shopping(*[(row, row + 1) for row in range(30)], users=[0] * 30)

    assert sorted(_last_products(many).tolist()) == list(range(31 - MAX_PRODUCTS, 31))
    assert _last_pairs(many).tolist() == [[row, row + 1] for row in range(29, 29 - MAX_PAIRS, -1)]


def test_a_pair_that_was_bought_twice_counts_once():
    assert sorted(_last_pairs(shopping((4, 2), (2, 4, 9), users=[0, 0])).tolist()) == [[2, 4], [2, 9], [4, 9]]


@pytest.mark.parametrize("epsilon", [0.0, -1.0, float("nan"), 1000.0])
def test_a_limit_that_means_nothing_is_refused(epsilon):
    with pytest.raises(QueryError, match="ε must be from"):
        release_counts(shopping((0, 1), users=[0]), N, epsilon)
