"""Shoppers without their names: a keyed hash stands for each, and the key stays in the home folder."""

import hmac
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from prodsim.artifacts import storage_error
from prodsim.errors import StorageError

KEY_FILE = "shoppers.key"
KEY_BYTES = 32
FEWEST = 5
"""Counts of fewer shoppers are not shown: they could tell who somebody is."""


def load_key(home: Path) -> bytes:
    """The key of this home folder; made on first use, readable by its owner alone (mode 600 where there are modes).

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
            f"{path} has {len(key)} bytes, not {KEY_BYTES}: it is no key.",
            "Put the key back from a backup, or delete it and read the histories again.",
        )
    return key


def user_id(written: str) -> str:
    """A user's id without spaces around, and without the .0 that spreadsheets give whole numbers."""
    return re.sub(r"^(\d+)\.0$", r"\1", written.strip())


def pseudonyms(users: Iterable[str], key: bytes) -> list[str]:
    """16 hex digits per user (HMAC-SHA-256), the same for the same user and key; they tell nobody without it whom."""
    known: dict[str, str] = {}
    for user in (users := list(users)):
        if user not in known:
            known[user] = hmac.digest(key, user.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]
    return [known[user] for user in users]


def shown_count(n: int) -> str:
    """A count of shoppers as it may be shown: "fewer than 5" below ``FEWEST``, but for none."""
    return f"{n:,}" if n >= FEWEST or n == 0 else f"fewer than {FEWEST}"
