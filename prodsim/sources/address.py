"""Fetching a file over https: only from allowed machines, only so much, only so long."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import unquote, urljoin

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TimeoutException
from urllib3.response import HTTPResponse
from urllib3.util import Url, make_headers, parse_url

from prodsim.artifacts import storage_error
from prodsim.catalog.budget import is_implausible
from prodsim.errors import CatalogError
from prodsim.phrases import phrase
from prodsim.progress import Progress
from prodsim.sources.network import allowed_addresses, is_loopback
from prodsim.sources.rules import FetchRules
from prodsim.version import __version__

MAX_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
CHUNK_BYTES = 1 << 16
MB = 1_000_000
_HTML_BYTES = 400_000
"""Of a web page, where a form to sign in or a description of products is looked for."""
_SIGN_IN = (b'type="password"', b"type='password'", b"type=password", b"servicelogin", b"signin", b"sign-in")
_DESCRIBED = (b"ld+json", b"schema.org/product", b"product:price", b"og:price")
"""What a web page has that describes products."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the state of a file, for asking whether it changed; "" where it said nothing."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that ask for the file only if it is another one."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was fetched: its name as the server calls it, and its state."""

    name: str
    validators: Validators


def download(
    url: str, label: str, target: Path, rules: FetchRules, known: Validators, progress: Progress
) -> Download | Literal["not modified"]:
    """Fetch a file to ``target``.

    Args:
        url: with its secrets filled in.
        label: what messages call it, without secrets.
        target: the file to write.
        rules: the limits.
        known: of the file that is there already.
        progress: gets the step ``fetch``, in MB.

    Raises:
        CatalogError: the address is not allowed, the server does not answer, refuses, or answers with something that
            is no file, or the file is too large or takes too long. ``target`` may be there in part.
        Cancelled: the progress asked to stop.
    """
    with _Deadline(rules.total_s) as deadline:
        job = _Job(label, rules, progress, deadline)
        place = _parsed(url, label)
        try:
            return _follow(place, known, target, job)
        except (HTTPError, HTTPException, OSError) as error:
            raise _unreachable(error, job) from None


@dataclass(slots=True)
class _Job:
    """What is fetched, under which rules; ``host`` is the machine that is talked to at the moment."""

    label: str
    rules: FetchRules
    progress: Progress
    deadline: "_Deadline"
    host: str = ""


def _follow(place: Url, known: Validators, target: Path, job: _Job) -> Download | Literal["not modified"]:
    first = place
    for _ in range(MAX_REDIRECTS + 1):
        # What was given for one machine is not for another.
        auth = first.auth if _origin(place) == _origin(first) else place.auth
        with _answer(place, {**known.headers, **_authorization(auth)}, job) as response:
            if response.status in REDIRECTS and response.headers.get("Location"):
                place = _parsed(_joined(place.url, response.headers["Location"]), job.host)
                continue
            if response.status == 304 and known.headers:
                return "not modified"
            _check_status(response, job)
            _save(response, target, job)
            _check_page(response, target, job)
            validators = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
            return Download(_file_name(response, place), validators)
    raise CatalogError(
        phrase(
            "{address} leads from one address to the next, more than {n} times.", address=job.label, n=MAX_REDIRECTS
        ),
        phrase("Open it in a browser and give the address where it ends."),
    )


def _origin(place: Url) -> tuple[str | None, str | None, int | None]:
    return place.scheme, place.host, place.port


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:
        return location


def _parsed(url: str, label: str) -> Url:
    try:
        place = parse_url(url)
    except LocationParseError:
        place = Url()
    if not place.host or place.scheme not in ("http", "https"):
        raise CatalogError(
            phrase("“{address}” is not a web address, or leads to none.", address=label),
            phrase("Give an address such as https://shop.example.com/products.csv."),
        )
    return place


def _authorization(auth: str | None) -> dict[str, str]:
    if not auth:
        return {}
    login, _, password = auth.partition(":")
    return make_headers(basic_auth=f"{unquote(login)}:{unquote(password)}")


