"""Times the map against umap-learn used directly, embedding-atlas and PaCMAP: ``python -m benchmarks.map [products]``.

Each way runs in processes of its own, importing included: *first ever* with nothing compiled on the machine, *new
process* after that, *warm* once more in the same process. Trustworthiness (Venna and Kaski 2001) is 1 if every
neighbour on the map is one among the vectors; overlap is the share of the nearest that both have. Both compare a sample
with all others, exactly.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.index import MISSING, Array, installed, invented_vectors, timed
from prodsim.index import HnswIndex

K = 15
N_SAMPLED = 1000

Way = Callable[[Array], Array]


def main() -> None:
    """Print one line per way; or, given a way and a file, be the process that runs it."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if len(sys.argv) > 2:
        return run(n, sys.argv[2], Path(sys.argv[3]))
    vectors = invented_vectors(n)
    sample = np.random.default_rng(0).choice(n, min(n, N_SAMPLED), replace=False)
    print(f"{n:,} vectors; seconds until the map is there\n")
    print(f"{'':30}{'first ever':>11}{'new process':>13}{'warm':>8}{'trustworthy':>13}{f'{K}-NN overlap':>15}")
    for name in WAYS:
        if name in NEEDS and not installed(NEEDS[name]):
            print(f"{name:30} {MISSING}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            first, _, _ = in_new_process(n, name, Path(folder))
            new, warm, xy = in_new_process(n, name, Path(folder))
        trust, overlap = preserved(vectors, xy, sample)
        print(f"{name:30}{first:11.1f}{new:13.1f}{warm:8.1f}{trust:13.3f}{overlap:15.3f}", flush=True)


def in_new_process(n: int, name: str, folder: Path) -> tuple[float, float, Array]:
    """Seconds of the first and of the second run, and the map; what is compiled is kept in ``folder``."""
    command = [sys.executable, "-m", "benchmarks.map", str(n), name, str(folder / "xy.npy")]
    cache = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "compiled")}
    done = subprocess.run(command, env=cache, stdout=subprocess.PIPE, check=True)
    first, warm = json.loads(done.stdout)
    return first, warm, np.load(folder / "xy.npy")


def run(n: int, name: str, file: Path) -> None:
    """Make the map twice, save it and print the seconds of each."""
    vectors = invented_vectors(n)
    way = WAYS[name](vectors)
    _, first = timed(way)
    xy, warm = timed(way)
    np.save(file, xy)
    print(json.dumps([first, warm]))


def prodsim(vectors: Array) -> Callable[[], Array]:
    """Neighbours and map, as a build makes them, from the index that it has for searching."""
    index = HnswIndex.build(vectors.astype(np.float16), "cosine")

    def work() -> Array:
        from prodsim.graph import build_graph
        from prodsim.map.projection import project
        from prodsim.workspace.build import GRAPH_K

        return project(index.vectors, build_graph(index, GRAPH_K))

    return work


def prodsim_with_index(vectors: Array) -> Callable[[], Array]:
    """The same with the time that the index takes."""
    return lambda: prodsim(vectors)()


def umap_alike(vectors: Array) -> Callable[[], Array]:
    """umap-learn with the least distance that the map here has."""

    def work() -> Array:
        from umap import UMAP

        from prodsim.map.projection import MIN_DIST

        return UMAP(metric="cosine", min_dist=MIN_DIST).fit_transform(vectors)

    return work


def umap_plain(vectors: Array) -> Callable[[], Array]:
    """umap-learn as it comes."""

    def work() -> Array:
        from umap import UMAP

        return UMAP().fit_transform(vectors)

    return work


def atlas(vectors: Array) -> Callable[[], Array]:
    """embedding-atlas, which has umap-learn make the map."""

    def work() -> Array:
        import pandas as pd
        from embedding_atlas.projection import compute_projection

        with tempfile.TemporaryDirectory() as cache:
            table = pd.DataFrame({"vector": list(vectors)})
            table = compute_projection(table, inputs="vector", modality="vector", cache_root=cache)
        return table[["projection_x", "projection_y"]].to_numpy(np.float32)

    return work


def pacmap(vectors: Array) -> Callable[[], Array]:
    """PaCMAP as it comes: another method (Wang et al. 2021)."""

    def work() -> Array:
        from pacmap import PaCMAP

        return PaCMAP().fit_transform(vectors)

    return work


WAYS: dict[str, Callable[[Array], Callable[[], Array]]] = {
    "prodsim": prodsim,
    "prodsim, index included": prodsim_with_index,
    "umap-learn, cosine, min_dist": umap_alike,
    "umap-learn, defaults": umap_plain,
    "embedding-atlas": atlas,
    "PaCMAP": pacmap,
}
NEEDS = {"embedding-atlas": "embedding_atlas", "PaCMAP": "pacmap"}


def preserved(vectors: Array, xy: Array, sample: NDArray[np.integer]) -> tuple[float, float]:
    """Trustworthiness and overlap of the nearest K, over a sample of points against all."""
    n, penalty, shared = len(vectors), 0, 0
    for point in sample:
        closeness, distance = vectors @ vectors[point], np.square(xy - xy[point]).sum(axis=1)
        closeness[point], distance[point] = np.inf, -1.0
        near = np.argpartition(distance, K)[: K + 1]
        rank = np.count_nonzero(closeness[None] > closeness[near, None], axis=1)  # 0 for the point itself
        penalty += np.maximum(rank - K, 0).sum()
        shared += np.count_nonzero(rank <= K) - 1
    return 1 - 2 * penalty / (len(sample) * K * (2 * n - 3 * K - 1)), shared / (len(sample) * K)


if __name__ == "__main__":
    main()
