"""A re-ranker that is fond of lamps, which nothing else finds like mugs."""

from dataclasses import replace

import numpy as np
import pytest

from prodsim.errors import QueryError
from prodsim.search import Arrangement, Query, SearchOptions
from prodsim.similarity import Weights
from tests.search.test_engine import make_catalog, make_engine

BOTH = Weights(words=1, reranker=3)
MUG = Query(like=("M9",))


@pytest.fixture(scope="module")
def engine():
    catalog = make_catalog()
    engine = make_engine(catalog)
    is_lamp = catalog.products["sku"].str.startswith("L").to_numpy()
    engine.comparer = replace(engine.comparer, rerank=lambda one, rows: is_lamp[rows].astype(np.float32))
    return engine


def test_it_counts_by_its_weight_and_is_not_asked_without_one(engine):
    assert {hit.sku[0] for hit in engine.search(MUG, 9, SearchOptions(weights=BOTH)).hits} == {"L"}
    assert {hit.sku[0] for hit in engine.search(MUG, 9, SearchOptions(weights=BOTH.only("words"))).hits} == {"M"}
    assert "reranker" not in engine.search(MUG, 1, SearchOptions(weights=BOTH.only("words"))).hits[0].parts


def test_closeness_by_chance_is_that_of_the_other_parts(engine):
    by_both = {
        hit.sku: hit.closer_than
        for hit in engine.search(Query("MX-303", like=("M9",)), 28, SearchOptions(weights=BOTH)).hits
    }
    words = engine.search(Query("MX-303", like=("M9",)), 28, SearchOptions(weights=BOTH.only("words")))

    assert by_both == pytest.approx({hit.sku: hit.closer_than for hit in words.hits})


def test_what_it_is_fond_of_is_still_left_out_when_no_closer_than_chance(engine):
    found = engine.search(MUG, 20, SearchOptions(weights=BOTH, arrangement=Arrangement(min_closeness=0.7)))

    assert {hit.sku[0] for hit in found.hits} == {"M"}
    assert min(hit.closer_than for hit in found.hits) >= 0.7
    assert found.left_out == {"not close enough": 20 - len(found.hits)}


@pytest.mark.parametrize("weights", [BOTH, Weights(reranker=1)])
def test_neighbours_and_pairs_have_the_scores_of_a_search(engine, weights):
    hits = {hit.sku: hit.score for hit in engine.search(MUG, 29, SearchOptions(weights=weights)).hits}
    table = engine.neighbours(5, weights).query("sku == 'M9'")
    rows = np.array([engine.lookup.row(sku) for sku in hits])

    assert table["neighbour_sku"].str.startswith("L").all()
    assert table["score"].tolist() == pytest.approx([hits[sku] for sku in table["neighbour_sku"]])
    own = np.full(len(rows), engine.lookup.row("M9"))
    assert engine.comparer.pair_scores(own, rows, weights) == pytest.approx(list(hits.values()))


def test_pairs_are_refused_where_nothing_is_compared():
    with pytest.raises(QueryError, match="Only the re-ranker has a weight"):
        make_engine(make_catalog()).comparer.pair_scores(np.array([0]), np.array([1]), Weights(reranker=1))
