import math

import pandas as pd
import pytest

from prodsim.evaluation.evaluate import evaluate, truth_of_pairs, truth_of_queries
from prodsim.evaluation.failures import failures_table
from prodsim.search import Query, SearchOptions
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace

WEIGHTS = Weights.preset("overall")


@pytest.fixture
def opened(home, shop):
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(shop, encoder="hashing"))
    return workspace.open()


def failures_of(opened, pairs):
    table = pd.DataFrame(pairs, columns=["sku_a", "sku_b"])
    return evaluate(opened.engine, opened.catalog, truth_of_pairs(table, opened.catalog), WEIGHTS).failures


def test_the_worst_failure_comes_first_whatever_the_order_of_the_truth(opened):
    near = opened.search(Query(like=("J0",)), 3).hits[2].sku
    pairs = [("J0", near), ("M0", "L1"), ("M2", "L2")]

    failures = failures_of(opened, pairs)
    again = failures_of(opened, pairs[::-1])

    ranks = [failure.rank or math.inf for failure in failures]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == math.inf
    assert ranks[-1] < 10
    assert [failure.query for failure in again] == [failure.query for failure in failures]
    behind = [failure.behind for failure in failures if failure.rank is None]
    assert behind == sorted(behind, reverse=True)


def test_both_scores_are_those_of_the_search_and_the_sum_of_their_parts(opened):
    failure = failures_of(opened, [("M0", "L1")])[0]
    sku = failure.query.partition(":")[0]
    scores = {hit.sku: hit.score for hit in opened.search(Query(like=(sku,)), 24, SearchOptions(weights=WEIGHTS)).hits}

    for product, score, parts in [
        (failure.wanted, failure.wanted_score, failure.wanted_parts),
        (failure.found, failure.found_score, failure.found_parts),
    ]:
        assert score == pytest.approx(scores[product.partition(":")[0]], abs=1e-6)
        assert score == pytest.approx(sum(parts.values()))


def test_a_text_is_shown_as_it_was_typed(opened):
    queries = pd.DataFrame({"query_id": ["a"], "query": ["brass lamp 台灯"]})
    qrels = pd.DataFrame({"query_id": ["a"], "sku": ["J0"], "grade": ["1"]})
    truth = truth_of_queries(queries, qrels, opened.catalog)

    table = failures_table(evaluate(opened.engine, opened.catalog, truth, WEIGHTS).failures)

    assert table["query"].tolist() == ["brass lamp 台灯"]
    assert table["rank"].isna().all()
    assert table["why"].iat[0].startswith("first 0.")
    assert "; wanted " in table["why"].iat[0]


def test_without_failures_the_table_has_its_columns(opened):
    assert failures_table(()).columns.tolist()[-1] == "why"
