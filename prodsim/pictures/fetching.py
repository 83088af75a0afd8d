"""Pictures from the web: fetched politely and only where that is allowed, kept by what they are."""

import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from prodsim.artifacts import disk_errors_told, write_text_atomically
from prodsim.errors import CatalogError
from prodsim.pictures.decoding import PictureError, open_picture
from prodsim.progress import SILENT, Progress
from prodsim.sources import FetchRules

CONNECTIONS, PER_HOST = 8, 2
"""Pictures fetched at a time, in all and from one host."""
FRESH_S = 7 * 24 * 3600
"""A picture is not asked for again so many seconds after it was."""
MAX_HOST_FAILURES = 20
"""Pictures of a host that fail one after the other, from which on it is left alone until the next build."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is kept of an address.

    Attributes:
        address: of the picture.
        digest: SHA-256 of the picture's bytes; ``""`` where it could not be fetched.
        problem: why not; see ``PROBLEMS``.
        checked: when it was asked for, in seconds since 1970.
        etag, last_modified: what the server said of its state.
    """

    address: str
    digest: str
    problem: str
    checked: float
    etag: str = ""
    last_modified: str = ""


class FetchedPictures:
    """Pictures of the web in a folder: a note per address, and a file per picture, named by its contents.

    What was fetched before a kill is not fetched again. Safe to use from several threads and processes.

    Args:
        folder: for notes and pictures.
        rules: which hosts may be asked, how much and how long.
    """

    def __init__(self, folder: Path, rules: FetchRules) -> None:
        self._folder = folder
        self._rules = rules
        self._hosts: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(PER_HOST))
        self._failures: Counter[str] = Counter()

    def fetch(self, addresses: Iterable[str], progress: Progress) -> None:
        """Fetch what is not there or may have changed.

        Args:
            addresses: each once.
            progress: advanced by addresses; ``Cancelled`` passes through.

        Raises:
            StorageError: the folder cannot be written.
        """
        stale = [address for address in addresses if not _is_fresh(self._find(address))]
        progress.step("look", len(stale), "pictures to fetch")
        self._hosts.clear()
        self._failures.clear()
        for address in stale:  # here, because making one in a thread could make two
            self._hosts[_host(address)]
        pool = ThreadPoolExecutor(CONNECTIONS)
        try:
            with disk_errors_told(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
                for _ in pool.map(self._fetch, stale):
                    progress.advance()
        finally:
            pool.shutdown(cancel_futures=True)

    def read(self, address: str) -> bytes:
        """Return the bytes of a picture that was fetched; raises ``PictureError`` where it was not."""
        known = self._find(address)
        if known is None or not known.digest:
            raise PictureError("unreachable" if known is None else known.problem, address)
        try:
            return self._picture(known.digest).read_bytes()
        except OSError as error:
            raise PictureError("unreachable", address) from error

    def _fetch(self, address: str) -> None:
        """Fetch one picture and note what became of it; what was there before stays where that fails."""
        known, host = self._find(address), _host(address)
        with self._hosts[host]:
            if self._failures[host] >= MAX_HOST_FAILURES:
                return
            try:
                fetched = self._download(address, known)
                self._failures[host] = 0
            except CatalogError:
                self._failures[host] += 1
                fetched = Fetched(address, "", "unreachable", time.time())
            except PictureError as error:
                fetched = Fetched(address, "", error.problem, time.time())
        if fetched.digest or known is None or not known.digest:
            write_text_atomically(self._note(address), json.dumps(asdict(fetched)))

    def _download(self, address: str, known: Fetched | None) -> Fetched:
        from prodsim.sources.address import Validators, download  # opening a catalog must not wait for urllib3

        validators = Validators(known.etag, known.last_modified) if known and known.digest else Validators()
        with self._temporary() as target:
            answer = download(_encrypted(address), address, target, self._rules, validators, SILENT)
            if answer == "not modified":
                assert known is not None
                return Fetched(address, known.digest, "", time.time(), known.etag, known.last_modified)
            data = target.read_bytes()
            with open_picture(data):
                digest = sha256(data).hexdigest()
            picture = self._picture(digest)
            picture.parent.mkdir(parents=True, exist_ok=True)
            if not picture.exists():
                target.replace(picture)
        return Fetched(address, digest, "", time.time(), answer.validators.etag, answer.validators.last_modified)

    @contextmanager
    def _temporary(self) -> Iterator[Path]:
        path = self._folder / f".{uuid.uuid4().hex}.tmp"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _find(self, address: str) -> Fetched | None:
        """Return what is noted of an address; ``None`` also where the note or the picture is damaged or gone."""
        try:
            known = Fetched(**json.loads(self._note(address).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return known if not known.digest or self._picture(known.digest).is_file() else None

    def _note(self, address: str) -> Path:
        name = sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / "addresses" / name[:2] / f"{name}.json"

    def _picture(self, digest: str) -> Path:
        return self._folder / "files" / digest[:2] / digest


def _is_fresh(known: Fetched | None) -> bool:
    return known is not None and bool(known.digest) and time.time() - known.checked < FRESH_S


def _encrypted(address: str) -> str:
    """Return the address to ask: pictures whose address says nothing else are asked for over https."""
    return f"https:{address}" if address.startswith("//") else address


def _host(address: str) -> str:
    try:
        return urlsplit(_encrypted(address)).hostname or ""
    except ValueError:
        return ""
