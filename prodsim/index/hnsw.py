"""The approximate index: hnswlib proposes rows, their exact scores decide."""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import hnswlib
import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import Params, open_artifact
from prodsim.index.candidates import CandidateSearch, judges, ranked, reach_recall
from prodsim.index.exact import ExactIndex
from prodsim.index.float16 import as_float32
from prodsim.index.protocol import Metric, Neighbours, Rows, Vectors
from prodsim.progress import SILENT, Progress

LINKED_ROWS = 2048
"""Rows linked between two checks of the cancel token: about a second."""


@dataclass(frozen=True, slots=True)
class HnswParams:
    """How the graph is built.

    Attributes:
        m: links per row; more is more exact, larger and slower to build.
        ef_construction: rows visited while linking one; half as many take half as long and cost recall.
        ef: rows visited in a search; doubled after the build until the recall suffices.
    """

    m: int = 16
    ef_construction: int = 200
    ef: int = 50


class HnswIndex:
    """An HNSW graph (Malkov and Yashunin 2018) over unique vectors, with its recall measured.

    Rows are linked on all cores, in an order that varies: two builds may differ in which of the last few neighbours
    they miss. One built index always gives the same answers, with exact scores.

    Attributes:
        vectors: what is indexed, shape (n, dim), float16 or float32.
        ef: rows visited in a search.
        recall: share of the ten nearest rows that a search finds at that ``ef``, measured before the last rows were
            linked, with those as queries; in [0, 1].
        added, gone: rows that updates linked and took away, since all were linked together.
    """

    def __init__(
        self,
        graph: hnswlib.Index,
        vectors: NDArray[np.floating],
        metric: Metric,
        ef: int,
        recall: float,
        row_of: Rows,
        added: int = 0,
    ) -> None:
        self._graph = graph
        self._exact = ExactIndex(vectors, metric)
        self._row_of = row_of  # by the graph's label; -1 for one that is gone
        self.vectors = vectors
        self.ef = ef
        self.recall = recall
        self.added = added
        self.gone = int(np.count_nonzero(row_of < 0))

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
        every = np.arange(n)
        judged = judges(every)
        others = np.setdiff1d(every, judged)
        index = cls(graph, vectors, metric, params.ef, 1.0, every)
        index._link(others, others, progress)
        index._reach_recall(judged, others)
        index._link(judged, judged, progress)
        return index

    @classmethod
    def update(cls, folder: Path, vectors: NDArray[np.floating], was: Rows, progress: Progress = SILENT) -> Self:
        """Load a saved index and exchange some of its rows, by far not all: new ones are linked to those that stay.

        Rows that are gone are no longer returned but still lead to others. The new ones judge the recall, and ``ef`` is
        raised if need be; fewer than 50 are too few to judge, and the recall measured before stands.

        Args:
            folder: what ``save`` wrote into an artefact.
            vectors: as they are now.
            was: shape (n,), the row of each in the saved index; -1 for a new one.
            progress: advanced by rows; ``Cancelled`` passes through between chunks.

        Raises:
            StaleArtifact: the artefact does not fit.
        """
        new, kept = np.flatnonzero(was < 0), np.flatnonzero(was >= 0)
        graph, row_of, params = _open(folder, {"dim": vectors.shape[1]}, len(new))
        now = np.full(params["rows"] + 1, -1)  # the last stands for a row that was gone before
        now[was[kept]] = kept
        for label in np.flatnonzero((row_of >= 0) & (now[row_of] < 0)):
            graph.mark_deleted(label)
        # New rows get labels behind all others: a row that is gone keeps its own, for it still leads to others.
        label_of_new = len(row_of) + np.arange(len(new))
        every = np.concatenate([now[row_of], new])
        index = cls(graph, vectors, params["metric"], params["ef"], params["recall"], every, params["added"] + len(new))
        progress.advance(len(kept))
        judging = np.isin(new, judges(new, len(was)))
        index._link(new[~judging], label_of_new[~judging], progress)
        index._reach_recall(new[judging], np.setdiff1d(np.arange(len(was)), new[judging]))
        index._link(new[judging], label_of_new[judging], progress)
        return index

    @classmethod
    def load(cls, folder: Path, vectors: NDArray[np.floating]) -> Self:
        """Load what ``save`` wrote into an artefact, over the same vectors.

        Raises:
            StaleArtifact: the artefact does not fit.
        """
        graph, row_of, params = _open(folder, {"rows": len(vectors), "dim": vectors.shape[1]})
        return cls(graph, vectors, params["metric"], params["ef"], params["recall"], row_of, params["added"])

    def save(self, folder: Path) -> dict[str, object]:
        """Write the graph into a folder and return the parameters its manifest needs."""
        self._graph.save_index(str(folder / "hnsw.bin"))
        np.save(folder / "row_of.npy", self._row_of)
        n, dim = self.vectors.shape
        facts = {"rows": n, "dim": dim, "metric": self.metric, "ef": self.ef, "recall": self.recall}
        return {**facts, "added": self.added, "gone": self.gone}

    @property
    def metric(self) -> Metric:
        """Return the metric that vectors are compared by."""
        return self._exact.metric

    def __len__(self) -> int:
        return len(self.vectors)

    def at(self, ef: int) -> Self:
        """Return the same index, but a search visits ``ef`` rows; the graph is shared, both may search at once.

        Raises:
            ValueError: ef is below 1.
        """
        if ef < 1:
            raise ValueError(f"ef must be at least 1, got {ef}")
        other = copy.copy(self)
        other.ef = ef
        return other

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = False) -> Neighbours:
        """Find the k closest rows for each query; see ``Index.search``."""
        return CandidateSearch(self._exact, self._walk, self.ef).search(queries, k, rows, exact=exact)

    def scores(self, queries: Vectors, rows: Rows, metric: Metric | None = None) -> NDArray[np.float32]:
        """Compute exact scores of the rows for each query; see ``Index.scores``."""
        return self._exact.scores(queries, rows, metric)

    def _walk(self, queries: Vectors, k: int) -> Neighbours:
        """Return at least k neighbours for each query, exactly scored, best first."""
        linked = self._graph.get_current_count() - self.gone
        # The last of k found among only k are often wrong.
        wide = min(linked, k if 2 * k <= self.ef else 2 * k)
        # hnswlib's own ef belongs to the graph, so to every thread; asking for more rows widens this search alone.
        width = min(linked, max(self.ef, wide))
        try:
            labels = self._graph.knn_query(queries, width, num_threads=1 if len(queries) == 1 else -1)[0][:, :wide]
        except RuntimeError:  # a query cannot reach as many rows, and hnswlib does not say which
            if len(queries) == 1:
                return self._exact.search(queries, wide)
            half = len(queries) // 2
            parts = self._walk(queries[:half], k), self._walk(queries[half:], k)
            return Neighbours(np.vstack([p.rows for p in parts]), np.vstack([p.scores for p in parts]))
        return ranked(self._exact, queries, self._row_of[labels])

    def _link(self, rows: Rows, labels: Rows, progress: Progress) -> None:
        for start in range(0, len(rows), LINKED_ROWS):
            part = slice(start, start + LINKED_ROWS)
            self._graph.add_items(as_float32(self.vectors[rows[part]]), labels[part])
            progress.advance(len(rows[part]))

    def _reach_recall(self, judged: Rows, others: Rows) -> None:
        """Raise ``ef`` until the judged rows, not yet linked, find the closest of the others."""
        if len(judged):
            walk_at = lambda ef: self.at(ef)._walk  # noqa: E731 - one line
            self.ef, self.recall = reach_recall(self._exact, judged, others, walk_at, self.ef)


def _open(folder: Path, expected: Params, room: int = 0) -> tuple[hnswlib.Index, Rows, dict[str, Any]]:
    """Open a saved graph with room for more rows, the row of each of its labels (-1 for a gone one), and its facts.

    Raises:
        StaleArtifact: see ``HnswIndex.load``.
    """
    with open_artifact(folder, expected) as params:
        row_of = np.load(folder / "row_of.npy")
        graph = hnswlib.Index(space=params["metric"], dim=params["dim"])
        graph.load_index(str(folder / "hnsw.bin"), max_elements=max(len(row_of) + room, 1))
    return graph, row_of, params
