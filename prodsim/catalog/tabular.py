"""Workbooks, JSON and Parquet as tables of text."""

import datetime
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from prodsim.catalog.content import check_workbook_size, is_workbook
from prodsim.catalog.delimited import MAX_ABOVE, lines_above_header
from prodsim.catalog.facts import BadLine
from prodsim.catalog.headers import under_header, unique_names
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

Cells = tuple[pd.DataFrame, list[int]]
Rows = list[tuple[int, list[str]]]


def read_workbook(
    data: bytes, sheet: str | None, name: str
) -> tuple[pd.DataFrame, list[int], str, tuple[str, ...], list[str]]:
    """Read a sheet of an XLSX; the first line that is not empty is the header, unless it is a product already.

    Returns:
        The cells, the sheet's row number of each, the sheet, all sheets, and notes on formulas without a saved value
        and on rows above the header or on its absence.

    Raises:
        CatalogError: there is no such sheet, or the workbook is damaged.
    """
    if not is_workbook(data):
        raise CatalogError(
            phrase("{name} is a zip inside a zip, or not a workbook.", name=name),
            phrase("Unpack it, and choose the catalog itself."),
        )
    check_workbook_size(data, name)
    try:
        filled, chosen, sheets = _filled_rows(data, sheet, name)
        notes = _formula_notes(data, chosen)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, SyntaxError, OSError) as error:
        # openpyxl lets through what its zip and XML readers raise; the XML one's error is a SyntaxError
        raise CatalogError(
            phrase("{name} is a damaged workbook: {reason}.", name=name, reason=error),
            phrase("Open it in a spreadsheet program and save it again."),
        ) from error
    if not filled:
        raise CatalogError(
            phrase("The sheet {chosen!r} of {name} is empty.", chosen=chosen, name=name),
            phrase("Choose another sheet: {sheets}.", sheets=", ".join(sheets)),
        )
    above = lines_above_header([row for _, row in filled[:MAX_ABOVE]])
    notes += [f'Row {number} stands above the header and is left out: "{"".join(r)}".' for number, r in filled[:above]]
    filled = filled[above:]
    width = max(len(row) for _, row in filled)
    rows = pd.DataFrame([row + [""] * (width - len(row)) for _, row in filled], dtype="str")
    below, numbers = rows.iloc[1:].reset_index(drop=True), [number for number, _ in filled]
    frame, note = under_header(rows.iloc[0].tolist(), below, f"Row {numbers[0]}")
    return frame, numbers if note else numbers[1:], chosen, sheets, [*notes, note] if note else notes


def _filled_rows(data: bytes, sheet: str | None, name: str) -> tuple[Rows, str, tuple[str, ...]]:
    """Return the rows of a sheet that hold anything, the sheet, and all sheets."""
    import openpyxl  # only workbooks pay

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = tuple(book.sheetnames)
    if sheet is not None and sheet not in sheets:
        raise CatalogError(
            phrase("{name} has no sheet {sheet!r}.", name=name, sheet=sheet),
            phrase("It has {sheets}.", sheets=", ".join(sheets)),
        )
    chosen = sheet or next((s for s in sheets if book[s].max_row and book[s].max_row > 1), sheets[0])
    rows = enumerate(book[chosen].iter_rows(values_only=True), 1)
    cells = ((number, [cell_text(value) for value in row]) for number, row in rows)
    return [(number, row) for number, row in cells if any(row)], chosen, sheets


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


def read_parquet(data: bytes, name: str) -> Cells:
    """Read a Parquet file; numbers and nested values become text.

    Raises:
        CatalogError: it is damaged.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(io.BytesIO(data)).read()
        cells = [[cell_text(value) for value in _values(column)] for column in table.columns]
    except (pyarrow.ArrowException, OSError) as error:
        raise CatalogError(
            phrase("{name} is a damaged Parquet file: {reason}.", name=name, reason=error), phrase("Export it again.")
        ) from error
    names = unique_names([str(column) for column in table.column_names])
    frame = pd.DataFrame(dict(zip(names, cells, strict=True)), dtype="str")
    return frame, list(range(1, len(frame) + 1))


def _values(column: Any) -> list[Any]:
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError):  # times that Python has no value for
        values = column.cast("string").to_pylist()
    return values


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


def _formula_notes(data: bytes, sheet: str) -> list[str]:
    """Say where formulas were never calculated, so that they have no value to read."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        if not any(b"<f" in archive.read(name) for name in names):
            return []
    values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)[sheet]
    formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)[sheet]
    empty = [
        cell.coordinate
        for row, seen in zip(formulas.iter_rows(), values.iter_rows(values_only=True), strict=False)
        for cell, value in zip(row, seen, strict=False)
        if isinstance(cell.value, str) and cell.value.startswith("=") and value is None
    ]
    if not empty:
        return []
    shown = ", ".join(empty[:10]) + (f" and {len(empty) - 10:,} more" if len(empty) > 10 else "")
    return [f"Formulas without a saved value count as empty: {shown}. Save the workbook in a spreadsheet to have them."]
