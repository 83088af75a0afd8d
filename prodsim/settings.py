"""Where prodsim keeps its data and which device it uses."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

import platformdirs

MAX_SOURCE_MB = 2000.0
OPEN_CATALOGS = 4
Number = TypeVar("Number", int, float)
Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that the table of a file may take while it is read.

    Attributes:
        rows, columns: of the table.
        cells: rows times columns; each takes some bytes of memory, also where it is empty.
        megabytes: of text, once it is unpacked.
    """

    rows: int = 10_000_000
    columns: int = 10_000
    cells: int = 100_000_000
    megabytes: float = 4000.0

    @classmethod
    def from_environment(cls) -> "Budget":
        """Read ``PRODSIM_MAX_ROWS``, ``_COLUMNS``, ``_CELLS`` and ``_TEXT_MB``."""
        usual = cls()
        return cls(
            rows=_number("PRODSIM_MAX_ROWS", int, usual.rows, "rows"),
            columns=_number("PRODSIM_MAX_COLUMNS", int, usual.columns, "columns"),
            cells=_number("PRODSIM_MAX_CELLS", int, usual.cells, "cells"),
            megabytes=_number("PRODSIM_MAX_TEXT_MB", float, usual.megabytes, "megabytes"),
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the surroundings decide; passed in, never read from elsewhere.

    Attributes:
        home: folder of all catalogs, vectors and decisions.
        device: where models run; ``auto`` takes CUDA, then mps, then the fastest CPU path.
        allow_download: whether a model may be fetched from a hub. Off: nothing leaves the machine.
        reranker: a cross-encoder's name or folder, whose opinion becomes a part of the similarity; ``""`` for none.
        chat_url: base address of a chat model that may phrase answers, as OpenAI's protocol has it; ``""`` for none.
        chat_model, chat_key: its name there, and the key, if one is needed.
        source_hosts: the only hosts that catalogs may be fetched from, which may have private addresses; empty for all
            public ones.
        source_max_mb: megabytes that a fetched catalog may have.
        fetch_pictures: whether a build fetches pictures from the web addresses in a catalog. Off: nobody is asked.
        allowed_folders: folders in which people of the dashboard may name files and models; ``None`` where nothing is
            said, which the dashboard decides by whom it serves. Commands and Python take every path.
        index: where builds put the graph that finds nearest vectors: ``""`` or ``embedded`` for the catalog's own
            folder, else the address of a server, which may hold a password; see ``index.open_server``.
        records: the address of a PostgreSQL that keeps what people decide, which may hold a password; ``""`` for files
            in the home folder.
        open_catalogs: catalogs that stay open in memory, and models that were fitted on them; the one that was not
            used for the longest time goes first.
        needs_login: whether a dashboard that other machines can reach opens only to people who log in.
    """

    home: Path
    device: Device = "auto"
    allow_download: bool = False
    reranker: str = ""
    chat_url: str = ""
    chat_model: str = ""
    chat_key: str = field(default="", repr=False)
    source_hosts: tuple[str, ...] = ()
    source_max_mb: float = MAX_SOURCE_MB
    fetch_pictures: bool = False
    allowed_folders: tuple[Path, ...] | None = None
    index: str = field(default="", repr=False)
    records: str = field(default="", repr=False)
    open_catalogs: int = OPEN_CATALOGS
    needs_login: bool = True

    def __post_init__(self) -> None:
        if self.device not in get_args(Device):
            raise ValueError(f"device must be one of {get_args(Device)}, got {self.device!r}")
        if self.open_catalogs < 1:
            raise ValueError(f"open_catalogs must be at least 1, got {self.open_catalogs}")

    @classmethod
    def from_environment(cls, home: Path | None = None) -> "Settings":
        """Read ``PRODSIM_HOME`` and the like, one per attribute; ``home`` wins if given."""
        chosen = home or os.environ.get("PRODSIM_HOME") or platformdirs.user_data_dir("prodsim", appauthor=False)
        return cls(
            home=Path(chosen).expanduser(),
            device=cast("Device", os.environ.get("PRODSIM_DEVICE", "auto")),
            allow_download=os.environ.get("PRODSIM_ALLOW_DOWNLOAD", "") == "1",
            reranker=os.environ.get("PRODSIM_RERANKER", ""),
            chat_url=os.environ.get("PRODSIM_CHAT_URL", ""),
            chat_model=os.environ.get("PRODSIM_CHAT_MODEL", ""),
            chat_key=os.environ.get("PRODSIM_CHAT_KEY", ""),
            source_hosts=tuple(os.environ.get("PRODSIM_SOURCE_HOSTS", "").replace(",", " ").split()),
            source_max_mb=_number("PRODSIM_SOURCE_MAX_MB", float, MAX_SOURCE_MB, "megabytes"),
            fetch_pictures=os.environ.get("PRODSIM_FETCH_PICTURES", "") == "1",
            allowed_folders=_folders(os.environ.get("PRODSIM_ALLOWED_FOLDERS")),
            index=os.environ.get("PRODSIM_INDEX", ""),
            records=os.environ.get("PRODSIM_RECORDS", ""),
            open_catalogs=_number("PRODSIM_OPEN_CATALOGS", int, OPEN_CATALOGS, "catalogs"),
            needs_login=os.environ.get("PRODSIM_LOGIN", "") != "off",
        )


def _folders(text: str | None) -> tuple[Path, ...] | None:
    """Return the folders of a list, separated as in PATH; none of an empty one."""
    if text is None:
        return None
    return tuple(Path(folder).expanduser() for folder in text.split(os.pathsep) if folder.strip())


def _number(variable: str, kind: Callable[[str], Number], default: Number, of: str) -> Number:
    text = os.environ.get(variable, "")
    if not text:
        return default
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{variable} must be a number of {of}, got {text!r}") from None
