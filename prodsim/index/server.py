"""An index whose graph is on a server: the server proposes rows, their exact scores, computed here, decide."""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import open_artifact
from prodsim.errors import StaleArtifact, StorageError
from prodsim.index.candidates import CandidateSearch, judges, ranked, reach_recall
from prodsim.index.exact import ExactIndex
from prodsim.index.grouped import vector_keys
from prodsim.index.hnsw import HnswParams
from prodsim.index.protocol import Metric, Neighbours, Rows, Vectors
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress

TABLE_FORMAT = 1
"""Raised when a table holds something else, or means something else by it."""
SENT_ROWS = 8192
"""Vectors sent between two checks of the cancel token."""
ASKED_QUERIES = 32
"""Queries asked at a time: few enough for any server to answer within its time limit."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What a table says of itself; kept on the server, and in the manifest of every index that uses it.

    Attributes:
        dim: numbers per vector.
        metric: that its graph is made for.
        format: see ``TABLE_FORMAT``.
    """

    dim: int
    metric: Metric
    format: int = TABLE_FORMAT


class VectorTable(Protocol):
    """Labelled vectors on a server, with a graph; safe to use from several threads.

    Every method raises ``StorageError`` where the server is not reached, refuses or is full, and ``StaleArtifact``
    where the table is gone. What is sent is there as a whole or not at all, or can be sent again.
    """

    most: int
    """The most neighbours that can be asked for."""

    def create(self, dim: int) -> None:
        """Make the table, empty, for vectors of ``dim`` numbers."""

    def add(self, labels: Rows, vectors: NDArray[np.float16]) -> None:
        """Add vectors; a label that is there already keeps its vector."""

    def link(self, params: HnswParams) -> None:
        """Make the graph of what was added; what is added later enters it at once."""

    def labels(self) -> Rows:
        """Return all labels, in any order."""

    def remove(self, labels: Rows) -> None:
        """Remove vectors; labels that are not there are no mistake."""

    def nearest(self, queries: Vectors, n: int, ef: int) -> Rows:
        """Return the labels of about the n nearest to each query, shape (n_queries, n); filled up with -1."""

    def facts(self) -> TableFacts | None:
        """Return what the table says of itself; ``None`` where there is no such table, or another's."""

    def __len__(self) -> int:
        """Return how many vectors are there."""

    def drop(self) -> None:
        """Remove the table, if it is there."""


class VectorServer(Protocol):
    """A server that has tables of vectors."""

    @property
    def place(self) -> str:
        """Return its address, without user and password."""

    def table(self, name: str, metric: Metric = "cosine") -> VectorTable:
        """Return a table by its name, to be searched by a metric; it need not be there."""


