"""Locks on the disk: one process at a time works in a folder, and the others can say who it is."""

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from prodsim.artifacts import storage_error, write_text_atomically
from prodsim.errors import StorageError
from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress

TRY_S = 0.2
"""Seconds of one try to get a lock; between two of them a wish to stop is heard."""
WAITING_FOR = Text("Waiting for process {process} on {host}: {doing}, since {since}.")
WAITING = Text("Waiting for another process to finish.")


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
def hold(lock: Path, doing: str = "", progress: Progress = SILENT, timeout_s: float = -1) -> Iterator[None]:
    """Hold a lock in the block; its folder is made if need be.

    Args:
        lock: the file.
        doing: what the block does, for those who wait for it, such as "building shoes".
        progress: shows who is waited for, and may ask to stop waiting.
        timeout_s: how long another holder is waited for; below 0 as long as it takes.

    Raises:
        Timeout: another process holds it still.
        Cancelled: the progress asked to stop.
        StorageError: the disk refuses.
    """
    held = FileLock(lock)
    try:
        _acquire(held, lock, progress, timeout_s)
        progress.check()  # while it waited for its turn among the jobs of this process
        _note_holder(lock, doing)
        try:
            yield
        finally:
            with suppress(OSError):
                _note_of(lock).unlink()
    finally:
        held.release()


def holder_sentence(lock: Path) -> str:
    """Say who holds a lock: the process, its machine, since when, and what it does."""
    try:
        note = json.loads(_note_of(lock).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(note["since"]).astimezone().strftime("%Y-%m-%d %H:%M")
        return WAITING_FOR(process=note["process"], host=note["host"], doing=note["doing"], since=since)
    except (OSError, ValueError, KeyError, TypeError):
        return WAITING()


def _acquire(held: FileLock, lock: Path, progress: Progress, timeout_s: float) -> None:
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            held.acquire(timeout=0)
        except Timeout:
            with progress.waiting(holder_sentence(lock)):
                _wait(held, progress, timeout_s)
    except Timeout:
        raise
    except OSError as error:
        raise storage_error(lock.parent, error) from error


def _wait(held: FileLock, progress: Progress, timeout_s: float) -> None:
    """Try again and again, for short times, as long as nobody asks to stop."""
    end = time.monotonic() + timeout_s
    while not held.is_locked:
        progress.check()
        try:
            held.acquire(timeout=TRY_S)
        except Timeout:
            if timeout_s >= 0 and time.monotonic() >= end:
                raise


def _note_holder(lock: Path, doing: str) -> None:
    """Write beside the lock who holds it; where the disk refuses, those who wait do not learn it."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    note = {"process": os.getpid(), "host": platform.node(), "since": since, "doing": doing}
    with suppress(StorageError):
        write_text_atomically(_note_of(lock), json.dumps(note))


def _note_of(lock: Path) -> Path:
    return lock.with_name(f"{lock.name}.json")
