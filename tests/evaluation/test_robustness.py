import pandas as pd
import pytest

from prodsim.errors import CatalogError
from prodsim.evaluation.evaluate import Truth, truth_of_clusters, truth_of_queries
from prodsim.evaluation.robustness import AS_WRITTEN, measure_robustness
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import Workspace


@pytest.fixture(scope="module")
def opened(first_home):
    return Workspace(Settings(first_home)).open()


def measured(opened, truth, **kinds):
    return measure_robustness(opened.engine, opened.catalog, truth, Weights.preset("overall"), kinds=kinds)


def families(opened):
    skus = opened.catalog.products["sku"]
    return truth_of_clusters(pd.DataFrame({"sku": skus, "cluster_id": skus.str[0]}), opened.catalog)


def test_a_title_that_says_nothing_any_more_loses_what_was_found(opened):
    report = measured(opened, families(opened), gone=lambda text, rng: "zzz", kept=lambda text, rng: text)

    assert report.kinds[AS_WRITTEN]["recall@1"] > report.kinds["gone"]["recall@1"]
    assert report.lost["gone"].mean > 0
    assert report.kinds["kept"] == report.kinds[AS_WRITTEN]
    assert "kept" not in report.lost
    assert report.n_changed == {"gone": report.n, "kept": 0}


def test_what_is_lost_is_told_of_the_queries_that_change(opened):
    sku, title = opened.catalog.products[["sku", "title"]].iloc[0]
    queries = pd.DataFrame({"query_id": ["1", "2"], "query": [title, f"{title} now"]})
    qrels = pd.DataFrame({"query_id": ["1", "2"], "sku": [sku, sku], "grade": [1, 1]})

    truth = truth_of_queries(queries, qrels, opened.catalog)
    report = measured(opened, truth, gone=lambda text, rng: text if text.endswith("now") else "zzz")

    assert report.n_changed == {"gone": 1}
    assert report.lost["gone"].mean == 1.0
    assert report.kinds["gone"]["recall@1"] == 0.5


def test_a_truth_without_queries_is_refused(opened):
    with pytest.raises(CatalogError, match="no usable query"):
        measured(opened, Truth({}))
