"""Where a catalog comes from: a file, a folder, an address, a Google Sheet, object storage or a database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from prodsim.errors import CatalogError
from prodsim.phrases import phrase
from prodsim.sources.secrets import hide_secrets, is_reference

ANY_FILE = "*"
BUCKETS = ("s3", "gs", "az")
DATABASES: Mapping[str, str] = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
"""Kind of database, as an address begins, to what SQLAlchemy calls it with the driver that is used."""


@dataclass(frozen=True, slots=True)
class File:
    """A file on this machine."""

    path: Path

    @property
    def label(self) -> str:
        """Return what people read of it."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Folder:
    """The newest file of a folder whose name matches ``pattern``, such as ``export-*.csv``."""

    path: Path
    pattern: str = ANY_FILE

    @property
    def label(self) -> str:
        """Return what people read of it."""
        return str(self.path / self.pattern)


@dataclass(frozen=True, slots=True)
class Address:
    """A file or feed on the web; secrets in ``url`` are named, never written."""

    url: str

    @property
    def label(self) -> str:
        """Return what people read of it."""
        return self.url


@dataclass(frozen=True, slots=True)
class GoogleSheet:
    """A Google Sheet that everybody with the link may read; ``url`` is the link as a person copies it."""

    url: str

    @property
    def label(self) -> str:
        """Return what people read of it."""
        return self.url


@dataclass(frozen=True, slots=True)
class Bucket:
    """A file in object storage, such as ``s3://bucket/exports/shop.parquet``; there is no secret in ``url``."""

    url: str

    @property
    def label(self) -> str:
        """Return what people read of it."""
        return self.url


@dataclass(frozen=True, slots=True)
class Database:
    """What a query of a database returns, or all rows of a table.

    Attributes:
        url: as SQLAlchemy writes it; secrets in it are named, never written.
        query: SQL, or the name of a table or view.
    """

    url: str
    query: str

    @property
    def label(self) -> str:
        """Return what people read of it."""
        return f"{self.url} · {' '.join(self.query.split())}"


Source = File | Folder | Address | GoogleSheet | Bucket | Database

_KINDS: Mapping[str, type[Source]] = {
    "file": File,
    "folder": Folder,
    "address": Address,
    "google_sheet": GoogleSheet,
    "bucket": Bucket,
    "database": Database,
}


@dataclass(frozen=True, slots=True)
class TypedSource:
    """A source as a person typed it.

    Attributes:
        source: without any secret.
        secrets: name to value of those that were written in it: used now, saved nowhere.
    """

    source: Source
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def advice(self) -> str:
        """Return what to do so that the catalog can be refreshed; "" where nothing secret was written."""
        if not self.secrets:
            return ""
        return phrase(
            "The password or token is used now but not saved. To refresh the catalog later, set {names} in the "
            "environment or in .streamlit/secrets.toml.",
            names=", ".join(self.secrets),
        )


def read_source(text: str, query: str = "") -> TypedSource:
    """Tell what kind of source a person typed.

    Args:
        text: a path, a pattern such as ``exports/*.csv``, an https address, a link to a Google Sheet, a file in
            object storage, or the address of a database.
        query: SQL, or the name of a table; of a database only.

    Raises:
        CatalogError: nothing was typed, it is of a kind that cannot be read, or the query is missing or out of place.
    """
    text, query = text.strip().strip("\"'").strip(), query.strip()
    if text.lower().startswith(("www.", "docs.google.com/")):
        text = f"https://{text}"
    scheme = _scheme(text)
    if scheme.partition("+")[0] in DATABASES or (query and is_reference(text)):
        return _database(text, query)
    if query:
        raise CatalogError(
            phrase("A query was given, but {source} is not the address of a database.", source=hide_secrets(text).text),
            phrase("Leave the query out, or give an address such as postgresql://user@host/database."),
        )
    if scheme in ("http", "https") or is_reference(text):
        hidden = hide_secrets(text)
        kind = GoogleSheet if is_google_sheet(text) else Address
        return TypedSource(kind(hidden.text), hidden.secrets)
    if scheme in BUCKETS:
        return TypedSource(Bucket(text))
    if scheme:
        raise CatalogError(
            phrase("Addresses that begin with {scheme}:// cannot be read.", scheme=scheme),
            phrase(
                "Give an https address, a file in object storage ({buckets}), the address of a database ({databases}), "
                "or a path.",
                buckets=_listed(BUCKETS),
                databases=_listed(("postgresql", "mysql", "sqlite")),
            ),
        )
    return TypedSource(_on_disk(text))


def _scheme(text: str) -> str:
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", text)
    return match[1].lower() if match else ""


def _database(text: str, query: str) -> TypedSource:
    hidden = hide_secrets(text)
    if not query:
        raise CatalogError(
            phrase("{source} is a database, but it is not said what to read from it.", source=hidden.text),
            phrase("Add a query or the name of a table (--query)."),
        )
    return TypedSource(Database(hidden.text, query), hidden.secrets)


def _on_disk(text: str) -> File | Folder:
    if not text:
        raise CatalogError(
            phrase("There is nothing to read: the address is empty."), phrase("Give a path or an address.")
        )
    path = Path(text).expanduser()
    if path.is_dir():
        return Folder(path)
    is_pattern = any(mark in path.name for mark in "*?[") and not path.exists()
    return Folder(path.parent, path.name) if is_pattern else File(path)


def is_google_sheet(url: str) -> bool:
    """Return whether an address is a link to a Google Sheet."""
    return bool(re.match(r"https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/", url))


def is_table_name(query: str) -> bool:
    """Return whether a query is the name of a table or view, perhaps with its schema, and no SQL."""
    return all(part.replace("_", "").replace("$", "").replace("-", "").isalnum() for part in query.split("."))


def source_to_json(source: Source) -> dict[str, Any]:
    """Return what is saved of a source."""
    kind = next(name for name, each in _KINDS.items() if type(source) is each)
    return {"kind": kind, **{name: _plain(value) for name, value in asdict(source).items()}}


def source_from_json(saved: Mapping[str, Any]) -> Source:
    """Return the source that was saved; raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is none."""
    values = {name: value for name, value in saved.items() if name != "kind"}
    if "path" in values:
        values["path"] = Path(values["path"])
    return _KINDS[saved["kind"]](**values)


def _plain(value: object) -> str:
    """Return a path with all of its folders, since the next process may begin in another one."""
    return str(value.resolve() if isinstance(value, Path) else value)


def _listed(schemes: Sequence[str]) -> str:
    return ", ".join(f"{scheme}://" for scheme in schemes)
