"""Pictures that lie beside the catalog: in its folder, in the zip that it came in, or in a zip beside it."""

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Self
from urllib.parse import unquote

from prodsim.pictures.decoding import MAX_PICTURE_BYTES, PictureError, open_picture
from prodsim.pictures.videos import MAX_VIDEO_BYTES, read_scenes, video_of

MAX_ZIPS = 20
"""Zips beside a catalog that are searched for its pictures, by name."""
_ZIP_ERRORS = (OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zipfile.BadZipFile, zlib.error)
"""What opening and unpacking raises for damaged, encrypted and unknown zips."""


def picture_digest(data: bytes) -> bytes:
    """Return 16 bytes that tell a picture's file from all others."""
    return hashlib.sha256(data).digest()[:16]


def can_be_seen(source: Path, place: str) -> bool:
    """Return whether a picture of the catalog in the file ``source`` lies beside it and opens."""
    try:
        with PictureFiles(source) as files, open_picture(files.read(place)):
            return True
    except PictureError:
        return False


class PictureFiles:
    """Gives the bytes of a catalog's local pictures; nothing outside of its folder is read, and nothing is unpacked.

    Safe to use from several threads, in a ``with`` block that closes the zips.

    Args:
        source: the catalog's file. Paths start in its folder, and in the zips there, of which it may be one.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._base = source.parent.resolve()
        self._opened = ExitStack()
        self._archives: dict[Path, zipfile.ZipFile] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def read(self, place: str) -> bytes:
        """Return a picture's bytes; those of a frame where the place is that of a scene of a video.

        Args:
            place: a path with slashes of either kind between folders, as the catalog gives it.

        Raises:
            PictureError: there is none, it lies outside, it is too large or cannot be read.
        """
        frame = video_of(place)
        if frame is None:
            return self._read(place, MAX_PICTURE_BYTES)
        video, number = frame
        scenes = read_scenes(self._read(video, MAX_VIDEO_BYTES))
        if number > len(scenes):
            raise PictureError("no such scene", place)
        return scenes[number - 1].data

    def _read(self, place: str, limit: int) -> bytes:
        path = place.replace("\\", "/")
        for name in dict.fromkeys((path, unquote(path))):
            data = self._file(name, limit)
            data = self._member(name, limit) if data is None else data
            if data is not None:
                return data
        raise PictureError("outside" if self._leads_out(path) else "missing", place)

    def _file(self, name: str, limit: int) -> bytes | None:
        """Return the bytes of a file below the base; ``None`` where there is none."""
        try:
            path = (self._base / name).resolve()
            if not path.is_relative_to(self._base) or not path.is_file():
                return None
            if path.stat().st_size > limit:
                raise PictureError("too large", name)
            return path.read_bytes()
        except OSError as error:
            raise PictureError("unreadable", name) from error
        except ValueError:  # no path that this system knows
            return None

    def _member(self, name: str, limit: int) -> bytes | None:
        """Return the bytes of a file in a zip; ``None`` where there is none."""
        for path, members in self._zips:
            member = members.get(_key(name))
            if member is not None:
                return self._unpacked(path, member, limit)
        return None

    def _unpacked(self, path: Path, member: str, limit: int) -> bytes:
        try:
            with self._lock:
                if path not in self._archives:
                    self._archives[path] = self._opened.enter_context(zipfile.ZipFile(path))
            with self._archives[path].open(member) as stream:
                data = stream.read(limit + 1)
        except _ZIP_ERRORS as error:
            raise PictureError("unreadable", member) from error
        if len(data) > limit:
            raise PictureError("too large", member)
        return data

    def _leads_out(self, name: str) -> bool:
        try:
            return not (self._base / name).resolve().is_relative_to(self._base)
        except (OSError, ValueError):
            return False

    @cached_property
    def _zips(self) -> list[tuple[Path, Mapping[str, str]]]:
        """Return each zip with its members, the catalog's own first, then by name."""
        beside = sorted(path for path in self._base.glob("*.zip") if path.name != self._source.name)
        return [(path, _members(path, _state(path))) for path in (self._source, *beside[:MAX_ZIPS])]


@lru_cache(maxsize=2 * MAX_ZIPS)
def _members(path: Path, state: tuple[int, int]) -> Mapping[str, str]:
    """Return the member of each path in a zip, by ``_key``; none of what is no zip. Its state tells a new one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [member.filename for member in archive.infolist() if not member.is_dir()]
    except _ZIP_ERRORS:
        return {}
    # Where all lies in one folder of the zip, paths may start in that one.
    return {_key(_below_first(name)): name for name in reversed(names)} | {_key(name): name for name in reversed(names)}


def _state(path: Path) -> tuple[int, int]:
    """Return what changes with a file's contents: when it was changed, and its size; zeros for none."""
    try:
        facts = path.stat()
    except OSError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_size


def _below_first(name: str) -> str:
    """Return a path without its first folder."""
    return name.partition("/")[2]


def _key(name: str) -> str:
    """Return what a path in a zip is looked up by, whatever its letters' case."""
    return name.removeprefix("./").lstrip("/").casefold()
