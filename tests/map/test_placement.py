"""Points that join a map."""

import numpy as np

from prodsim.graph import NeighbourGraph
from prodsim.map.placement import join_clusters, place_new_points


def graph_of(*rows: list[int]) -> NeighbourGraph:
    return NeighbourGraph(np.array(rows, np.int32), np.zeros(np.shape(rows), np.float32))


def two_places(each: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Points around (0, 0) and around (10, 0), and their clusters."""
    spread = np.random.default_rng(0).normal(size=(2 * each, 2))
    cluster = np.repeat([0, 1], each).astype(np.int32)
    return (spread + cluster[:, None] * [10, 0]).astype(np.float32), cluster


def test_a_newcomer_begins_in_the_middle_of_its_neighbours_and_others_stay():
    xy = np.array([[0, 0], [2, 4], [9, 9], [9, 9]], np.float32)
    new = np.array([False, False, True, True])

    placed = place_new_points(xy, new, graph_of([1, 2], [0, 2], [0, 1], [2, -1]))

    assert placed.tolist() == [[0, 0], [2, 4], [1, 2], [1, 2]]


def test_newcomers_that_know_only_each_other_begin_on_the_map():
    xy = np.array([[0, 0], [2, 4], [9, 9], [9, 9]], np.float32)

    placed = place_new_points(xy, np.array([False, False, True, True]), graph_of([1], [0], [3], [2]))

    assert (placed[2:] >= 0).all()
    assert (placed[2:] <= [2, 4]).all()


def test_newcomers_join_the_cluster_where_they_are():
    xy, cluster = two_places()
    xy = np.vstack([xy, [[0.1, 0.0], [9.9, 0.0]]]).astype(np.float32)

    joined = join_clusters(xy, np.append(cluster, [-1, -1]).astype(np.int32), np.arange(82) >= 80)

    assert joined.tolist() == [*cluster.tolist(), 0, 1]


def test_nobody_may_join():
    xy, cluster = two_places()

    assert join_clusters(xy, cluster, np.zeros(80, bool)).tolist() == cluster.tolist()


def test_newcomers_among_themselves_and_a_cluster_that_left_ask_for_new_clusters():
    xy, cluster = two_places()
    crowd = np.random.default_rng(1).normal([50, 50], 1, size=(20, 2))

    more = np.vstack([xy, crowd]).astype(np.float32)
    assert join_clusters(more, np.append(cluster, [-1] * 20).astype(np.int32), np.arange(100) >= 80) is None
    assert join_clusters(xy[:41], cluster[:41], np.zeros(41, bool)) is None