@contextmanager
def _answer(place: Url, headers: Mapping[str, str], job: _Job) -> Iterator[HTTPResponse]:
    """Yield the answer of the first machine behind a name that can be reached."""
    job.host = (place.host or "").strip("[]")
    port = place.port or (443 if place.scheme == "https" else 80)
    addresses = allowed_addresses(job.host, port, job.rules)
    _check_scheme(place, addresses, job)
    connection = _connect(place, addresses, port, job)
    headers = {
        "Host": place.netloc or job.host,
        "User-Agent": f"prodsim/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        **headers,
    }
    try:
        job.deadline.watch(connection)
        connection.timeout = job.rules.read_s
        connection.request("GET", place.request_uri, headers=headers, preload_content=False)
        yield connection.getresponse()
    finally:
        connection.close()


def _check_scheme(place: Url, addresses: list[str], job: _Job) -> None:
    is_own_server = bool(job.rules.hosts) and all(map(is_loopback, addresses))
    if place.scheme != "https" and not is_own_server:
        raise CatalogError(
            phrase("The connection to {host} would not be encrypted: the address begins with http://.", host=job.host),
            phrase("Give the address with https://; most servers have both."),
        )


def _connect(place: Url, addresses: list[str], port: int, job: _Job) -> HTTPConnection:
    """Connect to one of the addresses that were checked, in order; the name is not resolved again."""
    for position, address in enumerate(addresses):
        connection = _connection(place, address, port, job)
        try:
            connection.connect()
            return connection
        except (HTTPError, OSError):
            connection.close()
            if position == len(addresses) - 1:
                raise
    raise OSError


def _connection(place: Url, address: str, port: int, job: _Job) -> HTTPConnection:
    if place.scheme == "http":
        return HTTPConnection(address, port, timeout=job.rules.connect_s)
    # The certificate must be of the name, not of the number that is connected to.
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # some systems have no list of their own
    return HTTPSConnection(
        address,
        port,
        timeout=job.rules.connect_s,
        server_hostname=job.host,
        ssl_context=context,
    )


class _Deadline:
    """Ends a connection once the time is over, whatever it waits for: a server may send a letter a minute."""

    def __init__(self, total_s: float) -> None:
        self.is_over = False
        self._connection: HTTPConnection | None = None
        self._end = time.monotonic() + total_s
        self._timer = threading.Timer(total_s, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    def watch(self, connection: HTTPConnection) -> None:
        """Watch this connection, the next of a chain of redirects."""
        self._connection = connection
        self.check()

    def check(self) -> None:
        """Raise ``TimeoutError`` once the time is over."""
        if self.is_over or time.monotonic() > self._end:
            self.is_over = True
            raise TimeoutError

    def _stop(self) -> None:
        self.is_over = True
        if self._connection is not None and self._connection.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._connection.sock, socket.SHUT_RDWR)  # of TLS, too, at once


