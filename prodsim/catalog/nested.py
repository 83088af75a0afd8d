"""JSON as tables of text, one row for each variant that is sold."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import pandas as pd

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.facts import BadLine
from prodsim.catalog.headers import unique_names
from prodsim.catalog.item_lists import LISTS, find_items, page_items, unwrapped
from prodsim.catalog.json_documents import decoder_for, plain_value, read_documents
from prodsim.catalog.magento import is_magento, join_magento_children
from prodsim.catalog.nested_values import Record, Row, cell_text, is_flat
from prodsim.catalog.platforms import are_plain, product_rows
from prodsim.catalog.row_columns import RowColumns
from prodsim.catalog.rows import PIECE
from prodsim.catalog.schema_org import schema_products
from prodsim.errors import CatalogError
from prodsim.phrases import Plural, Text, phrase

PARENT = "__parentId"
"""What a line that is a part of a product names its parent by."""
_BULK = ("index", "create", "update", "delete")
_SHOWN = 80

VARIANT_ROWS = Plural(
    "{n:,} product is read as {rows:,} rows, one for each of its variants.",
    "{n:,} products are read as {rows:,} rows, one for each of their variants.",
)
PARENTS = Plural(
    "{n:,} configurable product is read as its variants, with its values where they have none.",
    "{n:,} configurable products are read as their variants, with their values where these have none.",
)
TOO_DEEP = Text("its lists and objects lie too deep within each other")
INSTRUCTIONS = Plural(
    "{n:,} line is an instruction to an index, not a product.",
    "{n:,} lines are instructions to an index, not products.",
)


@dataclass(frozen=True, slots=True)
class NestedTable:
    """The rows of nested data.

    Attributes:
        frame: text, a row for each variant.
        lines: for each row, the number of its product: its line, or its place in the list, from 1.
        bad: what is left out.
        notes: what the person should read.
        header_row: the row that names the columns, where it is a table with one.
    """

    frame: pd.DataFrame
    lines: list[int]
    bad: list[BadLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    header_row: int | None = None


def read_json(text: str, name: str, budget: FileBudget) -> NestedTable:
    """Read the products of JSON: an array at any depth, pages of an interface's answers, objects by SKU or by column.

    Of a file that breaks off or is damaged, the products before that place are kept. Items that are no objects are
    left out and told.

    Raises:
        CatalogError: no valid JSON, no list of products in it, or larger than its budget.
    """
    budget.check_document(text)
    try:
        documents, damage = read_documents(text)
        if not documents:
            raise _not_json(name, damage)
        notes: list[str] = []
        items = _items_of(documents[0] if len(documents) == 1 else documents, '"@type"' in text, notes)
        if not items:
            raise _no_products(name) if not damage else _not_json(name, damage)
        table = from_items(enumerate(items, 1), budget)
    except RecursionError as error:
        raise _not_json(name, TOO_DEEP()) from error
    if damage:
        table.bad.append(BadLine(len(items) + 1, damage, ""))
    return replace(table, notes=[*notes, *table.notes])


def _not_json(name: str, reason: str) -> CatalogError:
    return CatalogError(
        phrase("{name} is not valid JSON: {reason}.", name=name, reason=reason),
        phrase("Export it again, or as JSON lines (one object per line)."),
    )


def _no_products(name: str) -> CatalogError:
    return CatalogError(
        phrase("{name} contains no list of products.", name=name),
        phrase("Export a JSON array with one object per product."),
    )


def _items_of(whole: Any, has_types: bool, notes: list[str]) -> list[Any]:
    """Return the products of a whole document, of whatever form it is; ``has_types`` if it may be JSON-LD.

    ``notes`` gets what to say of others.
    """
    if has_types and (products := list(schema_products(whole))):
        return list(products)
    if rows := _rows_of_arrays(whole):
        return list(rows)
    if isinstance(whole, dict) and (table := _columns_or_keys(whole)):
        return list(table)
    if isinstance(whole, list) and whole and all(isinstance(page, list) for page in whole):
        whole = [item for page in whole for item in page]
    items = find_items(whole, notes)
    if not items and isinstance(whole, dict) and whole:
        return [] if _is_empty_answer(whole) else [unwrapped(whole)]
    return items


def _is_empty_answer(whole: Record, depth: int = 4) -> bool:
    """Return whether an object says that there are no products: a list that is called so is empty."""
    named = [value for key, value in whole.items() if key.casefold() in LISTS]
    return any(
        value == [] or (depth > 0 and isinstance(value, dict) and _is_empty_answer(value, depth - 1)) for value in named
    )


def _columns_or_keys(whole: Record) -> list[Record]:
    """Return the rows of an object of columns, or with a product under each SKU; ``[]`` where it is neither."""
    values = list(whole.values())
    if len(values) > 1 and all(isinstance(v, dict) and v for v in values):
        if all(key.isdecimal() for v in values for key in v):
            rows = dict.fromkeys(row for column in values for row in column)  # as pandas writes columns
            return [{name: column.get(row) for name, column in whole.items()} for row in rows]
        shared = set(values[0]).intersection(*values[1:20])
        return [{"id": sku, **product} for sku, product in whole.items()] if len(shared) * 2 >= len(values[0]) else []
    are_columns = len(values) > 1 and all(isinstance(v, list) and v and len(v) == len(values[0]) for v in values)
    if not are_columns or any(isinstance(cell, dict) for v in values for cell in v):
        return []
    return [dict(zip(whole, cells, strict=True)) for cells in zip(*values, strict=True)]


def _rows_of_arrays(whole: Any) -> list[Record]:
    """Return the rows of a table of arrays, whose first names the columns or that ``columns`` name; else ``[]``."""
    names: Any = None
    if isinstance(whole, dict):
        names = next((whole[key] for key in ("columns", "fields", "header", "headers") if key in whole), None)
        whole = next((whole[key] for key in ("data", "rows", "values") if key in whole), None)
    if not isinstance(whole, list) or not whole or not all(isinstance(row, list) for row in whole):
        return []
    rows: list[list[Any]] = whole
    if not isinstance(names, list):
        names, rows = rows[0], rows[1:]
    else:
        names = [name.get("name", "") if isinstance(name, dict) else name for name in names]
    if not names or not all(isinstance(name, str) for name in names):
        return []
    headed = unique_names(names)
    wide = headed + [f"column {n}" for n in range(len(headed) + 1, max(map(len, rows), default=0) + 1)]
    return [dict(zip(wide, row, strict=False)) for row in rows]


def read_json_lines(pieces: Iterable[str], has_parts: bool, budget: FileBudget) -> NestedTable:
    """Read one JSON object a line: a product, a page of products, or a part of a product that names its parent.

    Other lines are left out and told; the instructions of a bulk file for an index are counted.

    Args:
        pieces: the text, cut behind line ends.
        has_parts: whether any line names a parent; without, no line has to be held.
        budget: what the file may take.

    Raises:
        CatalogError: the table is larger than its budget.
    """
    bad: list[BadLine] = []
    counts: Counter[str] = Counter()
    items = _items_of_lines(pieces, bad, counts)
    table = from_items(_with_parts(items) if has_parts else items, budget)
    bad = sorted([*bad, *table.bad], key=lambda b: b.line)
    notes = [*table.notes, INSTRUCTIONS(n)] if (n := counts["instructions"]) else table.notes
    return NestedTable(table.frame, table.lines, bad, notes)


def _items_of_lines(pieces: Iterable[str], bad: list[BadLine], counts: "Counter[str]") -> Iterator[tuple[int, Any]]:
    """Yield the objects with the numbers of their lines; count instructions, and add other lines to ``bad``."""
    lines = ((line, decode) for piece in pieces for decode in [decoder_for(piece)] for line in io.StringIO(piece))
    for number, (line, decode) in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            item = plain_value(decode(line), line)
            if not isinstance(item, dict) or not item:
                bad.append(BadLine(number, _no_product(item), line[:_SHOWN].rstrip()))
                continue
            if len(item) == 1 and next(iter(item)) in _BULK and isinstance(next(iter(item.values())), dict):
                counts["instructions"] += 1
                continue
            products = _products_of_line(item)
        except ValueError as error:
            bad.append(BadLine(number, phrase("not valid JSON: {reason}", reason=error), line[:_SHOWN].rstrip()))
            continue
        except RecursionError:
            bad.append(BadLine(number, TOO_DEEP(), line[:_SHOWN].rstrip()))
            continue
        for product in products:
            yield number, product


def _products_of_line(item: Record) -> list[Any]:
    if is_flat(item):
        return [item]
    if "@graph" in item or "itemListElement" in item:
        return list(schema_products(item))
    page = page_items(item)
    return [item] if page is None else [unwrapped(product) for product in page]


def _with_parts(items: Iterable[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Put the lines that name a parent, as Shopify's bulk export writes variants and pictures, into their products."""
    whole: list[tuple[int, Any]] = []
    products: dict[str, Record] = {}
    for number, item in items:  # a part stands behind its product
        parent = products.get(str(item[PARENT])) if isinstance(item, dict) and PARENT in item else None
        name = "variants" if parent and ("/ProductVariant/" in str(item.get("id")) or "sku" in item) else "images"
        if parent is not None and isinstance(parts := parent.setdefault(name, []), list):
            parts.append({key: value for key, value in item.items() if key != PARENT})
            continue
        whole.append((number, item))
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            products[item["id"]] = item
    return whole


