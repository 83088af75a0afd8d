"""Records on a PostgreSQL, which several servers of the dashboard and the API share: a schema for each catalog."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from prodsim.errors import StorageError
from prodsim.extras import optional_packages
from prodsim.phrases import phrase
from prodsim.records.database import WRITE_TIMEOUT_S, is_moved, open_empty
from prodsim.records.place import Connection, Rows
from prodsim.records.server_errors import damaged, explain, misunderstood, too_new

if TYPE_CHECKING:
    import sqlalchemy

CONNECT_S = 10
SILENCE_MS = 30_000
"""How long a server may leave a message unanswered before the connection counts as lost."""
NEWEST = "10.11"
"""The newest form of the tables: the first form whose programs can go on with it, a dot, and its own number."""
MIGRATIONS = Path(__file__).with_name("migrations")
"""Alembic's steps from one form to the next."""
SCHEMA_PREFIX = "prodsim_"

_ENTER = (
    "SELECT set_config('search_path', %s, true), set_config('lock_timeout', %s, true), "
    "to_regnamespace(%s) IS NOT NULL, to_regclass(%s) IS NOT NULL"
)
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_SCHEMAS = f"SELECT nspname FROM pg_namespace WHERE starts_with(nspname::text, '{SCHEMA_PREFIX}') ORDER BY nspname"


class RecordsServer:
    """A PostgreSQL that keeps the records of all catalogs of a workspace.

    Args:
        url: as ``postgresql://user@host:5432/database``; the password may also be in ``PGPASSWORD`` or in libpq's
            password file. No message shows it.

    Raises:
        StorageError: the address cannot be understood.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    @property
    def place(self) -> str:
        """Return the address without user and password."""
        url = self._engine.url
        host = f"{url.host}:{url.port or 5432}" if url.host else url.query.get("host", "localhost")
        return f"postgresql://{host}/{url.database}"

    def records_of(self, catalog: str, file: Path) -> "ServerRecords":
        """Return where the records of a catalog are.

        Args:
            catalog: its name.
            file: where they would be without a server.
        """
        return ServerRecords(self, normalize("NFC", catalog), file)

    def catalogs(self) -> list[str]:
        """Return the names of the catalogs of which something is kept."""
        with self.transaction() as connection:
            schemas = [row[0] for row in connection.exec_driver_sql(_SCHEMAS)]
            return [
                str(connection.exec_driver_sql(f'SELECT name FROM "{each}".about').scalar_one()) for each in schemas
            ]

    @contextmanager
    def transaction(self) -> Iterator["sqlalchemy.Connection"]:
        """Lend a connection; what the block does is kept when it ends well; what fails is a ``StorageError``."""
        with optional_packages():
            from sqlalchemy.exc import SQLAlchemyError
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:  # it knows the statement with what people wrote, which no log needs
            raise explain(error, self.place) from None


class ServerRecords:
    """The records of a catalog on a server; see ``Place``."""

    def __init__(self, server: RecordsServer, catalog: str, file: Path) -> None:
        self._server, self._catalog, self._file = server, catalog, file
        self._schema = schema_of(catalog)

    @property
    def name(self) -> str:
        """Return the server's address with the schema."""
        return f"{self._server.place}/{self._schema}"

    @contextmanager
    def opened(self, *, writing: bool = False, create: bool = False) -> Iterator[Connection]:
        """Lend a connection; see ``Place.opened``."""
        self._require_moved()
        with self.arriving(writing=writing, create=create) as connection:
            yield connection

    @contextmanager
    def arriving(self, *, writing: bool = False, create: bool = False) -> Iterator[Connection]:
        """Lend a connection while a file still has the records, which are on their way."""
        with self._server.transaction() as connection:
            if self._enter(connection, writing, create):
                yield _ServerConnection(connection)
                if writing:
                    connection.exec_driver_sql("UPDATE about SET changes = changes + 1")
                return
        with closing(open_empty()) as empty:
            yield empty

    def exists(self) -> bool:
        """Return whether anything was kept yet."""
        with self._server.transaction() as connection:
            return self._form(connection) is not None

    def state(self) -> int:
        """Return how often something was written."""
        self._require_moved()
        with self._server.transaction() as connection:
            if self._form(connection) is None:
                return 0
            return int(connection.exec_driver_sql("SELECT changes FROM about").scalar_one())

    def _require_moved(self) -> None:
        """Refuse to go on beside records that people think are here, but still lie in a file."""
        if not is_moved(self._file):
            raise StorageError(
                phrase("{path} still holds what was decided before the server was chosen.", path=self._file),
                phrase("Run `prodsim records move`, which moves it to {place}.", place=self._server.place),
            )

    def _enter(self, connection: "sqlalchemy.Connection", writing: bool, create: bool) -> bool:
        """Prepare a transaction, making tables or bringing them to their newest form; return whether there are any."""
        form = self._form(connection)
        is_old = form is None if create else form is not None and _number(form) < _number(NEWEST)
        if writing or is_old:
            connection.exec_driver_sql(_LOCK, (self._schema,))
            form = self._form(connection)  # somebody else may have done it meanwhile
        if form is None and create:
            connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"')
            _upgrade(connection)
            connection.exec_driver_sql("INSERT INTO about (name, changes) VALUES (%s, 0)", (self._catalog,))
        elif form is not None and _number(form) < _number(NEWEST):
            _upgrade(connection)
        return create or form is not None

    def _form(self, connection: "sqlalchemy.Connection") -> str | None:
        """Let the transaction see the catalog's tables; return their form, ``None`` where there are none yet.

        Raises:
            StorageError: somebody removed the form, or it is too new.
        """
        schema = f'"{self._schema}"'
        values = (schema, f"{int(WRITE_TIMEOUT_S * 1000)}ms", schema, f"{schema}.alembic_version")
        *_, has_schema, has_form = connection.exec_driver_sql(_ENTER, values).one()
        if has_schema and not has_form:
            raise damaged(self.name, phrase("the table {table} is missing", table="alembic_version"))
        if not has_form:
            return None
        form = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
        if int(form.partition(".")[0]) > _number(NEWEST):
            raise too_new(self.name, form)
        return form


