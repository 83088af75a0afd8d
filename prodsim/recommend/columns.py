"""Columns and events of a file of histories, recognised by the names that common exports use in many languages."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from prodsim.catalog import plain_name

EVENT_FIELDS = ("user", "sku", "time", "event", "quantity", "basket", "rating")
"""What columns are mapped to; ``user`` and ``sku`` are required. Their usual names stand in ``event_names.toml``."""

_LISTS = frozenset(("basket", "cart", "order", "transaction", "receipt", "invoice"))
_NAMES_FILE = Path(__file__).with_name("event_names.toml")


def propose_fields(columns: Sequence[str]) -> dict[str, str]:
    """Return field to column by the columns' names; a field without a column of such a name is absent.

    Where a column of line items is, "Name" (Shopify) and "id" (APIs) are the order.
    """
    plain = {_plain(column): column for column in reversed(columns)}
    proposed: dict[str, str] = {}
    for field in EVENT_FIELDS:
        names = [*_tables()[field]["names"], *(("name", "id") if field == "basket" and _has_line_items(plain) else ())]
        hits = [plain[name] for name in map(_plain, names) if name in plain]
        free = [column for column in hits if column not in proposed.values()]
        if free:
            proposed[field] = free[0]
    if "sku" not in proposed and _plain(proposed.get("basket", "")) in _LISTS:
        proposed["sku"] = proposed.pop("basket")  # a basket that is no number is what is in it
    return proposed


def name_column(columns: Sequence[str], chosen: Collection[str]) -> str | None:
    """Return the column that names products where their SKU is empty, of those that are not chosen for a field."""
    plain = {_plain(column): column for column in reversed(columns) if column not in chosen}
    return next((plain[name] for name in map(_plain, _tables()["sku"]["names"]) if name in plain), None)


def event_of(word: str) -> str:
    """Return ``view``, ``cart`` or ``buy``; ``""`` for a word that is none of them."""
    return _events().get(_plain(word), "")


def _has_line_items(plain: Mapping[str, str]) -> bool:
    return any(name.startswith(("lineitem", "orderitem")) for name in plain)


def _plain(name: str) -> str:
    return plain_name(name).replace(" ", "")


@lru_cache(maxsize=1)
def _events() -> Mapping[str, str]:
    return {_plain(name): event for event, names in _tables()["events"].items() for name in names}


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads(_NAMES_FILE.read_text(encoding="utf-8"))
