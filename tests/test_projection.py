import threading

import numpy as np
import pytest

from prodsim import projection
from prodsim.errors import Cancelled
from prodsim.graph import NeighbourGraph, build_graph
from prodsim.index import ExactIndex, Metric, Vectors
from prodsim.progress import Silent
from prodsim.projection import project, warm_up
from tests.worlds import families, fan, random_vectors, unit


class StopsAtLook(Silent):
    """Cancels at the n-th look."""

    def __init__(self, n: int) -> None:
        self.left = n

    def check(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Cancelled


@pytest.fixture(scope="module", autouse=True)
def compiled():
    warm_up()


def graph_of(vectors: Vectors, metric: Metric = "cosine") -> NeighbourGraph:
    return build_graph(ExactIndex(vectors, metric), k=14)


def share_near_own(xy: np.ndarray, family: np.ndarray, k: int = 5) -> float:
    """Share of the k places closest to each place that are of its family."""
    apart = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return float((family[np.argsort(apart, axis=1)[:, :k]] == family[:, None]).mean())


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_families_stay_together_on_the_map(metric):
    vectors, family = families(8, 20), np.repeat(np.arange(8), 20)

    xy = project(vectors, graph_of(vectors, metric), metric)

    assert xy.shape == (160, 2)
    assert xy.dtype == np.float32
    assert share_near_own(xy, family) > 0.95
    assert share_near_own(np.random.default_rng(0).permutation(xy), family) < 0.5


def test_the_same_seed_gives_the_same_map_and_another_does_not():
    vectors = families(4, 20)
    graph = graph_of(vectors)

    assert (project(vectors, graph, seed=1) == project(vectors, graph, seed=1)).all()
    assert (project(vectors, graph, seed=1) != project(vectors, graph, seed=2)).any()


def test_all_cores_keep_families_together_too(monkeypatch):
    monkeypatch.setattr(projection, "SERIAL_ROWS", 10)
    vectors = families(8, 20)

    assert share_near_own(project(vectors, graph_of(vectors)), np.repeat(np.arange(8), 20)) > 0.95


def test_a_map_may_start_from_an_earlier_one():
    vectors = families(6, 20)
    graph = graph_of(vectors)
    earlier = project(vectors, graph)

    mirrored = project(vectors, graph, initial=earlier * [-1, 1])

    # Families move while the layout settles, but the whole keeps its sides.
    assert np.corrcoef(mirrored[:, 0], -earlier[:, 0])[0, 1] > 0.4
    assert np.corrcoef(mirrored[:, 1], earlier[:, 1])[0, 1] > 0.4


@pytest.mark.parametrize("n", [0, 1, 2, 3, 15, 16, 17])
def test_maps_of_a_few_products_are_drawn(n):
    vectors = random_vectors(20)[:n]

    xy = project(vectors, graph_of(vectors))

    assert xy.shape == (n, 2)
    assert np.isfinite(xy).all()
    assert len(np.unique(xy, axis=0)) == n


def test_a_few_products_lie_in_their_main_direction():
    xy = project(fan(12), graph_of(fan(12)))

    steps = np.diff(xy[:, 0])
    assert (steps > 0).all() or (steps < 0).all()


def test_vectors_on_a_line_and_of_one_number_are_drawn():
    line = np.outer(np.arange(1, 41), np.ones(4)).astype(np.float32)

    for vectors in (line, line[:, :1]):
        assert np.isfinite(project(vectors, graph_of(vectors, "l2"), "l2")).all()


def test_islands_and_missing_neighbours_are_drawn():
    vectors = unit(
        np.vstack([np.eye(3)[0] + 0.01 * random_vectors(30, 3), np.eye(3)[1] + 0.01 * random_vectors(30, 3, 1)])
    )
    graph = graph_of(vectors)
    graph.rows[:, 9:], graph.scores[:, 9:] = -1, -np.inf

    xy = project(vectors, graph)

    assert np.isfinite(xy).all()
    assert share_near_own(xy, np.repeat([0, 1], 30)) > 0.95


def test_two_maps_asked_for_at_once_are_both_drawn():
    vectors, found = families(4, 20), []
    graph = graph_of(vectors)
    threads = [threading.Thread(target=lambda: found.append(project(vectors, graph))) for _ in range(3)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 3
    assert (found[0] == found[1]).all()


def test_a_process_of_its_own_gives_the_same_map(monkeypatch):
    vectors = families(4, 20)
    graph = graph_of(vectors)
    here = project(vectors, graph, seed=3)
    monkeypatch.setattr(projection, "OWN_PROCESS_ROWS", 16)

    assert (project(vectors, graph, seed=3) == here).all()


def test_a_large_map_is_cancelled_while_it_is_made(monkeypatch):
    monkeypatch.setattr(projection, "OWN_PROCESS_ROWS", 16)
    vectors = families(4, 20)

    with pytest.raises(Cancelled):
        project(vectors, graph_of(vectors), progress=StopsAtLook(3))
    assert not projection.NUMBA_LOCK.locked()


def test_a_map_process_that_fails_says_why(monkeypatch):
    monkeypatch.setattr(projection, "OWN_PROCESS_ROWS", 16)
    vectors = families(4, 20)

    with pytest.raises(RuntimeError, match=r"(?s)ended with 1: .*Seed must be"):
        project(vectors, graph_of(vectors), seed=2**32)


def test_a_cancelled_map_is_not_drawn():
    with pytest.raises(Cancelled):
        project(families(4, 20), graph_of(families(4, 20)), progress=StopsAtLook(1))
