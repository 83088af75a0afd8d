import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.evaluation.index_recall import measure_index_recall, measure_search_recall, wilson
from prodsim.index import ExactIndex, GroupedIndex, HnswIndex, HnswParams, Neighbours, unique_vectors
from prodsim.index.candidates import ranked
from prodsim.search.prepared_query import Candidates, PreparedQuery
from tests.search.test_engine import make_catalog, make_engine
from tests.worlds import random_vectors, with_copies

N = 1500


def stall(n: int = N) -> Catalog:
    """n products: six of ten are 灯具 (lamps), three cups, one has no category; every other one is in stock."""
    number = np.arange(n)
    frame = pd.DataFrame({field: "" for field in PRODUCT_FIELDS}, index=number)
    frame["sku"] = frame["title"] = [f"P{i}" for i in number]
    frame["category"] = np.array([*["灯具 > 台灯"] * 6, *["Cups > Mugs"] * 3, ""], object)[number % 10]
    frame["price"] = number.astype(float)
    frame["availability"] = np.where(number % 2, "in stock", "out of stock")
    return Catalog(frame)


def weak_index(vectors: np.ndarray) -> GroupedIndex:
    """An index whose graph has so few links that narrow searches miss much."""
    unique, group_of = unique_vectors(vectors)
    return GroupedIndex(HnswIndex.build(unique, "cosine", HnswParams(m=4, ef_construction=20, ef=10)), group_of)


@pytest.fixture(scope="module")
def weak() -> GroupedIndex:
    return weak_index(random_vectors(N, dim=48))


def test_the_recall_of_each_width_is_what_counting_gives(weak):
    trust = measure_index_recall(weak, stall(), n=N)

    queries, narrow = weak.vectors_of(np.arange(N)), GroupedIndex(weak.index.at(20), weak.group_of)
    found, truth = narrow.search(queries, 11).rows, weak.search(queries, 11, exact=True).rows
    counted = np.mean([len({*a} & {*b} - {row}) / 10 for row, (a, b) in enumerate(zip(found, truth, strict=True))])
    assert trust.ladder[0].ef == 20
    assert trust.ladder[0].recall == pytest.approx(counted, abs=0.003)  # it takes what another missed for the product
    assert trust.ladder[0].low < trust.ladder[0].recall < trust.ladder[0].high < 1


def test_a_wider_search_finds_more(weak):
    trust = measure_index_recall(weak, stall())

    recalls = [point.recall for point in trust.ladder]
    assert recalls == sorted(recalls)
    assert recalls[0] < 0.6 < 0.95 < recalls[-1]
    assert trust.ef == weak.index.ef
    assert trust.overall.recall == next(point.recall for point in trust.ladder if point.ef == trust.ef)


def test_recall_is_told_by_category_and_for_narrowed_searches(weak):
    trust = measure_index_recall(weak, stall())

    assert [recall.of for recall in trust.by_category] == ["灯具", "Cups", "none"]
    assert sum(recall.n_queries for recall in trust.by_category) == trust.overall.n_queries
    assert {recall.of: recall.n_allowed for recall in trust.filtered} == {
        "in 灯具": 900,
        "in Cups": 450,
        "in stock": 750,
        "cheapest quarter, up to 374.75": 375,
    }
    assert all(recall.recall == 1 for recall in trust.filtered)  # so few are compared one by one


def test_a_shuffled_ranking_is_not_trusted(weak, monkeypatch):
    honest = HnswIndex._walk

    def shuffled(self: HnswIndex, queries: np.ndarray, k: int) -> Neighbours:
        found = honest(self, queries, k)
        return ranked(self._exact, queries, np.random.default_rng(0).permutation(len(self))[found.rows])

    monkeypatch.setattr(HnswIndex, "_walk", shuffled)

    assert measure_index_recall(weak.at(20), stall()).overall.recall < 0.1


def test_products_with_one_text_and_few_products_are_no_misses():
    unique, group_of = unique_vectors(with_copies(random_vectors(200), 0, 100))
    copies, few = GroupedIndex(HnswIndex.build(unique), group_of), weak_index(random_vectors(4))

    assert measure_index_recall(copies, stall(300)).overall.recall == 1
    assert measure_index_recall(few, stall(4)).overall.recall == 1


def test_one_product_alone_leaves_nothing_to_tell():
    overall = measure_index_recall(weak_index(random_vectors(1)), stall(1)).overall

    assert overall.n_queries == 0
    assert np.isnan(overall.recall)
    assert overall.sentence == "nothing that could be compared with an exact search"
    assert (overall.low, overall.high) == (0, 1)


def test_an_index_that_compares_with_all_has_no_ladder():
    vectors = random_vectors(50)

    trust = measure_index_recall(GroupedIndex(ExactIndex(vectors), np.arange(50)), stall(50))

    assert (trust.ef, trust.ladder, trust.overall.recall) == (None, (), 1)


def test_the_whole_search_is_compared_with_an_exact_one(monkeypatch):
    catalog = make_catalog()
    engine = make_engine(catalog)

    assert measure_search_recall(engine, catalog).recall == 1
    assert measure_search_recall(engine, catalog).sentence.startswith("100.0 % of the exact results (95 % interval 8")
    # Of the 29 others every third is left: of the ten best, most are lacking.
    monkeypatch.setattr(PreparedQuery, "candidates", lambda self, n, allowed: Candidates(allowed[::3]))
    assert measure_search_recall(engine, catalog).recall < 0.6


def test_the_interval_is_wilsons():
    low, high = wilson(np.repeat([0.0, 1.0], [2, 8]))  # Wilson's interval of 8 in 10

    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(np.ones(10)) == (pytest.approx(0.7225, abs=1e-4), 1.0)
    even = wilson(np.repeat([0.7, 0.9], 5))
    assert low < even[0] < 0.8 < even[1] < high
