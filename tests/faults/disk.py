"""The death of a process at any change that it makes to the disk."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = frozenset(("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "sqlite3.connect"))
"""What Python tells its audit hooks before it changes a file or folder."""


class Killed(BaseException):
    """The process is dead: nothing that handles errors catches this, and nothing reaches the disk after it."""


def die() -> None:
    """Stand for the death of the process in a test that lives on."""
    raise Killed


class Disk:
    """Counts the changes to the disk, and ends the process before one of them.

    A file that was opened to be written anew is empty by then, as it is when a process dies before it has written.

    Args:
        root: changes below this folder count.
        last: the number of the change that does not happen any more; ``None`` to count only.
        end: ends the process.
    """

    def __init__(self, root: Path, last: int | None = None, end: Callable[[], None] = die) -> None:
        self._root = str(root)
        self._last = last
        self._end = end
        self.changes = 0
        self.is_dead = False

    def heed(self, event: str, arguments: tuple) -> None:
        if not self._is_change(event, arguments):
            return
        if self.is_dead:
            raise Killed
        self.changes += 1
        if self.changes == self._last:
            if event == "open" and arguments[2] & os.O_TRUNC and os.path.exists(arguments[0]):
                _stop_heeding()
                os.truncate(arguments[0], 0)
                _heed_by(self)
            self.is_dead = True
            self._end()

    def _is_change(self, event: str, arguments: tuple) -> bool:
        if event not in CHANGES or not isinstance(arguments[0], str | bytes | os.PathLike):
            return False
        if event == "open" and not arguments[2] & WRITES:
            return False
        path = os.fsdecode(arguments[0])
        # A lock dies with its process; what a folder's deletion removes is named by its last part alone.
        return not path.endswith(".lock") and (path.startswith(self._root) or not os.path.isabs(path))


_watching: list[Disk] = []


def _hook(event: str, arguments: tuple) -> None:
    if _watching:
        _watching[-1].heed(event, arguments)


def _heed_by(disk: Disk) -> None:
    _watching.append(disk)


def _stop_heeding() -> None:
    _watching.pop()


_hooks: list[object] = []


@contextmanager
def watched(disk: Disk) -> Iterator[Disk]:
    """Let the changes of a block go through ``disk``; ``Killed`` ends the block."""
    if not _hooks:  # a hook can never be taken away again
        sys.addaudithook(_hook)
        _hooks.append(_hook)
    _heed_by(disk)
    try:
        yield disk
    except Killed:
        pass
    finally:
        _stop_heeding()