def from_items(items: Iterable[tuple[int, Any]], budget: FileBudget) -> NestedTable:
    """Return products as a table, one row for each variant; what is no object is left out and told.

    Raises:
        CatalogError: the table is larger than its budget.
    """
    counts: Counter[str] = Counter()
    bad: list[BadLine] = []
    columns = RowColumns(budget)
    for numbers, rows in _rows_of(items, bad, counts):
        columns.extend(numbers, rows)
    frame, note = columns.table()
    notes = []
    if n := counts["products with variants"]:
        notes.append(VARIANT_ROWS(n, rows=counts["rows of variants"]))
    if n := counts["parents"]:
        notes.append(PARENTS(n))
    return NestedTable(frame, columns.lines, bad, [*notes, note] if note else notes)


def _rows_of(
    items: Iterable[tuple[int, Any]], bad: list[BadLine], counts: "Counter[str]"
) -> Iterator[tuple[Sequence[int], Sequence[Row]]]:
    """Yield the numbers and rows of products; count those with variants, and add what is no product to ``bad``."""
    of_magento: list[tuple[int, Row]] = []  # of which each may belong to any other
    numbered = iter(items)
    while batch := list(islice(numbered, PIECE)):
        numbers, products = zip(*batch, strict=True)
        if are_plain(products):
            yield numbers, products
            continue
        for number, item, own in _products_of(batch, bad, counts):
            if is_magento(item):
                of_magento += [(number, row) for row in own]
            else:
                yield [number] * len(own), own
    joined, counts["parents"] = join_magento_children(of_magento)
    yield [number for number, _ in joined], [row for _, row in joined]


def _products_of(
    items: Iterable[tuple[int, Any]], bad: list[BadLine], counts: "Counter[str]"
) -> Iterator[tuple[int, Record, list[Row]]]:
    for number, item in items:
        if not isinstance(item, dict) or not item:
            bad.append(BadLine(number, _no_product(item), cell_text(item)[:_SHOWN]))
            continue
        try:
            own = product_rows(item)
        except RecursionError:
            bad.append(BadLine(number, TOO_DEEP(), ""))
            continue
        if len(own) > 1:
            counts["products with variants"] += 1
            counts["rows of variants"] += len(own)
        yield number, item, own


def _no_product(item: Any) -> str:
    """Return why a value cannot be a product."""
    return phrase("it is an empty JSON object") if item == {} else phrase("it is not a JSON object")
