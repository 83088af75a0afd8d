"""The process of an adapting run: one at a time, at a low priority; how it ended is noted whatever happens."""

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
from prodsim.phrases import phrase
from prodsim.workspace.locks import hold, is_held

RUN_LOCK = ".lock"
PROCESS = "process.json"
MIN_FREE_BYTES = 2_000_000
"""Below this much free space an error is blamed on a full disk."""
NO_SPACE = "No space left on device"


def is_at_work(run: RunFolder) -> bool:
    """Return whether a process works on the run at this moment."""
    return is_held(run.path / RUN_LOCK)


def note_process(run: RunFolder, pid: int) -> None:
    """Remember the process that was started for a run, which takes a while until it holds the run."""
    with optional_packages():
        import psutil

    started = psutil.Process(pid).create_time()
    write_text_atomically(run.path / PROCESS, json.dumps({"pid": pid, "started": started}))


def is_coming(run: RunFolder) -> bool:
    """Return whether the process that was started for the run is alive."""
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
    """Return whether this is the process that was started for the run; on Windows, a child of it."""
    return _noted(run)[0] in (os.getpid(), os.getppid())


def _noted(run: RunFolder) -> tuple[int, float]:
    """Read what ``note_process`` wrote; zeros where nothing can be read."""
    with suppress(OSError, ValueError, KeyError):
        noted = json.loads((run.path / PROCESS).read_text(encoding="utf-8"))
        return int(noted["pid"]), float(noted["started"])
    return 0, 0.0


def already_running(run: RunFolder) -> QueryError:
    """Return the error for starting a run that is running."""
    return QueryError(
        phrase("The run “{name}” is already running.", name=run.name), phrase("Wait until it ends, or stop it.")
    )


@contextmanager
def held(run: RunFolder) -> Iterator[None]:
    """Keep every other process off the run in the block."""
    with ExitStack() as stack:
        try:
            doing = phrase("it is training “{name}”", name=run.name)
            # Asking whether it is held takes a moment.
            stack.enter_context(hold(run.path / RUN_LOCK, doing, timeout_s=5))
        except Timeout:
            raise already_running(run) from None
        yield


@contextmanager
def note_end(run: RunFolder) -> Iterator[None]:
    """Note why a run ended early, so that the page and the command can show it."""
    try:
        yield
    except (Cancelled, KeyboardInterrupt):
        _note(run, "stopped")
        raise
    except ProdsimError as error:
        _note(run, "failed", (error.what, error.fix))
        raise
    except Exception as error:
        if isinstance(error, OSError) or shutil.disk_usage(run.path).free < MIN_FREE_BYTES:
            # torch and safetensors report a full disk with errors of their own
            refused = storage_error(run.path, error if isinstance(error, OSError) else OSError(errno.ENOSPC, NO_SPACE))
            _note(run, "failed", (refused.what, refused.fix))
            raise refused from error
        what = phrase("Something unexpected went wrong: {kind}: {error}.", kind=type(error).__name__, error=error)
        fix = phrase("Continue the run. If it fails again, {log} has the details.", log=run.path / "log.txt")
        _note(run, "failed", (what, fix))
        raise


def _note(run: RunFolder, state: Literal["stopped", "failed"], error: tuple[str, str] = ("", "")) -> None:
    """Note the end; where the disk refuses even that, the error itself is shown."""
    with suppress(StorageError, OSError):
        run.tell(state, error=error)


def lower_priority(pid: int) -> None:
    """Let everything else go first; where that is not allowed, nothing changes."""
    with optional_packages():
        import psutil

    with suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else 10)
