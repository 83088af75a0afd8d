"""Phrasing an answer by a chat model that a person connected; it sees the question and the shown facts alone."""

import http.client
import json
import re
import urllib.request
from collections.abc import Mapping
from typing import Any

from prodsim.ask.types import Answer
from prodsim.errors import QueryError
from prodsim.settings import Settings

CHAT_TIMEOUT_S = 60.0
CHAT_TASK = (
    "Answer the shopper's question in its own language, in at most five sentences, with nothing but the facts given. "
    "Name products by their titles. Do not add, guess or praise. If the facts say that nothing fits, say so."
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def outgoing_text(answer: Answer) -> str:
    """All of the question and the catalog that is sent to the model, as a person reads it."""
    lines = [f"Question: {answer.understood.question}", f"Facts: {answer.text}"]
    lines += [f"- {one.hit.title}: {'; '.join(filter(None, [one.differs, one.reason]))}" for one in answer.suggestions]
    return "\n".join(lines)


def rephrase(answer: Answer, settings: Settings) -> str:
    """The answer in the words of the model at ``settings.chat_url``, checked against the facts it was given.

    Raises:
        QueryError: none is connected, it does not answer, or it says a number that it was not told.
    """
    if not settings.chat_url:
        raise QueryError(
            "No chat model is connected.", "Set PRODSIM_CHAT_URL to an address that speaks OpenAI's chat protocol."
        )
    told = outgoing_text(answer)
    messages = [{"role": "system", "content": CHAT_TASK}, {"role": "user", "content": told}]
    said = _ask(settings, {"model": settings.chat_model, "messages": messages, "temperature": 0})
    made_up = sorted({number for number in _NUMBER.findall(said)} - set(_NUMBER.findall(told)))
    if made_up:
        raise QueryError(
            f"The chat model said {', '.join(made_up)}, which is none of the facts it was given.",
            "The answer above is the catalog's own; use another model if this happens often.",
        )
    return said


def _ask(settings: Settings, request: Mapping[str, Any]) -> str:
    headers = {"Content-Type": "application/json"}
    if settings.chat_key:
        headers["Authorization"] = f"Bearer {settings.chat_key}"
    address = f"{settings.chat_url.rstrip('/')}/chat/completions"
    if not address.startswith(("http://", "https://")):
        raise QueryError(
            f"{settings.chat_url!r} is no web address.", "Begin PRODSIM_CHAT_URL with http:// or https://."
        )
    body = json.dumps(request).encode()
    try:
        asked = urllib.request.Request(address, body, headers)
        with urllib.request.urlopen(asked, timeout=CHAT_TIMEOUT_S) as reply:
            return str(json.load(reply)["choices"][0]["message"]["content"]).strip()
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
        raise QueryError(
            f"The chat model at {settings.chat_url} does not answer as expected: {error}.",
            "Check PRODSIM_CHAT_URL, PRODSIM_CHAT_MODEL and PRODSIM_CHAT_KEY; the catalog's own answer stands.",
        ) from error
