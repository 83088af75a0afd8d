"""Which pictures are one file under several names."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from prodsim.progress import Progress


def find_copies(images: Iterable[str], base: Path, progress: Progress) -> dict[str, str]:
    """Find local pictures that hold the bytes of an earlier one, each with that one's name.

    Only files of one size are read to their end, and none outside ``base``; addresses on the web are left alone, and so
    is what is absent, empty or unreadable.

    Args:
        images: paths as the catalog gives them, in its order.
        base: the folder that they start in.
        progress: checked for a cancel before each file that is read.
    """
    of_size: dict[int, list[tuple[str, Path]]] = defaultdict(list)
    for image, path, size in _local_files(dict.fromkeys(images), base.resolve()):
        of_size[size].append((image, path))
    original_of: dict[bytes, str] = {}
    copies = {}
    for same_size in of_size.values():
        for image, path in same_size if len(same_size) > 1 else ():
            progress.check()
            digest = _digest(path)
            if digest and original_of.setdefault(digest, image) != image:
                copies[image] = original_of[digest]
    return copies


def _local_files(images: Iterable[str], base: Path) -> Iterator[tuple[str, Path, int]]:
    """Yield each picture that is a file below ``base``, its path and its size in bytes."""
    for image in images:
        if not image or "://" in image:
            continue
        try:
            path = (base / image).resolve()
            size = path.stat().st_size if path.is_relative_to(base) and path.is_file() else 0
        except (OSError, ValueError):  # no path that this system knows
            continue
        if size:
            yield image, path, size


def _digest(path: Path) -> bytes:
    """Return a file's SHA-256, or nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b""
