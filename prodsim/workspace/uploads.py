"""Uploaded and fetched files, kept under the workspace so that a build can go on after the page is closed."""

import hashlib
import shutil
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from prodsim.artifacts import safe_file_name, storage_error

UPLOADS_FOLDER = "uploads"
_PIECE_BYTES = 1 << 20


def keep_upload(home: Path, name: str, stream: BinaryIO) -> Path:
    """Write an uploaded file to disk piece by piece.

    Args:
        home: the workspace's folder.
        name: what the browser calls the file; only its last part is used, without characters a file may not have.
        stream: its bytes, from the position it is at.

    Returns:
        Its path, below a folder named by its contents: the same file uploaded twice is stored once.

    Raises:
        StorageError: the place cannot be written or the disk is full; nothing is left behind.
    """
    folder = home / UPLOADS_FOLDER
    temporary = folder / f".{uuid.uuid4().hex}.tmp"
    digest = hashlib.sha256()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as out:
            while chunk := stream.read(_PIECE_BYTES):
                digest.update(chunk)
                out.write(chunk)
        path = folder / digest.hexdigest()[:16] / safe_file_name(name)
        path.parent.mkdir(exist_ok=True)
        temporary.replace(path)
    except OSError as error:
        raise storage_error(folder, error) from error
    finally:
        with suppress(OSError):  # gone after the rename, and never there when its folder is not one
            temporary.unlink()
    return path


def unused_uploads(home: Path, used: Iterable[Path]) -> list[Path]:
    """Return folders of uploaded files that are none of the files in ``used``, by name."""
    keep = {path.resolve().parent for path in used}
    folder = home / UPLOADS_FOLDER
    return sorted(path for path in folder.glob("*") if path.is_dir() and path.resolve() not in keep)


def remove_uploads(folders: Iterable[Path]) -> None:
    """Delete folders that ``unused_uploads`` named."""
    for folder in folders:
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise storage_error(folder, error) from error
