"""What every request passes before its route: the key, the limits, and the log; no content is looked at."""

import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from prodsim.api.limits import ServerLimits
from prodsim.api.metrics import Metrics
from prodsim.api.problems import problem
from prodsim.errors import AccessDenied, StorageError
from prodsim.extras import optional_packages
from prodsim.phrases import phrase
from prodsim.roles import OWNER, Actor, acting_as, is_this_machine
from prodsim.workspace.keys import PREFIX, Keys

with optional_packages():
    from starlette.exceptions import HTTPException

    from prodsim.api.answers import Json

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("prodsim.api")
OPEN_PATHS = frozenset(("/health", "/ready", "/docs", "/openapi.json"))
"""They need no key: they tell nothing of any catalog."""
KEY_NAMES = frozenset(("key", "api_key", "apikey", "api-key", "x-api-key", "token", "access_token", "authorization"))
"""Parameters of an address that look like a key, whatever they hold."""
BURST = 10
"""Part of a minute's requests that a key may send at once."""
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
"""Others are counted as one."""


class Refused(Exception):
    """The request goes no further; ``answer`` says why."""

    def __init__(self, answer: Json) -> None:
        super().__init__()
        self.answer = answer


class Rates:
    """How many requests each key may still send: a bucket that fills evenly; used by one event loop alone."""

    def __init__(self, per_minute: int) -> None:
        self._per_s = per_minute / 60
        self._most = max(1.0, per_minute / BURST)
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, key: str) -> float:
        """Take one request of a key; return the seconds to wait where none is left, else 0."""
        now = time.monotonic()
        left, then = self._left.get(key, (self._most, now))
        left = min(self._most, left + (now - then) * self._per_s)
        self._left[key] = (max(left - 1, 0.0) if left >= 1 else left), now
        return 0.0 if left >= 1 else (1 - left) / self._per_s


class Gate:
    """An ASGI application around another one.

    Args:
        app: the routes.
        keys: of the workspace. Without any, whoever reaches a server of this machine alone may do everything.
        is_local: whether the server listens to this machine alone.
        limits: of the server.
        metrics: that count every request.
    """

    def __init__(self, app: Application, *, keys: Keys, is_local: bool, limits: ServerLimits, metrics: Metrics) -> None:
        self._app = app
        self._keys = keys
        self._is_local = is_local
        self._limits = limits
        self._metrics = metrics
        self._rates = Rates(limits.per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started, status, key_id = time.perf_counter(), 500, ""

        async def note_status(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            _check_address(scope)
            actor, key_id = self._caller(scope)
            receive = self._limited(scope, receive)
            with acting_as(actor):
                await self._app(scope, receive, note_status)
        except Refused as refused:
            await refused.answer(scope, receive, note_status)
        finally:
            self._note(scope, status, time.perf_counter() - started, key_id)

    def _caller(self, scope: Scope) -> tuple[Actor, str]:
        """Return who asks, and what the log calls their key."""
        if scope["path"] in OPEN_PATHS:
            return Actor(role="viewer"), ""
        try:
            return self._known(scope)
        except StorageError as error:
            raise Refused(problem(503, error.what, error.fix)) from error

    def _known(self, scope: Scope) -> tuple[Actor, str]:
        secret = _secret(scope)
        if not secret and self._is_local and not self._keys.all():
            _check_host(scope)
            return OWNER, ""
        if not secret:
            raise _unauthorised(
                phrase("The request has no key."),
                phrase("Send one in the header “Authorization: Bearer KEY”, or in “X-API-Key”."),
            )
        try:
            key = self._keys.find(secret)
        except AccessDenied as error:
            raise _unauthorised(error.what, error.fix) from error
        if wait_s := self._rates.wait_s(key.digest):
            raise Refused(
                problem(
                    429,
                    phrase("This key has sent more than {n:,} requests a minute.", n=self._limits.per_minute),
                    phrase("Try again in {n:.1f} seconds.", n=wait_s),
                    {"Retry-After": str(int(wait_s) + 1)},
                )
            )
        return key.actor, key.id

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Return ``receive`` such that a body beyond the limit is refused, whatever its header says."""
        length = _header(scope, b"content-length")
        if length.isdecimal() and int(length) > self._limits.body_bytes:
            fix = phrase("Send less at once.")
            raise Refused(problem(413, phrase("The request cannot be read: {reason}.", reason=self._too_large()), fix))
        n_bytes = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > self._limits.body_bytes:  # FastAPI passes on no other exception from here
                raise HTTPException(413, self._too_large())
            return message

        return counted

    def _too_large(self) -> str:
        return phrase("it is larger than {mb:g} MB", mb=self._limits.body_bytes / 1e6)

    def _note(self, scope: Scope, status: int, seconds: float, key_id: str) -> None:
        """Count and log a request: its route, never its address, its body or who sent it from where."""
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.count(route, method, status, seconds)
        facts = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1), "key": key_id}
        log.info("request", extra={"facts": facts})


class JsonLines(logging.Formatter):
    """Log lines as JSON, one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line."""
        facts = getattr(record, "facts", {})
        line = {"time": self.formatTime(record), "level": record.levelname, "event": record.getMessage(), **facts}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _check_address(scope: Scope) -> None:
    """Refuse a key in the address: proxies and browsers keep addresses."""
    query = scope["query_string"].decode("latin-1")
    if PREFIX in query or PREFIX in scope["path"] or any(name.lower() in KEY_NAMES for name, _ in parse_qsl(query)):
        raise Refused(
            problem(
                400,
                phrase("There is a key in the address, where proxies and logs keep it."),
                phrase(
                    "Send it in the header “Authorization: Bearer KEY”. If it was a real one, remove it with "
                    "`prodsim keys remove NAME` and add another."
                ),
            )
        )


def _check_host(scope: Scope) -> None:
    """Refuse what came under another name: a page of the web could point its own name to this machine."""
    host = _header(scope, b"host")
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if name and not is_this_machine(name):
        raise Refused(
            problem(
                403,
                phrase("Without keys, the server answers this machine alone."),
                phrase("Ask for http://127.0.0.1, or add a key with `prodsim keys add NAME`."),
            )
        )


def _secret(scope: Scope) -> str:
    scheme, _, token = _header(scope, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else _header(scope, b"x-api-key").strip()


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for header, value in scope["headers"] if header == name), "")


def _unauthorised(what: str, fix: str) -> Refused:
    return Refused(problem(401, what, fix, {"WWW-Authenticate": "Bearer"}))
