"""Points that join an existing map: where they begin, and which cluster they belong to."""

import numpy as np
from numpy.typing import NDArray

from prodsim.graph import NeighbourGraph
from prodsim.map.clusters import MIN_SAMPLES, smallest_cluster

N_NEAR = 15
"""Neighbours between which a new point begins; as many as UMAP reads."""


def place_new_points(xy: NDArray[np.float32], new: NDArray[np.bool_], graph: NeighbourGraph) -> NDArray[np.float32]:
    """Return positions from which a layout can go on: each new point in the middle of its placed neighbours.

    Those whose neighbours are all new follow when these are placed; a group that hangs together by itself begins
    anywhere on the map, and the layout draws it together.

    Args:
        xy: shape (n, 2); that of a new point is ignored.
        new: shape (n,).
        graph: the points' neighbours.
    """
    out, placed = np.array(xy, np.float32), ~new
    while not placed.all():
        waiting = np.flatnonzero(~placed)
        near = graph.rows[waiting, :N_NEAR]
        known = (near >= 0) & placed[near]
        ready = known.any(axis=1)
        if not ready.any():
            low, high = (out[placed].min(axis=0), out[placed].max(axis=0)) if placed.any() else (0.0, 1.0)
            out[waiting] = np.random.default_rng(0).uniform(low, high, (len(waiting), 2))
            break
        weight = known[ready] / known[ready].sum(axis=1, keepdims=True)
        out[waiting[ready]] = np.einsum("nk,nkd->nd", weight, out[near[ready]])
        placed[waiting[ready]] = True
    return out


def join_clusters(
    xy: NDArray[np.float32], cluster: NDArray[np.int32], new: NDArray[np.bool_]
) -> NDArray[np.int32] | None:
    """Return the clusters with each new point in that of the closest earlier one; ``None`` where all must be redone.

    That is where new points are among themselves in such numbers that they may form a cluster, or where less than half
    of the smallest possible cluster is left of one.

    Args:
        xy: shape (n, 2), with the new points.
        cluster: shape (n,), -1 for none; that of a new point is ignored.
        new: shape (n,).
    """
    from scipy.spatial import KDTree  # only a build pays for the import

    smallest = smallest_cluster(len(xy))
    old, joining = np.flatnonzero(~new), np.flatnonzero(new)
    if len(old) <= MIN_SAMPLES:
        return None
    out = cluster.copy()
    out[joining] = cluster[old[KDTree(xy[old]).query(xy[joining])[1]]]
    around = KDTree(xy).query(xy[joining], MIN_SAMPLES + 1)[1]  # the point itself, and five others
    among_new = int((2 * (new[around].sum(axis=1) - 1) > MIN_SAMPLES).sum())
    sizes = np.bincount(out[out >= 0], minlength=int(cluster[old].max(initial=-1)) + 1)
    return None if among_new >= smallest or (2 * sizes < smallest).any() else out
