"""The map: UMAP from the neighbour graph, one fit at a time."""

import os
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from prodsim.graph import NeighbourGraph
from prodsim.index import Metric
from prodsim.progress import SILENT, Progress

N_NEIGHBOURS = 15
"""Neighbours that UMAP reads of each vector, itself among them; its usual number."""
MIN_DIST = 0.5
"""Least distance of neighbours on the plane; UMAP's usual 0.1 shrinks a shop's kinds of products to dots in a void."""
FEWEST = 16
"""Below this many vectors UMAP has no neighbourhood to keep; the two main directions are drawn instead."""
SERIAL_ROWS = 100_000
"""Up to this many vectors one core lays out the map, in half a minute at most, and gives the same one every time."""
OWN_PROCESS_ROWS = 5_000
"""From this many vectors the map gets a process of its own: umap's loops keep all other threads of theirs waiting."""
LOOK_S = 0.2
"""Seconds between two looks at the cancel token."""

NUMBA_LOCK = threading.Lock()
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
) -> Positions:
    """Place every vector on a plane so that neighbours stay neighbours (McInnes et al. 2018).

    The same input and seed give the same map up to 100,000 vectors on one machine. Above, all cores move points at
    once, and two maps agree in the large but not in each point's place.

    Args:
        vectors: shape (n, dim).
        graph: their neighbours, n rows.
        metric: what the graph's scores are.
        seed: for the layout's random draws.
        progress: told when the first fit of a process compiles.
        initial: shape (n, 2), where to start, such as an earlier map; the two main directions of the vectors if None.

    Returns:
        float32, shape (n, 2), finite. Fewer than 16 vectors are drawn by their two main directions.

    Raises:
        Cancelled: the progress asked to stop; a map of under 5,000 vectors is finished first.
    """
    start = _main_directions(vectors, seed) if initial is None else np.asarray(initial, np.float32)
    if len(vectors) < FEWEST:
        return start
    with _turn(progress):
        if len(vectors) >= OWN_PROCESS_ROWS:
            return _in_own_process(graph, metric, start, seed, progress)
        if "umap" not in sys.modules:
            progress.note("The first map of a session takes some seconds more, to compile.")
        placed = _umap(graph, metric, start, seed)
    progress.check()
    return placed


def warm_up() -> None:
    """Compile what the first small map of a process needs; takes some seconds."""
    vectors = np.random.default_rng(0).normal(size=(2 * FEWEST, 3)).astype(np.float32)
    rows = (np.arange(2 * FEWEST)[:, None] + np.arange(1, N_NEIGHBOURS)) % (2 * FEWEST)
    project(vectors, NeighbourGraph(rows.astype(np.int32), np.ones(rows.shape, np.float32)))


@contextmanager
def _turn(progress: Progress) -> Iterator[None]:
    """Wait until no other map is being made; raises ``Cancelled`` while waiting."""
    progress.check()
    while not NUMBA_LOCK.acquire(timeout=LOOK_S):
        progress.check()
    try:
        yield
    finally:
        NUMBA_LOCK.release()


def _in_own_process(
    graph: NeighbourGraph, metric: Metric, start: Positions, seed: int, progress: Progress
) -> Positions:
    """Run ``_umap`` in a new process, which is ended when the work is cancelled."""
    with tempfile.TemporaryDirectory(prefix="prodsim-map-") as name, (Path(name) / "log").open("wb") as log:
        folder = Path(name)
        NeighbourGraph(graph.rows[:, : N_NEIGHBOURS - 1], graph.scores[:, : N_NEIGHBOURS - 1]).save(folder)
        np.save(folder / "start.npy", start)
        path = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
        command = [sys.executable, "-m", "prodsim.projection", name, metric, str(seed)]
        with subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": path}) as process:
            try:
                while process.poll() is None:
                    progress.check()
                    _wait(process)
            finally:
                process.kill()
        if process.returncode:
            told = (folder / "log").read_text(encoding="utf-8", errors="replace")[-500:]
            raise RuntimeError(f"the process that makes the map ended with {process.returncode}: {told}")
        return np.asarray(np.load(folder / "placed.npy"), np.float32)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(LOOK_S)
    except subprocess.TimeoutExpired:
        return


def _own_process(folder: Path, metric: Metric, seed: int) -> None:
    """What the new process does."""
    placed = _umap(NeighbourGraph.load(folder), metric, np.load(folder / "start.npy"), seed)
    np.save(folder / "placed.npy", placed)


def _umap(graph: NeighbourGraph, metric: Metric, start: Positions, seed: int) -> Positions:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on packages umap could use
        from umap import umap_

    own = np.arange(len(start), dtype=np.int32)[:, None]
    rows = np.hstack([own, graph.rows[:, : N_NEIGHBOURS - 1]])
    distances = np.hstack([np.zeros_like(own, np.float32), _distances(graph.scores[:, : N_NEIGHBOURS - 1], metric)])
    random_state = np.random.RandomState(seed)  # what umap draws from
    edges, _, _ = umap_.fuzzy_simplicial_set(
        start, rows.shape[1], random_state, "precomputed", knn_indices=rows, knn_dists=distances
    )
    a, b = umap_.find_ab_params(spread=1.0, min_dist=MIN_DIST)
    placed, _ = umap_.simplicial_set_embedding(
        start,
        edges,
        n_components=2,
        initial_alpha=1.0,
        a=a,
        b=b,
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=None,
        init=start,
        random_state=random_state,
        metric="precomputed",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        parallel=len(start) > SERIAL_ROWS,
    )
    return np.asarray(placed, np.float32)


def _distances(scores: NDArray[np.float32], metric: Metric) -> NDArray[np.float32]:
    """Closeness turned round: 0 for the closest possible. Inner products have no such end, so a row's best is 0."""
    if metric == "l2":
        return (1.0 / np.maximum(scores, 1e-9) - 1.0).astype(np.float32)
    best = scores[:, :1] if metric == "ip" else np.float32(1.0)
    return np.asarray(np.maximum(best - scores, 0.0), np.float32)


def _main_directions(vectors: NDArray[np.floating], seed: int) -> Positions:
    """The two directions of most variance, at most 10 from the middle, with a little noise that parts equal places."""
    if len(vectors) < 3:
        return np.arange(2 * len(vectors), dtype=np.float32).reshape(-1, 2)
    sample = np.asarray(vectors[:: max(1, len(vectors) // 20_000)], np.float32)
    centre = sample.mean(axis=0)
    _, directions = np.linalg.eigh((sample - centre).T @ (sample - centre))
    directions = directions[:, :-3:-1]
    # An eigenvector may point either way; a fixed one keeps the maps of an edited catalog alike.
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])])
    flat = np.zeros((len(vectors), 2), np.float32)
    for begin in range(0, len(vectors), 16_384):
        part = slice(begin, begin + 16_384)
        flat[part, : directions.shape[1]] = (np.asarray(vectors[part], np.float32) - centre) @ directions
    flat *= 10.0 / max(float(np.abs(flat).max()), 1e-9)
    return (flat + np.random.default_rng(seed).normal(scale=1e-3, size=flat.shape)).astype(np.float32)


if __name__ == "__main__":
    _own_process(Path(sys.argv[1]), cast("Metric", sys.argv[2]), int(sys.argv[3]))
