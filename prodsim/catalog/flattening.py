"""Objects within objects as cells under names of their own."""

import datetime
import json
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from prodsim.catalog.names import field_of_name

Record = dict[str, Any]
Row = dict[str, Any]
"""Column to its value, which ``cell_text`` writes."""

MAX_DEPTH = 6
"""Objects within objects that get columns of their own; what lies deeper stays JSON in a cell."""
_MAX_NAME = 60
_LANGUAGES = frozenset({
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga",
    "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nb", "nl",
    "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "ur", "uz", "vi", "zh",
})  # fmt: skip
_LOCALE = re.compile(r"([a-z]{2})(?:[-_][A-Za-z]{4})?(?:[-_][A-Za-z]{2})?")
_MONGO = ("$oid", "$numberDecimal", "$numberLong", "$numberInt", "$numberDouble", "$date", "$uuid", "$symbol")
_AMOUNTS = ("amount", "value", "price", "gross", "net", "#text")
_CURRENCIES = (
    "currency", "currencycode", "currency_code", "currencyisocode", "pricecurrency", "currency_iso", "iso_code",
)  # fmt: skip
_MONEY = frozenset((
    *_AMOUNTS, *_CURRENCIES, "shop_money", "shopmoney", "presentment_money", "presentmentmoney", "centamount",
    "fractiondigits", "type", "precision", "formatted", "display", "symbol", "scale", "tax", "country", "label",
    "sign", "raw", "text", "currencysymbol", "currency_symbol", "__typename", "fractionalamount", "divisor",
))  # fmt: skip
_PAID = (
    "discountedprice", "discounted_price", "finalprice", "final_price", "saleprice", "currentprice", "current",
    "now", "final", "selling", "sale", "discounted", "price", "amount", "value", "gross", "regular", "min",
)  # fmt: skip
"""What the part of a price object is called that is paid, the surest first."""
_UNITS = ("unit", "units", "unitcode", "unit_code", "uom")
_ADDRESSES = (
    "src", "url", "originalsrc", "transformedsrc", "contenturl", "url_standard", "imageurl", "image_url", "href",
    "link", "path", "file", "large", "original", "full", "medium", "source", "secure_url", "picture",
)  # fmt: skip
_IMAGES = re.compile(r"image|img|picture|photo|thumbnail|media|gallery|foto|bild|asset", re.IGNORECASE)
_LABELS = ("name", "title", "label", "full_name", "value")
_PAIR_NAMES = (
    "option_display_name", "attribute_code", "attribute_name", "param_name", "fname", "name", "attribute", "key",
    "propertyid", "option_name", "optionname", "display_name", "displayname", "option", "property", "type",
    "section_name", "code", "slug", "@name", "param",
)  # fmt: skip
_PAIR_VALUES = ("value", "values", "val", "fvalue", "attribute_value", "option_value", "optionvalue", "valuename",
                "#text", "data", "option", "options", "label", "propertyvalue", "content")  # fmt: skip
_NAME_KEYS = frozenset({
    "id", "name", "title", "label", "slug", "value", "url", "link", "href", "handle", "key", "__typename",
    "full_name", "parent_id", "level", "position", "code", "path", "gid", "#text", "uid", "description",
})  # fmt: skip
_PATHS = re.compile(r"breadcrumb|path|ancestors|hierarchy", re.IGNORECASE)
_IN_STOCK = ("isonstock", "isinstock", "instock", "in_stock", "is_in_stock", "available", "status", "name", "value")
TEXT = "#text"
"""The text of an XML element that has attributes."""
_TEXT_NAMES = frozenset({"name", "attribute_name", "param_name", "key", "attribute", "param", "propertyid"})
_ITEMS = frozenset({
    "item", "element", "entry", "value", "string", "int", "li", "url", "param", "parameter", "property",
})  # fmt: skip
_NAMED = frozenset({"brand", "category", "title", "availability"})
"""Fields whose object is told by its name: ``brand: {"name": "X"}`` is the brand X."""


