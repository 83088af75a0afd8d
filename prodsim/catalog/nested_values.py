"""What the values within nested data mean: prices, texts by language, pictures, names and values."""

import datetime
import json
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain
from typing import Any

from prodsim.catalog.currencies import minor_digits
from prodsim.catalog.names import field_of_name

Record = dict[str, Any]
Row = dict[str, Any]
"""Column to its value, which ``cell_text`` writes."""
_MAX_NAME = 60
_MAX_DEPTH = 400
"""Lists and objects within each other; Python itself gives up at some hundreds more."""
_LANGUAGES = frozenset({
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga",
    "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nb", "nl",
    "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "ur", "uz", "vi", "zh",
})  # fmt: skip
_LOCALE = re.compile(r"([a-z]{2})(?:[-_][A-Za-z]{4})?(?:[-_][A-Za-z]{2})?")
MONGO_KEYS = ("$oid", "$numberDecimal", "$numberLong", "$numberInt", "$numberDouble", "$date", "$uuid", "$symbol")
_AMOUNTS = ("amount", "value", "price", "gross", "net", "#text")
CURRENCY_KEYS = (
    "currency", "currencycode", "currency_code", "currencyisocode", "pricecurrency", "currency_iso", "iso_code",
)  # fmt: skip
_MONEY = frozenset((
    *_AMOUNTS, *CURRENCY_KEYS, "shop_money", "shopmoney", "presentment_money", "presentmentmoney", "centamount",
    "fractiondigits", "type", "precision", "formatted", "display", "symbol", "scale", "tax", "country", "label",
    "sign", "raw", "text", "currencysymbol", "currency_symbol", "__typename", "fractionalamount", "divisor",
))  # fmt: skip
_PAID = (
    "discountedprice", "discounted_price", "finalprice", "final_price", "saleprice", "currentprice", "current",
    "now", "final", "selling", "sale", "discounted", "price", "amount", "value", "gross", "regular", "min",
)  # fmt: skip
"""What the part of a price object is called that is paid, the surest first."""
_UNITS = ("unit", "units", "unitcode", "unit_code", "uom")
ADDRESS_KEYS = (
    "src", "url", "originalsrc", "transformedsrc", "contenturl", "url_standard", "imageurl", "image_url", "href",
    "link", "path", "file", "large", "original", "full", "medium", "source", "secure_url", "picture",
)  # fmt: skip
LABEL_KEYS = ("name", "title", "label", "full_name", "value")
_PAIR_NAMES = (
    "option_display_name", "attribute_code", "attribute_name", "param_name", "fname", "name", "attribute", "key",
    "propertyid", "option_name", "optionname", "display_name", "displayname", "option", "property", "type",
    "section_name", "code", "slug", "@name", "param",
)  # fmt: skip
_PAIR_VALUES = ("value", "values", "val", "fvalue", "attribute_value", "option_value", "optionvalue", "valuename",
                "#text", "data", "option", "options", "label", "propertyvalue", "content")  # fmt: skip
TEXT = "#text"
"""The text of an XML element that has attributes."""
_CONTAINERS = frozenset({dict, list})
_TEXT_NAMES = frozenset({"name", "attribute_name", "param_name", "key", "attribute", "param", "propertyid"})


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


def amount_key(value: Record) -> str | None:
    """Return the part of a price object that is what is paid."""
    keys = {plain_key(key): key for key in value}
    for name in _PAID:
        part = value.get(keys.get(name, ""))
        if is_amount(part) or (isinstance(part, dict) and money_of(part, "price") is not None):
            return keys[name]
    return None


def paid_of(item: Record) -> tuple[Any, str] | None:
    """Return amount and currency of a price within a list."""
    key = amount_key(item)
    return money_of(item, "price") or ((item[key], "") if key and is_amount(item[key]) else None)


def names_of(items: list[Record]) -> list[str]:
    """Return the name of each object where all have a plain one."""
    names = []
    for item in items:
        keys = {plain_key(key): key for key in item}
        label = next((keys[k] for k in ("full_name", "name", "title", "label", "value", TEXT) if k in keys), None)
        name = plain_text(item[label]) if label else ""
        if not name:
            return []
        names.append(name)
    return names


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


