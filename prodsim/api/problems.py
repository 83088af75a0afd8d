"""Problems as answers: always ``{"error": {"what", "fix"}}``, with the status that fits."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from prodsim.errors import (
    AccessDenied,
    EncoderError,
    MissingPackage,
    ProdsimError,
    QueryError,
    StaleArtifact,
    StorageError,
)
from prodsim.extras import optional_packages
from prodsim.phrases import phrase
from prodsim.text import excerpt

with optional_packages():
    from fastapi import FastAPI, Request
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from starlette.routing import Match

    from prodsim.api.answers import Json

log = logging.getLogger("prodsim.api")
N_SHOWN = 10
"""Wrong values of a request that are named."""


class UnknownCatalog(QueryError):
    """There is no catalog of the name in the address."""


class Busy(ProdsimError):
    """Too much is asked at once."""


class WrongRequest(ProdsimError):
    """A value of the request cannot be used."""


STATUS: Mapping[type[ProdsimError], int] = {
    AccessDenied: 403,
    UnknownCatalog: 404,
    StaleArtifact: 409,
    EncoderError: 503,
    MissingPackage: 503,
    StorageError: 503,
    Busy: 503,
}
"""The status of each kind of error; of all others it is 422: the request can be understood, but not answered."""
STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def status_of(error: ProdsimError) -> int:
    """Return the HTTP status of an error."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def problem(status: int, what: str, fix: str, headers: Mapping[str, str] | None = None) -> Json:
    """Return the answer that says what is wrong and how to mend it."""
    return Json({"error": {"what": what, "fix": fix}}, status, dict(headers or {}))


def answer_problems(app: FastAPI) -> None:
    """Let an application answer every kind of error in the same form."""
    app.add_exception_handler(ProdsimError, _expected)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unexpected)


def _expected(_: Request, error: Exception) -> Json:
    assert isinstance(error, ProdsimError)
    headers = {"Retry-After": "1"} if isinstance(error, Busy) else {}
    return problem(status_of(error), error.what, error.fix, headers)


def _misread(_: Request, error: Exception) -> Json:
    assert isinstance(error, RequestValidationError)
    wrong = error.errors()
    sentences = [_sentence(each) for each in wrong[:N_SHOWN]]
    if len(wrong) > N_SHOWN:
        sentences.append(phrase("And {n:,} more.", n=len(wrong) - N_SHOWN))
    return problem(422, " ".join(sentences), phrase("/docs lists what each request may hold."))


def _sentence(wrong: Mapping[str, Any]) -> str:
    """Return what is wrong with one value; never more than the beginning of it."""
    place = _place(wrong["loc"])
    if wrong["type"] in ("missing", "json_invalid", "extra_forbidden"):
        return {
            "missing": phrase("{place} is missing.", place=place),
            "json_invalid": phrase("The body is no JSON."),
            "extra_forbidden": phrase("{place} is not known.", place=place),
        }[wrong["type"]]
    reason = wrong["msg"].removeprefix("Value error, ").replace("Input should", "It should")
    return phrase("{place} is {value}. {reason}.", place=place, value=excerpt(repr(wrong["input"]), 60), reason=reason)


def _place(location: Sequence[int | str]) -> str:
    names = [str(part) for part in location if part not in ("body", "query", "path")]
    return ".".join(names) or phrase("The body")


def _refused(request: Request, error: Exception) -> Json:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    fix = phrase("Send less at once.") if error.status_code == 413 else phrase("/docs lists all addresses.")
    if error.status_code == 405:
        what = phrase("{path} does not take {method}.", path=excerpt(request.url.path), method=request.method)
        headers["Allow"] = ", ".join(_methods(request))  # Starlette names those of the first route alone
    elif error.status_code == 404:
        what = phrase("There is nothing at {path}.", path=excerpt(request.url.path))
    else:
        what = phrase("The request cannot be read: {reason}.", reason=error.detail)
    return problem(error.status_code, what, fix, headers)


def _methods(request: Request) -> list[str]:
    """Return the methods that the address takes."""
    fitting = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in fitting for method in route.methods})


def _unexpected(_: Request, error: Exception) -> Json:
    number = uuid.uuid4().hex[:8]
    log.error("request failed, number %s", number, exc_info=error)
    return problem(
        500,
        phrase("Something unexpected went wrong."),
        phrase("Try again. If the problem persists, see number {number} in the server's log.", number=number),
    )
