"""The map: UMAP from the neighbour graph; umap-learn weights the edges, ``layout`` moves the points."""

import threading
import warnings
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.graph import NeighbourGraph
from prodsim.index import Metric
from prodsim.progress import SILENT, Progress

N_NEIGHBOURS = 15
"""Neighbours that UMAP reads of each vector, itself among them; its usual number."""
MIN_DIST = 0.15
"""Least distance of neighbours on the plane. At UMAP's usual 0.1 similar products hide each other; from 0.2 on fewer of
a product's nearest stay its nearest than on umap-learn's own map."""
MIN_VECTORS = 16
"""Below this many vectors UMAP has no neighbourhood to keep; the two main directions are drawn instead."""
PLANE_WIDTH = 10.0
"""Of the plane at the start, in each direction, as UMAP has it."""

WEIGHING = threading.Lock()
"""Two threads inside numba's parallel code can abort the process (its workqueue layer); one at a time."""

Positions = NDArray[np.float32]


def project(
    vectors: NDArray[np.floating],
    graph: NeighbourGraph,
    metric: Metric = "cosine",
    *,
    seed: int = 0,
    progress: Progress = SILENT,
    initial: Positions | None = None,
    moving: NDArray[np.bool_] | None = None,
) -> Positions:
    """Place every vector on a plane so that neighbours stay neighbours (McInnes et al. 2018).

    The same input and seed give the same map on one machine.

    Args:
        vectors: shape (n, dim).
        graph: their neighbours, n rows.
        metric: what the graph's scores are.
        seed: for the layout's random draws.
        progress: asked whether to stop; ``Cancelled`` passes through.
        initial: shape (n, 2), where to start, such as an earlier map; the two main directions of the vectors if None.
        moving: shape (n,), the ones that may leave where they start; all if None.

    Returns:
        float32, shape (n, 2), finite. Fewer than 16 vectors stay where they start.
    """
    from prodsim.map.umap_layout import lay_out  # numba takes its time

    start = _spread_out(_main_directions(vectors, seed)) if initial is None else np.asarray(initial, np.float32)
    progress.check()
    if len(vectors) < MIN_VECTORS:
        return start
    edges, curve = _weighted_edges(graph, metric)
    xy = np.array(start, np.float32, order="C")
    for _ in lay_out(edges, xy, curve, seed=seed, moving=moving):
        progress.check()
    return xy


def _weighted_edges(graph: NeighbourGraph, metric: Metric) -> tuple[Any, tuple[float, float]]:
    """Return how surely two are neighbours, sparse and symmetric, and the curve of their distance on the plane."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on packages umap could use
        from umap import umap_

    for compiled in (umap_.smooth_knn_dist, umap_.compute_membership_strengths):
        with suppress(RuntimeError):  # no folder to keep it in: compiled each time
            compiled.enable_caching()
    own = np.arange(len(graph.rows), dtype=np.int32)[:, None]
    rows = np.hstack([own, graph.rows[:, : N_NEIGHBOURS - 1]])
    distances = np.hstack([np.zeros_like(own, np.float32), _distances(graph.scores[:, : N_NEIGHBOURS - 1], metric)])
    with WEIGHING:
        edges, _, _ = umap_.fuzzy_simplicial_set(
            own, rows.shape[1], None, "precomputed", knn_indices=rows, knn_dists=distances
        )
    return edges.tocsr(), umap_.find_ab_params(spread=1.0, min_dist=MIN_DIST)


def _distances(scores: NDArray[np.float32], metric: Metric) -> NDArray[np.float32]:
    """Turn closeness round: 0 for the closest possible. Inner products have no maximum, so a row's best is 0."""
    if metric == "l2":
        return (1.0 / np.maximum(scores, 1e-9) - 1.0).astype(np.float32)
    best = scores[:, :1] if metric == "ip" else np.float32(1.0)
    return np.asarray(np.maximum(best - scores, 0.0), np.float32)


def _spread_out(xy: Positions) -> Positions:
    """Stretch positions over the whole plane, each direction by itself."""
    if len(xy) < MIN_VECTORS:
        return xy
    low, high = xy.min(axis=0), xy.max(axis=0)
    return np.asarray(PLANE_WIDTH * (xy - low) / np.maximum(high - low, 1e-9), np.float32)


def _main_directions(vectors: NDArray[np.floating], seed: int) -> Positions:
    """Project on the directions of most variance, at most ``PLANE_WIDTH`` from the middle; noise parts equal ones."""
    if len(vectors) < 3:
        return np.arange(2 * len(vectors), dtype=np.float32).reshape(-1, 2)
    # In double precision the order of sums, which hangs on the number of cores in use, does not show in the result.
    sample = np.asarray(vectors[:: max(1, len(vectors) // 20_000)], np.float64)
    centre = sample.mean(axis=0)
    _, directions = np.linalg.eigh((sample - centre).T @ (sample - centre))
    directions = directions[:, :-3:-1]
    # An eigenvector may point either way; a fixed one keeps the maps of an edited catalog alike.
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])])
    flat = np.zeros((len(vectors), 2), np.float32)
    for begin in range(0, len(vectors), 16_384):
        part = slice(begin, begin + 16_384)
        flat[part, : directions.shape[1]] = (np.asarray(vectors[part], np.float64) - centre) @ directions
    flat *= PLANE_WIDTH / max(float(np.abs(flat).max()), 1e-9)
    return (flat + np.random.default_rng(seed).normal(scale=1e-3, size=flat.shape)).astype(np.float32)
