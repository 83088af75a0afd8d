"""Tables of vectors in PostgreSQL, by its extension pgvector."""

import json
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from queue import Empty, LifoQueue
from typing import TYPE_CHECKING, Any, LiteralString

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import ProdsimError, StorageError
from prodsim.extras import optional_packages
from prodsim.index.hnsw import HnswParams
from prodsim.index.protocol import Metric, Rows, Vectors
from prodsim.index.server import TableFacts, table_gone, unreachable
from prodsim.phrases import phrase

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import Composed

ADDRESS = "postgresql://user@host:5432/database"
CONNECT_S = 5
SEARCH_S = 60
"""How long one statement of a search may take; sending and linking may take any time."""
TRIES = 3
WAIT_S = 0.2
"""Before the second try to connect; twice as long before each further one."""
LEAST_VERSION = (0, 8)
"""Of pgvector; the first that goes on where its graph led to too few."""
MOST_EF = 1000
MOST_DIM = 4000
MOST_MEMORY_MB = 1024
"""The most that the server is asked to take for making a graph, where its own setting is less."""
OPERATORS: dict[Metric, tuple[LiteralString, LiteralString]] = {
    "cosine": ("<=>", "halfvec_cosine_ops"),
    "ip": ("<#>", "halfvec_ip_ops"),
    "l2": ("<->", "halfvec_l2_ops"),
}
OPTIONS = "-c jit=off -c hnsw.iterative_scan=relaxed_order -c hnsw.max_scan_tuples=200000"
"""Plans are small, so compiling them costs more than it saves; and the graph is followed until it led to enough."""


class PostgresServer:
    """A PostgreSQL with pgvector; one object serves many threads, each with a connection of its own.

    Args:
        url: as libpq has it; the password may also be in ``PGPASSWORD`` or in its password file.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: LifoQueue[Connection] = LifoQueue()
        weakref.finalize(self, _close, self._idle)
        self._is_checked = False

    @property
    def place(self) -> str:
        """Return its address, without user and password; raises ``StorageError`` where it cannot be understood."""
        with optional_packages():
            from psycopg import ProgrammingError
            from psycopg.conninfo import conninfo_to_dict
        try:
            facts = conninfo_to_dict(self._url)
        except ProgrammingError:
            raise StorageError(
                phrase("The address of the index cannot be understood."),
                phrase("Write it as {address} in PRODSIM_INDEX.", address=ADDRESS),
            ) from None
        host, port, name = (facts.get(key) or usual for key, usual in _USUAL.items())
        return f"postgresql://{host}:{port}/{name}"

    def table(self, name: str, metric: Metric = "cosine") -> "PostgresTable":
        """Return a table by its name, to be searched by a metric; it need not be there."""
        return PostgresTable(self, name, metric)

    @contextmanager
    def connection(self) -> Iterator["Connection"]:
        """Lend a connection; what fails in the block is told as a ``ProdsimError``, and the connection closed."""
        connection = self._take()
        try:
            with self._told():
                yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)

    def _take(self) -> "Connection":
        """Return an idle connection that still stands, else a new one, trying a few times."""
        while True:
            try:
                idle = self._idle.get_nowait()
            except Empty:
                break
            if not idle.closed and _is_alive(idle):
                return idle
            idle.close()
        for attempt in range(TRIES):
            try:
                return self._connect()
            except StorageError:
                if attempt == TRIES - 1:
                    raise
                time.sleep(WAIT_S * 2**attempt)
        raise AssertionError("the last try returns or raises")

    def _connect(self) -> "Connection":
        with optional_packages():
            import psycopg
        with self._told():
            connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=CONNECT_S, application_name="prodsim", options=OPTIONS
            )
            if not self._is_checked:
                self._check(connection)
            return connection

    def _check(self, connection: "Connection") -> None:
        """Raise ``StorageError`` unless the server has pgvector, in a version that can do what is asked of it."""
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        version = _one(connection, "SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        if tuple(int(part) for part in version.split(".")[:2]) < LEAST_VERSION:
            raise StorageError(
                phrase("{place} has pgvector {version}; 0.8 or newer is needed.", place=self.place, version=version),
                phrase("Ask whoever runs the database to update the extension."),
            )
        self._is_checked = True

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Raise what psycopg raises in the block as an error that a person can act on."""
        with optional_packages():
            import psycopg
        try:
            yield
        except psycopg.Error as error:
            raise _explain(error, self.place) from error


