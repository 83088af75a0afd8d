"""The values of JSON: quickly where that changes nothing, else as Python's own decoder reads them."""

import json
import re
from collections.abc import Callable
from typing import Any

import orjson

from prodsim.catalog.nested_values import plain_mongo

_DECODER = json.JSONDecoder(strict=False)
"""Keeps line ends and tabs inside of texts."""
_DIGITS = bytes(ord("0") if chr(byte).isdecimal() and byte < 128 else byte for byte in range(256))
_LONG_NUMBER = b"0" * 19
"""Digits from which on orjson may round a whole number."""
_WRAPPERS = re.compile(r'"\$(?:oid|date|number|uuid|symbol)')


def decode(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: it is not JSON, or something follows it.
        RecursionError: its lists and objects lie too deep within each other.
    """
    return decoder_for(text)(text)


def decoder_for(text: str) -> Callable[[str], Any]:
    """Return what decodes a text, or lines of it, the quickest without a change to any number."""
    has_long_number = _LONG_NUMBER in text.encode("utf-8", "surrogatepass").translate(_DIGITS)
    return _DECODER.decode if has_long_number else _decode_quickly


def _decode_quickly(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # half characters, tabs in texts and NaN are read all the same, and errors told
        return _DECODER.decode(text)


def read_documents(text: str) -> tuple[list[Any], str]:
    """Return the JSON documents that follow each other in a text, and what is wrong behind them; ``""`` if nothing."""
    text = text.lstrip("\ufeff")
    try:
        return [plain_value(decode(text), text)], ""
    except ValueError as error:
        reason = str(error)
    documents: list[Any] = []
    position = 0
    while (start := _next_start(text, position)) < len(text):
        try:
            document, position = _DECODER.raw_decode(text, start)
        except ValueError as error:
            reason, items = str(error), _whole_items(text, start)
            return ([*documents, items] if items else documents), reason
        documents.append(plain_value(document, text))
    return documents, "" if documents else reason


def _next_start(text: str, position: int) -> int:
    match = re.compile(r"[\s,;]*").match(text, position)
    return match.end() if match else position


def _whole_items(text: str, start: int) -> list[Any]:
    """Return the objects before the damage, of the arrays of objects behind ``start`` the longest."""
    opening = re.compile(r"\[\s*(?=\{)")
    longest: list[Any] = []
    position = start
    while match := opening.search(text, position):
        items: list[Any] = []
        position = match.end()
        while text[position : position + 1] == "{":
            try:
                item, position = _DECODER.raw_decode(text, position)
            except ValueError:
                return max(longest, items, key=len)
            items.append(plain_value(item, text))
            position = _next_start(text, position)
        longest = max(longest, items, key=len)
    return longest


def plain_value(value: Any, text: str) -> Any:
    """Return a value without the wrappers of MongoDB's extended JSON, if its text has any."""
    return _without_wrappers(value) if '"$' in text and _WRAPPERS.search(text) else value


def _without_wrappers(value: Any) -> Any:
    value = plain_mongo(value)
    if isinstance(value, dict):
        return {key: _without_wrappers(inner) for key, inner in value.items()}
    return [_without_wrappers(inner) for inner in value] if isinstance(value, list) else value
