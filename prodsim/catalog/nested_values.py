"""What the values within nested data mean: prices, texts by language, pictures, names and values."""

import datetime
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from prodsim.catalog.names import field_of_name

Record = dict[str, Any]
Row = dict[str, Any]
"""Column to its value, which ``cell_text`` writes."""
_MAX_DEPTH = 400
"""Lists and objects within each other; Python itself gives up at some hundreds more."""
_LANGUAGES = frozenset({
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga",
    "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nb", "nl",
    "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "ur", "uz", "vi", "zh",
})  # fmt: skip
_LOCALE = re.compile(r"([a-z]{2})(?:[-_][A-Za-z]{4})?(?:[-_][A-Za-z]{2})?")
MONGO_KEYS = ("$oid", "$numberDecimal", "$numberLong", "$numberInt", "$numberDouble", "$date", "$uuid", "$symbol")
ADDRESS_KEYS = (
    "src", "url", "originalsrc", "transformedsrc", "contenturl", "url_standard", "imageurl", "image_url", "href",
    "link", "path", "file", "large", "original", "full", "medium", "source", "secure_url", "picture",
)  # fmt: skip
TEXT = "#text"
"""The text of an XML element that has attributes."""
_CONTAINERS = frozenset({dict, list})


def is_flat(record: Record) -> bool:
    """Return whether an object holds no objects and lists."""
    return _CONTAINERS.isdisjoint(map(type, record.values()))


def are_flat(items: Sequence[Any]) -> bool:
    """Return whether all items are objects that hold no objects and lists."""
    if set(map(type, items)) != {dict}:
        return False
    return _CONTAINERS.isdisjoint(map(type, chain.from_iterable(map(dict.values, items))))


def check_depth(record: Record) -> None:
    """Raise ``RecursionError`` where an object's lists and objects lie deeper than any can be written as text."""
    level: list[Any] = [record]
    for _ in range(_MAX_DEPTH):
        inside = (value.values() if isinstance(value, dict) else value for value in level)
        level = [value for values in inside for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise RecursionError


def as_list(value: Any) -> list[Any]:
    """Return a list, or a list of one value."""
    return value if isinstance(value, list) else [value]


def listed(value: Any) -> list[Any]:
    """Return the values of what may be repeated, those of one or none too."""
    return value if isinstance(value, list) else [] if value in ("", None) else [value]


def plain_text(value: Any) -> str:
    """Return a text or number as text, of texts by locale the first; ``""`` for anything else."""
    if isinstance(value, dict):
        return next(map(plain_text, value.values()), "") if is_localised(value) else ""
    return "" if isinstance(value, list) else cell_text(value)


def connection(value: Record) -> list[Any] | None:
    """Return the items of a GraphQL connection, ``{"edges": [{"node": …}]}`` or ``{"nodes": […]}``; else ``None``."""
    if isinstance(value.get("edges"), list):
        return [node_of(edge) for edge in value["edges"]]
    nodes = value.get("nodes")
    return nodes if isinstance(nodes, list) else None


def node_of(value: Any) -> Any:
    """Return what an edge of a GraphQL connection or a variant's wrapper holds, or the value itself."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("node"), dict):
        return value["node"]
    if isinstance(value.get("variant"), dict) and "id" in value:  # Wix
        return {**{key: inner for key, inner in value.items() if key != "variant"}, **value["variant"]}
    return value


def plain_mongo(value: Any) -> Any:
    """Return the value that MongoDB's extended JSON wraps, as in ``{"$oid": …}`` or ``{"$numberDecimal": …}``."""
    while isinstance(value, dict) and len(value) == 1 and next(iter(value)) in MONGO_KEYS:
        value = next(iter(value.values()))
    return value


def is_localised(value: Record) -> bool:
    """Return whether an object holds one text per language: all its keys are locales such as ``en`` or ``de-AT``."""
    locales = [key for key in value if key not in ("default", "@default")]
    if not locales or list(value) == ["id"]:
        return False
    return all(map(is_locale, locales)) and not any(isinstance(text, dict) for text in value.values())


@lru_cache(maxsize=20_000)
def is_locale(name: str) -> bool:
    """Return whether a name is a language's code, with or without a script and a country."""
    match = _LOCALE.fullmatch(name)
    return match is not None and match[1] in _LANGUAGES


def localised_texts(items: list[Record]) -> list[tuple[str, Any]] | None:
    """Return locale and text of a list of texts by language, as ``[{"locale": "de", "value": …}]``."""
    texts = []
    for item in items:
        keys = {plain_key(key): key for key in item}
        locale = next((item[keys[k]] for k in ("locale", "language", "lang", "languagecode") if k in keys), None)
        text = next((item[keys[k]] for k in ("value", "text", "name", "content", "#text", "data") if k in keys), None)
        if not isinstance(locale, str) or not is_locale(locale) or isinstance(text, dict | list) or len(item) > 4:
            return None
        texts.append((locale, text))
    return texts if len({locale for locale, _ in texts}) == len(texts) else None


def address_of(item: Any) -> str:
    """Return the address of a picture, of an object the usual part; ``""`` where there is none."""
    if not isinstance(item, dict):
        return item if isinstance(item, str) else ""
    keys = {plain_key(key): key for key in item}
    for key in (*ADDRESS_KEYS, "image", "node", "originalimage", "preview", "#text"):
        if key in keys and (address := address_of(item[keys[key]])):
            return address
    return next((v for v in item.values() if isinstance(v, str) and v.startswith(("http://", "https://"))), "")


@lru_cache(maxsize=20_000)
def field_of(name: str) -> str | None:
    """Return the field that a column of this name holds; ``None`` where it is not known."""
    return field_of_name(name)


def plain_key(key: Any) -> str:
    """Return a key in lower case and without the mark of an attribute."""
    return str(key).casefold().lstrip("@")


def cell_text(value: Any) -> str:
    """Write a cell's value as text: whole numbers without a point, dates as ISO, lists and objects as JSON.

    Bytes are read as UTF-8, else written as hexadecimal digits. Halves of characters, which JSON can escape and no file
    can hold, become question marks; what is not a number becomes ``""``.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return cell_text(json.dumps(value, ensure_ascii=False, default=cell_text))
    if isinstance(value, Decimal):
        return "" if value.is_nan() else format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return _bytes_text(bytes(value))
    return str(value)


def _bytes_text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def float_text(value: float) -> str:
    """Write a number as ``cell_text`` does: a whole one without a point, ``""`` for one that is not a number."""
    if value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else repr(value)
    return "" if value != value else repr(value)


def items_of(value: Any, names_too: bool = False) -> list[Any]:
    """Return the objects of a list or a GraphQL connection, or a single object as a list of one."""
    if isinstance(value, dict):
        inner = connection(value)
        value = [value] if inner is None and value and not is_localised(value) else inner or []
    if not isinstance(value, list):
        return []
    nodes = [node_of(item) for item in value]
    return [node for node in nodes if isinstance(node, dict) or (names_too and isinstance(node, str))]


def name_of(option: Any) -> str:
    """Return a text, or of an object its name or title."""
    return plain_text(option.get("name") or option.get("title")) if isinstance(option, dict) else cell_text(option)
