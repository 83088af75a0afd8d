"""Workbooks, JSON and Parquet as tables of text."""

import datetime
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from prodsim.catalog.delimited import unique_names
from prodsim.catalog.facts import BadLine
from prodsim.errors import CatalogError

Cells = tuple[pd.DataFrame, list[int]]


def read_workbook(
    data: bytes, sheet: str | None, name: str
) -> tuple[pd.DataFrame, list[int], str, tuple[str, ...], list[str]]:
    """Read a sheet of an XLSX; the first line that is not empty is the header.

    Returns:
        The cells, the sheet's row number of each, the sheet, all sheets, and notes on formulas without a saved value.

    Raises:
        CatalogError: there is no such sheet, or the workbook is damaged.
    """
    import openpyxl  # only workbooks pay

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise CatalogError(
            f"{name} is a damaged workbook: {error}.", "Open it in a spreadsheet program and save it again."
        ) from error
    sheets = tuple(book.sheetnames)
    if sheet is not None and sheet not in sheets:
        raise CatalogError(f"{name} has no sheet {sheet!r}.", f"It has {', '.join(sheets)}.")
    chosen = sheet or next((s for s in sheets if book[s].max_row and book[s].max_row > 1), sheets[0])
    rows = [
        (number, [cell_text(v) for v in row]) for number, row in enumerate(book[chosen].iter_rows(values_only=True), 1)
    ]
    filled = [(number, row) for number, row in rows if any(row)]
    if not filled:
        raise CatalogError(f"The sheet {chosen!r} of {name} is empty.", f"Choose another sheet: {', '.join(sheets)}.")
    width = max(len(row) for _, row in filled)
    header = unique_names(filled[0][1] + [""] * (width - len(filled[0][1])))
    frame = pd.DataFrame([row + [""] * (width - len(row)) for _, row in filled[1:]], columns=header, dtype="str")
    return frame, [number for number, _ in filled[1:]], chosen, sheets, _formula_notes(data, chosen)


def read_json(text: str, name: str) -> Cells:
    """Read a JSON array of objects, or the longest such array inside an object.

    Raises:
        CatalogError: no valid JSON, or no array of objects in it.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CatalogError(
            f"{name} is no valid JSON: {error}.", "Export it again, or as JSON lines: one object a line."
        ) from error
    records = _longest_array(whole) or ([whole] if isinstance(whole, dict) and whole else [])
    if not records:
        raise CatalogError(
            f"{name} holds no list of products.", "A JSON array of objects is expected, one object a product."
        )
    return from_records(records, range(1, len(records) + 1))


def read_json_lines(text: str) -> tuple[pd.DataFrame, list[int], list[BadLine]]:
    """Read one JSON object a line; other lines are kept out and told."""
    records, lines, bad = [], [], []
    for number, line in enumerate(io.StringIO(text), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("it is no JSON object")
            records.append(record)
            lines.append(number)
        except (ValueError, RecursionError) as error:
            bad.append(BadLine(number, f"no valid JSON: {error}", line[:80].rstrip()))
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
        table = pyarrow.parquet.read_table(io.BytesIO(data))
    except (pyarrow.ArrowException, OSError) as error:
        raise CatalogError(f"{name} is a damaged Parquet file: {error}.", "Export it again.") from error
    columns = {column: [cell_text(v) for v in table[column].to_pylist()] for column in table.column_names}
    frame = pd.DataFrame(columns, dtype="str")
    frame.columns = pd.Index(unique_names([str(c) for c in frame.columns]))
    return frame, list(range(1, len(frame) + 1))


def from_records(records: Sequence[dict[str, Any]], lines: Iterable[int]) -> Cells:
    """Objects as a table with the union of their keys, in order of first appearance."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    cells = {key: [cell_text(record.get(key)) for record in records] for key in keys}
    frame = pd.DataFrame(cells, dtype="str", columns=keys)
    frame.columns = pd.Index(unique_names([str(key) for key in keys]))
    return frame, list(lines)


def cell_text(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, dates as ISO, lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _longest_array(value: Any, depth: int = 4) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    if not isinstance(value, dict) or depth == 0:
        return []
    return max((_longest_array(item, depth - 1) for item in value.values()), key=len, default=[])


def _formula_notes(data: bytes, sheet: str) -> list[str]:
    """Formulas that were never calculated have no value to read; say where."""
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