def flat_row(record: Record) -> Row:
    """Return an object's cells.

    Objects within become columns such as ``dimensions.width``, or what evidently stands for them: a brand's name, a
    price's amount beside its ``currency``, the addresses of pictures, texts by locale as ``name-de``. Lists of names
    and values become columns under these names. Any other list is written as JSON.
    """
    if is_flat(record):
        return record
    own = {str(name): value for name, value in record.items() if not isinstance(value, dict | list)}
    row: Row = {}
    for name, value in record.items():
        if isinstance(value, dict | list):
            _put(row, own, str(name), value, 0)
        elif row.get(str(name)) in (None, ""):
            row[str(name)] = value
    return row


def is_flat(record: Record) -> bool:
    """Return whether an object holds no objects and lists."""
    return {dict, list}.isdisjoint(map(type, record.values()))


def _put(row: Row, own: Row, name: str, value: Any, depth: int) -> None:
    """Put a value under a name; ``own`` holds what the object itself says, which nothing from within replaces."""
    if isinstance(value, dict):
        _put_object(row, own, name, value, depth)
    elif isinstance(value, list):
        _put_list(row, own, name, value, depth)
    else:
        _put_value(row, own, name, value)


def _put_value(row: Row, own: Row, name: str, value: Any) -> None:
    taken = own.get(name) if name in own else row.get(name)
    if taken in (None, ""):
        row[name] = value
    elif value not in (None, "", taken):
        row[_free_name(row, own, name)] = value


def _free_name(row: Row, own: Row, name: str) -> str:
    count = 2
    while f"{name} ({count})" in row or f"{name} ({count})" in own:
        count += 1
    return f"{name} ({count})"


def _put_object(row: Row, own: Row, name: str, value: Record, depth: int) -> None:
    name = "price" if _plain(name) in ("pricedata", "price_data", "priceinfo", "price_info") else name
    if depth >= MAX_DEPTH:
        _put_value(row, own, name, cell_text(value))
    elif (items := _listed(name, value)) is not None:
        _put_list(row, own, name, items, depth + 1)
    elif is_localised(value):
        for locale, text in value.items():
            _put(row, own, name if locale in ("default", "@default") else f"{name}-{locale}", text, depth + 1)
    elif _is_only_money(value) and (money := money_of(value, name)) is not None:
        _put_money(row, own, name, money)
    elif field_of(name) == "price" and (part := _amount_key(value)) is not None:
        _put_priced(row, own, name, value, part, depth)
    elif (measure := _measure(value)) is not None:
        _put_value(row, own, name, measure)
    elif TEXT in value and (pairs := pairs_of([value])):
        for attribute, text in pairs:
            _put(row, own, name if attribute in own or attribute in row else attribute, text, depth + 1)
    else:
        _put_parts(row, own, name, value, depth)


def _listed(name: str, value: Record) -> list[Any] | None:
    """Return the items of an object that is a list by its form, or wraps one value; ``None`` of any other."""
    if not value:
        return []
    if (items := connection(value)) is not None:
        return items
    if len(value) == 1 and next(iter(value)) in _MONGO:
        return [plain_mongo(value)]
    if len(value) == 1 and (languages := value.get("language")) is not None:  # PrestaShop's XML
        texts = [text if isinstance(text, dict) else {TEXT: text} for text in _as_list(languages)]
        return [{"id": text.get("id", ""), "value": text.get(TEXT, "")} for text in texts]
    return _wrapped(name, value)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _wrapped(name: str, value: Record) -> list[Any] | None:
    """Return the items of a list in a wrapper, as in ``images: {"image": […]}``; ``None`` where it is none."""
    if len(value) != 1:
        return None
    key, inner = next(iter(value.items()))
    is_item = _plain(key)[:3] == _plain(name.rsplit(".", 1)[-1])[:3] or _plain(key) in _ITEMS
    if not is_item or not (isinstance(inner, list) or len(_plain(key)) <= len(name)):
        return None
    return inner if isinstance(inner, list) else [inner]


