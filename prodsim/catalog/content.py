"""The bytes of a catalog file, taken out of gzip or zip, with limits on what they may grow to."""

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from prodsim.errors import CatalogError
from prodsim.phrases import phrase

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip begins, and how one without a file does."""

MAX_BYTES = 4_000_000_000
MAX_RATIO = 300
"""Text shrinks by ten to thirty times; what grows more than 300 times, beyond 50 MB, is meant to harm."""
_SUSPECT_FROM = 50_000_000
_CHUNK_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes to read, and where they came from.

    Attributes:
        data: the bytes.
        name: the file's name, of the member if it came out of a zip.
        member, members: of a zip, the one taken and those there are.
    """

    data: bytes
    name: str
    member: str | None = None
    members: tuple[str, ...] = ()


def read_content(path: Path, member: str | None = None) -> Content:
    """Read a file's bytes, unpacked in memory; nothing is written, so no name inside an archive can leave its folder.

    Raises:
        CatalogError: absent, a folder, empty, damaged, protected, or growing beyond all measure.
    """
    if path.is_dir():
        raise CatalogError(phrase("{path} is a folder.", path=path), phrase("Choose a file in this folder."))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CatalogError(phrase("There is no file {path}.", path=path), phrase("Check the path.")) from None
    except OSError as error:
        raise CatalogError(
            phrase("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror),
            phrase("Check the permissions of the file."),
        ) from error
    if not data:
        raise CatalogError(
            phrase("{name} is empty.", name=path.name),
            phrase("Export the catalog again; a header and one product are needed."),
        )
    try:
        if data[:2] == b"\x1f\x8b":
            return Content(_limited(gzip.GzipFile(fileobj=io.BytesIO(data)), len(data), path.name), path.stem)
        if data[:4] in ZIP and not is_workbook(data):
            return _from_zip(data, path.name, member)
    except NotImplementedError as error:  # packed in a way that only few programs know
        raise CatalogError(
            phrase("{name} cannot be unpacked: {reason}.", name=path.name, reason=error), phrase("Unpack it first.")
        ) from error
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise CatalogError(
            phrase("{name} is damaged: {reason}.", name=path.name, reason=error), phrase("Copy or export it again.")
        ) from error
    return Content(data, path.name)


def _from_zip(data: bytes, name: str, member: str | None) -> Content:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")]
        members = tuple(info.filename for info in files)
        if not members:
            raise CatalogError(
                phrase("{name} contains no file.", name=name),
                phrase("Choose an archive that contains the catalog, or the catalog itself."),
            )
        if member is not None and member not in members:
            raise CatalogError(
                phrase("{name} has no file {member!r}.", name=name, member=member),
                phrase("It has {members}.", members=", ".join(members[:10])),
            )
        chosen = member or max(files, key=lambda info: info.file_size).filename
        if archive.getinfo(chosen).flag_bits & 1:
            raise CatalogError(
                phrase("{chosen} in {name} is protected by a password.", chosen=chosen, name=name),
                phrase("Unpack it first."),
            )
        with archive.open(chosen) as stream:
            content = _limited(stream, archive.getinfo(chosen).compress_size, name)
        if content[:2] == b"\x1f\x8b":
            content = _limited(gzip.GzipFile(fileobj=io.BytesIO(content)), len(content), name)
        if not content:
            raise CatalogError(
                phrase("{chosen} in {name} is empty.", chosen=chosen, name=name), phrase("Export the catalog again.")
            )
        return Content(content, chosen.rsplit("/", 1)[-1], chosen, members)


def _limited(stream: IO[bytes] | gzip.GzipFile, packed: int, name: str) -> bytes:
    """Read all bytes of a stream, unless they are absurdly many."""
    parts, size = [], 0
    while chunk := stream.read(_CHUNK_BYTES):
        parts.append(chunk)
        size += len(chunk)
        _check_growth(size, packed, name)
    return b"".join(parts)


def _check_growth(size: int, packed: int, name: str) -> None:
    if size > MAX_BYTES or (size > _SUSPECT_FROM and size > MAX_RATIO * max(packed, 1)):
        raise CatalogError(
            phrase(
                "{name} unpacks to more than {size:,.0f} MB from {packed:,.1f} MB; that is implausible for a catalog.",
                name=name,
                size=size / 1000000.0,
                packed=packed / 1000000.0,
            ),
            phrase("If it is a catalog, unpack it first and choose the file inside, or save it as CSV."),
        )


def is_workbook(data: bytes) -> bool:
    """Return whether a zip is an XLSX."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def check_workbook_size(data: bytes, name: str) -> None:
    """Refuse a workbook whose parts unpack to more than any catalog; raises ``CatalogError``."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check_growth(sum(info.file_size for info in archive.infolist()), len(data), name)
