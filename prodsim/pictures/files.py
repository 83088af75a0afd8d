"""Pictures that lie beside the catalog: in its folder, in the zip that it came in, or in a zip beside it."""

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from prodsim.pictures.decoding import MAX_PICTURE_BYTES, PictureError

MAX_ZIPS = 20
"""Zips beside a catalog that are searched for its pictures, by name."""
_ZIP_ERRORS = (OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zipfile.BadZipFile, zlib.error)
"""What opening and unpacking raises for damaged, encrypted and unknown zips."""


def picture_digest(data: bytes) -> bytes:
    """Return 16 bytes that tell a picture's file from all others."""
    return hashlib.sha256(data).digest()[:16]


class PictureFiles:
    """Gives the bytes of a catalog's local pictures; nothing outside of its folder is read, and nothing is unpacked.

    Safe to use from several threads, in a ``with`` block that closes the zips.

    Args:
        source: the catalog's file. Paths start in its folder; where it is a zip, also at that one's root.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._base = source.parent.resolve()
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def read(self, place: str) -> bytes:
        """Return a picture's bytes.

        Args:
            place: a path with slashes of either kind between folders, as the catalog gives it.

        Raises:
            PictureError: there is none, it lies outside, it is too large or cannot be read.
        """
        path = place.replace("\\", "/")
        for name in dict.fromkeys((path, unquote(path))):
            data = self._file(name)
            data = self._member(name) if data is None else data
            if data is not None:
                return data
        raise PictureError("outside" if self._leads_out(path) else "missing", place)

    def _file(self, name: str) -> bytes | None:
        """Return the bytes of a file below the base; ``None`` where there is none."""
        try:
            path = (self._base / name).resolve()
            if not path.is_relative_to(self._base) or not path.is_file():
                return None
            if path.stat().st_size > MAX_PICTURE_BYTES:
                raise PictureError("too large", name)
            return path.read_bytes()
        except OSError as error:
            raise PictureError("unreadable", name) from error
        except ValueError:  # no path that this system knows
            return None

    def _member(self, name: str) -> bytes | None:
        """Return the bytes of a file in a zip; ``None`` where there is none."""
        archive, member = self._members.get(_key(name), (None, ""))
        if archive is None:
            return None
        try:
            with archive.open(member) as stream:
                data = stream.read(MAX_PICTURE_BYTES + 1)
        except _ZIP_ERRORS as error:
            raise PictureError("unreadable", name) from error
        if len(data) > MAX_PICTURE_BYTES:
            raise PictureError("too large", name)
        return data

    def _leads_out(self, name: str) -> bool:
        try:
            return not (self._base / name).resolve().is_relative_to(self._base)
        except (OSError, ValueError):
            return False

    @cached_property
    def _members(self) -> Mapping[str, tuple[zipfile.ZipFile, str]]:
        """Return the zip and the member of each path in a zip; of two, the catalog's own zip's."""
        beside = sorted(path for path in self._base.glob("*.zip") if path != self._source)
        members: dict[str, tuple[zipfile.ZipFile, str]] = {}
        for path in (self._source, *beside[:MAX_ZIPS]):
            with suppress(*_ZIP_ERRORS):  # the catalog is no zip, or a zip is damaged
                archive = self._opened.enter_context(zipfile.ZipFile(path))
                names = [member.filename for member in archive.infolist() if not member.is_dir()]
                # Where all lies in one folder of the zip, paths may start in that one.
                for shown in (str, _below_first):
                    for name in names:
                        members.setdefault(_key(shown(name)), (archive, name))
        return members


def _below_first(name: str) -> str:
    """Return a path without its first folder."""
    return name.partition("/")[2]


def _key(name: str) -> str:
    """Return what a path in a zip is looked up by, whatever its letters' case."""
    return name.removeprefix("./").lstrip("/").casefold()