def _put_parts(row: Row, own: Row, name: str, value: Record, depth: int) -> None:
    """Put each part under a dotted name, and what evidently stands for the whole under the plain one."""
    label = "#text" if "#text" in value else _evident(name, value)
    if label:
        _put(row, own, name, value[label], depth + 1)
    is_attributes = _plain(name) in _ATTRIBUTES
    for key, part in value.items():
        if key == label:
            continue
        if is_attributes and not isinstance(part, dict) and key not in own and key not in row:
            _put(row, own, str(key), part, depth + 1)
        else:
            _put(row, own, f"{name}.{key}", part, depth + 1)


_ATTRIBUTES = frozenset({
    "attributes", "choices", "options", "properties", "specs", "specifications", "features", "params", "parameters",
    "option_values", "optionvalues", "characteristics", "facets", "additional_attributes", "details",
    "specification", "variant_attributes", "selected_options",
})  # fmt: skip


def _evident(name: str, value: Record) -> str | None:
    """Return the key of the part that stands for an object: an address of a picture, a name of a brand."""
    keys = {_plain(key): key for key in value}
    if _IMAGES.search(name):
        return next((keys[k] for k in _ADDRESSES if k in keys and value[keys[k]]), None)
    if field_of(name.rsplit(".", 1)[-1]) == "availability":
        return next((keys[k] for k in _IN_STOCK if k in keys), None)
    if field_of(name.rsplit(".", 1)[-1]) in _NAMED or _plain(name) in ("manufacturer", "vendor", "collection", "type"):
        return next((keys[k] for k in _LABELS if k in keys and value[keys[k]]), None)
    return None


def _amount_key(value: Record) -> str | None:
    """Return the part of a price object that is what is paid."""
    keys = {_plain(key): key for key in value}
    for name in _PAID:
        part = value.get(keys.get(name, ""))
        if _is_amount(part) or (isinstance(part, dict) and money_of(part, "price") is not None):
            return keys[name]
    return None


def _put_priced(row: Row, own: Row, name: str, value: Record, part: str, depth: int) -> None:
    """Put what is paid under the name itself, with its currency, and the rest under dotted names."""
    keys = {_plain(key): key for key in value}
    code = next((keys[k] for k in _CURRENCIES if k in keys and isinstance(value[keys[k]], str)), None)
    paid = value[part]
    money = money_of(paid, "price") if isinstance(paid, dict) else (paid, "")
    amount, own_code = money or (paid, "")
    _put_money(row, own, name, (amount, own_code or (str(value[code]).upper() if code else "")))
    for key, rest in value.items():
        if key not in (part, code):
            _put(row, own, f"{name}.{key}", rest, depth + 1)


def _put_money(row: Row, own: Row, name: str, money: tuple[Any, str]) -> None:
    amount, code = money
    known = own.get("currency") or row.get("currency")
    if code and known in (None, ""):
        row["currency"] = known = code
    _put_value(row, own, name, f"{cell_text(amount)} {code}" if code and known != code else amount)


def _put_list(row: Row, own: Row, name: str, values: list[Any], depth: int) -> None:
    items = [item for item in values if item not in (None, "", {}, [])]
    if any(isinstance(item, dict) and TEXT in item for item in items):  # elements, of which some have no attributes
        items = [{TEXT: item} if isinstance(item, str) else item for item in items]
    if not items:
        _put_value(row, own, name, "")
    elif all(isinstance(item, dict) for item in items):
        _put_objects(row, own, name, [node_of(item) for item in items], depth)
    elif len(items) == 1:
        _put(row, own, name, items[0], depth + 1)
    elif all(isinstance(item, str) and item.lstrip().startswith(("http://", "https://")) for item in items):
        _put_value(row, own, name, ", ".join(items))
    else:
        _put_value(row, own, name, values)


