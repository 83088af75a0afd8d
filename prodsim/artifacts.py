"""Saved results: a folder with a manifest, written whole or not at all, checked when loaded."""

import errno
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from prodsim.errors import StaleArtifact, StorageError
from prodsim.phrases import BY_SEMICOLONS, SENTENCE_AFTER_SENTENCE, joined, phrase

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 2
DIGESTS = ".digests"
"""Beside the files of an artefact: their digests, as this machine computed them; see ``RememberedDigests``."""
DIGESTS_FORMAT = 1
SETTLED_NS = 2_000_000_000
"""How long ago a file must have been changed for its digest to be remembered: two seconds, the coarsest clock of a file
system. A second change within one tick of that clock would not show."""

FORBIDDEN_CHARACTERS = frozenset('/\\:*?"<>|')
"""Characters that the name of a file cannot have on some system."""

Params = Mapping[str, Any]
FileStates = tuple[tuple[int, int, int], ...]


def fingerprint(*parts: object) -> str:
    """Return 16 hex digits that change when any of the JSON-able parts changes."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def file_states(*files: Path) -> FileStates:
    """Return a value that changes whenever one of the files is made, written, replaced or deleted."""
    return tuple(map(_file_state, files))


def _file_state(file: Path) -> tuple[int, int, int]:
    try:
        facts = file.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


@contextmanager
def write_artifact(folder: Path, params: Params) -> Iterator[Path]:
    """Yield an empty temporary folder; when the block ends well it becomes ``folder``, with its manifest.

    The manifest holds the folder's name, ``params``, as they are when the block ends, and the size and checksum of
    every file. A block that raises, or a process that dies, leaves ``folder`` as it was.

    Raises:
        StorageError: the place cannot be written or the disk is full.
    """
    temporary = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        written = sorted(path for path in temporary.rglob("*") if path.is_file())
        files = {
            path.relative_to(temporary).as_posix(): {"bytes": path.stat().st_size, "sha256": file_digest(path)}
            for path in written
        }
        manifest = {"format": MANIFEST_FORMAT, "name": folder.name, "params": params, "files": files}
        write_text_atomically(temporary / MANIFEST, seal(manifest))
        for path in (*written, temporary / MANIFEST):
            _sync(path)
        _replace_folder(temporary, folder)
    except OSError as error:
        raise storage_error(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_artifact(folder: Path, expected: Params | None = None) -> dict[str, Any]:
    """Check a saved folder and return the parameters in its manifest.

    Every file must have the size and the checksum that it was written with; so nothing that is damaged, or belongs to
    something else, is ever mapped into memory. All bytes are read once after a file changed; see ``RememberedDigests``.

    Args:
        folder: what ``write_artifact`` made.
        expected: parameters that must be there with these values; an absent one counts as different.

    Raises:
        StaleArtifact: absent, damaged, of another format, incomplete, or other parameters; names which.
        StorageError: the disk refuses to read it.
    """
    try:
        restore(folder)
        manifest = _manifest(folder)
        saved: dict[str, Any] = manifest["params"]
        files: dict[str, dict[str, Any]] = manifest["files"]
        problems = _misfits(saved, expected or {})
        if manifest.get("name", folder.name) != folder.name:  # manifests of before 0.3.0 have no name
            problems.append(phrase("it is {name}", name=manifest["name"]))
        digests = RememberedDigests(folder, folder / DIGESTS)
        problems += [problem for name, facts in files.items() if (problem := _damage(folder / name, facts, digests))]
        digests.keep()
    except (FileNotFoundError, NotADirectoryError):
        raise _stale(folder, [phrase("there is no manifest")]) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _stale(folder, [phrase("the manifest cannot be read ({reason})", reason=error)]) from error
    except OSError as error:
        raise storage_error(folder, error) from error
    if problems:
        raise _stale(folder, problems)
    return saved


def _manifest(folder: Path) -> dict[str, Any]:
    return unseal((folder / MANIFEST).read_text(encoding="utf-8"), MANIFEST_FORMAT)


def _misfits(saved: Params, expected: Params) -> list[str]:
    return [
        phrase("{name} is {saved}, not {value}", name=name, saved=repr(saved.get(name)), value=repr(value))
        for name, value in expected.items()
        if name not in saved or saved[name] != value
    ]


def _damage(path: Path, facts: Params, digests: "RememberedDigests") -> str:
    """Return what is wrong with a file, by what the manifest says of it; "" for nothing."""
    if not path.is_file():
        return phrase("{name} is missing", name=path.name)
    size = path.stat().st_size
    if size != facts["bytes"]:
        return phrase("{name} has {n:,} bytes, not {expected:,}", name=path.name, n=size, expected=facts["bytes"])
    return "" if digests.of(path) == facts["sha256"] else phrase("{name} was changed", name=path.name)


def same_files(folder: Path, other: Path) -> bool:
    """Return whether two saved folders hold the same bytes, by their manifests; not where either cannot be read."""
    try:
        return bool(_manifest(folder)["files"] == _manifest(other)["files"])
    except (OSError, ValueError, KeyError):
        return False


@contextmanager
def open_artifact(folder: Path, expected: Params | None = None) -> Iterator[dict[str, Any]]:
    """Check a saved folder as ``load_artifact`` does and yield its parameters, to read its files in the block.

    Raises:
        StaleArtifact: see ``load_artifact``; also when a file turns out not to be what its name promises.
        StorageError: the disk refuses to read it.
    """
    params = load_artifact(folder, expected)
    try:
        yield params
    except (OSError, ValueError, LookupError, TypeError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.ENOENT):  # pyarrow's own have no number
            raise storage_error(folder, error) from error
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


class RememberedDigests:
    """SHA-256 of the files of a folder, each computed once until the file changes.

    A file counts as unchanged while its size, its times and its number on the disk are the same. Where nothing can be
    written, the digests are computed each time.

    Args:
        folder: holds the files.
        memory: the file that the digests are kept in; a damaged one counts as empty.
    """

    def __init__(self, folder: Path, memory: Path) -> None:
        self._folder = folder
        self._memory = memory
        self._kept: dict[str, list[int | str]] = {}
        with suppress(OSError, ValueError, KeyError):
            self._kept = dict(unseal(memory.read_text(encoding="utf-8"), DIGESTS_FORMAT)["files"])
        self._known = dict(self._kept)

    def of(self, path: Path) -> str:
        """Return the digest of a file in or below the folder, as hex."""
        name, facts = path.relative_to(self._folder).as_posix(), path.stat()
        changed_ns = max(facts.st_mtime_ns, facts.st_ctime_ns)
        state = [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino]
        if self._known.get(name, [])[:-1] == state:
            return str(self._known[name][-1])
        digest = file_digest(path)
        if time.time_ns() - changed_ns > SETTLED_NS:
            self._known[name] = [*state, digest]
        return digest

    def keep(self) -> None:
        """Keep what was computed for later processes, if anything was."""
        if self._known != self._kept and self._folder.is_dir():
            with suppress(StorageError):
                text = seal({"format": DIGESTS_FORMAT, "files": self._known})
                write_text_atomically(self._memory, text)


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
    """Return the error to show when the disk refuses: of the file that it names, else of ``path``."""
    refused = error.filename if isinstance(error.filename, str) else path
    return StorageError(
        phrase("{path} cannot be read or written: {reason}.", path=refused, reason=error.strerror or error),
        joined([_remedy(error), phrase("Nothing saved is lost.")], SENTENCE_AFTER_SENTENCE),
    )


@contextmanager
def disk_errors_told(path: Path) -> Iterator[None]:
    """Raise what the disk refuses in the block as ``StorageError``, of the file that it names, else of ``path``."""
    try:
        yield
    except OSError as error:
        raise storage_error(path, error) from error


def _remedy(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return phrase(
            "Allow the user who runs prodsim to read and write it, or choose another folder with --home or "
            "PRODSIM_HOME."
        )
    if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY):
        return phrase("A folder is where a file should be, or a file where a folder should be: move it away.")
    return phrase("Free some disk space, or choose another folder with --home or PRODSIM_HOME.")


def restore(folder: Path) -> None:
    """Take back a saved folder that a process was replacing when it died, between moving it away and the new one in."""
    if not folder.exists():
        for old in folder.parent.glob(f".{folder.name}.*.old"):
            with suppress(OSError):  # another process was quicker
                old.rename(folder)
                return


def _replace_folder(temporary: Path, folder: Path) -> None:
    """Rename a folder over another, which the system can only do in two steps; see ``restore``."""
    is_there = False
    while not is_there:
        old = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.old")
        if folder.exists():
            folder.rename(old)
        try:
            temporary.rename(folder)
            is_there = True
        except OSError:
            if not folder.exists():
                raise  # else another process put one there between the two steps
        shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        try:
            os.fsync(stream.fileno())
        except OSError:  # some systems refuse to sync a file opened for reading; the rename still orders the writes
            return


def _stale(folder: Path, problems: list[str]) -> StaleArtifact:
    return StaleArtifact(
        phrase(
            "The saved {name} does not fit: {problems}.", name=folder.name, problems=joined(problems, BY_SEMICOLONS)
        ),
        phrase("Build the catalog again; unchanged parts are reused."),
    )
