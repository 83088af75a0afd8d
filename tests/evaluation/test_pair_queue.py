"""Which pairs are to be judged next, in a shop of three families of ten."""

from dataclasses import replace

import pytest

from prodsim.evaluation import Side
from prodsim.evaluation.pair_queue import boundary, pairs_to_judge
from prodsim.records import Judgement
from prodsim.search import Query
from prodsim.similarity import Weights
from tests.search.test_engine import make_catalog, make_engine


@pytest.fixture(scope="module")
def a() -> Side:
    catalog = make_catalog()
    return Side("A", catalog, make_engine(catalog), Weights(words=1.0))


@pytest.fixture(scope="module")
def by_price(a) -> Side:
    """Its closest two are always of the other families, which words never find first."""
    return replace(a, name="B", weights=Weights(price=1.0))


def keys(pairs):
    return [frozenset((pair.sku_a, pair.sku_b)) for pair in pairs]


def test_no_pair_is_proposed_twice_or_when_it_is_judged(a, by_price):
    first = pairs_to_judge(a, by_price, [], 20)
    judged = [Judgement(pair.sku_b, pair.sku_a, 1.0) for pair in first[:10]]

    again = pairs_to_judge(a, by_price, judged, 10_000)

    assert len(first) == len(set(keys(first))) == 20
    assert len(again) == len(set(keys(again))) > 100
    assert not set(keys(again)) & set(keys(first[:10]))
    assert pairs_to_judge(a, by_price, judged, 20) == again[:20]


def test_every_product_is_shown_once_before_one_is_shown_again(a, by_price):
    skus = [sku for pair in pairs_to_judge(a, by_price, [], 15) for sku in (pair.sku_a, pair.sku_b)]

    assert len(set(skus)) >= 28  # the last product may have no partner left that was not shown


def test_what_only_one_setting_ranks_high_comes_first(a, by_price):
    pairs = pairs_to_judge(a, by_price, [], 5)

    assert all(None in (pair.rank_a, pair.rank_b) for pair in pairs)
    assert {1} <= {pair.rank_a or pair.rank_b for pair in pairs}
    assert pairs[0].reason.startswith("The settings disagree: ")
    assert "not in the first ten of" in pairs[0].reason


def test_where_settings_agree_pairs_near_the_judged_boundary_come_first(a):
    side = replace(a, weights=Weights(price=1.0))
    judged = [Judgement("J5", "M6", 1.0), Judgement("J5", "M7", 1.0), Judgement("J0", "M1", 0.0)]
    middle = boundary(side, judged)

    pairs = pairs_to_judge(side, side, judged, 10_000)

    scores = [sum(side.engine.parts_of(Query(like=(pair.sku_a,)), pair.sku_b, side.weights).values()) for pair in pairs]
    away = [abs(score - middle) for score in scores]
    assert [pair.expected_gain for pair in pairs] == pytest.approx(
        [1 - distance / max(away) for distance in away], abs=1e-5
    )
    assert "Neither setting is sure" in pairs[0].reason


def test_the_boundary_needs_both_kinds(a):
    alike = Judgement("J0", "J1", 1.0)

    assert boundary(a, []) is None
    assert boundary(a, [alike, Judgement("J0", "gone", 0.0)]) is None
    assert 0 < boundary(a, [alike, Judgement("J0", "M1", 0.0)]) < 1
