"""The SQLite file of people's decisions, migrated to its newest form whenever it is opened."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from prodsim.artifacts import storage_error
from prodsim.errors import StorageError
from prodsim.phrases import Text, phrase

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE judgement (
        sku_a TEXT NOT NULL,
        sku_b TEXT NOT NULL,
        query TEXT NOT NULL,
        grade REAL NOT NULL CHECK (grade BETWEEN 0 AND 1),
        who TEXT NOT NULL,
        "when" TEXT NOT NULL,
        UNIQUE (sku_a, sku_b, query)
    );
    CREATE TABLE setting (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL,
        is_default INTEGER NOT NULL DEFAULT 0
    );
    """,
    """
    CREATE TABLE decided (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        skus TEXT NOT NULL,
        action TEXT NOT NULL,
        keep TEXT NOT NULL,
        note TEXT NOT NULL,
        who TEXT NOT NULL,
        "when" TEXT NOT NULL,
        looked TEXT NOT NULL,
        session TEXT NOT NULL
    );
    CREATE TABLE checked (
        version TEXT NOT NULL,
        level TEXT NOT NULL,
        "when" TEXT NOT NULL,
        products INTEGER NOT NULL,
        counts TEXT NOT NULL,
        UNIQUE (version, level)
    );
    """,
    """
    CREATE TABLE ruled (
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        who TEXT NOT NULL,
        "when" TEXT NOT NULL,
        UNIQUE (name, version)
    );
    """,
    "CREATE TABLE chosen (words TEXT NOT NULL, sku TEXT NOT NULL, times INTEGER NOT NULL, UNIQUE (words, sku));",
    """
    CREATE TABLE matched (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        other TEXT NOT NULL,
        sku_a TEXT NOT NULL,
        sku_b TEXT NOT NULL,
        verdict TEXT NOT NULL,
        note TEXT NOT NULL,
        who TEXT NOT NULL,
        "when" TEXT NOT NULL,
        session TEXT NOT NULL
    );
    """,
    "ALTER TABLE checked ADD COLUMN faulty INTEGER;",
    """
    ALTER TABLE setting ADD COLUMN who TEXT NOT NULL DEFAULT '';
    ALTER TABLE setting ADD COLUMN "when" TEXT NOT NULL DEFAULT '';
    """,
    """
    CREATE TABLE viewed (
        name TEXT NOT NULL PRIMARY KEY,
        page TEXT NOT NULL,
        params TEXT NOT NULL,
        who TEXT NOT NULL,
        "when" TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE shortlisted (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        list TEXT NOT NULL,
        sku TEXT NOT NULL,
        is_on INTEGER NOT NULL,
        note TEXT NOT NULL,
        who TEXT NOT NULL,
        "when" TEXT NOT NULL,
        step INTEGER NOT NULL,
        session TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE decided ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
    UPDATE decided SET step = id;
    """,
)
"""Scripts from one form of the file to the next; only ever appended to. ``user_version`` counts those done."""
DECIDED = Text("the file of judgements, decisions, rules and settings")
"""What the file holds, for people."""
WRITE_TIMEOUT_S = 30.0
"""How long a writer waits for another."""

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REFUSED = (
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
)  # fmt: skip


@contextmanager
def open_file(
    path: Path, *, create: bool = False, scripts: Sequence[str] | None = None, holds: Text = DECIDED
) -> Iterator[sqlite3.Connection]:
    """Yield a connection; what the block writes is kept when it ends well, and none of it when it raises.

    Args:
        path: the file.
        create: make an absent file. Otherwise it reads as an empty one, and nothing is made.
        scripts: from one form of the file to the next; by default ``MIGRATIONS``.
        holds: what the file is, in words.

    Raises:
        StorageError: the file is damaged, in use, of a newer version, or the disk refuses; it is left as it was.
    """
    scripts = tuple(MIGRATIONS if scripts is None else scripts)
    try:
        with closing(_connect(path, create, scripts)) as connection:
            _migrate(connection, path, scripts)
            with connection:
                yield connection
    except sqlite3.DatabaseError as error:
        raise _trouble(path, error, holds) from error
    except OSError as error:
        raise storage_error(path, error) from error


def _connect(path: Path, create: bool, scripts: tuple[str, ...]) -> sqlite3.Connection:
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
    elif not path.exists():
        connection = sqlite3.connect(":memory:")
        connection.deserialize(_empty(scripts))
        return connection
    # mode=rw: a file that is moved away after the look must not come back empty
    address = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    return sqlite3.connect(address, timeout=WRITE_TIMEOUT_S, isolation_level="IMMEDIATE", uri=True)


@lru_cache(maxsize=2)
def _empty(scripts: tuple[str, ...]) -> bytes:
    """Return a file of the newest form without rows; made once, because pages read an absent file a dozen times."""
    with closing(sqlite3.connect(":memory:")) as connection:
        _run_scripts(connection, scripts)
        return connection.serialize()


def _migrate(connection: sqlite3.Connection, path: Path, scripts: Sequence[str]) -> None:
    """Run the scripts that are still to be run, each whole or not at all."""
    if _version(connection) > len(scripts):
        raise StorageError(
            phrase(
                "{path} was written by a newer version of prodsim (format {version}; this version supports up to "
                "{supported}).",
                path=path,
                version=_version(connection),
                supported=len(scripts),
            ),
            phrase("Update prodsim. Nothing in the file was changed."),
        )
    if _version(connection) == len(scripts):
        return
    with FileLock(path.with_name(f"{path.name}.lock")):  # SQLite does not wait for another that turns WAL on
        connection.execute("PRAGMA journal_mode = WAL")
        _run_scripts(connection, scripts)


def _run_scripts(connection: sqlite3.Connection, scripts: Sequence[str]) -> None:
    for number, script in enumerate(scripts[_version(connection) :], _version(connection) + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _trouble(path: Path, error: sqlite3.DatabaseError, holds: Text) -> StorageError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the low byte is the kind
    if code in _BUSY:
        return StorageError(
            phrase("{path} is being written by another program.", path=path),
            phrase("Try again in a moment. Nothing is lost."),
        )
    if code in _REFUSED:
        return StorageError(
            phrase("{path} cannot be read or written: {reason}.", path=path, reason=error),
            phrase("Free some disk space, and check that the file and its folder are writable. Nothing saved is lost."),
        )
    return StorageError(
        phrase("{path}, {holds}, is damaged: {reason}.", path=path, holds=holds(), reason=error),
        phrase(
            "Move the file away, with {name}-wal and {name}-shm if they exist. Then restore a backup, or let the next "
            "entry start a new file. Nothing in the file was changed.",
            name=path.name,
        ),
    )
