"""One sitting of a run of adapting: held by one process, at a low priority, its end told whatever it is."""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Literal

from filelock import Timeout

from prodsim.adapt import RunFolder
from prodsim.artifacts import storage_error, write_text_atomically
from prodsim.errors import Cancelled, ProdsimError, QueryError, StorageError
from prodsim.extras import optional_packages
from prodsim.workspace.locks import hold, is_held

LOCK = ".lock"
PROCESS = "process.json"
FULL = 2_000_000
"""Bytes left on a disk below which an error is its."""
NO_SPACE = "No space left on device"


def is_at_work(run: RunFolder) -> bool:
    """Whether a process works on it at this moment."""
    return is_held(run.path / LOCK)


def note_process(run: RunFolder, pid: int) -> None:
    """Remember the process that was started for a run, which takes a while until it holds the run."""
    with optional_packages():
        import psutil

    started = psutil.Process(pid).create_time()
    write_text_atomically(run.path / PROCESS, json.dumps({"pid": pid, "started": started}))


def is_coming(run: RunFolder) -> bool:
    """Whether the process that was started for it lives."""
    pid, started = _noted(run)
    if not pid:
        return False
    with optional_packages():
        import psutil

    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return bool(process.create_time() == started and process.status() != psutil.STATUS_ZOMBIE)
    return False


def is_started_here(run: RunFolder) -> bool:
    """Whether this is the process that was started for it; on Windows it is a child of that."""
    return _noted(run)[0] in (os.getpid(), os.getppid())


def _noted(run: RunFolder) -> tuple[int, float]:
    """What ``note_process`` remembers; zeros where nothing can be read."""
    with suppress(OSError, ValueError, KeyError):
        noted = json.loads((run.path / PROCESS).read_text(encoding="utf-8"))
        return int(noted["pid"]), float(noted["started"])
    return 0, 0.0


@contextmanager
def held(run: RunFolder) -> Iterator[None]:
    """The run is this process's in the block."""
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(run.path / LOCK, timeout_s=5))  # a look whether it is at work takes a moment
        except Timeout:
            raise QueryError(f'The run "{run.name}" is at work already.', "Wait for its end, or stop it.") from None
        yield


@contextmanager
def end_told(run: RunFolder) -> Iterator[None]:
    """Note why a run ended early, for everybody who looks."""
    try:
        yield
    except (Cancelled, KeyboardInterrupt):
        _tell(run, "stopped")
        raise
    except ProdsimError as error:
        _tell(run, "failed", (error.what, error.fix))
        raise
    except Exception as error:
        if isinstance(error, OSError) or shutil.disk_usage(run.path).free < FULL:
            # torch and safetensors tell of a full disk by errors of their own
            told = storage_error(run.path, error if isinstance(error, OSError) else OSError(errno.ENOSPC, NO_SPACE))
            _tell(run, "failed", (told.what, told.fix))
            raise told from error
        what = f"Something unexpected went wrong: {type(error).__name__}: {error}."
        _tell(run, "failed", (what, f"Go on with it; if it stays, {run.path / 'log.txt'} has the details."))
        raise


def _tell(run: RunFolder, state: Literal["stopped", "failed"], error: tuple[str, str] = ("", "")) -> None:
    """Note the end; where the disk refuses even that, the error itself is what a person must see."""
    with suppress(StorageError, OSError):
        run.tell(state, error=error)


def lower_priority(pid: int) -> None:
    """Let everything else go first; where that is not allowed, nothing changes."""
    with optional_packages():
        import psutil

    with suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else 10)
