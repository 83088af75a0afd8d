"""Collections of vectors in Milvus, on a server or, by milvus-lite, in a folder."""

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import ProdsimError, StorageError
from prodsim.extras import optional_packages
from prodsim.index.float16 import as_float32
from prodsim.index.hnsw import HnswParams
from prodsim.index.protocol import Metric, Rows, Vectors
from prodsim.index.server import TableFacts, table_gone, unreachable
from prodsim.phrases import phrase

if TYPE_CHECKING:
    from pymilvus import MilvusClient

CONNECT_S = 5.0
CALL_S = 60.0
"""How long one call may take, the tries of pymilvus itself included; making a graph may take any time."""
LISTED_ROWS = 10_000
METRICS: dict[Metric, str] = {"cosine": "COSINE", "ip": "IP", "l2": "L2"}
ADDRESS = "milvus://user@host:19530/database"


class MilvusServer:
    """A Milvus; one object serves many threads.

    Args:
        url: ``milvus://user:password@host:19530/database``, ``milvus+https://…`` by TLS, or ``milvus:///folder/shop.db``
            for a folder of milvus-lite.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: MilvusClient | None = None
        self._connecting = threading.Lock()
        self._searching = threading.Lock()

    @property
    def place(self) -> str:
        """Return its address, without user and password; raises ``StorageError`` where it cannot be understood."""
        parts = self._parts()
        return (
            f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port or 19530}' if parts.hostname else ''}{parts.path}"
        )

    def table(self, name: str, metric: Metric = "cosine") -> "MilvusTable":
        """Return a collection by its name, to be searched by a metric; it need not be there."""
        return MilvusTable(self, name, metric)

    @contextmanager
    def client(self) -> Iterator["MilvusClient"]:
        """Lend the client; what fails in the block is told as a ``ProdsimError``."""
        with optional_packages():
            from pymilvus.exceptions import MilvusException
        try:
            with self._connecting:
                self._client = self._client or self._connect()
            yield self._client
        except MilvusException as error:
            raise _explain(error, self.place) from error

    def searching(self) -> AbstractContextManager[object]:
        """Return what a search holds: milvus-lite keeps ``ef`` in the index, where others would overwrite it."""
        return nullcontext() if self._parts().hostname else self._searching

    def _connect(self) -> "MilvusClient":
        with optional_packages():
            from pymilvus import MilvusClient
        # It writes every error to the log with its trace; here each is told in words.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        parts = self._parts()
        if not parts.hostname:
            path = unquote(parts.path)
            return MilvusClient(path[1:] if path[2:3] == ":" else path)  # /C:/… on Windows
        scheme = "https" if parts.scheme.endswith("+https") else "http"
        token = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}" if parts.username else ""
        return MilvusClient(
            f"{scheme}://{parts.hostname}:{parts.port or 19530}",
            token=token,
            db_name=parts.path.strip("/"),
            timeout=CONNECT_S,
        )

    def _parts(self) -> SplitResult:
        try:
            parts = urlsplit(self._url)
            is_understood = bool(parts.hostname or parts.path.endswith(".db")) and (parts.port or 1) > 0
        except ValueError:
            is_understood = False
        if not is_understood:
            raise StorageError(
                phrase("The address of the index cannot be understood."),
                phrase("Write it as {address} in PRODSIM_INDEX.", address=ADDRESS),
            )
        return parts


class MilvusTable:
    """A collection ``id``, ``vector`` with an HNSW index; see ``VectorTable``.

    Milvus has no transactions. A shipment that was cut is sent again, and what a killed build sent is in a collection
    that no catalog names yet.
    """

    most = 16_384

    def __init__(self, server: MilvusServer, name: str, metric: Metric) -> None:
        self._server = server
        self._name = name
        self._metric: Metric = metric

    def create(self, dim: int) -> None:
        """Make the collection, empty, for vectors of ``dim`` numbers."""
        with optional_packages():
            from pymilvus import DataType
        with self._server.client() as client:
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
            # Strong: what was sent is found, whichever node answers.
            client.create_collection(self._name, schema=schema, consistency_level="Strong", timeout=CALL_S)

    def add(self, labels: Rows, vectors: NDArray[np.float16]) -> None:
        """Add vectors; a label that is there already gets the vector that it has."""
        wide = as_float32(vectors)
        rows = [{"id": label, "vector": vector} for label, vector in zip(labels.tolist(), wide, strict=True)]
        with self._server.client() as client:
            client.upsert(self._name, rows, timeout=CALL_S)

    def link(self, params: HnswParams) -> None:
        """Make the graph; what is added later enters it by itself."""
        built = {"M": params.m, "efConstruction": params.ef_construction}
        with self._server.client() as client:
            client.flush(self._name)
            index = client.prepare_index_params()
            index.add_index("vector", index_type="HNSW", metric_type=METRICS[self._metric], params=built)
            client.create_index(self._name, index)
            client.load_collection(self._name)

    def labels(self) -> Rows:
        """Return all labels."""
        found: list[NDArray[np.int64]] = []
        with self._server.client() as client:
            pages = client.query_iterator(self._name, batch_size=LISTED_ROWS, filter="", output_fields=["id"])
            while page := pages.next():
                found.append(np.array([row["id"] for row in page], np.int64))
            pages.close()
        return np.concatenate([np.empty(0, np.int64), *found])

    def remove(self, labels: Rows) -> None:
        """Remove vectors."""
        with self._server.client() as client:
            for start in range(0, len(labels), LISTED_ROWS):
                client.delete(self._name, ids=labels[start : start + LISTED_ROWS].tolist(), timeout=CALL_S)

    def nearest(self, queries: Vectors, n: int, ef: int) -> Rows:
        """Return the labels of about the n nearest to each query, shape (n_queries, n); filled up with -1."""
        out = np.full((len(queries), n), -1, np.int64)
        with self._server.client() as client, self._server.searching():
            found = client.search(
                self._name,
                list(np.asarray(queries, np.float32)),
                limit=n,
                search_params={"params": {"ef": ef}},
                output_fields=["id"],
                timeout=CALL_S,
            )
        for line, hits in zip(out, found, strict=True):
            line[: len(hits)] = [hit["id"] for hit in hits]
        return out

    def facts(self) -> TableFacts | None:
        """Return what the collection says of itself."""
        with self._server.client() as client:
            if not client.has_collection(self._name, timeout=CALL_S):
                return None
            fields = client.describe_collection(self._name, timeout=CALL_S)["fields"]
            dim = next((int(field["params"].get("dim", 0)) for field in fields if field["name"] == "vector"), 0)
            kind = client.describe_index(self._name, "vector", timeout=CALL_S)["metric_type"]
            client.load_collection(self._name, timeout=CALL_S)
        metric = next((metric for metric, name in METRICS.items() if name == kind), None)
        return TableFacts(dim, metric) if metric else None

    def __len__(self) -> int:
        with self._server.client() as client:
            return int(client.query(self._name, filter="", output_fields=["count(*)"], timeout=CALL_S)[0]["count(*)"])

    def drop(self) -> None:
        """Remove the collection, if it is there."""
        with self._server.client() as client:
            if client.has_collection(self._name, timeout=CALL_S):
                client.drop_collection(self._name, timeout=CALL_S)


def _explain(error: Any, place: str) -> ProdsimError:
    """Return what an error of pymilvus means; its messages have no password."""
    text = str(error.message).strip().split("\n")[0]
    if "auth" in text.lower() or "permission" in text.lower() or error.code in (1800, 2300):
        return StorageError(
            phrase("{place} does not accept the user or the password.", place=place),
            phrase("Check both in PRODSIM_INDEX."),
        )
    if error.code == 100:
        return table_gone(place)
    if error.code in (1, 2) or "deadline" in text.lower() or "unavailable" in text.lower():
        return unreachable(place, text)
    return StorageError(
        phrase("{place} refuses: {reason}.", place=place, reason=text),
        phrase("Check the address in PRODSIM_INDEX, and what the server's log says."),
    )