def money_of(value: Record, name: str) -> tuple[Any, str] | None:
    """Return amount and currency code (``""`` if none is written) of an object that is a price; else ``None``."""
    keys = {plain_key(key): key for key in value}
    code = next((value[keys[k]] for k in CURRENCY_KEYS if k in keys), "")
    code = code.get("code", "") if isinstance(code, dict) else code
    if "centamount" in keys:
        code = str(code or "")
        return minor_units(value[keys["centamount"]], value.get("fractionDigits", minor_digits(code))), code
    for whole in ("shop_money", "shopmoney", "gross", "value"):
        if whole in keys and isinstance(inner := value[keys[whole]], dict) and (money := money_of(inner, name)):
            return money[0], money[1] or str(code or "")
    amount = next((value[keys[k]] for k in _AMOUNTS if k in keys and is_amount(value[keys[k]])), None)
    if amount is not None and value.get(keys.get("divisor", "")) in (1, 10, 100, 1000):  # Etsy
        amount = minor_units(amount, len(str(value[keys["divisor"]])) - 1)
    if amount is None or not isinstance(code, str) or any(unit in keys for unit in _UNITS):
        return None
    is_price = bool(code) or (_is_price_name(name) and len(value) <= 3)
    return (amount, code.upper()) if is_price else None


def is_only_money(value: Record) -> bool:
    """Return whether an object has only such keys as a price's have."""
    return all(plain_key(key) in _MONEY for key in value)


def _is_price_name(name: str) -> bool:
    return re.search(r"price|preis|prix|precio|cost", name, re.IGNORECASE) is not None


def is_amount(value: Any) -> bool:
    """Return whether a value is a number, or a text with one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    return isinstance(value, int | float) or re.search(r"\d", value) is not None


def minor_units(amount: Any, digits: Any) -> Any:
    """Return an amount counted in cents, or whatever the currency's smallest unit is, as a plain number."""
    try:
        return format(Decimal(str(amount)).scaleb(-int(digits)), "f")
    except (InvalidOperation, ValueError, TypeError, OverflowError):
        return amount


def measure_of(value: Record) -> str | None:
    """Return a number with its unit, as in ``{"value": 2, "unit": "kg"}``."""
    keys = {plain_key(key): key for key in value}
    unit = next((keys[k] for k in _UNITS if k in keys), None)
    amount = next((keys[k] for k in ("amount", "value", "measurement", "#text") if k in keys), None)
    if len(value) > 3 or unit is None or amount is None or isinstance(value[amount], dict | list):
        return None
    return f"{cell_text(value[amount])} {plain_text(value[unit])}".strip()


def address_of(item: Any) -> str:
    """Return the address of a picture, of an object the usual part; ``""`` where there is none."""
    if not isinstance(item, dict):
        return item if isinstance(item, str) else ""
    keys = {plain_key(key): key for key in item}
    for key in (*ADDRESS_KEYS, "image", "node", "originalimage", "preview", "#text"):
        if key in keys and (address := address_of(item[keys[key]])):
            return address
    return next((v for v in item.values() if isinstance(v, str) and v.startswith(("http://", "https://"))), "")


def pairs_of(items: Sequence[Record]) -> list[tuple[str, Any]] | None:
    """Return names and values of a list of attributes, as in ``[{"name": "Color", "value": "red"}]``; else ``None``."""
    pairs: dict[str, Any] = {}
    for item in items:
        pair = _pair(item)
        if pair is None:
            return None
        name, value = pair
        if name in pairs and pairs[name] != value:
            value = f"{cell_text(pairs[name])}, {cell_text(value)}"
        pairs[name] = value
    return list(pairs.items())


def _pair(item: Any) -> tuple[str, Any] | None:
    if not isinstance(item, dict):
        return None
    keys = {plain_key(key): key for key in item}
    if isinstance(group := item.get(keys.get("group", "")), dict) and "name" in keys:  # Shopware's options
        return (label_of(group), item[keys["name"]]) if label_of(group) else None
    for name in (k for k in _PAIR_NAMES if k in keys):
        text = label_of(item[keys[name]])
        value = next((keys[k] for k in _PAIR_VALUES if k in keys and k != name), None)
        if value == TEXT and name not in _TEXT_NAMES:
            continue  # <size type="EU">42</size> is a size
        if text and value is not None and len(text) <= _MAX_NAME:
            return text, _pair_value(item[value])
    return None


def label_of(value: Any) -> str:
    """Return a text, or the name of an object; ``""`` where it has none."""
    if isinstance(value, dict):
        keys = {plain_key(key): key for key in value}
        return next((t for k in (*LABEL_KEYS, "slug", "code") if k in keys and (t := plain_text(value[keys[k]]))), "")
    return value.strip() if isinstance(value, str) else ""


def _pair_value(value: Any) -> Any:
    """Return the value of an attribute: of objects their names."""
    if (
        isinstance(value, dict)
        and not is_localised(value)
        and money_of(value, "") is None
        and measure_of(value) is None
    ):
        return label_of(value) or value
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value) and (names := names_of(value)):
        return ", ".join(names)
    return value


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
