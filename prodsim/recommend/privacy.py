"""Pseudonyms of shoppers: a keyed hash stands for each, and the key stays in the home folder."""

import hmac
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from prodsim.artifacts import storage_error
from prodsim.errors import StorageError
from prodsim.phrases import Text, phrase

KEY_FILE = "shoppers.key"
KEY_BYTES = 32
MIN_SHOPPERS = 5
"""Counts of fewer shoppers are not shown, because they could identify a person."""
FEWER_SHOPPERS = Text("fewer than {n}")


def load_key(home: Path) -> bytes:
    """Return the key of this home folder; made on first use, readable by its owner alone (mode 600 where possible).

    Raises:
        StorageError: it cannot be written or read, or was changed.
    """
    path = home / KEY_FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(secrets.token_bytes(KEY_BYTES))
        except FileExistsError:
            path.chmod(0o600)
        key = path.read_bytes()
    except OSError as error:
        raise storage_error(path, error) from error
    if len(key) != KEY_BYTES:
        raise StorageError(
            phrase(
                "{path} is not a valid key: it has {n} bytes instead of {expected}.",
                path=path,
                n=len(key),
                expected=KEY_BYTES,
            ),
            phrase("Restore the key from a backup, or delete it and read the histories again."),
        )
    return key


def user_id(written: str) -> str:
    """Return a user's id without surrounding spaces and without the .0 that spreadsheets append to whole numbers."""
    return re.sub(r"^(\d+)\.0$", r"\1", written.strip())


def pseudonyms(users: Iterable[str], key: bytes) -> list[str]:
    """Return 16 hex digits per user (HMAC-SHA-256), the same for the same user and key; meaningless without the key."""
    known: dict[str, str] = {}
    for user in (users := list(users)):
        if user not in known:
            known[user] = hmac.digest(key, user.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]
    return [known[user] for user in users]


def shown_count(n: int) -> str:
    """Return a count of shoppers as it may be shown: "fewer than 5" for 1 to 4."""
    return f"{n:,}" if n >= MIN_SHOPPERS or n == 0 else FEWER_SHOPPERS(n=MIN_SHOPPERS)
