"""The map: UMAP from the neighbour graph, one fit at a time."""

import threading
import warnings

import numpy as np
from numpy.typing import NDArray

from prodsim.graph import NeighbourGraph
from prodsim.index import Metric
from prodsim.progress import SILENT, Progress

N_NEIGHBOURS = 15
FEWEST = 16
"""Below this many vectors UMAP has no neighbourhood to keep; the two main directions are drawn instead."""

NUMBA_LOCK = threading.Lock()
"""Two threads inside numba's parallel code can abort the process (its workqueue layer); one at a time."""


def project(
    vectors: NDArray[np.floating],
    graph: NeighbourGraph,
    metric: Metric = "cosine",
    *,
    seed: int = 0,
    progress: Progress = SILENT,
) -> NDArray[np.float32]:
    """Place every vector on a plane so that neighbours stay neighbours.

    Args:
        vectors: shape (n, dim).
        graph: their neighbours, n rows.
        metric: what the graph's scores are.
        seed: for the layout's random draws. The start is always the main directions, so maps of one catalog look
            alike, but UMAP's parallel updates make them differ in detail.
        progress: told that the first fit of a process compiles.

    Returns:
        float32, shape (n, 2), finite.

    Raises:
        Cancelled: the progress asked to stop, before or after the fit; the fit itself cannot be interrupted.
    """
    start = _main_directions(vectors)
    if len(vectors) < FEWEST:
        return start
    progress.check()
    with NUMBA_LOCK:
        placed = _umap(vectors, graph, metric, start, seed)
    progress.check()
    return placed


def _umap(
    vectors: NDArray[np.floating], graph: NeighbourGraph, metric: Metric, start: NDArray[np.float32], seed: int
) -> NDArray[np.float32]:
    k = min(N_NEIGHBOURS, len(vectors) - 1)
    own = np.arange(len(vectors), dtype=np.int32)[:, None]
    rows = np.hstack([own, graph.rows[:, : k - 1]])
    distances = np.hstack([np.zeros_like(own, np.float32), _distances(graph.scores[:, : k - 1], metric)])
    with warnings.catch_warnings():
        # On packages it could use, and on the search index that only placing new points would need.
        warnings.simplefilter("ignore")
        import umap  # compiles for some twenty seconds; only a build pays

        model = umap.UMAP(
            n_neighbors=k,
            metric="precomputed" if metric == "ip" else {"cosine": "cosine", "l2": "euclidean"}[metric],
            precomputed_knn=(rows, distances),
            init=start,
            n_jobs=-1,
            min_dist=0.3,  # clusters open enough to draw a lasso around a part of one
            spread=1.5,
            low_memory=True,
        )
        placed = model.fit_transform(np.asarray(vectors, np.float32))
    return np.nan_to_num(np.asarray(placed, np.float32))


def _distances(scores: NDArray[np.float32], metric: Metric) -> NDArray[np.float32]:
    if metric == "l2":
        return (1.0 / np.maximum(scores, 1e-9) - 1.0).astype(np.float32)
    return np.maximum(1.0 - scores, 0.0).astype(np.float32)


def _main_directions(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """The two directions of most variance, scaled to a spread of 10, as UMAP likes its start."""
    if len(vectors) < 3:
        return np.arange(2 * len(vectors), dtype=np.float32).reshape(-1, 2)
    sample = np.asarray(vectors[:: max(1, len(vectors) // 20_000)], np.float32)
    centre = sample.mean(axis=0)
    _, directions = np.linalg.eigh((sample - centre).T @ (sample - centre))
    flat = np.vstack(
        [
            (np.asarray(vectors[i : i + 16_384], np.float32) - centre) @ directions[:, :-3:-1]
            for i in range(0, len(vectors), 16_384)
        ]
    )
    return (10.0 * flat / max(float(np.abs(flat).max()), 1e-9)).astype(np.float32)