class PostgresTable:
    """A table ``id``, ``vector`` with an HNSW index over half floats; see ``VectorTable``."""

    most = 16_384

    def __init__(self, server: PostgresServer, name: str, metric: Metric) -> None:
        self._server = server
        self._name = name
        self._metric: Metric = metric

    def create(self, dim: int) -> None:
        """Make the table, empty, for vectors of ``dim`` numbers."""
        if dim > MOST_DIM:
            raise StorageError(
                phrase("pgvector links vectors of up to {most:,} numbers, these have {n:,}.", most=MOST_DIM, n=dim),
                phrase("Choose an encoder with shorter vectors, or leave PRODSIM_INDEX empty."),
            )
        with self._server.connection() as connection, connection.transaction():
            columns = self._sql("CREATE TABLE {table} (id bigint PRIMARY KEY, vector halfvec({n}))", n=dim)
            connection.execute(columns)
            # A half float of random bits does not get smaller, and trying to costs time.
            connection.execute(self._sql("ALTER TABLE {table} ALTER vector SET STORAGE PLAIN"))
            facts = json.dumps(asdict(TableFacts(dim, self._metric)))
            connection.execute(self._sql("COMMENT ON TABLE {table} IS {facts}", facts=facts))

    def add(self, labels: Rows, vectors: NDArray[np.float16]) -> None:
        """Add vectors, all of them or none; a label that is there already keeps its vector."""
        with self._server.connection() as connection, connection.transaction():
            connection.execute(self._sql("CREATE TEMP TABLE sent (LIKE {table}) ON COMMIT DROP"))
            with connection.cursor().copy("COPY sent FROM STDIN (FORMAT binary)") as copy:
                copy.write(_copied(labels, vectors))
            connection.execute(self._sql("INSERT INTO {table} SELECT * FROM sent ON CONFLICT DO NOTHING"))

    def link(self, params: HnswParams) -> None:
        """Make the graph; the server takes as many processes as its settings allow."""
        facts = self.facts()
        if facts is None:
            raise table_gone(self._server.place)
        operators = OPERATORS[self._metric][1]
        needed_mb = min(MOST_MEMORY_MB, 64 + len(self) * (2 * facts.dim + 400) // 1_000_000)
        graph = self._sql(
            f"CREATE INDEX ON {{table}} USING hnsw (vector {operators}) "
            f"WITH (m = {params.m:d}, ef_construction = {params.ef_construction:d})"
        )
        with self._server.connection() as connection, connection.transaction():
            own_kb = _one(connection, "SELECT setting::int FROM pg_settings WHERE name = 'maintenance_work_mem'")
            if own_kb < 1024 * needed_mb:
                connection.execute("SELECT set_config('maintenance_work_mem', %s, true)", (f"{needed_mb}MB",))
            connection.execute(graph)
            connection.execute(self._sql("ANALYZE {table}"))

    def labels(self) -> Rows:
        """Return all labels."""
        with self._server.connection() as connection:
            found = connection.cursor(binary=True).execute(self._sql("SELECT array_agg(id) FROM {table}")).fetchone()
        return np.array((found or [None])[0] or [], np.int64)

    def remove(self, labels: Rows) -> None:
        """Remove vectors."""
        with self._server.connection() as connection:
            connection.execute(self._sql("DELETE FROM {table} WHERE id = ANY(%s)"), (labels.tolist(),))

    def nearest(self, queries: Vectors, n: int, ef: int) -> Rows:
        """Return the labels of about the n nearest to each query, shape (n_queries, n); filled up with -1."""
        statement = self._sql(
            "SELECT query.number, near.id FROM unnest(%s::text[]) WITH ORDINALITY query(vector, number) CROSS JOIN "
            f"LATERAL (SELECT id FROM {{table}} ORDER BY vector {OPERATORS[self._metric][0]} query.vector::halfvec "
            "LIMIT %s) near"
        )
        out = np.full((len(queries), n), -1, np.int64)
        # In a pipeline, all statements make the way to the server and back at once.
        with self._server.connection() as connection, connection.pipeline(), connection.transaction():
            connection.execute(
                "SELECT set_config('hnsw.ef_search', %s, true), set_config('statement_timeout', %s, true)",
                (str(min(ef, MOST_EF)), f"{SEARCH_S}s"),
            )
            texts = [_vector_text(query) for query in queries]
            found = connection.cursor(binary=True).execute(statement, (texts, n)).fetchall()
        pairs = np.array(found, np.int64).reshape(-1, 2)
        query = pairs[:, 0] - 1
        place = np.arange(len(pairs)) - np.searchsorted(query, query)  # the rows of a query come together
        out[query, place] = pairs[:, 1]
        return out

    def facts(self) -> TableFacts | None:
        """Return what the table says of itself."""
        with self._server.connection() as connection:
            comment = _one(connection, "SELECT obj_description(to_regclass(%s), 'pg_class')", self._name)
        try:
            return TableFacts(**json.loads(comment))
        except (TypeError, ValueError):
            return None

    def __len__(self) -> int:
        with self._server.connection() as connection:
            return int(_one(connection, self._sql("SELECT count(*) FROM {table}")))

    def drop(self) -> None:
        """Remove the table, if it is there."""
        with self._server.connection() as connection:
            connection.execute(self._sql("DROP TABLE IF EXISTS {table}"))

    def _sql(self, text: LiteralString, **values: object) -> "Composed":
        with optional_packages():
            from psycopg.sql import SQL, Identifier, Literal
        return SQL(text).format(table=Identifier(self._name), **{name: Literal(each) for name, each in values.items()})


def _close(idle: "LifoQueue[Connection]") -> None:
    """Close the connections of a server that nobody uses any more."""
    with suppress(Empty):
        while True:
            idle.get_nowait().close()


_USUAL = {"host": "localhost", "port": "5432", "dbname": "postgres"}


def _one(connection: "Connection", statement: Any, *values: object) -> Any:
    """Return the one value that a statement gives."""
    row = connection.execute(statement, values or None).fetchone()
    return row[0] if row else None


def _is_alive(connection: "Connection") -> bool:
    """Return whether an idle connection still stands: a server that was started anew has closed it.

    Nothing is sent: what a server says to an idle connection is its farewell.
    """
    with optional_packages():
        import psycopg
    try:
        for _ in range(2):  # the farewell, and then the end
            connection.pgconn.consume_input()
    except psycopg.Error:
        return False
    return connection.pgconn.status == psycopg.pq.ConnStatus.OK


def _copied(labels: Rows, vectors: NDArray[np.float16]) -> bytes:
    """Return rows as COPY's binary format has them: a frame of fixed widths, so that numpy writes all at once."""
    n, dim = vectors.shape
    row = np.dtype(
        [
            ("fields", ">i2"),
            ("id_bytes", ">i4"),
            ("id", ">i8"),
            ("vector_bytes", ">i4"),
            ("dim", ">i2"),
            ("unused", ">i2"),
            ("vector", ">f2", (dim,)),
        ]
    )
    rows = np.zeros(n, row)
    rows["fields"], rows["id_bytes"], rows["vector_bytes"], rows["dim"] = 2, 8, 4 + 2 * dim, dim
    rows["id"], rows["vector"] = labels, vectors
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


def _vector_text(vector: NDArray[np.float32]) -> str:
    """Return a query as text; what a half float cannot hold becomes the largest that it can."""
    return f"[{','.join(map(str, np.clip(vector, -65504, 65504).tolist()))}]"


def _explain(error: Any, place: str) -> ProdsimError:
    """Return what an error of psycopg means; its messages have no password."""
    with optional_packages():
        from psycopg import errors
    text = str(error).strip().split("\n")[0]
    if isinstance(error, errors.UndefinedTable):
        return table_gone(place)
    if isinstance(error, errors.DiskFull | errors.OutOfMemory):
        return StorageError(
            phrase("The server of the index is full ({place}): {reason}.", place=place, reason=text),
            phrase("Make room there, then build again; what was there before can still be searched."),
        )
    if isinstance(error, errors.QueryCanceled):
        return StorageError(
            phrase("{place} took longer than {seconds:,} seconds to answer.", place=place, seconds=SEARCH_S),
            phrase("Try again when the server has less to do."),
        )
    if isinstance(error, errors.InsufficientPrivilege | errors.FeatureNotSupported | errors.UndefinedFile):
        return StorageError(
            phrase("{place} does not allow what the index needs: {reason}.", place=place, reason=text),
            phrase("The user in PRODSIM_INDEX must be able to make tables, and pgvector must be installed there."),
        )
    if "password" in text or "authentication" in text:
        return StorageError(
            phrase("{place} does not accept the user or the password.", place=place),
            phrase("Check both in PRODSIM_INDEX; the password may also be in PGPASSWORD."),
        )
    if error.sqlstate is None or error.sqlstate[:2] in ("08", "57", "53"):
        return unreachable(place, text)
    return StorageError(
        phrase("{place} refuses: {reason}.", place=place, reason=text),
        phrase("Check the address in PRODSIM_INDEX, and what the server's log says."),
    )
