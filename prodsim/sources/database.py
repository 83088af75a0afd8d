"""Reading a query or a table of a database, without changing anything in it."""

import difflib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from prodsim.catalog.nested_values import cell_text
from prodsim.errors import CatalogError, ProdsimError
from prodsim.extras import optional_packages
from prodsim.phrases import phrase
from prodsim.progress import Progress
from prodsim.sources.database_errors import explain
from prodsim.sources.network import not_allowed
from prodsim.sources.rules import FetchRules
from prodsim.sources.secrets import SecretLookup, fill_in, secret_values
from prodsim.sources.source import DATABASES, Database, is_table_name

with optional_packages():
    from sqlalchemy import URL, Connection, Engine, Select, create_engine, inspect, make_url, select, table, text
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

CHUNK_ROWS = 5_000
_PROBE_STEPS = 50_000
"""Instructions of SQLite between two looks at the clock: about a millisecond."""


def query_to_parquet(
    source: Database, target: Path, lookup: SecretLookup, rules: FetchRules, progress: Progress
) -> None:
    """Write the rows of a query or a table to a Parquet file, every cell as text, in chunks.

    Args:
        source: the database and what to read of it.
        target: the file to write.
        lookup: gives the secrets that the address names.
        rules: rows, bytes and seconds at most.
        progress: gets the step ``fetch``, in rows.

    Raises:
        CatalogError: the database cannot be reached, refuses, has no such table, gives more rows than allowed, or
            the query changes something or takes too long.
        MissingPackage: SQLAlchemy or the driver is not installed.
        Cancelled: the progress asked to stop.
    """
    try:
        with _connected(source, lookup, rules) as connection:
            _write(_rows(connection, source.query), target, source, rules, progress)
    except ProdsimError:
        raise
    except (SQLAlchemyError, sqlite3.Error, TimeoutError, ValueError) as error:
        raise explain(error, source, secret_values(source.url, lookup), rules) from None


@contextmanager
def _connected(source: Database, lookup: SecretLookup, rules: FetchRules) -> Iterator[Connection]:
    url = _url(source, lookup)
    _check_hosts(url, rules)
    engine = _engine(url, rules)
    try:
        with engine.connect() as connection:
            yield connection.execution_options(stream_results=True, max_row_buffer=CHUNK_ROWS)
    finally:
        engine.dispose()


def _url(source: Database, lookup: SecretLookup) -> URL:
    if source.url.startswith("${"):
        url = make_url(fill_in(source.url, lookup))
    else:
        url = make_url(source.url)
        url = url.set(
            username=fill_in(url.username, lookup) if url.username else None,
            password=fill_in(str(url.password), lookup) if url.password else None,
            host=fill_in(url.host, lookup) if url.host else None,
            database=fill_in(url.database, lookup) if url.database else None,
            query={name: _filled(value, lookup) for name, value in url.query.items()},
        )
    kind = url.drivername.partition("+")[0]
    if kind not in DATABASES:
        raise CatalogError(
            phrase("Databases of the kind {kind} cannot be read.", kind=kind),
            phrase("Those that can are PostgreSQL, MySQL, MariaDB and SQLite. Otherwise export the table as a file."),
        )
    return url.set(drivername=DATABASES[kind])


def _filled(value: str | tuple[str, ...], lookup: SecretLookup) -> str | tuple[str, ...]:
    return fill_in(value, lookup) if isinstance(value, str) else tuple(fill_in(each, lookup) for each in value)


def _check_hosts(url: URL, rules: FetchRules) -> None:
    """Refuse a host that is not allowed, where hosts are listed; a database may well be in the own network."""
    named = [url.host or "", *(str(url.query.get(option, "")) for option in ("host", "hostaddr"))]
    hosts = [host.strip() for name in named for host in name.split(",")]
    closed = [host for host in hosts if host and not host.startswith("/") and not rules.lists(host)]
    if closed and rules.hosts:
        raise not_allowed(closed[0], rules)


def _engine(url: URL, rules: FetchRules) -> Engine:
    """Return an engine whose connections cannot write and give up in time."""
    makers: dict[str, Callable[[], Any]] = {
        "sqlite": lambda: create_engine(
            "sqlite://", creator=lambda: _open_sqlite(url.database or "", rules), poolclass=NullPool
        ),
        "postgresql": lambda: create_engine(url, poolclass=NullPool, connect_args=_postgresql_options(url, rules)),
    }
    mysql = lambda: create_engine(url, poolclass=NullPool, connect_args=_mysql_options(rules))  # noqa: E731
    with optional_packages():
        engine: Engine = makers.get(url.get_backend_name(), mysql)()
        return engine


