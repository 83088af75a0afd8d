"""Objects within objects as cells under names of their own."""

import re
from typing import Any

from prodsim.catalog.category_paths import SEPARATOR
from prodsim.catalog.nested_money import CURRENCY_KEYS, amount_key, is_only_money, measure_of, money_of, paid_of
from prodsim.catalog.nested_pairs import LABEL_KEYS, names_of, pairs_of
from prodsim.catalog.nested_values import (
    ADDRESS_KEYS,
    MONGO_KEYS,
    TEXT,
    Record,
    Row,
    address_of,
    as_list,
    cell_text,
    connection,
    field_of,
    is_flat,
    is_localised,
    localised_texts,
    node_of,
    plain_key,
    plain_mongo,
    plain_text,
)

MAX_DEPTH = 6
"""Objects within objects that get columns of their own; what lies deeper stays JSON in a cell."""
OTHER_PRICES = "other prices"
_PICTURES = re.compile(r"image|img|picture|photo|thumbnail|media|gallery|foto|bild|asset", re.IGNORECASE)
_NAME_KEYS = frozenset({
    "id", "name", "title", "label", "slug", "value", "url", "link", "href", "handle", "key", "__typename",
    "full_name", "parent_id", "level", "position", "code", "path", "gid", "#text", "uid", "description",
})  # fmt: skip
_PATHS = re.compile(r"breadcrumb|path|ancestors|hierarchy", re.IGNORECASE)
_IN_STOCK = ("isonstock", "isinstock", "instock", "in_stock", "is_in_stock", "available", "status", "name", "value")
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
    name = "price" if plain_key(name) in ("pricedata", "price_data", "priceinfo", "price_info") else name
    if depth >= MAX_DEPTH:
        _put_value(row, own, name, cell_text(value))
    elif (items := _listed(name, value)) is not None:
        _put_list(row, own, name, items, depth + 1)
    elif is_localised(value):
        for locale, text in value.items():
            _put(row, own, name if locale in ("default", "@default") else f"{name}-{locale}", text, depth + 1)
    elif is_only_money(value) and (money := money_of(value, name)) is not None:
        _put_money(row, own, name, money)
    elif field_of(name) == "price" and (part := amount_key(value)) is not None:
        _put_priced(row, own, name, value, part, depth)
    elif (measure := measure_of(value)) is not None:
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
    if len(value) == 1 and next(iter(value)) in MONGO_KEYS:
        return [plain_mongo(value)]
    if len(value) == 1 and (languages := value.get("language")) is not None:  # PrestaShop's XML
        texts = [text if isinstance(text, dict) else {TEXT: text} for text in as_list(languages)]
        return [{"id": text.get("id", ""), "value": text.get(TEXT, "")} for text in texts]
    return _wrapped(name, value)


def _wrapped(name: str, value: Record) -> list[Any] | None:
    """Return the items of a list in a wrapper, as in ``images: {"image": […]}``; ``None`` where it is none."""
    if len(value) != 1:
        return None
    key, inner = next(iter(value.items()))
    is_item = plain_key(key)[:3] == plain_key(name.rsplit(".", 1)[-1])[:3] or plain_key(key) in _ITEMS
    if not is_item or not (isinstance(inner, list) or len(plain_key(key)) <= len(name)):
        return None
    return inner if isinstance(inner, list) else [inner]


def _put_parts(row: Row, own: Row, name: str, value: Record, depth: int) -> None:
    """Put each part under a dotted name, and what evidently stands for the whole under the plain one."""
    label = "#text" if "#text" in value else _evident(name, value)
    if label:
        _put(row, own, name, value[label], depth + 1)
    is_attributes = plain_key(name) in _ATTRIBUTES
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
    keys = {plain_key(key): key for key in value}
    if _PICTURES.search(name):
        return next((keys[k] for k in ADDRESS_KEYS if k in keys and value[keys[k]]), None)
    if field_of(name.rsplit(".", 1)[-1]) == "availability":
        return next((keys[k] for k in _IN_STOCK if k in keys), None)
    if field_of(name.rsplit(".", 1)[-1]) in _NAMED or plain_key(name) in (
        "manufacturer",
        "vendor",
        "collection",
        "type",
    ):
        return next((keys[k] for k in LABEL_KEYS if k in keys and value[keys[k]]), None)
    return None


def _put_priced(row: Row, own: Row, name: str, value: Record, part: str, depth: int) -> None:
    """Put what is paid under the name itself, with its currency, and the rest under dotted names."""
    keys = {plain_key(key): key for key in value}
    code = next((keys[k] for k in CURRENCY_KEYS if k in keys and isinstance(value[keys[k]], str)), None)
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
    if (texts := localised_texts(items)) is not None:
        for locale, text in texts:
            _put(row, own, f"{name}-{locale}", text, depth + 1)
    elif all({plain_key(key) for key in item} == {"id", "value"} for item in items):
        for number, item in enumerate(items):  # PrestaShop's languages, of which only numbers are known
            language = _language(item)
            _put_value(row, own, f"{name} ({language})" if number else name, list(item.values())[-1])
    elif plain_key(name) in ("prices", "price") and any(map(paid_of, items)):
        _put_prices(row, own, items)
    elif _PICTURES.search(name) and (addresses := [a for item in items if (a := address_of(item))]):
        _put_value(row, own, name, ", ".join(dict.fromkeys(addresses)))
    elif depth < MAX_DEPTH and (pairs := pairs_of(items)) is not None:
        for attribute, value in pairs:
            taken = attribute in own or attribute in row
            _put(row, own, f"{name}.{attribute}" if taken else attribute, value, depth + 1)
    elif (field_of(name) in _NAMED or all(map(_is_only_named, items))) and (names := names_of(items)):
        _put_value(row, own, name, (SEPARATOR if _PATHS.search(name) else ", ").join(names))
    else:
        _put_value(row, own, name, items)


def _language(item: Record) -> str:
    return f"language {plain_text(next(iter(item.values())))}"


def _is_only_named(item: Record) -> bool:
    return all(plain_key(key) in _NAME_KEYS for key in item)


def _put_prices(row: Row, own: Row, items: list[Record]) -> None:
    """Put the first price of each currency; others, as for many pieces, stay as they are in a column of their own."""
    by_code: dict[str, Any] = {}
    others = []
    for item in items:
        amount, code = paid_of(item) or (None, "")
        if amount is None or by_code.setdefault(code.upper(), amount) != amount:
            others.append(item)
    if len(by_code) == 1:
        code, amount = next(iter(by_code.items()))
        _put_money(row, own, "price", (amount, code))
    else:
        for code, amount in by_code.items():
            _put_value(row, own, f"price-{code}" if code else "price", amount)
    if others:
        _put_value(row, own, OTHER_PRICES, others)
