"""Names and values of attributes within nested data."""

from collections.abc import Sequence
from typing import Any

from prodsim.catalog.nested_money import measure_of, money_of
from prodsim.catalog.nested_values import TEXT, Record, cell_text, is_localised, plain_key, plain_text

_MAX_NAME = 60

LABEL_KEYS = ("name", "title", "label", "full_name", "value")

_PAIR_NAMES = (
    "option_display_name", "attribute_code", "attribute_name", "param_name", "fname", "name", "attribute", "key",
    "propertyid", "option_name", "optionname", "display_name", "displayname", "option", "property", "type",
    "section_name", "code", "slug", "@name", "param",
)  # fmt: skip

_PAIR_VALUES = ("value", "values", "val", "fvalue", "attribute_value", "option_value", "optionvalue", "valuename",
                "#text", "data", "option", "options", "label", "propertyvalue", "content")  # fmt: skip

_TEXT_NAMES = frozenset({"name", "attribute_name", "param_name", "key", "attribute", "param", "propertyid"})


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
