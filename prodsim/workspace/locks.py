"""Locks on the disk: one process at a time works in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from prodsim.artifacts import storage_error


def is_held(lock: Path) -> bool:
    """Return whether a process holds the lock now; where nothing can be written, none does."""
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


@contextmanager
def hold(lock: Path, timeout_s: float = -1) -> Iterator[None]:
    """Hold a lock in the block; its folder is made if need be.

    Args:
        lock: the file.
        timeout_s: how long another holder is waited for; below 0 as long as it takes.

    Raises:
        Timeout: another process holds it still.
        StorageError: the disk refuses.
    """
    held = FileLock(lock)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held.acquire(timeout=timeout_s)
    except Timeout:
        raise
    except OSError as error:
        raise storage_error(lock.parent, error) from error
    try:
        yield
    finally:
        held.release()
