"""A workspace in one file: catalogs, decisions, histories, uploads; saved while it is used, put back whole."""

import hashlib
import json
import shutil
import sqlite3
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from prodsim.artifacts import disk_errors_told, seal, unseal
from prodsim.errors import StorageError
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.records.database import is_moved, open_file
from prodsim.records.transfer import dump_records, load_records
from prodsim.version import __version__
from prodsim.workspace.build import locked
from prodsim.workspace.catalog_info import BEFORE, HEAD, find_head, save_head
from prodsim.workspace.layout import Layout

if TYPE_CHECKING:
    from prodsim.records.server import RecordsServer

BACKUP_FORMAT = 1
CONTENTS = "prodsim-backup.json"
"""Lists the files with their sizes and checksums; the last file of a backup, so that one cut short has none."""
MADE_AGAIN = frozenset(("models",))
"""Folders of the workspace that hold nothing but what is computed from installed packages."""
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds.

    Attributes:
        path: of the backup.
        catalogs: names of the catalogs in it.
        files: how many.
        mb: their megabytes.
        created: when it was taken, as an ISO time with zone.
    """

    path: Path
    catalogs: tuple[str, ...]
    files: int
    mb: float
    created: str


def back_up(
    layout: Layout, target: Path, progress: Progress = SILENT, records: "RecordsServer | None" = None
) -> BackupReport:
    """Save a workspace in one file, while others use it.

    A catalog that is being built is waited for, so that each is saved as it is between two builds. Converted models are
    left out: they are made again. Records that are on a server become the files that they are without one.

    Args:
        layout: of the workspace.
        target: the file; one that is there is replaced once the new one is whole.
        progress: advanced by files; ``Cancelled`` passes through.
        records: the server that has what people decided, if it is not in files.

    Raises:
        StorageError: there is nothing to save, the target lies in the workspace, the disk refuses, or a file went away
            meanwhile.
    """
    if not layout.home.is_dir():
        raise StorageError(
            phrase("There is no workspace in {path}.", path=layout.home), phrase("Choose another folder with --home.")
        )
    if target.resolve().is_relative_to(layout.home.resolve()):
        raise StorageError(
            phrase("{path} lies in the workspace that is to be saved.", path=target),
            phrase("Choose a place outside of it, best on another disk."),
        )
    catalogs, created = layout.finished(), datetime.now(UTC).isoformat(timespec="seconds")
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    progress.step("save", unit="files")
    try:
        with disk_errors_told(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
                writer = _Writer(archive, layout.home, progress)
                for folder in layout.catalog_folders():
                    with locked(folder, progress):
                        writer.add_all(folder)
                for folder in sorted(layout.home.iterdir()):
                    if folder.name not in {*MADE_AGAIN, "catalogs"} and (records is None or folder != layout.decided):
                        writer.add_all(folder)
                if records is not None:
                    _save_records(records, layout, writer)
                facts = {"program": __version__, "created": created, "home": str(layout.home.resolve())}
                contents = seal({"format": BACKUP_FORMAT, **facts, "catalogs": catalogs, "files": writer.files})
                archive.writestr(CONTENTS, contents)
            temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink()
    total = sum(size for size, _ in writer.files.values())
    return BackupReport(target, tuple(catalogs), len(writer.files), total / 1e6, created)


def restore_workspace(backup: Path, layout: Layout, progress: Progress = SILENT) -> BackupReport:
    """Put a saved workspace back, into a folder that holds none; all of it or nothing.

    Args:
        backup: a file of ``back_up``.
        layout: of the workspace to be; its folder may be absent or empty.
        progress: advanced by files; ``Cancelled`` passes through.

    Raises:
        StorageError: the file is no whole backup or of a newer version, the folder holds a workspace already, or the
            disk refuses.
    """
    home = layout.home
    if home.exists() and any(home.iterdir()):
        raise StorageError(
            phrase("{path} holds something already; nothing was restored.", path=home),
            phrase("Restore into a new folder with --home, and use that one from then on."),
        )
    work = home.with_name(f".{home.name}.{uuid.uuid4().hex[:8]}.restoring")
    progress.step("restore", unit="files")
    try:
        with disk_errors_told(backup), _opened(backup) as archive:
            contents = _contents(archive, backup)
            _check_room(contents["files"], home)
            for name, (size, digest) in contents["files"].items():
                _extract(archive, backup, name, work / name, size, digest)
                progress.advance()
            _move_paths(Layout(work), contents["home"], str(home.resolve()))
            if home.exists():
                home.rmdir()
            work.mkdir(parents=True, exist_ok=True)
            work.rename(home)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    total = sum(size for size, _ in contents["files"].values())
    return BackupReport(backup, tuple(contents["catalogs"]), len(contents["files"]), total / 1e6, contents["created"])


class _Writer:
    """Adds files to a backup and notes them in ``files``: name to size and SHA-256."""

    def __init__(self, archive: zipfile.ZipFile, home: Path, progress: Progress) -> None:
        self._archive, self._home, self._progress = archive, home, progress
        self.files: dict[str, tuple[int, str]] = {}

    def add_all(self, path: Path) -> None:
        """Add a file, or every file below a folder; locks and what is being written are left out."""
        paths = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in paths:
            if one.is_file() and not _is_passing(one.relative_to(self._home)):
                self._progress.check()
                self._add(one)
                self._progress.advance()

    def add_as(self, path: Path, place: Path) -> None:
        """Add a file from elsewhere as if it lay at a place of the workspace."""
        self._write(path, place.relative_to(self._home).as_posix())
        self._progress.advance()

    def _add(self, path: Path) -> None:
        name = path.relative_to(self._home).as_posix()
        if path.suffix == ".sqlite":
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / path.name
                _copy_database(path, copy)
                self._write(copy, name)
            return
        try:
            self._write(path, name)
        except FileNotFoundError:
            raise StorageError(
                phrase("{path} was replaced while it was being saved.", path=path), phrase("Start the backup again.")
            ) from None

    def _write(self, path: Path, name: str) -> None:
        with path.open("rb") as source, self._archive.open(name, "w", force_zip64=True) as target:
            self.files[name] = _copy(source, target)


def _is_passing(name: Path) -> bool:
    """Return whether a file is of the moment: a lock, a database's journal, something half written."""
    hidden = [part for part in name.parts if part.startswith(".")]
    is_half_written = any(part.endswith((".tmp", ".old", ".restoring")) for part in hidden)
    return is_half_written or name.name.endswith((".lock", ".sqlite-wal", ".sqlite-shm"))


