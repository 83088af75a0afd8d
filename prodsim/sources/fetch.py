"""Fetching what a source has now, if it changed."""

import hashlib
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prodsim.artifacts import file_digest, safe_file_name, storage_error
from prodsim.errors import CatalogError
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.sources.folder import files_of
from prodsim.sources.rules import FetchRules
from prodsim.sources.secrets import SecretLookup, fill_in_address, find_secret
from prodsim.sources.sheets import csv_address
from prodsim.sources.source import (
    Address,
    Bucket,
    Database,
    File,
    Folder,
    GoogleSheet,
    Source,
    is_table_name,
    source_from_json,
    source_to_json,
)
from prodsim.sources.texts import text_files, write_texts


@dataclass(frozen=True, slots=True)
class FetchFacts:
    """The state of a source when it was fetched.

    Attributes:
        checked: when the source was last asked, as an ISO time with zone.
        digest: SHA-256 of the file.
        size: of the file, in bytes.
        etag, last_modified: what a web server said of the state; of a file on disk its time of change; else "".
    """

    checked: str
    digest: str
    size: int
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a catalog comes from, and the state that it was built from.

    Attributes:
        source: file, folder, address, object or database.
        facts: the state; ``None`` where it is not known.
    """

    source: Source
    facts: FetchFacts | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is saved of it: there is no secret in it."""
        return {"source": source_to_json(self.source), "facts": asdict(self.facts) if self.facts else None}

    @classmethod
    def from_json(cls, saved: Mapping[str, Any] | None) -> "Origin | None":
        """Return what was saved, ``None`` where nothing was; raises as ``source_from_json``."""
        if not saved:
            return None
        facts = saved["facts"]
        return cls(source_from_json(saved["source"]), FetchFacts(**facts) if facts else None)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source has now.

    Attributes:
        source: where it is from.
        path: the file to read; ``None`` where nothing was fetched because nothing changed.
        facts: the state.
        is_changed: whether the file is another one than before; true where nothing was known before.
    """

    source: Source
    path: Path | None
    facts: FetchFacts
    is_changed: bool

    @property
    def origin(self) -> Origin:
        """Return what a catalog that is built from it remembers."""
        return Origin(self.source, self.facts)

    @property
    def catalog_name(self) -> str:
        """Return what a catalog of it is called where nobody says otherwise; it does not change with the file."""
        if isinstance(self.source, Folder):
            name = self.source.path.resolve().name
        elif isinstance(self.source, Database) and not is_table_name(self.source.query):
            name = Path(self.source.url.partition("?")[0]).stem
        else:
            name = self.path.name.partition(".")[0] if self.path else ""
        return safe_file_name(name)[:80].strip()


def fetch(
    source: Source,
    folder: Path,
    previous: FetchFacts | None = None,
    rules: FetchRules = FetchRules(),
    lookup: SecretLookup = find_secret,
    progress: Progress = SILENT,
) -> Fetched:
    """Fetch what a source has now.

    Args:
        source: a file or the newest of a folder stays where it is; everything else is written below ``folder``, and
            so are the texts of a folder of texts alone, as one file.
        folder: for fetched files. Each lies in a folder that is named by its contents, so a newer one replaces none.
        previous: the state when it was last fetched; a server is asked only for a newer one.
        rules: what is allowed, and how long and how much.
        lookup: gives the secrets that the source names.
        progress: gets the step ``fetch``.

    Raises:
        CatalogError: it cannot be fetched, and nothing is left behind; the message says why, and has no secret in it.
        MissingPackage: the driver of a database is not installed.
        StorageError: the folder cannot be written or the disk is full.
        Cancelled: the progress asked to stop.
    """
    progress.step("fetch")
    if isinstance(source, File | Folder):
        rules.check_path(source.path)
        files = files_of(source) if isinstance(source, Folder) else [source.path]
        texts = text_files(files)
        if not texts:
            return _local(source, files[-1], previous, rules)
    work = folder / f".{uuid.uuid4().hex}.tmp"
    try:
        work.mkdir(parents=True)
        if isinstance(source, File | Folder):
            write_texts(texts, work / "fetched")
            name = f"{source.path.resolve().name}.jsonl"
            return _kept(source, work / "fetched", name, folder, previous)
        return _remote(source, work, folder, previous, rules, lookup, progress)
    except OSError as error:
        raise storage_error(folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _local(source: File | Folder, path: Path, previous: FetchFacts | None, rules: FetchRules) -> Fetched:
    rules.check_path(path)
    try:
        state = path.stat()
        stamp = f"{path.name} {state.st_mtime_ns}"
        if previous is not None and (previous.last_modified, previous.size) == (stamp, state.st_size):
            return Fetched(source, path, FetchFacts(**{**asdict(previous), "checked": _now()}), False)
        facts = FetchFacts(_now(), file_digest(path), state.st_size, last_modified=stamp)
    except FileNotFoundError:
        raise CatalogError(
            phrase("There is no file {path}.", path=path), phrase("Check the path. The catalog stays as it was.")
        ) from None
    except OSError as error:
        raise CatalogError(
            phrase("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror),
            phrase("Check the permissions of the file."),
        ) from error
    return Fetched(source, path, facts, previous is None or previous.digest != facts.digest)


def _remote(
    source: Address | GoogleSheet | Bucket | Database,
    work: Path,
    folder: Path,
    previous: FetchFacts | None,
    rules: FetchRules,
    lookup: SecretLookup,
    progress: Progress,
) -> Fetched:
    target = work / "fetched"
    if isinstance(source, Database):
        from prodsim.sources.database import query_to_parquet  # only databases need its packages

        query_to_parquet(source, target, lookup, rules, progress)
        name, etag, last_modified = _query_name(source), "", ""
    elif isinstance(source, Bucket):
        from prodsim.sources.bucket import fetch_object  # few catalogs are there

        stored = fetch_object(source.url, target, rules, previous.last_modified if previous else "", progress)
        if stored is None:
            return _unchanged(source, previous)
        name, etag, last_modified = stored.name, "", stored.last_modified
    else:
        from prodsim.sources.address import Validators, download  # opening a catalog must not wait for urllib3

        url = fill_in_address(source.url, lookup)
        url = csv_address(url) if isinstance(source, GoogleSheet) else url
        known = Validators(previous.etag, previous.last_modified) if previous else Validators()
        answer = download(url, source.label, target, rules, known, progress)
        if answer == "not modified":
            return _unchanged(source, previous)
        name, etag, last_modified = answer.name, answer.validators.etag, answer.validators.last_modified
    return _kept(source, target, name, folder, previous, etag, last_modified)


def _kept(
    source: Source,
    target: Path,
    name: str,
    folder: Path,
    previous: FetchFacts | None,
    etag: str = "",
    last_modified: str = "",
) -> Fetched:
    """Move what was fetched to where it stays."""
    facts = FetchFacts(_now(), file_digest(target), target.stat().st_size, etag, last_modified)
    path = folder / facts.digest[:16] / safe_file_name(name)
    path.parent.mkdir(exist_ok=True)
    if not path.exists():  # the same contents may be open elsewhere, where Windows replaces nothing
        target.replace(path)
    return Fetched(source, path, facts, previous is None or previous.digest != facts.digest)


def _unchanged(source: Source, previous: FetchFacts | None) -> Fetched:
    assert previous is not None  # a server is asked for a newer state than a known one
    return Fetched(source, None, FetchFacts(**{**asdict(previous), "checked": _now()}), False)


def _query_name(source: Database) -> str:
    """Return the name of the file with a query's rows: the table's, or the database's and what tells queries apart."""
    if is_table_name(source.query):
        return f"{source.query.rpartition('.')[2]}.parquet"
    database = Path(source.url.partition("?")[0]).stem or "database"
    return f"{database}-{hashlib.sha256(source.query.encode()).hexdigest()[:6]}.parquet"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
