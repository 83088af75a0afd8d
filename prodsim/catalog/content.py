"""The bytes of a catalog file, taken out of gzip or zip, with limits on what they may grow to."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from prodsim.catalog.budget import FileBudget
from prodsim.errors import CatalogError
from prodsim.phrases import Text, phrase
from prodsim.settings import Budget

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip begins, and how one without a file does."""

BLOCK_BYTES = 1 << 22
HELD_BYTES = 1 << 26
"""Bytes of a file that are kept in memory; of a longer one a piece at a time is."""


PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".svg")
DOCUMENTS = {
    "xl/workbook.bin": Text("a binary workbook (.xlsb), which cannot be read"),
    "word/document.xml": Text("a text document, not a catalog"),
    "ppt/presentation.xml": Text("a presentation, not a catalog"),
    "META-INF/manifest.xml": Text("an OpenDocument file, which cannot be read"),
    "Index/Document.iwa": Text("a document of Numbers or Pages, which cannot be read"),
}
"""The part by which a document that is a zip is known, and what it is."""

Opener = Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes to read, and where they came from.

    Attributes:
        held: the first bytes, at most ``HELD_BYTES``; all there are if ``is_whole``.
        is_whole: whether that is everything; the rest is read, and unpacked, again when it is needed.
        opener: opens the unpacked bytes from their beginning.
        name: the file's name, of the member if it came out of a zip.
        budget: what the file may take.
        size: bytes after unpacking; ``None`` where only unpacking tells.
        member, members: of a zip, the one taken and those there are.
    """

    held: bytes
    is_whole: bool
    opener: Opener
    name: str
    budget: FileBudget
    size: int | None = None
    member: str | None = None
    members: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        """Return all bytes, for formats that cannot be read in pieces."""
        return self.held if self.is_whole else b"".join(self.blocks())

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning, ``BLOCK_BYTES`` of them at a time.

        Raises:
            CatalogError: damaged behind its beginning, or growing beyond all measure.
        """
        size = BLOCK_BYTES
        if self.is_whole:
            yield from (self.held[start : start + size] for start in range(0, len(self.held), size))
            return
        with _damage_reported(self.name), self.opener() as stream:
            while block := stream.read(size):
                yield block


def read_content(path: Path, member: str | None = None, budget: Budget | None = None) -> Content:
    """Read a file's first bytes, unpacked in memory; nothing is written, so no name in an archive can leave its folder.

    Args:
        path: the file.
        member: of a zip, the file in it.
        budget: the most that the file may take; ``None`` for what the environment allows.

    Raises:
        CatalogError: absent, a folder, empty, damaged, protected, too large for its budget, or growing implausibly.
    """
    with _damage_reported(path.name):
        magic, size = _magic(path), path.stat().st_size
        own = FileBudget(budget or Budget.from_environment(), path.name, size)
        own.check_text(size)
        if magic[:2] == b"\x1f\x8b":
            return _held(lambda: _unpacked(path, own), path.stem, own)
        if magic in ZIP and not is_workbook(path):
            return _from_zip(path, member, own)
        return replace(_held(lambda: path.open("rb"), path.name, own), size=size)


