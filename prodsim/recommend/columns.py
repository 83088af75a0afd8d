"""Columns and events of a file of histories, recognised by the names that common exports use in many languages."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from prodsim.catalog import plain_name

EVENT_FIELDS = ("user", "sku", "time", "event", "quantity", "basket", "rating")
"""What columns are mapped to; ``user`` and ``sku`` are required. Their usual names stand in ``event_names.toml``."""

NumberedColumns = Mapping[int, str]
"""Columns of one kind by the number in their names: ``{1: "item_1_sku", 2: "item_2_sku"}``."""

MAX_NUMBER = 999
"""Number up to which a number in a column's name may count the items of an order."""
_LISTS = frozenset(("basket", "cart", "order", "transaction", "receipt", "invoice"))
_ITEM_FIELDS = ("sku", "quantity")
"""Fields of which an order has one for each of its items."""
_ITEM_WORDS = ("lineitem", "orderitem", "line", "orderline", "cartitem", "basketitem")
_NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NAMES_FILE = Path(__file__).with_name("event_names.toml")


def propose_fields(columns: Sequence[str]) -> dict[str, str]:
    """Return field to column by the columns' names; a field without a column of such a name is absent.

    Where a column of line items is, "Name" (Shopify) and "id" (APIs) are the order. Of columns that number the items
    of an order, such as ``item_1_sku``, the first is proposed; see ``numbered_items``.
    """
    plain = {_plain(column): column for column in reversed(columns)}
    proposed: dict[str, str] = {}
    for field in EVENT_FIELDS:
        names = [*_tables()[field]["names"], *(("name", "id") if field == "basket" and _has_line_items(plain) else ())]
        hits = [plain[name] for name in map(_plain, names) if name in plain]
        if field in _ITEM_FIELDS:
            hits += [next(iter(numbered.values())) for numbered in _numbered_of(columns, field)]
        free = [column for column in hits if column not in proposed.values()]
        if free:
            proposed[field] = free[0]
    if "sku" not in proposed and _plain(proposed.get("basket", "")) in _LISTS:
        proposed["sku"] = proposed.pop("basket")  # a basket that is no number is what is in it
    return proposed


def name_column(columns: Sequence[str], chosen: Collection[str]) -> str | None:
    """Return the column that names products where their SKU is empty, of those that are not chosen for a field."""
    free = [column for column in columns if column not in chosen]
    plain = {_plain(column): column for column in reversed(free)}
    named = (plain[name] for name in map(_plain, _tables()["sku"]["names"]) if name in plain)
    return next(named, None) or next((column for column in _first_numbered(columns) if column in free), None)


def numbered_items(columns: Sequence[str], sku: str) -> list[NumberedColumns]:
    """Return the columns that number an order's items, one mapping for each kind, that of the column ``sku`` first.

    Kinds are what names or counts a product, such as ``item_1_sku``, ``item_1_name`` and ``item_1_quantity``.

    Returns:
        ``[]`` where ``sku`` is not one of several columns that differ by a number alone.
    """
    numbered = [each for field in _ITEM_FIELDS for each in _numbered_of(columns, field)]
    own = next((each for each in _numbered(columns).values() if sku in each.values()), None)
    return [own, *(each for each in numbered if each != own)] if own else []


def status_columns(columns: Sequence[str]) -> list[str]:
    """Return the columns that say what became of an order."""
    names = frozenset(map(_plain, _tables()["status"]["names"]))
    return [column for column in columns if _plain(column) in names]


def cancelling_columns(columns: Sequence[str]) -> list[str]:
    """Return the columns that hold a time only where an order was cancelled."""
    names = frozenset(map(_plain, _tables()["cancelled"]["times"]))
    return [column for column in columns if _plain(column) in names]


def is_cancelled(status: str) -> bool:
    """Return whether an order of this status was cancelled, returned, refunded as a whole, or never paid."""
    words = f" {plain_name(status)} "
    cancelled, partly = _cancelled_words()
    return any(word in words for word in cancelled) and not any(word in words for word in partly)


def event_of(word: str) -> str:
    """Return ``view``, ``cart`` or ``buy``; ``""`` for a word that is none of them."""
    return _events().get(_plain(word), "")


def _has_line_items(plain: Mapping[str, str]) -> bool:
    return any(name.startswith(("lineitem", "orderitem")) for name in plain)


def _plain(name: str) -> str:
    return plain_name(name).replace(" ", "")


def _first_numbered(columns: Sequence[str]) -> list[str]:
    """Return the first of each kind of columns that number products, those with the best names first."""
    return [next(iter(numbered.values())) for numbered in _numbered_of(columns, "sku")]


def _numbered_of(columns: Sequence[str], field: str) -> list[NumberedColumns]:
    """Return the columns that number the values of a field, those with the field's best name first."""
    ranked = [(_rank(name, field), numbered) for name, numbered in _numbered(columns).items()]
    known = sorted(((rank, numbered) for rank, numbered in ranked if rank is not None), key=lambda pair: pair[0])
    return [numbered for _, numbered in known]


def _numbered(columns: Sequence[str]) -> dict[str, NumberedColumns]:
    """Map the name without its number, plain, to several columns that differ by it alone and count from 0 or 1."""
    families: dict[str, dict[int, str]] = {}
    for column in columns:
        parts = re.split(r"(\d+)", plain_name(column))
        if len(parts) == 3 and int(parts[1]) <= MAX_NUMBER:
            families.setdefault(_plain(parts[0] + " " + parts[2]), {}).setdefault(int(parts[1]), column)
    sorted_families = {name: dict(sorted(numbered.items())) for name, numbered in families.items()}
    return {name: each for name, each in sorted_families.items() if len(each) > 1 and next(iter(each)) <= 1}


def _rank(name: str, field: str) -> int | None:
    """Return the place of a plain name among a field's, also behind a word for the item: item qty, product item sku."""
    places, items = _places(field), (*_places("sku"), *_ITEM_WORDS)
    own = [places[written] for written in (name, f"{name}s") if written in places]
    own += [places[name[len(item) :]] for item in items if name.startswith(item) and name[len(item) :] in places]
    if field == "sku" and name in _ITEM_WORDS:
        own.append(len(places))
    return min(own, default=None)


@lru_cache(maxsize=2)
def _places(field: str) -> Mapping[str, int]:
    return {_plain(name): place for place, name in reversed([*enumerate(_tables()[field]["names"])])}


@lru_cache(maxsize=1)
def _cancelled_words() -> tuple[Sequence[str], Sequence[str]]:
    """Return the words of cancelled orders, and those beside which something was kept, with the spaces around them."""
    table = _tables()["cancelled"]
    plain = [[plain_name(word) for word in table[kind]] for kind in ("words", "partly")]
    cancelled, partly = [[word if _NO_SPACES.search(word) else f" {word} " for word in words] for words in plain]
    return cancelled, partly


@lru_cache(maxsize=1)
def _events() -> Mapping[str, str]:
    return {_plain(name): event for event, names in _tables()["events"].items() for name in names}


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads(_NAMES_FILE.read_text(encoding="utf-8"))
