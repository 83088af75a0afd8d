"""Times the index against hnswlib and numpy used directly: ``python -m benchmarks.index [products]``."""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

import hnswlib
import numpy as np
from numpy.typing import NDArray

from prodsim.graph import build_graph
from prodsim.index import ExactIndex, HnswIndex, HnswParams

DIM = 384
N_QUERIES = 500
K = 10

Array = NDArray[np.float32]
T = TypeVar("T")


def invented_vectors(n: int, seed: int = 0) -> Array:
    """Unit vectors of invented titles: each the sum of its words, drawn by kind of product, brand and colour."""
    rng = np.random.default_rng(seed)
    n_kinds = max(1, n // 250)
    words = rng.normal(size=(30 * n_kinds + 600, DIM)).astype(np.float32)
    kind = rng.integers(0, n_kinds, n)
    vectors = 2 * words[kind * 30]
    for weight in (1.0, 0.8, 0.6):  # words that this kind of product has
        vectors += weight * words[kind * 30 + rng.integers(1, 30, n)]
    for weight in (0.7, 0.5):  # a brand, a colour: words that any product may have, few of them often
        common = np.minimum(rng.zipf(1.3, n), 600) - 1
        vectors += weight * words[30 * n_kinds + common]
    vectors += 0.1 * rng.normal(size=vectors.shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main() -> None:
    """Print one table; each line's peer was measured in the same run."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    vectors = invented_vectors(n + N_QUERIES)
    queries, vectors = vectors[n:], vectors[:n]
    truth = numpy_search(vectors, queries)
    index, build_s = timed(lambda: HnswIndex.build(vectors.astype(np.float16), "cosine"))
    params = HnswParams()
    raw = hnswlib.Index(space="cosine", dim=DIM)
    raw.init_index(max_elements=n, ef_construction=params.ef_construction, M=params.m)
    _, raw_build_s = timed(lambda: raw.add_items(vectors))
    raw.set_ef(index.ef)
    exact = ExactIndex(vectors.astype(np.float16), "cosine")
    print(f"{n:,} vectors of {DIM}, m {params.m}, ef {index.ef}, recall@10 measured by the index {index.recall:.3f}\n")
    print(f"{'':24}{'build s':>9}{'p50 ms':>9}{'p99 ms':>9}{'recall@10':>11}")
    line("prodsim hnsw", build_s, lambda q: index.search(q, K).rows[0], queries, truth)
    line("hnswlib", raw_build_s, lambda q: raw.knn_query(q, K, num_threads=1)[0][0], queries, truth)
    line("prodsim exact", 0.0, lambda q: exact.search(q, K).rows[0], queries[:50], truth)
    line("numpy float32", 0.0, lambda q: numpy_search(vectors, q)[0], queries[:50], truth)
    _, graph_s = timed(lambda: build_graph(index, 30))
    _, raw_graph_s = timed(lambda: raw.knn_query(vectors, 31))
    print(f"\nall neighbours, 30 each: prodsim {graph_s:.1f} s, hnswlib {raw_graph_s:.1f} s")


def numpy_search(vectors: Array, queries: Array) -> NDArray[np.int64]:
    """The K nearest rows of each query, as one would write it in numpy."""
    scores = queries @ vectors.T
    best = np.argpartition(-scores, K, axis=1)[:, :K]
    return np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, 1), axis=1), 1)


def line(
    name: str, build_s: float, search: Callable[[Array], NDArray[np.int64]], queries: Array, truth: NDArray[np.int64]
) -> None:
    """Ask one query at a time and print times and recall."""
    search(queries[:1])
    milliseconds, hits = [], 0
    for query, right in zip(queries[:, None], truth, strict=False):
        found, seconds = timed(lambda query=query: search(query))
        milliseconds.append(seconds * 1000)
        hits += len(np.intersect1d(found, right))
    p50, p99 = np.percentile(milliseconds, [50, 99])
    print(f"{name:24}{build_s:9.1f}{p50:9.2f}{p99:9.2f}{hits / (len(queries) * K):11.3f}")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result and the seconds it took."""
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


if __name__ == "__main__":
    main()
