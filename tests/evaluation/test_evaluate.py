import numpy as np
import pandas as pd
import pytest

from prodsim.errors import CatalogError
from prodsim.evaluation.evaluate import (
    MEASURES,
    evaluate,
    truth_of_clusters,
    truth_of_pairs,
    truth_of_queries,
    values_by_query,
)
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace


@pytest.fixture
def opened(home, shop):
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(shop, encoder="hashing"))
    return workspace.open()


def measured(opened, truth, **others):
    return evaluate(opened.engine, opened.catalog, truth, Weights.preset("overall"), **others)


def table(text):
    head, *lines = text.split()
    return pd.DataFrame([line.split(",") for line in lines], columns=head.split(","))


def test_families_that_belong_together_are_all_found(opened):
    clusters = pd.DataFrame(
        {"sku": opened.catalog.products["sku"], "cluster_id": opened.catalog.products["sku"].str[0]}
    )

    found = measured(opened, truth_of_clusters(clusters, opened.catalog))

    assert found.n == 24
    assert found.metrics["recall@1"] == found.metrics["precision@1"] == found.metrics["mrr@10"] == 1
    assert found.metrics["ndcg@10"] == pytest.approx(1)
    assert found.failures == ()
    assert set(found.by_category) == {"Clothing", "Kitchen", "Home"}


def test_a_wrong_truth_is_not_found_first(opened):
    found = measured(opened, truth_of_pairs(table("sku_a,sku_b,label J0,M0,1 J1,L1,1"), opened.catalog))

    assert found.n == 4
    assert found.metrics["recall@5"] == 0


def test_listed_pairs_that_are_none_give_auc_and_ap(opened):
    pairs = table("sku_a,sku_b,label J0,J1,1 M0,M1,1 L0,L1,1 J0,M0,0 L0,M1,0 J3,L3,0")

    found = measured(opened, truth_of_pairs(pairs, opened.catalog))

    assert found.metrics["auc"] == found.metrics["ap"] == 1
    assert found.intervals["ap"] == (1, 1)


def test_queries_are_measured_by_grade(opened):
    queries = table("query_id,query a,mug b,lamp").assign(query=["coffee mug number 3", "desk lamp number 5"])
    qrels = table("query_id,sku,grade a,M3,3 a,M4,1 b,L5,3 b,J0,3 c,J1,3 a,none,3")

    truth = truth_of_queries(queries, qrels, opened.catalog)
    found = measured(opened, truth)

    assert truth.left_out == 2
    assert found.n == 2
    assert found.metrics["recall@1"] == 1
    assert 0 < found.metrics["ndcg@10"] < 1  # J0 is no lamp


def test_across_a_column_only_the_other_side_counts(opened):
    pairs = truth_of_pairs(table("sku_a,sku_b J0,J1"), opened.catalog)

    assert measured(opened, pairs).metrics["recall@10"] == 1
    apart = measured(opened, pairs, across="brand")
    assert apart.metrics["recall@10"] == 0
    assert apart.failures[0].query.startswith("J0: Waterproof rain jacket")
    assert apart.failures[0].wanted.startswith("J1: Waterproof rain jacket")
    assert apart.failures[0].found[0] in "ML"


@pytest.mark.parametrize(
    ("make", "text", "message"),
    [
        (truth_of_pairs, "sku,sku_b J0,J1", "has no column sku_a"),
        (truth_of_clusters, "sku,group J0,J1", "has no column cluster_id"),
    ],
)
def test_a_truth_without_its_columns_is_refused(opened, make, text, message):
    with pytest.raises(CatalogError, match=message):
        make(table(text), opened.catalog)


def test_a_truth_of_another_catalog_is_refused(opened):
    with pytest.raises(CatalogError, match=r"no usable query: .* \(unusable rows: 1\)"):
        measured(opened, truth_of_pairs(table("sku_a,sku_b X0,X1"), opened.catalog))


def test_a_product_in_two_clusters_has_partners_in_both_and_repeats_count_once(opened):
    clusters = table("sku,cluster_id J0,1 J0,1 J1,1 J0,2 J2,2 M0, M1, M2,3 M2,3")

    truth = truth_of_clusters(clusters, opened.catalog)

    assert truth.gains == {"J0": {"J1": 1, "J2": 1}, "J1": {"J0": 1}, "J2": {"J0": 1}}
    assert truth.left_out == 4


def test_pairs_without_a_label_and_of_a_product_with_itself_are_left_out(opened):
    truth = truth_of_pairs(table("sku_a,sku_b,label J0,J1,1 J0,J2, J3,J3,1"), opened.catalog)

    assert truth.gains == {"J0": {"J1": 1}, "J1": {"J0": 1}}
    assert truth.left_out == 2


def test_a_query_without_a_product_of_the_best_grade_counts_in_ndcg_alone(opened):
    queries = table("query_id,query a,mug b,lamp").assign(query=["mug number 3", "lamp number 5"])
    qrels = table("query_id,sku,grade a,M3,3 b,L5,2 b,none,4")

    found = measured(opened, truth_of_queries(queries, qrels, opened.catalog))

    assert found.n == 2
    assert found.metrics["recall@1"] == 1
    assert found.metrics["ndcg@10"] == pytest.approx(1)


def test_measures_are_as_defined_with_the_grade_itself_as_gain():
    gains = [{"杯": 2.0, "b": 1.0, "c": 0.5}, {"a": 2.0}, {"a": 1.0}]
    found = [["x", "b", "杯"], [], ["a"]]  # the third query has no product of the best grade

    values = values_by_query(gains, found, 2.0, MEASURES)

    ideal = 2 / np.log2(2) + 1 / np.log2(3) + 0.5 / np.log2(4)
    np.testing.assert_allclose(values["ndcg@10"], [(1 / np.log2(3) + 2 / np.log2(4)) / ideal, 0, 1])
    np.testing.assert_allclose(values["mrr@10"], [1 / 3, 0, np.nan])
    np.testing.assert_array_equal(values["recall@1"], [0, 0, np.nan])
    np.testing.assert_array_equal(values["recall@5"], [1, 0, np.nan])


def test_a_shuffled_ranking_measures_less():
    gains = [{str(sku): 10.0 - sku for sku in range(10)}]
    shuffled = np.random.default_rng(0).permutation(10).astype(str).tolist()

    best, worse = (
        values_by_query(gains, [found], 10.0, MEASURES)["ndcg@10"][0] for found in (sorted(shuffled), shuffled)
    )

    assert best == pytest.approx(1)
    assert worse < 0.9
