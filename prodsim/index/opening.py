"""Which engine finds nearest vectors: the graph in the catalog's folder, or a server's."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from prodsim.artifacts import open_artifact
from prodsim.errors import StorageError
from prodsim.index.hnsw import HnswIndex
from prodsim.index.milvus import MilvusServer
from prodsim.index.postgresql import PostgresServer
from prodsim.index.server import ServerIndex, VectorServer
from prodsim.phrases import phrase

EMBEDDED = "embedded"

SearchedIndex = HnswIndex | ServerIndex
"""An index that a catalog is searched by."""


def open_server(address: str) -> VectorServer | None:
    """Return the server at an address; ``None`` for ``""`` and ``embedded``. Nothing is connected to yet.

    Raises:
        StorageError: no engine has such an address. It is not repeated, because it may hold a password.
    """
    scheme = address.partition("://")[0]
    if address in ("", EMBEDDED):
        return None
    if scheme in ("postgresql", "postgres"):
        return PostgresServer(address)
    if scheme in ("milvus", "milvus+https"):
        return MilvusServer(address)
    raise StorageError(
        phrase("PRODSIM_INDEX names no engine that prodsim knows."),
        phrase("Leave it empty, or write postgresql://user@host:5432/database or milvus://user@host:19530."),
    )


def open_index(folder: Path, get_server: Callable[[], VectorServer | None]) -> SearchedIndex:
    """Open the saved index in an artefact, whichever engine it is of.

    Args:
        folder: of the artefact.
        get_server: opens the server that this workspace uses; not called for an index in its folder.

    Raises:
        StaleArtifact: the artefact does not fit, or its table is no longer on the server.
        StorageError: the server is not reached, or the workspace uses another.
    """
    with open_artifact(folder) as params:
        vectors = np.asarray(np.load(folder / "vectors.npy", mmap_mode="r"))
    if "server" not in params:
        return HnswIndex.load(folder, vectors)
    server = get_server()
    if server is None or server.place != params["server"]:
        raise StorageError(
            phrase(
                "The vectors of this catalog are on {place}, but PRODSIM_INDEX does not name that server.",
                place=params["server"],
            ),
            phrase("Set PRODSIM_INDEX to that server, with user and password, or build the catalog again."),
        )
    return ServerIndex.load(server, folder, vectors)
