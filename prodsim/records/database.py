"""The SQLite file of people's decisions, migrated to its newest form whenever it is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from prodsim.artifacts import FileStates, file_states, storage_error
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
    """
    CREATE TABLE aligned (
        other TEXT NOT NULL,
        category TEXT NOT NULL,
        other_category TEXT NOT NULL,
        who TEXT NOT NULL,
        "when" TEXT NOT NULL,
        UNIQUE (other, category)
    );
    """,
)
"""Scripts from one form of the file to the next; only ever appended to."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is.

    SQLite keeps two numbers for the program that owns a file: ``application_id`` counts the scripts that were run, and
    ``user_version``, which is all that older programs look at, is the oldest form whose programs can go on with it.

    Attributes:
        scripts: from one form to the next; each done whole or not at all.
        open_to: a form whose programs do not notice what later scripts did, because they only added.
        holds: what the file is, in words.
    """

    scripts: tuple[str, ...]
    open_to: int
    holds: Text


RECORDS = FileKind(MIGRATIONS, 4, Text("the file of judgements, decisions, rules and settings"))
MOVED = 1_000_000
"""The form of a file whose records are on a server now; no program opens it as its own."""
WRITE_TIMEOUT_S = 30.0
"""How long a writer waits for another."""

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REFUSED = (
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
)  # fmt: skip


class RecordsFile:
    """The records of a catalog in a file; see ``Place``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """Return the file's path."""
        return str(self.path)

    def opened(self, *, writing: bool = False, create: bool = False) -> AbstractContextManager[sqlite3.Connection]:
        """Return what ``open_file`` does."""
        return open_file(self.path, writing=writing, create=create)

    def exists(self) -> bool:
        """Return whether there is a file."""
        return self.path.exists()

    def state(self) -> FileStates:
        """Return something that is another whenever something was written."""
        return file_states(self.path, self.path.with_name(f"{self.path.name}-wal"))


@contextmanager
def open_file(
    path: Path, kind: FileKind = RECORDS, *, writing: bool = False, create: bool = False
) -> Iterator[sqlite3.Connection]:
    """Yield a connection; what the block writes is kept when it ends well, and none of it when it raises.

    Args:
        path: the file.
        kind: what it is.
        writing: nobody else may write until the block ends, so that it may look before it writes.
        create: make an absent file. Otherwise it reads as an empty one, and nothing is made.

    Raises:
        StorageError: the file is damaged, in use, of a newer version, was moved to a server, or the disk refuses; it is
            left as it was.
    """
    try:
        with closing(_connect(path, kind, create)) as connection:
            _migrate(connection, path, kind)
            with connection:
                if writing:
                    connection.execute("BEGIN IMMEDIATE")
                yield connection
    except sqlite3.DatabaseError as error:
        raise _trouble(path, error, kind.holds) from error
    except OSError as error:
        raise storage_error(path, error) from error


def mark_moved(connection: sqlite3.Connection, place: str) -> None:
    """Let a file say that what it holds is kept elsewhere from now on; no program changes it any more."""
    connection.execute("CREATE TABLE moved (place TEXT NOT NULL)")
    connection.execute("INSERT INTO moved VALUES (?)", (place,))
    connection.execute(f"PRAGMA user_version = {MOVED}")


def is_moved(path: Path) -> bool:
    """Return whether the records of a file are on a server, or whether there is none; raises as ``open_file``."""
    if not path.exists():
        return True
    try:
        with closing(_connect(path, RECORDS, create=False)) as connection:
            return _number(connection, "user_version") == MOVED
    except sqlite3.DatabaseError as error:
        raise _trouble(path, error, RECORDS.holds) from error


def _connect(path: Path, kind: FileKind, create: bool) -> sqlite3.Connection:
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
    elif not path.exists():
        return open_empty(kind)
    # mode=rw: a file that is moved away after the look must not come back empty
    address = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    return sqlite3.connect(address, timeout=WRITE_TIMEOUT_S, isolation_level="IMMEDIATE", uri=True)


def open_empty(kind: FileKind = RECORDS) -> sqlite3.Connection:
    """Return a connection to a file of the newest form without rows, in memory."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(_empty(kind))
    return connection


@lru_cache(maxsize=2)
def _empty(kind: FileKind) -> bytes:
    """Return an empty file; made once, because pages read an absent file a dozen times."""
    with closing(sqlite3.connect(":memory:")) as connection:
        _run_scripts(connection, kind)
        return connection.serialize()


def _migrate(connection: sqlite3.Connection, path: Path, kind: FileKind) -> None:
    """Run the scripts that are still to be run, each whole or not at all."""
    version = _number(connection, "user_version")
    if version == MOVED:
        raise _moved_error(path, connection.execute("SELECT place FROM moved").fetchone()[0])
    if version > len(kind.scripts):
        raise StorageError(
            phrase(
                "{path} was written by a newer version of prodsim (format {version}; this version supports up to "
                "{supported}).",
                path=path,
                version=version,
                supported=len(kind.scripts),
            ),
            phrase("Update prodsim. Nothing in the file was changed."),
        )
    if version <= kind.open_to and _form(connection) >= len(kind.scripts):
        return
    with FileLock(path.with_name(f"{path.name}.lock")):  # SQLite does not wait for another that turns WAL on
        connection.execute("PRAGMA journal_mode = WAL")
        _run_scripts(connection, kind)


def _run_scripts(connection: sqlite3.Connection, kind: FileKind) -> None:
    form = _form(connection)
    for number, script in enumerate(kind.scripts[form:], form + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}; {_numbers(number, kind)} COMMIT;")
    # a file may have been open to fewer programs before
    connection.executescript(f"BEGIN IMMEDIATE; {_numbers(max(form, len(kind.scripts)), kind)} COMMIT;")


def _numbers(form: int, kind: FileKind) -> str:
    return f"PRAGMA user_version = {min(form, kind.open_to)}; PRAGMA application_id = {form};"


def _form(connection: sqlite3.Connection) -> int:
    return max(_number(connection, name) for name in ("user_version", "application_id"))


def _number(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _moved_error(path: Path, place: str) -> StorageError:
    return StorageError(
        phrase("What {path} holds was moved to {place}.", path=path, place=place),
        phrase("Set PRODSIM_RECORDS to this server. A backup that is taken with it has the records as files again."),
    )


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