def _copy_database(path: Path, copy: Path) -> None:
    """Copy a database as it is between two changes, whoever writes to it."""
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error:  # damaged: kept as it is, for whoever can mend it
        shutil.copy(path, copy)


def _save_records(server: "RecordsServer", layout: Layout, writer: _Writer) -> None:
    """Save what a server has of each catalog, as the file that would hold it without a server."""
    for path in layout.records_files():
        if not is_moved(path):
            writer.add_all(path)
    for name in server.catalogs():
        path = layout.records(name)
        with server.records_of(name, path).opened(writing=True) as connection:  # between two changes
            dump = dump_records(connection)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            with open_file(copy, writing=True, create=True) as file:
                load_records(file, dump)
            writer.add_as(copy, path)


def _copy(source: IO[bytes], target: IO[bytes], most: float = float("inf")) -> tuple[int, str]:
    """Copy a stream, but not far beyond ``most`` bytes; return the size and the SHA-256 of what was copied, as hex."""
    digest, size = hashlib.sha256(), 0
    while size <= most and (block := source.read(BLOCK)):
        target.write(block)
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


@contextmanager
def _opened(backup: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(backup) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise _no_backup(backup, str(error)) from error


def _contents(archive: zipfile.ZipFile, backup: Path) -> dict[str, Any]:
    """Return the list of contents; check that it is whole, and that every name stays in its folder."""
    try:
        text = archive.read(CONTENTS).decode()
        if (version := json.loads(text).get("format")) != BACKUP_FORMAT:
            raise StorageError(
                phrase(
                    "{path} was saved by another version of prodsim (format {version}).", path=backup, version=version
                ),
                phrase("Restore it with that version, or with a newer one."),
            )
        contents = unseal(text, BACKUP_FORMAT)
        files = {str(name): (int(size), str(digest)) for name, (size, digest) in contents["files"].items()}
        whole = {**contents, "files": files, "home": str(contents["home"]), "created": str(contents["created"])}
        whole["catalogs"] = [*map(str, contents["catalogs"])]
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise _no_backup(backup, str(error)) from error
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
            raise _no_backup(backup, phrase("“{name}” would leave its folder", name=name))
    return whole


def _check_room(files: dict[str, tuple[int, str]], home: Path) -> None:
    there = next(path for path in home.resolve().parents if path.exists())
    needed, free = sum(size for size, _ in files.values()) / 1e6, shutil.disk_usage(there).free / 1e6
    if needed > free:
        raise StorageError(
            phrase("The backup needs {needed:,.0f} MB, and {free:,.0f} MB are free.", needed=needed, free=free),
            phrase("Free some disk space, or restore into a folder on another disk with --home."),
        )


def _extract(archive: zipfile.ZipFile, backup: Path, name: str, path: Path, size: int, digest: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(name) as source, path.open("wb") as target:
            found = _copy(source, target, size)
    except KeyError as error:
        raise _no_backup(backup, phrase("“{name}” is missing", name=name)) from error
    if found != (size, digest):
        raise _no_backup(backup, phrase("“{name}” was changed", name=name))


def _move_paths(layout: Layout, before: str, now: str) -> None:
    """Let catalogs find files of their workspace in its new place."""
    for folder in layout.catalog_folders():
        for file in (HEAD, BEFORE):
            info = find_head(folder, file)
            if info is not None:
                moved = {key: _moved(value, before, now) for key, value in info.origin.items()}
                save_head(folder, replace(info, base=_moved(info.base, before, now), origin=moved), file)


def _moved(value: Any, before: str, now: str) -> Any:
    if isinstance(value, dict):
        return {key: _moved(inner, before, now) for key, inner in value.items()}
    is_inside = isinstance(value, str) and (value == before or value.startswith((f"{before}/", f"{before}\\")))
    return f"{now}{value[len(before) :]}" if is_inside else value


def _no_backup(path: Path, reason: str) -> StorageError:
    return StorageError(
        phrase("{path} is no whole backup of prodsim: {reason}. Nothing was restored.", path=path, reason=reason),
        phrase("Choose a file that `prodsim backup` wrote, and copy it again if it was cut or changed on its way."),
    )
