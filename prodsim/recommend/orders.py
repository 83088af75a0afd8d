"""Orders as shop systems write them: several products in a row, rows without their shopper, cancelled ones."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prodsim.catalog import comparable_gtin
from prodsim.recommend.columns import NumberedColumns, cancelling_columns, is_cancelled, status_columns

_TIMES = r"\s*[x×*]\s*"
_WITH_SKU = re.compile(rf"\((?!\s*[x×]?\s*\d+\s*[x×]?\s*\))([^()]+)\)(?:{_TIMES}(\d+))?", re.IGNORECASE)
_NUMBER_FIRST = re.compile(rf"^(\d+){_TIMES}(?=\S)(.+)$", re.IGNORECASE | re.DOTALL)
_NUMBER_LAST = re.compile(rf"^(.+?)(?:{_TIMES}|:)(\d+)$", re.IGNORECASE | re.DOTALL)
_NUMBER_IN_BRACKETS = re.compile(r"^(.+?)\s*\([x×]?\s*(\d+)\s*[x×]?\)$", re.IGNORECASE | re.DOTALL)
_BEFORE_NUMBER = re.compile(rf"\s*[,;|\n]\s*(?=\d+{_TIMES}\S)", re.IGNORECASE)
_PAIR = re.compile(r"(?:^|\|)\s*([a-z_ ]+):([^|]*)", re.IGNORECASE)
_SEPARATORS = ("\n", "||", "|", ";", ",", "、", "，", "；")
_SKU_KEYS = (
    "sku", "item_sku", "product_sku", "variant_sku", "seller_sku", "product_id", "item_id", "variant_id", "id", "asin",
)  # fmt: skip
_NAME_KEYS = ("name", "title", "product_name", "item_name", "product")
_QUANTITY_KEYS = ("quantity", "qty", "count", "units", "amount")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of an order: the texts that may name it, the likeliest first, and how many."""

    names: tuple[str, ...]
    quantity: str = ""


class ProductNames:
    """What products of a catalog are called: their SKUs, all forms of their GTINs, titles that only one has."""

    def __init__(self, products: pd.DataFrame) -> None:
        self._skus = {sku: sku for sku in products["sku"]}
        gtins = products["gtin"].map(comparable_gtin)
        self._gtins = _unambiguous(gtins, products["sku"])
        self._titles = _unambiguous(products["title"].map(_folded), products["sku"])
        self._folded = _unambiguous(products["sku"].map(_folded), products["sku"])

    def sku(self, name: str) -> str:
        """Return the SKU of the product with this name, ``""`` where there is none."""
        if name in self._skus:
            return name
        folded = _folded(name)
        return self._folded.get(folded) or self._gtins.get(comparable_gtin(name)) or self._titles.get(folded) or ""


def unfold_numbered(table: pd.DataFrame, items: Sequence[NumberedColumns]) -> tuple[pd.DataFrame, int]:
    """Return a row for each numbered item of each order, and how many rows have several.

    Args:
        table: text, RangeIndex.
        items: what ``numbered_items`` returns; where it is empty, nothing happens.

    Returns:
        The items, each under the first of its kind's columns, in the order of their numbers; the index is the order's
        row. An order without items keeps one row.
    """
    if not items:
        return table, 0
    inside = {column for numbered in items for column in numbered.values()}
    around = table[[column for column in table.columns if column not in inside]]
    numbers = sorted({number for numbered in items for number in numbered})
    pieces = []
    for number in numbers:
        cells = {next(iter(each.values())): table[each[number]] if number in each else "" for each in items}
        pieces.append(around.assign(**cells))
    firsts = [next(iter(each.values())) for each in items]
    unfolded = pd.concat(pieces, keys=numbers, names=["number"]).sort_index(level=1, kind="stable")
    is_filled = (unfolded[firsts].apply(lambda cells: cells.str.strip()) != "").any(axis=1)
    row = unfolded.index.get_level_values(1)
    is_kept = is_filled | ~row.duplicated() & ~row.isin(row[is_filled])
    kept = unfolded[is_kept].droplevel("number")
    return kept, int((kept.index.value_counts() > 1).sum())


def order_states(table: pd.DataFrame) -> "pd.Series[str]":
    """Return of each row whether it says that its order was ``cancelled`` or ``kept``; ``""`` where it says nothing."""
    states = pd.Series("", table.index)
    for column in status_columns([*table.columns]):
        cells = table[column].str.strip()
        is_lost = cells.map({cell: is_cancelled(cell) for cell in cells.unique()})
        states = states.mask((cells != "") & (states == ""), "kept").mask(is_lost, "cancelled")
    for column in cancelling_columns([*table.columns]):
        states = states.mask(table[column].str.strip() != "", "cancelled")
    return states