def _put_objects(row: Row, own: Row, name: str, items: list[Record], depth: int) -> None:
    if (texts := _localised_list(items)) is not None:
        for locale, text in texts:
            _put(row, own, f"{name}-{locale}", text, depth + 1)
    elif all({_plain(key) for key in item} == {"id", "value"} for item in items):
        for number, item in enumerate(items):  # PrestaShop's languages, of which only numbers are known
            language = _language(item)
            _put_value(row, own, f"{name} ({language})" if number else name, list(item.values())[-1])
    elif _plain(name) in ("prices", "price") and (moneys := [m for i in items if (m := _paid_of(i))]):
        _put_prices(row, own, moneys)
    elif _IMAGES.search(name) and (addresses := [a for item in items if (a := address_of(item))]):
        _put_value(row, own, name, ", ".join(dict.fromkeys(addresses)))
    elif depth < MAX_DEPTH and (pairs := pairs_of(items)) is not None:
        for attribute, value in pairs:
            taken = attribute in own or attribute in row
            _put(row, own, f"{name}.{attribute}" if taken else attribute, value, depth + 1)
    elif (field_of(name) in _NAMED or all(map(_is_only_named, items))) and (names := _names(items)):
        _put_value(row, own, name, (" > " if _PATHS.search(name) else ", ").join(names))
    else:
        _put_value(row, own, name, items)


def _language(item: Record) -> str:
    return f"language {plain_text(next(iter(item.values())))}"


def _is_only_named(item: Record) -> bool:
    return all(_plain(key) in _NAME_KEYS for key in item)


def _paid_of(item: Record) -> tuple[Any, str] | None:
    """Return amount and currency of a price within a list."""
    key = _amount_key(item)
    return money_of(item, "price") or ((item[key], "") if key and _is_amount(item[key]) else None)


def _put_prices(row: Row, own: Row, moneys: list[tuple[Any, str]]) -> None:
    by_code: dict[str, Any] = {}
    for amount, code in moneys:
        by_code.setdefault(code.upper(), amount)
    if len(by_code) == 1:
        code, amount = next(iter(by_code.items()))
        _put_money(row, own, "price", (amount, code))
    else:
        for code, amount in by_code.items():
            _put_value(row, own, f"price-{code}" if code else "price", amount)


def _names(items: list[Record]) -> list[str]:
    """Return the name of each object where all have a plain one."""
    names = []
    for item in items:
        keys = {_plain(key): key for key in item}
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
    while isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _MONGO:
        value = next(iter(value.values()))
    return value


def is_localised(value: Record) -> bool:
    """Return whether an object holds one text per language: all its keys are locales such as ``en`` or ``de-AT``."""
    locales = [key for key in value if key not in ("default", "@default")]
    if not locales or list(value) == ["id"]:
        return False
    return all(map(is_locale, locales)) and not any(isinstance(text, dict) for text in value.values())


@cache
def is_locale(name: str) -> bool:
    """Return whether a name is a language's code, with or without a script and a country."""
    match = _LOCALE.fullmatch(name)
    return match is not None and match[1] in _LANGUAGES


def _localised_list(items: list[Record]) -> list[tuple[str, Any]] | None:
    """Return locale and text of a list of texts by language, as ``[{"locale": "de", "value": …}]``."""
    texts = []
    for item in items:
        keys = {_plain(key): key for key in item}
        locale = next((item[keys[k]] for k in ("locale", "language", "lang", "languagecode") if k in keys), None)
        text = next((item[keys[k]] for k in ("value", "text", "name", "content", "#text", "data") if k in keys), None)
        if not isinstance(locale, str) or not is_locale(locale) or isinstance(text, dict | list) or len(item) > 4:
            return None
        texts.append((locale, text))
    return texts if len({locale for locale, _ in texts}) == len(texts) else None