def _save(response: HTTPResponse, target: Path, job: _Job) -> None:
    length = response.headers.get("Content-Length", "")
    announced = int(length) if length.isdigit() else 0
    if announced > job.rules.max_bytes:
        raise _too_large(job)
    job.progress.step("fetch", announced // MB or None, "MB")
    size = 0
    with target.open("wb") as out:
        while chunk := response.read1(CHUNK_BYTES):
            before, size = size, size + len(chunk)
            if size > job.rules.max_bytes or is_implausible(size, response.tell()):
                raise _too_large(job)
            _write(out, chunk, target)
            job.deadline.check()
            job.progress.check()
            if size // MB > before // MB:
                job.progress.advance(size // MB - before // MB)
    job.deadline.check()  # a connection that was ended by it looks complete where no length was announced
    if not size:
        raise CatalogError(
            phrase("{address} is empty.", address=job.label),
            phrase("Open it in a browser and check that it gives the catalog. The catalog stays as it was."),
        )


def _write(out: BinaryIO, chunk: bytes, target: Path) -> None:
    try:
        out.write(chunk)
    except OSError as error:  # of the disk; all others here are the network's
        raise storage_error(target, error) from error


def _too_large(job: _Job) -> CatalogError:
    size_mb = job.rules.max_bytes / MB
    return CatalogError(
        phrase("{address} gives more than {size_mb:,.0f} MB, or never ends.", address=job.label, size_mb=size_mb),
        phrase("PRODSIM_SOURCE_MAX_MB sets another limit. The catalog stays as it was."),
    )


def _check_status(response: HTTPResponse, job: _Job) -> None:
    status, address, host = response.status, job.label, job.host
    if status in (200, 203):
        return
    if status == 401:
        what = phrase("{host} asks for a name and a password (401).", host=host)
        fix = phrase("Write them into the address, as https://name:${{PRODSIM_SECRET_FEED}}@host/…, or check them.")
    elif status in (403, 407, 451):
        what = phrase("{host} refuses to give {address} ({status}).", host=host, address=address, status=status)
        fix = phrase("Check that the link is still valid and that it is meant for everybody who has it.")
    elif status in (404, 410):
        what = phrase("There is no file at {address} ({status}).", address=address, status=status)
        fix = phrase("Check the address in the system that makes the file. The catalog stays as it was.")
    elif status == 429 or status >= 500:
        what = phrase("{host} cannot answer at present ({status}).", host=host, status=status)
        fix = phrase("Try again later. The catalog stays as it was.")
    else:
        what = phrase("{host} answers with {status} in place of a file.", host=host, status=status)
        fix = phrase("Open {address} in a browser and check what it gives.", address=address)
    raise CatalogError(what, fix)


def _check_page(response: HTTPResponse, target: Path, job: _Job) -> None:
    """Refuse a web page that describes no product; most often it asks to sign in.

    A table for a spreadsheet may be written as HTML, too, but is not called so.
    """
    if "html" not in response.headers.get("Content-Type", "html"):
        return
    with target.open("rb") as stream:
        start = stream.read(_HTML_BYTES).lower()
    is_page = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<!doctype html", b"<html"))
    if not is_page or any(mark in start for mark in _DESCRIBED):
        return
    if any(mark in start for mark in _SIGN_IN):
        what = phrase("{host} answers with a page to sign in.", host=job.host)
        fix = phrase("Share the file with everybody who has the link, or give a link that needs no signing in.")
    elif b"<table" in start:  # perhaps of products
        return
    else:
        what = phrase("{address} is a web page, not a file with products.", address=job.label)
        fix = phrase("Give the address behind the page's download button, or of the feed.")
    raise CatalogError(what, fix)


def _file_name(response: HTTPResponse, place: Url) -> str:
    header = Message()
    header["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    given = header.get_filename("")
    return given or unquote((place.path or "").rstrip("/").rpartition("/")[2]) or place.host or ""


def _unreachable(error: Exception, job: _Job) -> CatalogError:
    host, kind = job.host, repr(error)
    fix = phrase("Check the address and the connection, then try again. The catalog stays as it was.")
    if job.deadline.is_over:
        what = phrase("{host} took longer than {seconds:,.0f} seconds.", host=host, seconds=job.rules.total_s)
    elif isinstance(error, SSLError | ssl.SSLError):
        what = phrase("The connection to {host} cannot be trusted: its certificate does not fit.", host=host)
        fix = phrase("Check the address. Where the certificate is your company's own, name its file in SSL_CERT_FILE.")
    elif isinstance(error, TimeoutError | TimeoutException) and not isinstance(error, NewConnectionError):
        what = phrase("{host} does not answer.", host=host)
    elif "IncompleteRead" in kind or "InvalidChunkLength" in kind:
        what = phrase("The connection to {host} broke off before the file was complete.", host=host)
    else:
        what = phrase("{host} cannot be reached.", host=host)
    return CatalogError(what, fix)