def fill_orders(cells: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return cells with what an order's first row says of it in its other rows, and how many rows got a shopper.

    Args:
        cells: text, with the columns ``user`` and, for anything to happen, ``basket``; the time and the state of an
            order are filled, too.
    """
    if "basket" not in cells:
        return cells, 0
    orders = cells["basket"].where(cells["basket"] != "")
    continues = orders.isna() & (cells["user"] == "")
    orders = orders.where(~continues, orders.ffill())
    filled = cells.assign(basket=orders.fillna(""))
    empty = (cells["user"] == "") & orders.notna()
    for name in [name for name in ("user", "time", "state") if name in cells]:
        known = filled[name].where(filled[name] != "")
        first = known.groupby(orders).transform("first").reindex(filled.index)
        filled[name] = known.fillna(first).fillna("")
    return filled, int((empty & (filled["user"] != "")).sum())


def unfold_orders(cells: pd.DataFrame, names: ProductNames) -> tuple[pd.DataFrame, int]:
    """Return a row for each product of cells that list several, and how many cells did.

    Lists are JSON, "Trail jacket (TJ-1) x2, Mug (M-3) x1", "2× Mug | 1× Lamp", "sku:TJ-1|quantity:2;sku:M-3|quantity:1"
    and SKUs between commas, semicolons, bars or line ends. A cell is taken apart only if its parts name products of
    the catalog and the whole does not.

    Args:
        cells: text, with the column ``sku``; ``quantity`` and the ``basket`` of each list are added where missing.
        names: of the catalog.
    """
    lines = {cell: _lines(cell, names) for cell in cells["sku"].unique()}
    if all(own == (OrderLine((cell,)),) for cell, own in lines.items()):
        return cells, 0
    n_lists = int(cells["sku"].map(lambda cell: len(lines[cell]) > 1).sum())
    if "basket" not in cells:
        cells = cells.assign(basket=[f"row {row}" for row in range(len(cells))])
    unfolded = cells.assign(line=cells["sku"].map(lines)).explode("line", ignore_index=True)
    unfolded["sku"] = [line.names[0] for line in unfolded["line"]]
    own = pd.Series([line.quantity for line in unfolded["line"]], unfolded.index)
    usual = unfolded.get("quantity", "")
    unfolded["quantity"] = own.where(own != "", usual)
    return unfolded.drop(columns="line"), n_lists


def _lines(cell: str, names: ProductNames) -> tuple[OrderLine, ...]:
    """Return the products that a cell lists; the cell itself where it lists none."""
    if not cell or names.sku(cell):
        return (OrderLine((cell,)),)
    for lines in _readings(cell):
        known = [_with_sku(line, names) for line in lines]
        if any(names.sku(line.names[0]) for line in known):
            return tuple(known)
    words = cell.split()  # spaces are within names, too: here every word must be a product
    return tuple(OrderLine((word,)) for word in words) if all(map(names.sku, words)) else (OrderLine((cell,)),)


def _with_sku(line: OrderLine, names: ProductNames) -> OrderLine:
    sku = next((sku for name in line.names if (sku := names.sku(name))), line.names[0])
    return OrderLine((sku,), line.quantity)


def _readings(cell: str) -> Iterator[list[OrderLine]]:
    """Yield the ways to read a cell as a list of products, the surest first."""
    text = cell.strip()
    if text[:1] in "[{":
        yield _json_lines(text)
    if "sku:" in text.lower() or "product_id:" in text.lower():
        yield [_line_of(dict(_PAIR.findall(part))) for part in re.split(r";|\n|\|\|", text) if part.strip()]
    if marked := list(_marked_lines(text)):
        yield marked
    if len(numbered := _BEFORE_NUMBER.split(text)) > 1:
        yield [_simple_line(part) for part in numbered if part.strip()]
    for separator in _SEPARATORS:
        if separator in text:
            yield [_simple_line(part) for part in text.split(separator) if part.strip()]
    yield [_simple_line(text)]


def _marked_lines(text: str) -> Iterator[OrderLine]:
    """Yield "Trail jacket, red (TJ-1) x2" one after the other, whatever stands between."""
    start = 0
    for match in _WITH_SKU.finditer(text):
        name = text[start : match.start()].strip(" ,;|\n")
        first = _NUMBER_FIRST.match(name)
        quantity = match[2] or (first[1] if first else "")
        yield OrderLine((match[1].strip(), first[2].strip() if first else name), quantity)
        start = match.end()
    yield from (_simple_line(part) for part in re.split(r"[,;|\n]", text[start:]) if part.strip() and start)


def _simple_line(part: str) -> OrderLine:
    text = part.strip().strip("\"'")
    if first := _NUMBER_FIRST.match(text):
        return OrderLine((text, first[2].strip()), first[1])
    if last := _NUMBER_LAST.match(text) or _NUMBER_IN_BRACKETS.match(text):
        return OrderLine((text, last[1].strip()), last[2])
    return OrderLine((text,))


def _json_lines(text: str) -> list[OrderLine]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(value, dict):
        nested = next((own for own in value.values() if isinstance(own, list)), None)
        value = nested if nested is not None else [value]
    items = value if isinstance(value, list) else [value]
    return [_line_of(item) if isinstance(item, dict) else _simple_line(str(item)) for item in items]


def _line_of(item: Mapping[str, Any]) -> OrderLine:
    known = {str(key).strip().lower(): str(value).strip() for key, value in item.items() if value is not None}
    named = [known[key] for key in (*_SKU_KEYS, *_NAME_KEYS) if known.get(key)]
    return OrderLine(tuple(named) or ("",), next((known[key] for key in _QUANTITY_KEYS if known.get(key)), ""))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _unambiguous(keys: "pd.Series[str]", skus: "pd.Series[str]") -> dict[str, str]:
    """Map each key that only one product has to its SKU; an empty one is none."""
    single = ~keys.duplicated(keep=False) & (keys != "")
    return dict(zip(keys[single], skus[single], strict=True))
