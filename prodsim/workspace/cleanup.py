"""Clearing away what no catalog uses any more."""

import shutil
import time
from collections.abc import Iterable, Set
from contextlib import suppress
from pathlib import Path

LEFT_OVER_S = 24 * 3600.0
"""Age from which on a temporary file is taken for what a killed process left: none is written for so long."""
WRITTEN_BESIDE = (".check-", ".match-")
"""What the temporary folders of checks and matches begin with, which may run beside a build."""


def sweep(folder: Path, keep: Set[str]) -> None:
    """Delete the artefacts of a catalog that ``keep`` does not name, and files that a killed build left half-written.

    Only called by the one build that holds the catalog's lock; what checks and matches write stays. A file that is
    still open elsewhere (Windows) stays until the next build.
    """
    for path in folder.iterdir():
        if path.is_dir() and path.name not in keep and not path.name.startswith(WRITTEN_BESIDE):
            shutil.rmtree(path, ignore_errors=True)
        elif path.match(".*.tmp"):
            with suppress(OSError):
                path.unlink()


def sweep_left_over(folders: Iterable[Path]) -> None:
    """Delete temporary files and folders right in these folders that killed processes left a day ago or earlier.

    Other processes may be writing there, so newer ones stay.
    """
    for folder in folders:
        for path in [*folder.glob(".*.tmp"), *folder.glob(".*.old")]:
            with suppress(OSError):  # finished or swept by another process meanwhile
                if time.time() - path.stat().st_mtime > LEFT_OVER_S:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