def _postgresql_options(url: URL, rules: FetchRules) -> dict[str, Any]:
    """Return psycopg's arguments; the server itself refuses to write, whatever the query says."""
    own = url.query.get("options", "")
    given = own if isinstance(own, str) else " ".join(own)
    limits = f"-c default_transaction_read_only=on -c statement_timeout={int(rules.total_s * 1000)}"
    return {
        "connect_timeout": max(2, round(rules.connect_s)),
        "options": f"{given} {limits}".strip(),
        "application_name": "prodsim",
        "tcp_user_timeout": int(rules.read_s * 1000),
    }


def _mysql_options(rules: FetchRules) -> dict[str, Any]:
    """Return PyMySQL's arguments; it sends one statement at a time, so a query cannot end the read-only session."""
    return {
        "connect_timeout": max(2, round(rules.connect_s)),
        "read_timeout": max(1, round(rules.read_s * 4)),  # also of the greeting, which comes at once or never
        "init_command": "SET SESSION TRANSACTION READ ONLY",
        "local_infile": False,
    }


def _open_sqlite(database: str, rules: FetchRules) -> sqlite3.Connection:
    path = Path(database)
    rules.check_path(path)
    if not path.is_file():
        raise CatalogError(
            phrase("There is no database file {path}.", path=path),
            phrase("Check the path: sqlite:///shop.db beside you, sqlite:////data/shop.db from the root."),
        )
    end = time.monotonic() + rules.total_s
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # no other file through this one
    connection.set_progress_handler(lambda: int(time.monotonic() > end), _PROBE_STEPS)
    return connection


@dataclass(frozen=True, slots=True)
class _Rows:
    """The names of the columns, each different, and the rows in chunks."""

    columns: tuple[str, ...]
    chunks: Iterator[Sequence[Sequence[Any]]]


def _rows(connection: Connection, query: str) -> _Rows:
    if is_table_name(query):
        result = connection.execute(_whole_table(connection, query))
    else:
        # Colons and percent signs of a query are its own: it has no parameters.
        result = connection.execute(text(query.rstrip().rstrip(";").replace(":", "\\:")))
    if not result.returns_rows:
        raise CatalogError(
            phrase("The query gives no rows: it is not a question to the database."),
            phrase("Give a query that begins with SELECT, or the name of a table."),
        )
    return _Rows(_different(list(result.keys())), iter(lambda: result.fetchmany(CHUNK_ROWS), []))


def _whole_table(connection: Connection, query: str) -> Select[Any]:
    """Return the query of a whole table; raises ``CatalogError`` where there is none of that name."""
    schema, _, name = query.rpartition(".")
    inspector = inspect(connection)
    names = [*inspector.get_table_names(schema or None), *inspector.get_view_names(schema or None)]
    known = names if name in names else [each for each in names if each.lower() == name.lower()]
    if not known:
        near = difflib.get_close_matches(name, names, n=5, cutoff=0.4) or sorted(names)[:10]
        raise CatalogError(
            phrase("The database has no table {name}.", name=query),
            phrase("It has {names}.", names=", ".join(near))
            if near
            else phrase("It has no tables that you may read. Check its name and the rights of its user."),
        )
    chosen = name if name in names else known[0]
    return select(text("*")).select_from(table(chosen, schema=schema or None))


def _different(names: list[str]) -> tuple[str, ...]:
    """Return the names with a number where one appears again, as it does when tables are joined."""
    seen: dict[str, int] = {}
    different = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        different.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(different)


def _write(rows: _Rows, target: Path, source: Database, rules: FetchRules, progress: Progress) -> None:
    end = time.monotonic() + rules.total_s
    schema = pa.schema([(name, pa.string()) for name in rows.columns])
    n_rows = n_bytes = 0
    progress.step("fetch", None, "rows")
    with pq.ParquetWriter(target, schema) as writer:
        for chunk in rows.chunks:
            columns = [[cell_text(value) for value in cells] for cells in zip(*chunk, strict=True)]
            batch = pa.table([pa.array(column, pa.string()) for column in columns], schema=schema)
            n_rows, n_bytes = n_rows + len(chunk), n_bytes + batch.nbytes
            _check_size(n_rows, n_bytes, source, rules)
            if time.monotonic() > end:
                raise TimeoutError
            writer.write_table(batch)
            progress.advance(len(chunk))
    if not n_rows:
        raise CatalogError(
            phrase("{source} gives no rows.", source=source.label),
            phrase("Check the query and what the user of the database may see. The catalog stays as it was."),
        )


def _check_size(n_rows: int, n_bytes: int, source: Database, rules: FetchRules) -> None:
    if n_rows > rules.max_rows:
        raise CatalogError(
            phrase("{source} gives more than {n:,} rows.", source=source.label, n=rules.max_rows),
            phrase("Narrow the query with WHERE, or export the table as a file. The catalog stays as it was."),
        )
    if n_bytes > rules.max_bytes:
        raise CatalogError(
            phrase("{source} gives more than {size_mb:,.0f} MB.", source=source.label, size_mb=rules.max_bytes / 1e6),
            phrase("Leave large columns out of the query, or raise PRODSIM_SOURCE_MAX_MB."),
        )
