"""Saved results: a folder with a manifest, written whole or not at all, checked when loaded."""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from prodsim.errors import StaleArtifact, StorageError
from prodsim.phrases import phrase

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 2

FORBIDDEN_CHARACTERS = frozenset('/\\:*?"<>|')
"""Characters that the name of a file cannot have on some system."""

Params = Mapping[str, Any]


def fingerprint(*parts: object) -> str:
    """Return 16 hex digits that change when any of the JSON-able parts changes."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@contextmanager
def write_artifact(folder: Path, params: Params) -> Iterator[Path]:
    """Yield an empty temporary folder; when the block ends well it becomes ``folder``, with its manifest.

    The manifest holds ``params``, as they are when the block ends, and the size and checksum of every file. A block
    that raises, or a process
    that dies, leaves ``folder`` as it was.

    Raises:
        StorageError: the place cannot be written or the disk is full.
    """
    temporary = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        files = {p.name: {"bytes": p.stat().st_size, "sha256": file_digest(p)} for p in sorted(temporary.iterdir())}
        write_text_atomically(temporary / MANIFEST, seal({"format": MANIFEST_FORMAT, "params": params, "files": files}))
        for path in temporary.iterdir():
            _sync(path)
        _replace_folder(temporary, folder)
    except OSError as error:
        raise storage_error(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_artifact(folder: Path, expected: Params | None = None, *, verify: bool = False) -> dict[str, Any]:
    """Check a saved folder and return the parameters in its manifest.

    Args:
        folder: what ``write_artifact`` made.
        expected: parameters that must be there with these values; an absent one counts as different.
        verify: also compare every file's checksum (reads all bytes); sizes are always compared.

    Raises:
        StaleArtifact: absent, unreadable, of another format, incomplete, or other parameters; names which.
    """
    try:
        manifest = unseal((folder / MANIFEST).read_text(encoding="utf-8"), MANIFEST_FORMAT)
        saved: dict[str, Any] = manifest["params"]
        files: dict[str, dict[str, Any]] = manifest["files"]
        problems: list[str] = []
    except FileNotFoundError:
        raise _stale(folder, [phrase("there is no manifest")]) from None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise _stale(folder, [phrase("the manifest cannot be read ({reason})", reason=error)]) from error
    for name, value in (expected or {}).items():
        if name not in saved or saved[name] != value:
            problems.append(
                phrase("{name} is {saved}, not {value}", name=name, saved=repr(saved.get(name)), value=repr(value))
            )
    for name, facts in files.items():
        path = folder / name
        if not path.is_file():
            problems.append(phrase("{name} is missing", name=name))
        elif path.stat().st_size != facts["bytes"]:
            problems.append(
                phrase(
                    "{name} has {n:,} bytes, not {expected:,}",
                    name=name,
                    n=path.stat().st_size,
                    expected=facts["bytes"],
                )
            )
        elif verify and file_digest(path) != facts["sha256"]:
            problems.append(phrase("{name} was changed", name=name))
    if problems:
        raise _stale(folder, problems)
    return saved


def same_files(folder: Path, other: Path) -> bool:
    """Return whether two saved folders hold the same bytes, by their manifests; not where either cannot be read."""
    try:
        one, two = (unseal((path / MANIFEST).read_text(encoding="utf-8"), MANIFEST_FORMAT) for path in (folder, other))
        return bool(one["files"] == two["files"])
    except (OSError, ValueError, KeyError):
        return False


@contextmanager
def open_artifact(folder: Path, expected: Params | None = None) -> Iterator[dict[str, Any]]:
    """Check a saved folder as ``load_artifact`` does and yield its parameters, to read its files in the block.

    Raises:
        StaleArtifact: see ``load_artifact``; also when a file turns out not to be readable.
    """
    params = load_artifact(folder, expected)
    try:
        yield params
    except (OSError, ValueError, LookupError, TypeError, RuntimeError) as error:
        raise _stale(folder, [phrase("it cannot be read ({reason})", reason=error)]) from error


def seal(content: Params) -> str:
    """Return the content as JSON with a checksum over it; ``unseal`` tells when it was changed."""
    plain = json.loads(json.dumps(content))
    return json.dumps({**plain, "sha256": _seal_digest(plain)}, indent=1)


def unseal(text: str, version: int) -> dict[str, Any]:
    """Return what ``seal`` was given; raise ``ValueError`` if it is of another format, cut or changed."""
    content = json.loads(text)
    if not isinstance(content, dict) or content.get("format") != version:
        raise ValueError(f"its format is not {version}")
    if content.pop("sha256", None) != _seal_digest(content):
        raise ValueError("it was changed")
    return content


def _seal_digest(content: Params) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_text_atomically(path: Path, text: str) -> None:
    """Write a small file under a temporary name, sync it, then rename it over ``path``."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with suppress(OSError):  # gone after the rename, and never there when its folder is not one
            temporary.unlink()


def safe_file_name(name: str) -> str:
    """Return a name that stays in its folder on every system: up to 150 characters, no separator, no leading dot."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    safe = "".join("_" if c in FORBIDDEN_CHARACTERS or not c.isprintable() else c for c in last)
    return safe.strip(". ")[-150:] or "catalog"


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return the error to show when the disk refuses."""
    return StorageError(
        phrase("{path} cannot be written: {reason}.", path=path, reason=error.strerror or error),
        phrase("Free some disk space, or choose another folder with --home or PRODSIM_HOME. Nothing saved is lost."),
    )


def _replace_folder(temporary: Path, folder: Path) -> None:
    if folder.exists():
        old = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.old")
        folder.rename(old)
        temporary.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        temporary.rename(folder)


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        try:
            os.fsync(stream.fileno())
        except OSError:  # some systems refuse to sync a file opened for reading; the rename still orders the writes
            return


def _stale(folder: Path, problems: list[str]) -> StaleArtifact:
    return StaleArtifact(
        phrase("The saved {name} does not fit: {problems}.", name=folder.name, problems="; ".join(problems)),
        phrase("Build the catalog again; unchanged parts are reused."),
    )
