"""Keys for other programs: who may ask the API and the MCP server, as hashes in a file of the workspace."""

import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prodsim.artifacts import SETTLED_NS, FileStates, file_states
from prodsim.errors import AccessDenied, QueryError, did_you_mean
from prodsim.phrases import Text, phrase
from prodsim.records.database import FileKind, open_file
from prodsim.roles import ROLES, Actor, Role, require_role

PREFIX = "prodsim_"
"""Every key begins with it, so that scanners of logs and repositories can recognise one that leaked."""
MAX_NAME = 60
_KIND = FileKind(
    (
        """
    CREATE TABLE key (
        name TEXT NOT NULL PRIMARY KEY,
        role TEXT NOT NULL,
        digest TEXT NOT NULL UNIQUE,
        created TEXT NOT NULL
    );
    """,
    ),
    open_to=1,
    holds=Text("the file of keys"),
)
_ADD = "INSERT OR IGNORE INTO key (name, role, digest, created) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Key:
    """A key, without its secret.

    Attributes:
        name: of the program or person that has it.
        role: what it allows.
        digest: SHA-256 of the secret in hexadecimal. The secret has 256 random bits, so that no slow hash is needed.
        created: ISO 8601 in UTC to the second.
    """

    name: str
    role: Role
    digest: str
    created: str

    @property
    def id(self) -> str:
        """Return what logs call the key."""
        return self.digest[:8]

    @property
    def actor(self) -> Actor:
        """Return who acts with this key."""
        return Actor(self.name, self.role)


class Keys:
    """The keys of a workspace. One object may serve many threads; a key that is removed is refused at once.

    Args:
        path: the file; made by the first key.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._read: tuple[FileStates, Mapping[str, Key]] = ((), {})

    def add(self, name: str, role: Role) -> str:
        """Make a key and return its secret, which is kept nowhere.

        Raises:
            QueryError: the name is empty, too long or taken.
        """
        require_role("administer")
        name = name.strip()
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise QueryError(
                phrase("A key cannot be named “{name}”.", name=name[:MAX_NAME]),
                phrase("Choose a name of 1 to {n} letters, digits or spaces.", n=MAX_NAME),
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        row = (name, role, _digest(secret), datetime.now(UTC).isoformat(timespec="seconds"))
        with open_file(self.path, _KIND, create=True) as connection:
            added = connection.execute(_ADD, row)
            if not added.rowcount:
                raise QueryError(
                    phrase("There is a key “{name}” already.", name=name),
                    phrase("Choose another name, or remove that key first."),
                )
        return secret

    def remove(self, name: str) -> None:
        """Delete a key; whoever has it is refused from now on.

        Raises:
            QueryError: there is none of that name.
        """
        require_role("administer")
        with open_file(self.path, _KIND) as connection:
            if not connection.execute("DELETE FROM key WHERE name = ?", (name,)).rowcount:
                names = [key.name for key in self.all()]
                fix = did_you_mean(name, names) or phrase("`prodsim keys list` lists the keys.")
                raise QueryError(phrase("There is no key “{name}”.", name=name), fix)

    def all(self) -> list[Key]:
        """Return the keys by name."""
        return sorted(self._by_digest().values(), key=lambda key: key.name)

    def find(self, secret: str) -> Key:
        """Return the key of a secret.

        Raises:
            AccessDenied: it is none of the workspace's, or no longer.
        """
        key = self._by_digest().get(_digest(secret))
        if key is None:
            raise AccessDenied(
                phrase("The key is not known here."),
                phrase("It may have been removed. Ask whoever runs prodsim for a new one."),
            )
        return key

    def _by_digest(self) -> Mapping[str, Key]:
        """Return the keys by digest, read again only where the file has changed."""
        with self._lock:
            states = file_states(self.path, self.path.with_name(f"{self.path.name}-wal"))
            is_settled = time.time_ns() - max(changed_ns for _, changed_ns, _ in states) > SETTLED_NS
            if states != self._read[0] or not is_settled:
                with open_file(self.path, _KIND) as connection:
                    rows = connection.execute("SELECT name, role, digest, created FROM key").fetchall()
                self._read = states, {row[2]: Key(*row) for row in rows if row[1] in ROLES}
            return self._read[1]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
