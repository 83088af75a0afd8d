import numpy as np
import pytest

from prodsim.errors import Cancelled
from prodsim.graph import NeighbourGraph, build_graph, update_graph
from prodsim.index import ExactIndex, HnswIndex
from prodsim.progress import Silent
from tests.worlds import families, fan, random_vectors


def test_neighbours_are_the_closest_others_best_first():
    graph = build_graph(ExactIndex(fan(30)), k=2)

    assert graph.rows[0].tolist() == [1, 2]
    assert all(set(graph.rows[row]) == {row - 1, row + 1} for row in range(1, 29))
    assert not (graph.rows == np.arange(30)[:, None]).any()


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_the_approximate_index_gives_the_exact_graph_on_few_rows(metric):
    vectors = random_vectors(500).astype(np.float16)

    graph = build_graph(HnswIndex.build(vectors, metric), k=10)
    truth = build_graph(ExactIndex(vectors, metric), k=10)

    assert (graph.rows == truth.rows).mean() > 0.95
    assert graph.rows.dtype == np.int32
    assert graph.scores.dtype == np.float32


def test_families_are_neighbours():
    graph = build_graph(HnswIndex.build(families(20, 10)), k=9)

    assert (graph.rows // 10 == np.arange(200)[:, None] // 10).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_fewer_others_than_asked_leave_the_rest_empty(n):
    graph = build_graph(HnswIndex.build(fan(30)[:n]), k=5)

    assert graph.rows.shape == graph.scores.shape == (n, 5)
    assert (graph.rows >= 0).sum(axis=1).tolist() == [max(n - 1, 0)] * n
    assert np.isneginf(graph.scores[graph.rows < 0]).all()


def test_saved_and_loaded_is_the_same(tmp_path):
    graph = build_graph(ExactIndex(fan(30)), k=3)

    graph.save(tmp_path)
    loaded = NeighbourGraph.load(tmp_path)

    assert (loaded.rows == graph.rows).all()
    assert (loaded.scores == graph.scores).all()


def test_the_work_can_be_cancelled():
    class Stopped(Silent):
        def advance(self, n: int = 1) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_graph(ExactIndex(fan(30)), 3, Stopped())


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
@pytest.mark.parametrize(
    ("n", "lost", "new"), [(400, 5, 5), (400, 0, 9), (400, 9, 0), (12, 2, 3), (30, 25, 1), (12, 0, 30), (50, 50, 20)]
)
def test_after_an_exchange_of_rows_the_graph_is_as_one_built_anew(metric, n, lost, new):
    every, rng = random_vectors(n + new).astype(np.float16), np.random.default_rng(1)
    kept = rng.permutation(np.setdiff1d(np.arange(n + new), rng.choice(n, lost, replace=False)))
    before, index = build_graph(ExactIndex(every[:n], metric), k=15), ExactIndex(every[kept], metric)

    updated = update_graph(index, before, np.where(kept < n, kept, -1))

    anew = build_graph(index, k=15)
    assert (updated.scores == anew.scores).all()
    assert (updated.rows == anew.rows).mean() > 0.999  # but for equal scores


def test_with_many_new_rows_all_are_searched(monkeypatch):
    monkeypatch.setattr("prodsim.graph.MAX_NEW_ROWS", 3)
    vectors, was = random_vectors(200), np.where(np.arange(200) < 195, np.arange(200), -1)

    updated = update_graph(ExactIndex(vectors), build_graph(ExactIndex(vectors[:195]), k=5), was)

    assert (updated.rows == build_graph(ExactIndex(vectors), k=5).rows).all()