def _magic(path: Path) -> bytes:
    """Return the first bytes of a file, or say why there are none."""
    if path.is_dir():
        raise CatalogError(phrase("{path} is a folder.", path=path), phrase("Choose a file in this folder."))
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError:
        raise CatalogError(phrase("There is no file {path}.", path=path), phrase("Check the path.")) from None
    except OSError as error:
        raise CatalogError(
            phrase("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror),
            phrase("Check the permissions of the file."),
        ) from error
    if not magic:
        raise CatalogError(
            phrase("{name} is empty.", name=path.name),
            phrase("Export the catalog again; a header and one product are needed."),
        )
    return magic


@contextmanager
def _damage_reported(name: str) -> Iterator[None]:
    """Turn what unpacking raises into a message."""
    try:
        yield
    except NotImplementedError as error:  # packed in a way that only few programs know
        raise CatalogError(
            phrase("{name} cannot be unpacked: {reason}.", name=name, reason=error), phrase("Unpack it first.")
        ) from error
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise CatalogError(
            phrase("{name} is damaged: {reason}.", name=name, reason=error), phrase("Copy or export it again.")
        ) from error


def _held(opener: Opener, name: str, budget: FileBudget) -> Content:
    with opener() as stream:
        held = stream.read(HELD_BYTES)
        is_whole = len(held) < HELD_BYTES or not stream.read(1)
    return Content(held, is_whole, opener, name, budget)


def _unpacked(path: Path, budget: FileBudget) -> IO[bytes]:
    return io.BufferedReader(_Limited([gzip.GzipFile(path)], budget))


def _from_zip(path: Path, member: str | None, budget: FileBudget) -> Content:
    name = path.name
    with zipfile.ZipFile(path) as archive:
        files = catalog_members(archive)
        members = tuple(info.filename for info in files)
        if not members:
            raise CatalogError(
                phrase("{name} contains no file.", name=name),
                phrase("Choose an archive that contains the catalog, or the catalog itself."),
            )
        if kind := next((kind for mark, kind in DOCUMENTS.items() if mark in members), None):
            raise CatalogError(
                phrase("{name} is {kind}.", name=name, kind=kind()),
                phrase("Open it and save the table as .xlsx or .csv."),
            )
        if member is not None and member not in members:
            raise CatalogError(
                phrase("{name} has no file {member!r}.", name=name, member=member),
                phrase("It has {members}.", members=", ".join(members[:10])),
            )
        chosen = archive.getinfo(member or max(files, key=lambda info: info.file_size).filename)
        if chosen.flag_bits & 1:
            raise CatalogError(
                phrase("{chosen} in {name} is protected by a password.", chosen=chosen.filename, name=name),
                phrase("Unpack it first."),
            )
    own = replace(budget, packed=chosen.compress_size)
    held = _held(lambda: _member(path, chosen, own), chosen.filename.rsplit("/", 1)[-1], own)
    content = replace(held, size=chosen.file_size, member=chosen.filename, members=members)
    if not content.held:
        raise CatalogError(
            phrase("{chosen} in {name} is empty.", chosen=chosen.filename, name=name),
            phrase("Export the catalog again."),
        )
    return content


def catalog_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of a zip that may be a catalog: not the pictures beside one, unless there is nothing else."""
    files = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    return [info for info in files if not info.filename.lower().endswith(PICTURE_ENDINGS)] or files


def _member(path: Path, member: zipfile.ZipInfo, budget: FileBudget) -> IO[bytes]:
    """Open a file of a zip, also where it is gzipped once more."""
    archive = zipfile.ZipFile(path)
    stream = io.BufferedReader(cast(io.RawIOBase, archive.open(member)))
    opened: list[Any] = [stream, archive]
    if stream.peek(2)[:2] == b"\x1f\x8b":
        opened.insert(0, gzip.GzipFile(fileobj=stream))
    return io.BufferedReader(_Limited(opened, budget))


class _Limited(io.RawIOBase):
    """A stream that refuses to grow to more than a file may take.

    Args:
        opened: what unpacks, and what else is to be closed with it.
        budget: what the file may take.
    """

    def __init__(self, opened: Sequence[Any], budget: FileBudget) -> None:
        self._opened, self._budget, self._size = opened, budget, 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; raises ``CatalogError`` once there are too many bytes."""
        block = self._opened[0].read(len(buffer))
        self._size += len(block)
        self._budget.check_text(self._size)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close what unpacks, too."""
        for stream in self._opened:
            stream.close()
        super().close()


def is_workbook(zipped: Path | IO[bytes]) -> bool:
    """Return whether a zip is an XLSX."""
    with zipfile.ZipFile(zipped) as archive:
        return "xl/workbook.xml" in archive.namelist()


def check_workbook_size(data: bytes, budget: FileBudget) -> None:
    """Refuse a workbook whose parts unpack to more than a file may take; raises ``CatalogError``."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        budget.check_text(sum(info.file_size for info in archive.infolist()))
