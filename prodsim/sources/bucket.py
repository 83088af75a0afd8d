"""Fetching a file from object storage: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from prodsim.artifacts import disk_errors_told
from prodsim.errors import CatalogError
from prodsim.phrases import phrase
from prodsim.progress import Progress
from prodsim.sources.rules import FetchRules

CHUNK_BYTES = 1 << 20
ARROW_SCHEMES = {"az": "abfs"}
"""What pyarrow calls a kind of address, where that is another name."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A file that was fetched.

    Attributes:
        name: of the file.
        last_modified: as an ISO time; "" where the storage does not say.
    """

    name: str
    last_modified: str


def fetch_object(url: str, target: Path, rules: FetchRules, known: str, progress: Progress) -> StoredObject | None:
    """Fetch a file with the credentials of this machine; ``None`` where it is the one that is known.

    Args:
        url: such as ``s3://bucket/exports/shop.parquet``.
        target: where to write it.
        rules: which buckets may be read, how much of them, and how long.
        known: when the file was last modified, as it was fetched before.
        progress: asked whether to stop.

    Raises:
        CatalogError: the bucket may not be read, there is no such file, it is too large or takes too long, or the
            storage refuses.
        StorageError: the disk is full, or the target cannot be written.
        Cancelled: see ``Progress``.
    """
    _check(url, rules)
    end = time.monotonic() + rules.total_s
    with _refusals_told(url):
        storage, path = _open(url)
        facts = storage.get_file_info(path)
    if not facts.is_file:
        raise CatalogError(
            phrase("There is no file {url}.", url=url),
            phrase("Check the address; it must name one file, not a folder. The catalog stays as it was."),
        )
    modified = datetime.fromtimestamp(facts.mtime_ns / 1e9, UTC).isoformat() if facts.mtime_ns else ""
    if modified and modified == known:
        return None
    _check_size(url, facts.size, rules)
    with disk_errors_told(target), target.open("wb") as file:
        for chunk in _chunks(storage, path, url):
            file.write(chunk)
            progress.check()
            _check_size(url, file.tell(), rules)
            _check_time(url, end, rules)
    return StoredObject(PurePosixPath(path).name, modified)


@contextmanager
def _refusals_told(url: str) -> Iterator[None]:
    """Raise what the storage refuses in the block as ``CatalogError``."""
    try:
        yield
    except (OSError, ValueError) as error:  # pyarrow's own
        raise CatalogError(
            phrase("{url} cannot be read: {reason}", url=url, reason=str(error)[:300]),
            phrase(
                "Check the address, and the credentials that this machine has for the storage, such as AWS_PROFILE or "
                "AWS_ENDPOINT_URL. The catalog stays as it was."
            ),
        ) from error


def _chunks(storage: Any, path: str, url: str) -> Iterator[bytes]:
    with _refusals_told(url), storage.open_input_stream(path, compression=None) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _open(url: str) -> tuple[Any, str]:
    """Return the storage and the path in it; the credentials are those that its programs find on this machine."""
    from pyarrow.fs import FileSystem  # it takes a while, and few catalogs are there

    scheme, _, rest = url.partition("://")
    storage, path = FileSystem.from_uri(f"{ARROW_SCHEMES.get(scheme, scheme)}://{rest}")
    return storage, path


def _check(url: str, rules: FetchRules) -> None:
    """Refuse a bucket that nobody allowed: the credentials are this machine's, not those of the person who asks."""
    parts = urlsplit(url)
    if parts.query or "@" in parts.netloc:
        raise CatalogError(
            phrase("{scheme}:// addresses have neither a password nor options in them.", scheme=parts.scheme),
            phrase("Credentials and the address of the storage are taken from the environment of this machine."),
        )
    is_limited = bool(rules.hosts) or rules.folders is not None
    if is_limited and not rules.lists(parts.netloc):
        raise CatalogError(
            phrase("The bucket {bucket} may not be read here.", bucket=parts.netloc),
            phrase("Ask whoever runs prodsim to add it to PRODSIM_SOURCE_HOSTS."),
        )


def _check_size(url: str, size: int, rules: FetchRules) -> None:
    if size > rules.max_bytes:
        raise CatalogError(
            phrase("{url} is larger than {mb:,.0f} MB.", url=url, mb=rules.max_bytes / 1e6),
            phrase("Allow more by PRODSIM_SOURCE_MAX_MB, or offer a smaller file."),
        )


def _check_time(url: str, end: float, rules: FetchRules) -> None:
    if time.monotonic() >= end:
        raise CatalogError(
            phrase("{host} took longer than {seconds:,.0f} seconds.", host=urlsplit(url).netloc, seconds=rules.total_s),
            phrase("Check the address and the connection, then try again. The catalog stays as it was."),
        )
