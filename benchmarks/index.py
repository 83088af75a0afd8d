"""Times the index against what one would use directly: ``python -m benchmarks.index [products]``.

hnswlib, faiss and usearch get the same links per row and look at the same number of rows. A filtered search may return
a share of the rows, drawn at random; usearch has none in Python, and hnswlib raises an error where it finds fewer than
ten, which counts as nothing found. pynndescent has compiled before it is timed. Smaller vectors are read from the first
to the last, and what is best among them is scored again by the whole vectors.
"""

import importlib.util
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

import hnswlib
import numpy as np
from numpy.typing import NDArray

from prodsim.graph import build_graph
from prodsim.index import ExactIndex, HnswIndex, HnswParams

DIM = 384
N_QUERIES = 500
N_FILTERED = 100
K = 10
N_NEIGHBOURS = 30
SHARES = (0.01, 0.1, 0.5)
MISSING = "not installed: pip install -r requirements-bench.txt"

Array = NDArray[np.float32]
Rows = NDArray[np.int64]
Search = Callable[[Array], Rows]
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
    """Print all tables; each line's peers were measured in the same run."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    vectors = invented_vectors(n + N_QUERIES)
    queries, vectors = vectors[n:], vectors[:n]
    index, build_s = timed(lambda: HnswIndex.build(vectors.astype(np.float16), "cosine"))
    raw, raw_build_s = timed(lambda: build_hnswlib(vectors, index.ef))
    faiss, faiss_build_s = timed(lambda: build_faiss(vectors, index.ef)) if installed("faiss") else (None, 0.0)
    exact = ExactIndex(vectors.astype(np.float16), "cosine")
    truth = numpy_search(vectors, queries)
    print(f"{n:,} vectors of {DIM}, m {HnswParams().m}, ef {index.ef}, recall@10 by the index {index.recall:.3f}\n")
    print(f"{'':24}{'build s':>9}{'p50 ms':>9}{'p99 ms':>9}{'recall@10':>11}")
    line("prodsim hnsw", build_s, lambda q: index.search(q, K).rows[0], queries, truth)
    line("hnswlib", raw_build_s, lambda q: raw.knn_query(q, K, num_threads=1)[0][0], queries, truth)
    line("faiss hnsw", faiss_build_s, faiss and (lambda q: faiss.search(q, K)[1][0]), queries, truth)
    usearch, usearch_build_s = timed(lambda: build_usearch(vectors, index.ef)) if installed("usearch") else (None, 0.0)
    line("usearch", usearch_build_s, usearch and (lambda q: usearch.search(q[0], K).keys), queries, truth)
    line("prodsim exact", 0.0, lambda q: exact.search(q, K).rows[0], queries[:50], truth)
    line("numpy float32", 0.0, lambda q: numpy_search(vectors, q)[0], queries[:50], truth)
    print_smaller(vectors, queries, truth)
    for share in SHARES:
        print_filtered(share, index, raw, faiss, vectors, queries[:N_FILTERED])
    print_all_neighbours(index, raw, vectors)


def print_smaller(vectors: Array, queries: Array, truth: Rows) -> None:
    """Vectors of whole numbers and of signs alone, by faiss."""
    if not installed("faiss"):
        return
    import faiss

    whole = faiss.IndexScalarQuantizer(DIM, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    whole.train(vectors)
    whole.add(vectors)
    halves = vectors.astype(np.float16)
    bits = faiss.IndexBinaryFlat(DIM)
    bits.add(np.packbits(vectors > 0, axis=1))

    def scored_again(query: Array, rows: Rows) -> Rows:
        return rows[np.argsort(-(halves[rows].astype(np.float32) @ query[0]))[:K]]

    print(f"\n{'smaller, scored again':24}{'build s':>9}{'p50 ms':>9}{'p99 ms':>9}{'recall@10':>11}{'MB':>8}")
    for name, search, size in (
        ("int8, best 40", lambda q: scored_again(q, whole.search(q, 4 * K)[1][0]), DIM),
        ("bits, best 100", lambda q: scored_again(q, bits.search(np.packbits(q > 0, axis=1), 10 * K)[1][0]), DIM // 8),
    ):
        line(name, 0.0, search, queries[:N_FILTERED], truth, f"{size * len(vectors) / 1e6:8.1f}")


def print_filtered(
    share: float, index: HnswIndex, raw: hnswlib.Index, faiss: Any, vectors: Array, queries: Array
) -> None:
    """Search where only a share of the rows may be returned."""
    mask = np.random.default_rng(0).random(len(vectors)) < share
    rows, allowed = np.flatnonzero(mask), mask.tolist()
    some = vectors[rows]
    truth = rows[numpy_search(some, queries)]

    def hnswlib_search(query: Array) -> Rows:
        try:
            return raw.knn_query(query, K, num_threads=1, filter=allowed.__getitem__)[0][0]
        except RuntimeError:  # it found fewer than K
            return rows[:0]

    print(f"\n{f'{share:.0%} of the rows allowed':24}{'build s':>9}{'p50 ms':>9}{'p99 ms':>9}{'recall@10':>11}")
    line("prodsim hnsw", 0.0, lambda q: index.search(q, K, rows).rows[0], queries, truth)
    line("hnswlib", 0.0, hnswlib_search, queries, truth)
    line("faiss hnsw", 0.0, faiss and faiss_filtered(faiss, mask, index.ef), queries, truth)
    line("numpy float32", 0.0, lambda q: rows[numpy_search(some, q)[0]], queries, truth)


def print_all_neighbours(index: HnswIndex, raw: hnswlib.Index, vectors: Array) -> None:
    """Every row's nearest others, on all cores; recall on the first rows."""
    truth = numpy_search(vectors, vectors[:N_QUERIES], N_NEIGHBOURS + 1)[:, 1:]

    def told(name: str, find: Callable[[], NDArray[np.integer]]) -> None:
        found, seconds = timed(find)
        hits = sum(len(np.intersect1d(a, b)) for a, b in zip(found, truth, strict=False))
        print(f"{name:24}{seconds:9.1f}{hits / truth.size:11.3f}")

    print(f"\n{f'all neighbours, {N_NEIGHBOURS} each':24}{'s':>9}{'recall':>11}")
    told("prodsim", lambda: build_graph(index, N_NEIGHBOURS).rows)
    told("hnswlib", lambda: raw.knn_query(vectors, N_NEIGHBOURS + 1)[0])
    pynndescent_neighbours(vectors[:2000])
    told("pynndescent", lambda: pynndescent_neighbours(vectors))


