from dataclasses import replace

import numpy as np
import pytest

from prodsim.catalog import Catalog
from prodsim.errors import CatalogError
from prodsim.evaluation import (
    Side,
    compare_judged,
    compare_settings,
    queries_needed,
    rank_biased_overlap,
    sample_skus,
)
from prodsim.records import Judgement
from prodsim.similarity import Weights
from tests.search.test_engine import make_catalog, make_engine

WORDS = Weights(words=1.0)


def side_of(catalog: Catalog, weights: Weights = WORDS, name: str = "A") -> Side:
    return Side(name, catalog, make_engine(catalog), weights)


@pytest.fixture(scope="module")
def a() -> Side:
    return side_of(make_catalog())


@pytest.fixture(scope="module")
def by_price(a) -> Side:
    """Finds what costs the same, which is never of the same family."""
    return replace(a, weights=Weights(price=1.0), name="B")


def family(sku: str) -> list[Judgement]:
    """One product and the others of its family are alike, and one of another family is not."""
    others = [f"{sku[0]}{n}" for n in range(10) if f"{sku[0]}{n}" != sku]
    return [*(Judgement(sku, other, 1.0) for other in others), Judgement(sku, "X0", 0.0)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
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
def test_rank_biased_overlap_is_as_defined(one, other, expected):
    assert rank_biased_overlap(one, other) == pytest.approx(expected)


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
    assert set(sample_skus(smaller, a)) == set(smaller.catalog.row_of)
    for skus in ([], ["nobody has it"]):
        with pytest.raises(CatalogError, match="No product asked is in both"):
            compare_settings(a, smaller, skus)


def test_the_better_setting_is_named_when_the_judgements_tell(a, by_price):
    judgements = [judgement for sku in ("J0", "M0", "L0") for judgement in family(sku)]

    found = compare_judged(by_price, a, judgements)

    assert found.n_queries == 30  # a judgement counts both ways
    assert found.left_out == 3  # there is no X0
    assert found.verdict.startswith("A is better than B (nDCG@10 1.00 against 0.")
    assert found.verdict.endswith("p < 0.001).")
    leading, first, recall = found.measures
    assert (leading.name, first.name, recall.name) == ("nDCG@10", "P@1", "R@10")
    assert leading.b.mean > leading.a.high
    assert first.a.mean == 0
    assert leading.difference.mean == pytest.approx(leading.b.mean - leading.a.mean)
    assert found.judged_b > found.judged_a


def test_a_shuffled_ranking_is_not_better(a, monkeypatch):
    judgements = [judgement for sku in ("J0", "M0", "L0") for judgement in family(sku)[:-1]]
    shuffled, honest = replace(a, engine=make_engine(a.catalog), name="shuffled"), a.engine.search_many
    rng = np.random.default_rng(0)

    def shuffle(queries, k, options, progress):
        results = honest(queries, len(a.catalog), options, progress=progress)
        return [replace(r, hits=tuple(r.hits[i] for i in rng.permutation(len(r.hits))[:k])) for r in results]

    monkeypatch.setattr(shuffled.engine, "search_many", shuffle)

    assert compare_judged(shuffled, a, judgements).verdict.startswith("A is better than shuffled")


def test_too_few_judgements_tell_no_difference_and_how_many_would(a):
    few = [Judgement("J0", "J1", 1.0), Judgement("J0", "J2", 0.5), Judgement("", "M3", 1.0, query="lamp")]
    milder = replace(a, weights=Weights(words=1.0, price=2.0), name="B")

    found = compare_judged(a, milder, few)

    assert found.measures[0].difference.mean != 0
    assert "can be told with 4 judged queries" in found.verdict
    assert " would do if the difference stays what it is." in found.verdict


def test_sides_that_answer_alike_gain_nothing_from_more_judgements(a):
    found = compare_judged(a, replace(a, name="B"), [Judgement("J0", "J1", 1.0), Judgement("M0", "J1", 0.0)])

    assert found.measures[0].p_value == 1
    assert found.verdict.endswith("more judgements like these would not help.")
    assert found.n_queries == 2
    assert found.n_hopeless == 1  # nothing is like M0


def test_judgements_that_tell_nothing_are_refused(a):
    with pytest.raises(CatalogError, match="2 judgements leave no query: 1 are of products in both"):
        compare_judged(a, a, [Judgement("J0", "M1", 0.0), Judgement("J0", "gone", 1.0)])


def test_the_number_needed_is_that_of_the_power_calculation():
    differences = np.array([0.3, -0.1] * 20)  # mean 0.1, standard deviation 0.2025: (2.8016 * 2.025)^2 = 32.2

    assert queries_needed(differences) == 41  # fewer than there are have not told, so one more at least
    assert queries_needed(differences[:10]) == 35  # standard deviation 0.2108: 34.9
    assert queries_needed(np.array([0.2, -0.19] * 20)) > 9000
    assert queries_needed(np.array([0.1, -0.1])) is None
    assert queries_needed(np.array([0.1, 0.1])) == 6