def money_of(value: Record, name: str) -> tuple[Any, str] | None:
    """Return amount and currency code (``""`` if none is written) of an object that is a price; else ``None``."""
    keys = {_plain(key): key for key in value}
    code = next((value[keys[k]] for k in _CURRENCIES if k in keys), "")
    code = code.get("code", "") if isinstance(code, dict) else code
    if "centamount" in keys:
        return minor_units(value[keys["centamount"]], value.get("fractionDigits", 2)), str(code or "")
    for whole in ("shop_money", "shopmoney", "gross", "value"):
        if whole in keys and isinstance(inner := value[keys[whole]], dict) and (money := money_of(inner, name)):
            return money[0], money[1] or str(code or "")
    amount = next((value[keys[k]] for k in _AMOUNTS if k in keys and _is_amount(value[keys[k]])), None)
    if amount is not None and value.get(keys.get("divisor", "")) in (1, 10, 100, 1000):  # Etsy
        amount = minor_units(amount, len(str(value[keys["divisor"]])) - 1)
    if amount is None or not isinstance(code, str) or any(unit in keys for unit in _UNITS):
        return None
    is_price = bool(code) or (_is_price_name(name) and len(value) <= 3)
    return (amount, code.upper()) if is_price else None


def _is_only_money(value: Record) -> bool:
    return all(_plain(key) in _MONEY for key in value)


def _is_price_name(name: str) -> bool:
    return re.search(r"price|preis|prix|precio|cost", name, re.IGNORECASE) is not None


def _is_amount(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    return isinstance(value, int | float) or re.search(r"\d", value) is not None


def minor_units(amount: Any, digits: Any) -> Any:
    """Return an amount counted in cents, or whatever the currency's smallest unit is, as a plain number."""
    try:
        return format(Decimal(str(amount)).scaleb(-int(digits)), "f")
    except (InvalidOperation, ValueError, TypeError, OverflowError):
        return amount


def _measure(value: Record) -> str | None:
    """Return a number with its unit, as in ``{"value": 2, "unit": "kg"}``."""
    keys = {_plain(key): key for key in value}
    unit = next((keys[k] for k in _UNITS if k in keys), None)
    amount = next((keys[k] for k in ("amount", "value", "measurement", "#text") if k in keys), None)
    if len(value) > 3 or unit is None or amount is None or isinstance(value[amount], dict | list):
        return None
    return f"{cell_text(value[amount])} {plain_text(value[unit])}".strip()


def address_of(item: Any) -> str:
    """Return the address of a picture, of an object the usual part; ``""`` where there is none."""
    if not isinstance(item, dict):
        return item if isinstance(item, str) else ""
    keys = {_plain(key): key for key in item}
    for key in (*_ADDRESSES, "image", "node", "originalimage", "preview", "#text"):
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
    keys = {_plain(key): key for key in item}
    if isinstance(group := item.get(keys.get("group", "")), dict) and "name" in keys:  # Shopware's options
        return (_label(group), item[keys["name"]]) if _label(group) else None
    for name in (k for k in _PAIR_NAMES if k in keys):
        text = _label(item[keys[name]])
        value = next((keys[k] for k in _PAIR_VALUES if k in keys and k != name), None)
        if value == TEXT and name not in _TEXT_NAMES:
            continue  # <size type="EU">42</size> is a size
        if text and value is not None and len(text) <= _MAX_NAME:
            return text, _pair_value(item[value])
    return None


def _label(value: Any) -> str:
    if isinstance(value, dict):
        keys = {_plain(key): key for key in value}
        return next((t for k in (*_LABELS, "slug", "code") if k in keys and (t := plain_text(value[keys[k]]))), "")
    return value.strip() if isinstance(value, str) else ""


def _pair_value(value: Any) -> Any:
    """Return the value of an attribute: of objects their names."""
    if isinstance(value, dict) and not is_localised(value) and money_of(value, "") is None and _measure(value) is None:
        return _label(value) or value
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value) and (names := _names(value)):
        return ", ".join(names)
    return value


@cache
def field_of(name: str) -> str | None:
    """Return the field that a column of this name holds; ``None`` where it is not known."""
    return field_of_name(name)


def _plain(key: Any) -> str:
    return str(key).casefold().lstrip("@")


def cell_text(value: Any) -> str:
    """Write a cell's value as text: whole numbers without a point, dates as ISO, lists and objects as JSON.

    Halves of characters, which JSON can escape and no file can hold, become question marks.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return cell_text(json.dumps(value, ensure_ascii=False, default=str))
    return str(value)
