"""The approximate index: hnswlib proposes rows, their exact scores decide."""

import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import hnswlib
import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import load_artifact
from prodsim.index.exact import ExactIndex, check_search, score
from prodsim.index.protocol import Metric, Neighbours, Rows, Vectors
from prodsim.progress import SILENT, Progress

MIN_RECALL = 0.98
N_JUDGED = 200
FEW_ROWS = 20_000
"""Up to this many allowed rows, comparing with each is quicker than walking the graph past the others."""
CHUNK = 4096


@dataclass(frozen=True, slots=True)
class HnswParams:
    """How the graph is built.

    Attributes:
        m: links per row; more is more exact, larger and slower to build.
        ef_construction: rows looked at while linking one.
        ef: rows looked at in a search; doubled after the build until the recall suffices.
    """

    m: int = 16
    ef_construction: int = 200
    ef: int = 64


class HnswIndex:
    """An HNSW graph over unique vectors, with its recall measured.

    Attributes:
        vectors: what is indexed, shape (n, dim), float16 or float32.
        ef: rows looked at in a search.
        recall: recall@10 against exact search at that ``ef``, on a seeded sample of rows; in [0, 1].
    """

    def __init__(self, graph: hnswlib.Index, vectors: NDArray[np.floating], metric: Metric, ef: int, recall: float) -> None:
        self._graph = graph
        self._exact = ExactIndex(vectors, metric)
        self._lock = threading.Lock()
        self.vectors = vectors
        self.ef = ef
        self.recall = recall

    @classmethod
    def build(
        cls,
        vectors: NDArray[np.floating],
        metric: Metric = "cosine",
        params: HnswParams = HnswParams(),
        progress: Progress = SILENT,
    ) -> Self:
        """Link all vectors, then raise ``ef`` until recall@10 on a sample is at least 0.98.

        Args:
            vectors: shape (n, dim), no two equal: equal ones would hide others from the search.
            metric: how closeness is measured.
            params: how the graph is built.
            progress: advanced by rows linked; ``Cancelled`` passes through between chunks.
        """
        n, dim = vectors.shape
        graph = hnswlib.Index(space=metric, dim=dim)
        graph.init_index(max_elements=max(n, 1), ef_construction=params.ef_construction, M=params.m, random_seed=1)
        for start in range(0, n, CHUNK):
            block = np.asarray(vectors[start : start + CHUNK], np.float32)
            graph.add_items(block, np.arange(start, start + len(block)))
            progress.advance(len(block))
        index = cls(graph, vectors, metric, params.ef, 1.0)
        index._reach_recall()
        return index

    @classmethod
    def load(cls, folder: Path, vectors: NDArray[np.floating]) -> Self:
        """Load what ``save`` wrote into an artefact, over the same vectors.

        Raises:
            StaleArtifact: the artefact does not fit.
        """
        params = load_artifact(folder, {"rows": len(vectors), "dim": vectors.shape[1]})
        graph = hnswlib.Index(space=params["metric"], dim=params["dim"])
        graph.load_index(str(folder / "hnsw.bin"), max_elements=max(params["rows"], 1))
        graph.set_ef(params["ef"])
        return cls(graph, vectors, params["metric"], params["ef"], params["recall"])

    def save(self, folder: Path) -> dict[str, object]:
        """Write the graph into a folder and return the parameters its manifest needs."""
        self._graph.save_index(str(folder / "hnsw.bin"))
        n, dim = self.vectors.shape
        return {"rows": n, "dim": dim, "metric": self.metric, "ef": self.ef, "recall": self.recall}

    @property
    def metric(self) -> Metric:
        """How closeness is measured."""
        return self._exact.metric

    def __len__(self) -> int:
        return len(self.vectors)

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = False) -> Neighbours:
        """Find the k closest rows for each query; see ``Index.search``."""
        check_search(queries, self.vectors.shape[1], k)
        n_allowed = len(self) if rows is None else len(np.unique(rows))
        if exact or n_allowed <= min(FEW_ROWS, len(self) - 1) or k >= len(self):
            return self._exact.search(queries, k, rows)
        if rows is None:
            return self._walk(queries, k) or self._exact.search(queries, k)
        # Enough extra answers that, on average, twice k of them are allowed.
        found = self._walk(queries, min(len(self), 2 * k * len(self) // n_allowed + 1))
        return (found and _keep(found, rows, k, len(self))) or self._exact.search(queries, k, rows)

    def scores(self, queries: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Exact scores of the rows for each query; see ``Index.scores``."""
        return self._exact.scores(queries, rows)

    def _walk(self, queries: Vectors, k: int) -> Neighbours | None:
        """The graph's answers, exactly scored and ordered; ``None`` when it cannot reach k rows."""
        with self._lock:  # ef belongs to the whole graph
            self._graph.set_ef(max(self.ef, k))
        try:
            labels, _ = self._graph.knn_query(queries, k, num_threads=1 if len(queries) == 1 else -1)
        except RuntimeError:
            return None
        found = labels.astype(np.int64)
        scores = np.empty(found.shape, np.float32)
        for query, (rows, vector) in enumerate(zip(found, queries, strict=True)):
            scores[query] = score(vector[None], np.asarray(self.vectors[rows], np.float32), self.metric)[0]
        order = np.lexsort((found, -scores), axis=1)
        return Neighbours(np.take_along_axis(found, order, 1), np.take_along_axis(scores, order, 1))

    def _reach_recall(self) -> None:
        if len(self) <= 10:
            return
        sample = np.sort(np.random.default_rng(0).choice(len(self), min(N_JUDGED, len(self)), replace=False))
        queries = np.asarray(self.vectors[sample], np.float32)
        truth = self._exact.search(queries, 10)
        while True:
            found = self._walk(queries, 10)
            # An answer as close as the tenth true one is right, whichever of several equal rows it is.
            good = 0.0 if found is None else float((found.scores >= truth.scores[:, -1:] - 1e-6).mean())
            self.recall = good
            if good >= MIN_RECALL or self.ef >= len(self):
                return
            self.ef = min(2 * self.ef, len(self))


def _keep(found: Neighbours, rows: Rows, k: int, n: int) -> Neighbours | None:
    """The first k allowed answers of each query; ``None`` when any query has fewer."""
    mask = np.zeros(n, bool)
    mask[rows] = True
    allowed = mask[found.rows]
    if (allowed.sum(axis=1) < k).any():
        return None
    first = np.argsort(~allowed, axis=1, kind="stable")[:, :k]
    return Neighbours(np.take_along_axis(found.rows, first, 1), np.take_along_axis(found.scores, first, 1))
