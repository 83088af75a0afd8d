"""Clearing away what no catalog uses any more."""

import shutil
from collections.abc import Set
from pathlib import Path


def sweep(folder: Path, keep: Set[str]) -> None:
    """Delete the artefacts of a catalog that ``keep`` does not name, and what a killed build left behind.

    Only called by the one build that holds the catalog's lock. A file that is still open elsewhere (Windows)
    stays until the next build.
    """
    for path in folder.iterdir():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)
