"""What fetching is allowed to do, and how long and how much."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from prodsim.errors import CatalogError
from prodsim.phrases import phrase


@dataclass(frozen=True, slots=True)
class FetchRules:
    """The limits of fetching.

    Attributes:
        hosts: names of the only hosts that may be read, such as ``feeds.example.com`` or ``*.example.com``; they may
            have private addresses. Empty: any host with a public address.
        max_bytes: of one file.
        max_rows: of a query.
        connect_s, read_s: seconds to wait for a connection, and for the next bytes.
        total_s: seconds that fetching may take in all.
        folders: where files and SQLite databases must lie; ``None`` for anywhere.
    """

    hosts: tuple[str, ...] = ()
    max_bytes: int = 2_000_000_000
    max_rows: int = 5_000_000
    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 1800.0
    folders: tuple[Path, ...] | None = None

    def lists(self, host: str) -> bool:
        """Return whether a host is named, by itself or by a pattern."""
        return any(fnmatchcase(host.lower(), pattern.lower()) for pattern in self.hosts)

    def check_path(self, path: Path) -> None:
        """Refuse a path that lies in none of the folders, wherever links in it lead.

        Raises:
            CatalogError: it does not; says which folders may be read.
        """
        if self.folders is not None and not is_within(path, self.folders):
            raise CatalogError(
                phrase("{path} is in no folder that this server may read.", path=path), where_instead(self.folders)
            )


def is_within(path: Path, folders: tuple[Path, ...]) -> bool:
    """Return whether a path lies in one of the folders, wherever links in it lead."""
    real = path.expanduser().resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in folders)


def where_instead(folders: tuple[Path, ...]) -> str:
    """Say which folders may be read, and how that changes."""
    if not folders:
        return phrase(
            "Upload the file, or let the server's operator set PRODSIM_ALLOWED_FOLDERS to the folders that may be read."
        )
    return phrase(
        "Move it into one of these folders: {folders}. The server's operator changes them by PRODSIM_ALLOWED_FOLDERS.",
        folders=", ".join(map(str, folders)),
    )