class _ServerConnection:
    """Takes the SQL of ``Connection`` over a connection of SQLAlchemy."""

    def __init__(self, connection: "sqlalchemy.Connection") -> None:
        self._connection = connection

    def execute(self, sql: str, values: Any = (), /) -> Rows:
        """Run a statement."""
        return self._connection.exec_driver_sql(_placed(sql), tuple(values))

    def executemany(self, sql: str, values: Iterable[Any], /) -> None:
        """Run a statement for each row of values."""
        if rows := [tuple(row) for row in values]:
            self._connection.exec_driver_sql(_placed(sql), rows)


def schema_of(catalog: str) -> str:
    """Return the schema of a catalog: readable where the name is, and as short as PostgreSQL wants it."""
    readable = re.sub(r"[^a-z0-9]+", "_", catalog.lower())[:30].strip("_")
    digest = hashlib.sha256(catalog.encode()).hexdigest()[:12]
    return f"{SCHEMA_PREFIX}{readable}_{digest}"


@lru_cache(maxsize=4)
def _engine(url: str) -> "sqlalchemy.Engine":
    """Return the connections of this process to a server: threads share them, and one that was lost is replaced."""
    with optional_packages():
        import psycopg  # noqa: F401 - what SQLAlchemy imports by itself is missed too late
        from sqlalchemy import create_engine, make_url
        from sqlalchemy.exc import ArgumentError
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # they may quote the password
        raise misunderstood() from None
    if parsed.drivername not in ("postgresql", "postgresql+psycopg") or not parsed.database:
        raise misunderstood()
    options = {"connect_timeout": CONNECT_S, "tcp_user_timeout": SILENCE_MS, "application_name": "prodsim"}
    address = parsed.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True, max_overflow=15, hide_parameters=True, connect_args=options)


def _placed(sql: str) -> str:
    return sql.replace("?", "%s")


def _number(form: str) -> int:
    return int(form.partition(".")[2])


def _upgrade(connection: "sqlalchemy.Connection") -> None:
    """Bring the tables to their newest form, within the transaction and its schema."""
    with optional_packages():
        from alembic import command
        from alembic.config import Config
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
