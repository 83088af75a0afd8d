"""Where the records of all catalogs are, and their way from files onto a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prodsim.errors import QueryError, StorageError
from prodsim.phrases import phrase
from prodsim.records.database import is_moved, mark_moved, open_file
from prodsim.records.place import Connection
from prodsim.records.transfer import Dump, count_records, dump_records, load_records
from prodsim.roles import require_role
from prodsim.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class KeptRecords:
    """What is kept of each catalog.

    Attributes:
        place: the server's address without user and password, or the folder.
        counts: by catalog and by kind, see ``transfer.NAMES``.
        left: catalogs whose records are still in files, though a server is set.
    """

    place: str
    counts: Mapping[str, Mapping[str, int]]
    left: tuple[str, ...] = ()


def kept_records(workspace: Workspace) -> KeptRecords:
    """Count what is kept of each catalog, where the settings say that it is kept.

    Raises:
        StorageError: a file or the server cannot be read.
    """
    files, server = workspace.layout.records_files(), workspace.records_server
    if server is None:
        counts = {path.stem: count_records(_dump_of(path)) for path in files}
        return KeptRecords(str(workspace.layout.decided), counts)
    counts = {}
    for name in server.catalogs():
        with server.records_of(name, workspace.layout.records(name)).arriving() as connection:
            counts[name] = count_records(dump_records(connection))
    return KeptRecords(server.place, counts, tuple(path.stem for path in files if not is_moved(path)))


def move_records(workspace: Workspace) -> KeptRecords:
    """Move the records of all catalogs from files to the server; each catalog's whole or not at all.

    A file stays, and says where its records went: no program takes it for them any more. What a move that was killed
    had finished is taken for moved.

    Returns:
        What was moved.

    Raises:
        QueryError: no server is set.
        StorageError: the server has other records of a catalog already, or one of both cannot be read or written.
        AccessDenied: the role of whoever acts is not enough.
    """
    require_role("administer")
    server = workspace.records_server
    if server is None:
        raise QueryError(
            phrase("No server is set for the records."),
            phrase("Set PRODSIM_RECORDS to its address, such as postgresql://user@host:5432/database."),
        )
    moved = {}
    for path in workspace.layout.records_files():
        if is_moved(path):
            continue
        place = server.records_of(path.stem, path)
        with open_file(path, writing=True) as file:
            dump = dump_records(file)
            with place.arriving(writing=True, create=True) as target:
                _take_in(target, dump, path, server.place)
            mark_moved(file, server.place)
        moved[path.stem] = count_records(dump)
    return KeptRecords(server.place, moved)


def _take_in(target: Connection, dump: Dump, path: Path, place: str) -> None:
    there = dump_records(target)
    if not any(there.values()):
        load_records(target, dump)
    elif there != dump:
        raise StorageError(
            phrase(
                "{place} has other records of “{name}” already than {path}.", place=place, name=path.stem, path=path
            ),
            phrase(
                "Nothing of it was moved. With PRODSIM_RECORDS unset, export what the file has (`prodsim decisions`, "
                "`prodsim judgements`); move the file away, and import it with PRODSIM_RECORDS set."
            ),
        )


def _dump_of(path: Path) -> Dump:
    with open_file(path) as connection:
        return dump_records(connection)
