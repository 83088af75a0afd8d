import threading

import numpy as np
import pytest
from umap import UMAP

from prodsim.errors import Cancelled
from prodsim.graph import NeighbourGraph, build_graph
from prodsim.index import ExactIndex, Metric, Vectors
from prodsim.map.projection import MIN_DIST, N_NEIGHBOURS, project
from prodsim.progress import Silent
from tests.worlds import families, fan, random_vectors, unit


class StopsAtLook(Silent):
    """Cancels at the n-th look."""

    def __init__(self, n: int) -> None:
        self.left = n

    def check(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Cancelled


def graph_of(vectors: Vectors, metric: Metric = "cosine") -> NeighbourGraph:
    return build_graph(ExactIndex(vectors, metric), k=14)


def share_near_own(xy: np.ndarray, family: np.ndarray, k: int = 5) -> float:
    """Share of the k places closest to each place that are of its family."""
    apart = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return float((family[np.argsort(apart, axis=1)[:, :k]] == family[:, None]).mean())


def overlap(xy: np.ndarray, graph: NeighbourGraph, k: int = 10) -> float:
    """Share of the k closest vectors that are among the k closest places."""
    apart = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    near = np.argsort(apart, axis=1)[:, :k]
    return float(np.mean([np.isin(own, theirs).mean() for own, theirs in zip(near, graph.rows[:, :k], strict=True)]))


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


def test_a_map_is_cancelled_while_it_is_made():
    with pytest.raises(Cancelled):
        project(families(4, 20), graph_of(families(4, 20)), progress=StopsAtLook(3))


def test_neighbours_are_kept_as_well_as_by_umap_itself():
    vectors = unit(families(12, 60) + 0.1 * random_vectors(720, 24))
    graph = graph_of(vectors)
    theirs = UMAP(n_neighbors=N_NEIGHBOURS, min_dist=MIN_DIST, metric="cosine", random_state=0).fit_transform(vectors)

    assert overlap(project(vectors, graph), graph) > overlap(theirs, graph) - 0.02


def test_what_may_not_move_stays_and_what_may_goes_to_its_family():
    vectors, family = families(6, 20), np.repeat(np.arange(6), 20)
    graph = graph_of(vectors)
    earlier = project(vectors, graph)
    moving = np.arange(120) % 20 < 2
    started = np.where(moving[:, None], earlier.mean(axis=0), earlier)

    placed = project(vectors, graph, initial=started, moving=moving)

    assert (placed[~moving] == earlier[~moving]).all()
    assert share_near_own(placed, family) > 0.95
    assert share_near_own(started, family) < 0.95


def test_a_cancelled_map_is_not_drawn():
    with pytest.raises(Cancelled):
        project(families(4, 20), graph_of(families(4, 20)), progress=StopsAtLook(1))