def build_hnswlib(vectors: Array, ef: int) -> hnswlib.Index:
    """The index of hnswlib."""
    index = hnswlib.Index(space="cosine", dim=DIM)
    index.init_index(max_elements=len(vectors), ef_construction=HnswParams().ef_construction, M=HnswParams().m)
    index.add_items(vectors)
    index.set_ef(ef)
    return index


def build_faiss(vectors: Array, ef: int) -> Any:
    """The index of faiss by inner product, which is the cosine of unit vectors."""
    import faiss

    index = faiss.IndexHNSWFlat(DIM, HnswParams().m, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = HnswParams().ef_construction, ef
    index.add(vectors)
    return index


def faiss_filtered(index: Any, mask: NDArray[np.bool_], ef: int) -> Search:
    """A search that returns allowed rows only, by faiss's own selector."""
    import faiss

    bits = np.packbits(mask, bitorder="little")
    chosen = faiss.SearchParametersHNSW(sel=faiss.IDSelectorBitmap(bits), efSearch=ef)
    return lambda query: index.search(query, K, params=chosen)[1][0]


def build_usearch(vectors: Array, ef: int) -> Any:
    """The index of usearch."""
    from usearch.index import Index

    of = HnswParams()
    index = Index(
        ndim=DIM, metric="cos", dtype="f32", connectivity=of.m, expansion_add=of.ef_construction, expansion_search=ef
    )
    index.add(np.arange(len(vectors)), vectors)
    return index


def pynndescent_neighbours(vectors: Array) -> NDArray[np.integer]:
    """Every row's nearest, itself among them."""
    from pynndescent import NNDescent

    return NNDescent(vectors, metric="cosine", n_neighbors=N_NEIGHBOURS + 1, random_state=0).neighbor_graph[0]


def numpy_search(vectors: Array, queries: Array, k: int = K) -> Rows:
    """The k nearest rows of each query, as one would write it in numpy."""
    scores = queries @ vectors.T
    best = np.argpartition(-scores, k, axis=1)[:, :k]
    return np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, 1), axis=1), 1)


def line(name: str, build_s: float, search: Search | None, queries: Array, truth: Rows, more: str = "") -> None:
    """Ask one query at a time and print times and recall; or that there is nothing to ask."""
    if search is None:
        return print(f"{name:24} {MISSING}")
    search(queries[:1])
    milliseconds, hits = [], 0
    for query, right in zip(queries[:, None], truth, strict=False):
        found, seconds = timed(lambda query=query: search(query))
        milliseconds.append(seconds * 1000)
        hits += len(np.intersect1d(found, right))
    p50, p99 = np.percentile(milliseconds, [50, 99])
    print(f"{name:24}{build_s:9.1f}{p50:9.2f}{p99:9.2f}{hits / (len(queries) * K):11.3f}{more}", flush=True)


def installed(package: str) -> bool:
    """Whether a peer can be raced."""
    return importlib.util.find_spec(package) is not None


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result and the seconds it took."""
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


if __name__ == "__main__":
    main()
