from dataclasses import replace

import numpy as np
import pytest

from prodsim.errors import CatalogError
from prodsim.evaluation import compare_judged, queries_needed
from prodsim.records import Judgement
from prodsim.similarity import Weights
from tests.search.test_engine import make_engine


def family(sku: str) -> list[Judgement]:
    """One product and the others of its family are similar, and a product of another family is not."""
    others = [f"{sku[0]}{n}" for n in range(10) if f"{sku[0]}{n}" != sku]
    return [*(Judgement(sku, other, 1.0) for other in others), Judgement(sku, "X0", 0.0)]


def test_the_better_setting_is_named_when_the_judgements_show_it(a, by_price):
    judgements = [judgement for sku in ("J0", "M0", "L0") for judgement in family(sku)]

    found = compare_judged(by_price, a, judgements)

    assert found.n_queries == 30  # a judgement counts both ways
    assert found.left_out == 3  # there is no X0
    assert found.verdict.startswith("A is better than B (nDCG@10 1.00 vs. 0.")
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


def test_with_too_few_judgements_the_verdict_says_how_many_would_do(a):
    few = [Judgement("J0", "J1", 1.0), Judgement("J0", "J2", 0.5), Judgement("", "M3", 1.0, query="lamp")]
    milder = replace(a, weights=Weights(words=1.0, price=2.0), name="B")

    found = compare_judged(a, milder, few)

    assert found.measures[0].difference.mean != 0
    assert "On 4 judged queries, the difference between" in found.verdict
    assert " queries would settle it if the difference stays the same." in found.verdict


def test_equal_sides_gain_nothing_from_more_judgements(a):
    found = compare_judged(a, replace(a, name="B"), [Judgement("J0", "J1", 1.0), Judgement("M0", "J1", 0.0)])

    assert found.measures[0].p_value == 1
    assert found.verdict.endswith("more judgements of this kind would not help.")
    assert found.n_queries == 2
    assert found.n_hopeless == 1  # nothing is like M0


def test_judgements_without_a_good_match_are_refused(a):
    with pytest.raises(CatalogError, match="No judgement can be used: 1 of 2 are of products in both"):
        compare_judged(a, a, [Judgement("J0", "M1", 0.0), Judgement("J0", "gone", 1.0)])


def test_the_number_needed_is_that_of_the_power_calculation():
    differences = np.array([0.3, -0.1] * 20)  # mean 0.1, standard deviation 0.2025: (2.8016 * 2.025)^2 = 32.2

    assert queries_needed(differences) == 41  # fewer than there are were not enough, so one more at least
    assert queries_needed(differences[:10]) == 35  # standard deviation 0.2108: 34.9
    assert queries_needed(np.array([0.2, -0.19] * 20)) > 9000
    assert queries_needed(np.array([0.1, -0.1])) is None
    assert queries_needed(np.array([0.1, 0.1])) == 6