class ServerIndex:
    """An index that takes its candidates from a table on a server; see ``Index``.

    The vectors are on this machine, too, mapped into memory: filters, exact scores and all that is no search are
    computed from them. A label is made of the vector itself. So sending vectors again changes nothing, and an older
    index and its update share one table: what is new to the one is passed over by the other.

    Attributes:
        vectors: what is indexed, shape (n, dim), float16; no two are equal.
        ef: rows visited in a search.
        recall: as of ``HnswIndex``.
        added, gone: as of ``HnswIndex``.
    """

    def __init__(
        self, server: VectorServer, name: str, vectors: NDArray[np.float16], metric: Metric, labels: Rows
    ) -> None:
        self.vectors = vectors
        self.ef = HnswParams().ef
        self.recall = 1.0
        self.added = self.gone = 0
        self._exact = ExactIndex(vectors, metric)
        self._server, self._name, self._table = server, name, server.table(name, metric)
        self._order = np.argsort(labels)
        self._labels = labels
        self._sorted = labels[self._order]
        self._spare = 0.0

    @classmethod
    def build(
        cls,
        server: VectorServer,
        name: str,
        vectors: NDArray[np.float16],
        metric: Metric = "cosine",
        params: HnswParams = HnswParams(),
        progress: Progress = SILENT,
    ) -> Self:
        """Send all vectors into a new table, then raise ``ef`` as ``HnswIndex.build`` does.

        Args:
            server: where the table is made.
            name: of the table; one that was never used before.
            vectors: shape (n, dim), no two equal.
            metric: how closeness is measured.
            params: how the graph is built; the server has its own ``ef``.
            progress: advanced by rows sent; ``Cancelled`` passes through between chunks.
        """
        index = cls(server, name, vectors, metric, labels_of(vectors))
        index.ef = params.ef
        index._table.create(vectors.shape[1])
        every = np.arange(len(vectors))
        judged = judges(every)
        others = np.setdiff1d(every, judged)
        index._send(others, progress)
        index._table.link(params)
        index._reach_recall(judged, others)
        index._send(judged, progress)
        return index

    @classmethod
    def update(
        cls,
        server: VectorServer,
        folder: Path,
        vectors: NDArray[np.float16],
        was: Rows,
        progress: Progress = SILENT,
    ) -> Self:
        """Exchange some rows of a saved index, by far not all; see ``HnswIndex.update``.

        The saved index can still be searched afterwards. What neither of the two has is removed from the table.

        Raises:
            StaleArtifact: the artefact does not fit, or its table is gone.
            StorageError: see ``VectorTable``.
        """
        before = cls.load(server, folder, np.load(folder / "vectors.npy", mmap_mode="r"))
        index = cls(server, before._name, vectors, before.metric, labels_of(vectors))
        new = np.flatnonzero(was < 0)
        index.ef, index.recall = before.ef, before.recall
        index.added, index.gone = before.added + len(new), before.gone + len(before) - (len(was) - len(new))
        progress.advance(len(was) - len(new))
        stale = np.setdiff1d(index._table.labels(), np.concatenate([before._labels, index._labels]))
        if len(stale):
            index._table.remove(stale)
        judged = judges(new, len(was))
        index._send(np.setdiff1d(new, judged), progress)
        index._spare = index._unknown()
        index._reach_recall(judged, np.setdiff1d(np.arange(len(was)), judged))
        index._send(judged, progress)
        return index

    @classmethod
    def load(cls, server: VectorServer, folder: Path, vectors: NDArray[np.float16]) -> Self:
        """Open what ``save`` wrote into an artefact, and check that the server has what it says.

        Raises:
            StaleArtifact: the artefact does not fit, or the server has no such table, or another.
            StorageError: the server is not reached.
        """
        with open_artifact(folder, {"rows": len(vectors), "dim": vectors.shape[1]}) as params:
            labels = np.load(folder / "labels.npy")
        index = cls(server, params["table"], vectors, params["metric"], labels)
        index.ef, index.recall = params["ef"], params["recall"]
        index.added, index.gone = params["added"], params["gone"]
        index._check()
        index._spare = index._unknown()
        return index

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the labels into a folder and return the parameters its manifest needs; none of them is secret."""
        np.save(folder / "labels.npy", self._labels)
        n, dim = self.vectors.shape
        state = {"ef": self.ef, "recall": self.recall, "added": self.added, "gone": self.gone}
        return {
            "rows": n,
            "dim": dim,
            "metric": self.metric,
            **state,
            "server": self._server.place,
            "table": self._name,
        }

    @property
    def metric(self) -> Metric:
        """Return the metric that vectors are compared by."""
        return self._exact.metric

    def __len__(self) -> int:
        return len(self.vectors)

    def at(self, ef: int) -> Self:
        """Return the same index, but a search visits ``ef`` rows; see ``Index.at``."""
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
        # The last of k found among only k are often wrong.
        wide = min(len(self), k if 2 * k <= self.ef else 2 * k)
        n = int(wide * (1 + self._spare)) + 1
        if n > self._table.most:
            return self._exact.search(queries, wide)
        chunks = [queries[start : start + ASKED_QUERIES] for start in range(0, len(queries), ASKED_QUERIES)]
        labels = [self._table.nearest(chunk, n, max(self.ef, n)) for chunk in chunks]
        near = ranked(self._exact, queries, self._rows(np.vstack([np.empty((0, n), np.int64), *labels])))
        short = np.flatnonzero(near.rows[:, wide - 1] < 0)
        near = Neighbours(near.rows[:, :wide], near.scores[:, :wide])
        if len(short):  # the graph did not lead to as many, or they are another index's
            exact = self._exact.search(queries[short], wide)
            near.rows[short], near.scores[short] = exact.rows, exact.scores
        return near

    def _rows(self, labels: Rows) -> Rows:
        """Return the row of each label; -1 for one that this index has not."""
        place = np.minimum(np.searchsorted(self._sorted, labels), len(self._sorted) - 1)
        return np.where(self._sorted[place] == labels, self._order[place], -1)

    def _send(self, rows: Rows, progress: Progress) -> None:
        for start in range(0, len(rows), SENT_ROWS):
            part = rows[start : start + SENT_ROWS]
            self._table.add(self._labels[part], np.asarray(self.vectors[part], np.float16))
            progress.advance(len(part))

    def _reach_recall(self, judged: Rows, others: Rows) -> None:
        """Raise ``ef`` until the judged rows, not yet sent, find the closest of the others."""
        if len(judged):
            walk_at = lambda ef: self.at(ef)._walk  # noqa: E731 - one line
            self.ef, self.recall = reach_recall(self._exact, judged, others, walk_at, self.ef)

    def _unknown(self) -> float:
        """Return how many more vectors the table has than this index, as a share of the index's."""
        return max(0.0, len(self._table) / max(len(self), 1) - 1)

    def _check(self) -> None:
        """Raise ``StaleArtifact`` unless the server has what was sent."""
        there = self._table.facts()
        if there is None:
            problem = phrase("the table {table} is no longer there", table=self._name)
        elif there != TableFacts(self.vectors.shape[1], self.metric):
            problem = phrase("the table {table} holds something else", table=self._name)
        elif len(self._table) < len(self):
            problem = phrase(
                "the table {table} has {n:,} vectors, not {expected:,}",
                table=self._name,
                n=len(self._table),
                expected=len(self),
            )
        else:
            return
        raise StaleArtifact(
            phrase("The vectors on {place} do not fit: {problem}.", place=self._server.place, problem=problem),
            phrase("Build the catalog again; its texts are not encoded again."),
        )


def labels_of(vectors: NDArray[np.float16]) -> Rows:
    """Return a label of 63 bits for each vector, the same wherever and whenever it is made.

    Raises:
        ValueError: two vectors have one label. Among ten million different ones, the chance is 1 in 200,000.
    """
    digests = np.frombuffer(b"".join(vector_keys(vectors)), "<u8").reshape(-1, 2)[:, 0]
    labels = (digests >> np.uint64(1)).astype(np.int64)
    if len(np.unique(labels)) < len(labels):
        raise ValueError("vectors must differ from each other")
    return labels


def unreachable(place: str, reason: str) -> StorageError:
    """Return the error of a server that does not answer."""
    return StorageError(
        phrase("The server of the index cannot be reached ({place}): {reason}.", place=place, reason=reason),
        phrase("Start it, or check the address in PRODSIM_INDEX; catalogs that are not on it can be used as before."),
    )


def table_gone(place: str) -> StaleArtifact:
    """Return the error of a table that somebody removed."""
    return StaleArtifact(
        phrase("The vectors are no longer on {place}.", place=place),
        phrase("Build the catalog again; its texts are not encoded again."),
    )
