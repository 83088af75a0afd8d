"""JSON as tables of text."""

import datetime
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from prodsim.catalog.facts import BadLine
from prodsim.catalog.headers import unique_names
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

Cells = tuple[pd.DataFrame, list[int]]


def read_json(text: str, name: str) -> tuple[pd.DataFrame, list[int], list[BadLine]]:
    """Read a JSON array of objects, or the longest such array inside an object; other items are kept out and told.

    An object of columns, and one that has a product under each SKU, become a table too.

    Raises:
        CatalogError: no valid JSON, or no array of objects in it.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CatalogError(
            phrase("{name} is not valid JSON: {reason}.", name=name, reason=error),
            phrase("Export it again, or as JSON lines (one object per line)."),
        ) from error
    items = _longest_array(whole) or (_rows_of(whole) if isinstance(whole, dict) else [])
    if not items:
        raise CatalogError(
            phrase("{name} contains no list of products.", name=name),
            phrase("Export a JSON array with one object per product."),
        )
    good = [(number, item) for number, item in enumerate(items, 1) if isinstance(item, dict)]
    frame, lines = from_records([record for _, record in good], [number for number, _ in good])
    others = ((number, item) for number, item in enumerate(items, 1) if not isinstance(item, dict))
    return frame, lines, [BadLine(number, "it is not a JSON object", cell_text(item)[:80]) for number, item in others]


def read_json_lines(text: str) -> tuple[pd.DataFrame, list[int], list[BadLine]]:
    """Read one JSON object a line; other lines are kept out and told."""
    records, lines, bad = [], [], []
    for number, line in enumerate(io.StringIO(text), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("it is not a JSON object")
            records.append(record)
            lines.append(number)
        except (ValueError, RecursionError) as error:
            bad.append(BadLine(number, f"not valid JSON: {error}", line[:80].rstrip()))
    frame, _ = from_records(records, lines)
    return frame, lines, bad


def from_records(records: Sequence[dict[str, Any]], lines: Iterable[int]) -> Cells:
    """Return objects as a table with the union of their keys, in order of first appearance."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    names = unique_names([cell_text(key) for key in keys])
    cells = {name: [cell_text(r.get(key)) for r in records] for name, key in zip(names, keys, strict=True)}
    return pd.DataFrame(cells, dtype="str", columns=names), list(lines)


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


def _rows_of(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of an object without a list of products: of columns, of products by SKU, or of one product."""
    values = list(whole.values())
    if len(values) > 1 and all(isinstance(v, dict) for v in values):
        if not all(key.isdecimal() for v in values for key in v):
            return [{"id": sku, **product} for sku, product in whole.items()]
        rows = dict.fromkeys(row for column in values for row in column)  # as pandas writes columns
        return [{name: column.get(row) for name, column in whole.items()} for row in rows]
    if len(values) > 1 and all(isinstance(v, list) and len(v) == len(values[0]) for v in values):
        return [dict(zip(whole, cells, strict=True)) for cells in zip(*values, strict=True)]
    return [whole] if whole else []


def _longest_array(value: Any, depth: int = 4) -> list[Any]:
    if isinstance(value, list):
        return value if any(isinstance(item, dict) for item in value) else []
    if not isinstance(value, dict) or depth == 0:
        return []
    return max((_longest_array(item, depth - 1) for item in value.values()), key=len, default=[])
