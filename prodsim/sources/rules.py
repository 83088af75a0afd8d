"""What fetching is allowed to do, and how long and how much."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


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
    """

    hosts: tuple[str, ...] = ()
    max_bytes: int = 2_000_000_000
    max_rows: int = 5_000_000
    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 1800.0

    def lists(self, host: str) -> bool:
        """Return whether a host is named, by itself or by a pattern."""
        return any(fnmatchcase(host.lower(), pattern.lower()) for pattern in self.hosts)
