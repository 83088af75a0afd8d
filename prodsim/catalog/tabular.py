"""Workbooks and Parquet as tables of text."""

import io
import zipfile
import zlib
from typing import Any

import pandas as pd

from prodsim.catalog.content import check_workbook_size, is_workbook
from prodsim.catalog.delimited import MAX_ABOVE, lines_above_header
from prodsim.catalog.flattening import cell_text
from prodsim.catalog.headers import under_header, unique_names
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

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


def read_parquet(data: bytes, name: str) -> tuple[pd.DataFrame, list[int]]:
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
