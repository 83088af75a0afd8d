"""The files of a folder."""

from fnmatch import fnmatch
from pathlib import Path

from prodsim.errors import CatalogError
from prodsim.phrases import phrase
from prodsim.sources.source import Folder

_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".lock")
"""Endings of files that another program is still writing."""


def files_of(folder: Folder) -> list[Path]:
    """Return the files that match, one at least, the newest last: by when they were changed, then by name.

    Hidden files, empty files and files that are still being written, by their names, do not count.

    Raises:
        CatalogError: there is no such folder, it cannot be read, or nothing in it matches.
    """
    try:
        names = [path for path in folder.path.iterdir() if _counts(path) and fnmatch(path.name, folder.pattern)]
        stamped = [(path.stat(), path) for path in names if path.is_file()]
    except FileNotFoundError:
        raise CatalogError(phrase("There is no folder {path}.", path=folder.path), phrase("Check the path.")) from None
    except OSError as error:
        raise CatalogError(
            phrase("{path} cannot be read: {strerror}.", path=folder.path, strerror=error.strerror),
            phrase("Check the permissions of the folder."),
        ) from error
    files = sorted((facts.st_mtime_ns, path.name, path) for facts, path in stamped if facts.st_size)
    if not files:
        raise CatalogError(
            phrase("{path} has no file that matches {pattern}.", path=folder.path, pattern=folder.pattern),
            phrase("Check the folder and the pattern; the newest file that matches is read."),
        )
    return [path for *_, path in files]


def _counts(path: Path) -> bool:
    return not path.name.startswith((".", "~$")) and path.suffix.lower() not in _UNFINISHED
