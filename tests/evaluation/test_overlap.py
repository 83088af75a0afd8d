from dataclasses import replace

import numpy as np
import pytest

from prodsim.catalog import Catalog
from prodsim.errors import CatalogError
from prodsim.evaluation import compare_settings, rank_biased_overlap, sample_skus
from prodsim.similarity import Weights
from tests.evaluation.conftest import side_of


@pytest.mark.parametrize(
    ("ranking", "other", "expected"),
    [
        ("abc", "abc", 1.0),
        ("abc", "xyz", 0.0),
        ("ab", "ba", 0.9),  # by hand: (0.1 / 0.9) * (0 + 0.81) + 0.81
        ("abc", "a", 1.0),  # what there is of the shorter agrees
        ("a", "abc", 1.0),
        ("abcd", "xb", 0.1 / 0.9 * (0.81 / 2 + 0.729 / 3 + 0.6561 / 4 + 0.729 / 6 + 0.6561 / 4) + 0.5 * 0.6561),
        ("茶杯灯", "茶灯杯", 0.1 / 0.9 * (0.9 + 0.81 / 2 + 0.729) + 0.729),
        ("", "", 1.0),
        ("", "a", 0.0),
    ],
)
def test_rank_biased_overlap_is_as_defined(ranking, other, expected):
    assert rank_biased_overlap(ranking, other) == pytest.approx(expected)


def test_the_first_ranks_count_most():
    ranking = list("abcdefghij")
    first_swapped, last_swapped = ["b", "a", *ranking[2:]], [*ranking[:8], "j", "i"]

    assert rank_biased_overlap(ranking, first_swapped) < rank_biased_overlap(ranking, last_swapped) < 1
    assert rank_biased_overlap(ranking, ranking[::-1]) < rank_biased_overlap(ranking, first_swapped)


def test_a_setting_and_itself_differ_in_nothing(a):
    found = compare_settings(a, replace(a, name="B"), sample_skus(a, a))

    assert len(found.products) == 30
    assert (found.overlap.mean, found.rbo.low, found.rbo.high) == (1, 1, 1)
    assert all(placed.rank == placed.rank_there for product in found.products for placed in product.a)


def test_what_moved_most_comes_first_with_ranks_on_the_other_side(a):
    milder = replace(a, weights=Weights(words=1.0, price=0.3), name="B")

    found = compare_settings(a, milder, ["J0", "M5", "L9"], k=5)

    rbo = [product.rbo for product in found.products]
    assert rbo == sorted(rbo)
    assert rbo[0] < 1
    assert found.rbo.mean == pytest.approx(np.mean(rbo))
    assert found.rbo.low <= found.rbo.mean <= found.rbo.high
    for product in found.products:
        there = {placed.hit.sku: placed.rank for placed in product.b}
        assert [placed.rank_there for placed in product.a] == [there.get(placed.hit.sku) for placed in product.a]
        assert product.overlap == len({p.hit.sku for p in product.a} & set(there)) / 5


def test_settings_that_share_nothing_overlap_in_nothing(a, by_price):
    found = compare_settings(a, by_price, ["J0", "M5"], k=2)

    assert (found.overlap.mean, found.rbo.mean) == (0, 0)
    assert {placed.rank_there for product in found.products for placed in product.b} == {None}


def test_two_catalogs_are_compared_by_the_products_of_both(a):
    smaller = side_of(Catalog(a.catalog.products.iloc[:25].reset_index(drop=True)), name="B")  # without L5 to L9

    found = compare_settings(a, smaller, ["L0", "L9", "J0", "none", "J0"])

    assert sorted(product.sku for product in found.products) == ["J0", "L0"]
    assert found.left_out == ("L9", "none")
    assert found.n_foreign == 5  # L5 to L9, found for L0 by the larger one
    for skus in ([], ["nobody has it"]):
        with pytest.raises(CatalogError, match="None of these products is in both"):
            compare_settings(a, smaller, skus)
