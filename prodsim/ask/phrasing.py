"""Answers rephrased by a chat model that a person connected; it sees only the question and the facts shown."""

import http.client
import json
import re
import urllib.request
from collections.abc import Mapping
from typing import Any

from prodsim.ask.types import Answer
from prodsim.errors import QueryError
from prodsim.phrases import phrase
from prodsim.settings import Settings

CHAT_TIMEOUT_S = 60.0
CHAT_TASK = (
    "Answer the shopper's question in its own language, in at most five sentences, with nothing but the facts given. "
    "Name products by their titles. Do not add, guess or praise. If the facts say that nothing fits, say so."
)
_STATED_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def outgoing_text(answer: Answer) -> str:
    """Return everything of the question and the catalog that is sent to the model, as a person reads it."""
    lines = [f"Question: {answer.understood.question}", f"Facts: {answer.text}"]
    lines += [f"- {one.hit.title}: {'; '.join(filter(None, [one.differs, one.reason]))}" for one in answer.suggestions]
    return "\n".join(lines)


def rephrase(answer: Answer, settings: Settings) -> str:
    """Return the answer in the words of the model at ``settings.chat_url``, checked against the facts it was given.

    Raises:
        QueryError: none is connected, it does not answer, or it mentions a number that is not among its facts.
    """
    if not settings.chat_url:
        raise QueryError(
            phrase("No chat model is connected."),
            phrase("Set PRODSIM_CHAT_URL to the address of an OpenAI-compatible chat API."),
        )
    facts = outgoing_text(answer)
    messages = [{"role": "system", "content": CHAT_TASK}, {"role": "user", "content": facts}]
    text = _post(settings, {"model": settings.chat_model, "messages": messages, "temperature": 0})
    # Numbers are what can be checked without another model: an invented price or size is the worst a shopper can read.
    made_up = sorted(set(_STATED_NUMBER.findall(text)) - set(_STATED_NUMBER.findall(facts)))
    if made_up:
        raise QueryError(
            phrase(
                "The chat model mentioned {numbers}, which is not among the facts it was given.",
                numbers=", ".join(made_up),
            ),
            phrase("Rely on the answer above, which is the catalog's own. If this happens often, use another model."),
        )
    return text


def _post(settings: Settings, request: Mapping[str, Any]) -> str:
    headers = {"Content-Type": "application/json"}
    if settings.chat_key:
        headers["Authorization"] = f"Bearer {settings.chat_key}"
    address = f"{settings.chat_url.rstrip('/')}/chat/completions"
    if not address.startswith(("http://", "https://")):
        raise QueryError(
            phrase("“{url}” is not a web address.", url=settings.chat_url),
            phrase("Start PRODSIM_CHAT_URL with http:// or https://."),
        )
    body = json.dumps(request).encode()
    try:
        post = urllib.request.Request(address, body, headers)
        with urllib.request.urlopen(post, timeout=CHAT_TIMEOUT_S) as reply:
            return str(json.load(reply)["choices"][0]["message"]["content"]).strip()
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
        raise QueryError(
            phrase(
                "The chat model at {url} did not answer as expected: {reason}.", url=settings.chat_url, reason=error
            ),
            phrase(
                "Check PRODSIM_CHAT_URL, PRODSIM_CHAT_MODEL and PRODSIM_CHAT_KEY; the catalog's own answer still holds."
            ),
        ) from error
