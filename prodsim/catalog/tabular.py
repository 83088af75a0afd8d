"""Workbooks as tables of text."""

import io
import statistics
import threading
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pandas as pd

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.chunks import text_series
from prodsim.catalog.content import BLOCK_BYTES, check_workbook_size, is_workbook
from prodsim.catalog.header_place import find_header
from prodsim.catalog.headers import under_header
from prodsim.catalog.nested_values import cell_text
from prodsim.catalog.row_columns import text_array
from prodsim.catalog.rows import is_total, listed
from prodsim.catalog.sheet_choice import SAMPLED_ROWS, NumberedRows, choose_sheet
from prodsim.errors import CatalogError
from prodsim.phrases import Plural, Text, phrase

if TYPE_CHECKING:
    import pyarrow as pa

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What openpyxl lets through of its own and of its zip and XML readers; the XML one's error is a SyntaxError."""
_OPENING = threading.Lock()
"""Held where warnings and prints are silenced, which counts for the whole process."""
_LOOKS = ("xl/styles.xml", "xl/theme/", "docProps/")
"""Parts of a workbook that say how it looks and who made it."""


MAX_SHEET_ROWS = 1_048_576
"""Rows of Excel's longest sheet; a row with a higher number is damaged, or meant to harm."""
ROW_ABOVE = Text("Row {row} stands above the header and is left out: “{text}”.")
ROW_NAMING = Text("Row {row} names or explains the columns once more and is left out: “{text}”.")
ROW_TOTAL = Text("Row {row} is a total or a remark at the end, not a product, and is left out: “{text}”.")
REPEATED_ROWS = Plural(
    "The header is repeated in row {rows}; this row is left out.",
    "The header is repeated in {n:,} rows ({rows}); they are left out.",
)
LOOKS_BROKEN = Text("The formats of the workbook are damaged: dates may have become numbers.")
SHEET_BROKEN = Text("The sheet is damaged from row {row} on, and what stands there is left out: {reason}.")
NO_VALUES = Text(
    "Formulas without a saved value count as empty: {cells}. Save the workbook in a spreadsheet to have them."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a workbook's sheet holds.

    Attributes:
        frame: the cells under the columns' names.
        rows: the sheet's row of each, from 1.
        sheet, sheets: its name, and those of all sheets.
        header_row: the row that names the columns; ``None`` where none does.
        notes: sentences on other header rows, totals, other sheets with products, and formulas without a value.
    """

    frame: pd.DataFrame
    rows: list[int]
    sheet: str
    sheets: tuple[str, ...]
    header_row: int | None
    notes: list[str]


def read_workbook(data: bytes, sheet: str | None, name: str, budget: FileBudget) -> Sheet:
    """Read a sheet of an XLSX under the row that names its columns, unless there is none.

    Without a chosen sheet it is the one whose header has most known names, and of several the one with most rows;
    hidden sheets and those called like instructions or examples come last.

    Raises:
        CatalogError: there is no such sheet, the workbook is damaged, or larger than its budget.
    """
    if not is_workbook(io.BytesIO(data)):
        raise CatalogError(
            phrase("{name} is a zip inside a zip, or not a workbook.", name=name),
            phrase("Unpack it, and choose the catalog itself."),
        )
    check_workbook_size(data, budget)
    try:
        filled, chosen, sheets, notes = _filled_rows(data, sheet, name, budget)
        notes += _formula_notes(data, chosen, filled[-1][0]) if filled else []
    except _BROKEN as error:
        raise CatalogError(
            phrase("{name} is a damaged workbook: {reason}.", name=name, reason=_reason(error)),
            phrase("Open it in a spreadsheet program and save it again."),
        ) from error
    if not filled:
        raise CatalogError(
            phrase("The sheet {chosen!r} of {name} is empty.", chosen=chosen, name=name),
            phrase("Choose another sheet: {sheets}.", sheets=", ".join(sheets)),
        )
    frame, rows, header_row, further = under_best_header(filled, budget)
    return Sheet(frame, rows, chosen, sheets, header_row, [*notes, *further])


def sheets_of(data: bytes, budget: FileBudget) -> tuple[str, ...]:
    """List the sheets of an XLSX, in its order; empty where it is damaged, or none.

    Raises:
        CatalogError: it is larger than its budget.
    """
    try:
        check_workbook_size(data, budget)
        book, _ = _open_workbook(data)
        return tuple(table.title for table in book.worksheets)  # a chart sheet has no rows
    except _BROKEN:
        return ()


def _reason(error: Exception) -> str:
    if isinstance(error, IndexError):  # cells name their texts by numbers
        return phrase("a cell names a text that is not there")
    return phrase("it lacks {part}", part=error.args[0]) if isinstance(error, KeyError) and error.args else str(error)


def under_best_header(
    filled: NumberedRows, budget: FileBudget
) -> tuple[pd.DataFrame, list[int], int | None, list[str]]:
    """Put the rows of a sheet or table, of which there is one at least, under the row that names their columns.

    Raises:
        CatalogError: the table is larger than its budget.

    Returns:
        The cells below the header, their rows, the header's, and what to say of the rows left out.
    """
    place = find_header([row for _, row in filled[:SAMPLED_ROWS]])
    notes = []
    for i in range(place.first_product):
        if i != place.row and i not in place.products:
            text = ROW_ABOVE if i in place.above else ROW_NAMING
            notes.append(text(row=filled[i][0], text=_shown(filled[i][1])))
    own, header = filled[place.row]
    naming = [header, *(filled[i][1] for i in place.naming)]
    below = [*(filled[i] for i in place.products), *filled[place.first_product :]]
    repeated = [number for number, row in below if row in naming]
    if repeated:
        notes.append(REPEATED_ROWS(len(repeated), rows=listed(repeated)))
        below = [(number, row) for number, row in below if row not in naming]
    while len(below) > 1 and is_total(below[-1][1], _typical(below)):
        number, row = below.pop()
        notes.append(ROW_TOTAL(row=number, text=_shown(row)))
    width = max(len(row) for _, row in [filled[place.row], *below])
    budget.check_table(len(below), width)
    table = pd.DataFrame({i: text_series([_column(below, i)]) for i in range(width)})
    rows = [number for number, _ in below]
    frame, note = under_header(header + [""] * (width - len(header)), table, phrase("Row {row}", row=own))
    return frame, [own, *rows] if note else rows, None if note else own, [*notes, note] if note else notes


def _column(rows: NumberedRows, place: int) -> "pa.Array":
    return text_array([row[place] if place < len(row) else "" for _, row in rows])


def _typical(rows: NumberedRows) -> float:
    return max(2, statistics.median(sum(map(bool, row)) for _, row in rows[-10:]))


def _shown(row: Sequence[str]) -> str:
    return " | ".join(filter(None, row))[:80]


def _filled_rows(
    data: bytes, sheet: str | None, name: str, budget: FileBudget
) -> tuple[NumberedRows, str, tuple[str, ...], list[str]]:
    """Return the rows of a sheet that hold anything, the sheet, all sheets, and what to say of the others."""
    book, notes = _open_workbook(data)
    tables = {table.title: table for table in book.worksheets}  # a chart sheet has no rows
    sheets = tuple(tables)
    if sheet is not None and sheet not in tables:
        raise CatalogError(
            phrase("{name} has no sheet {sheet!r}.", name=name, sheet=sheet),
            phrase("It has {sheets}.", sheets=", ".join(sheets)),
        )
    if not tables:
        raise ValueError(phrase("it has no sheet"))
    if sheet is None:
        begun = {t: [row for _, row in _rows_before_damage(tables[t], budget, SAMPLED_ROWS)[0]] for t in tables}
        chosen, others = choose_sheet(begun, [t for t in tables if tables[t].sheet_state == "visible"])
    else:
        chosen, others = sheet, []
    rows, damage = _rows_before_damage(tables[chosen], budget)
    if damage and not rows:
        raise damage
    broken = [SHEET_BROKEN(row=rows[-1][0] + 1, reason=_reason(damage))] if damage else []
    return rows, chosen, sheets, [*notes, *others, *broken]


def _open_workbook(data: bytes, *, with_formulas: bool = False) -> tuple[Any, list[str]]:
    """Open a workbook, without its looks where these are broken, and return what to say of that."""
    import openpyxl  # only workbooks pay

    with _OPENING, warnings.catch_warnings(), redirect_stdout(io.StringIO()):  # it warns and prints of broken looks
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=not with_formulas), []
        except _BROKEN:
            bare = io.BytesIO(_without_looks(data))
            return openpyxl.load_workbook(bare, read_only=True, data_only=not with_formulas), [LOOKS_BROKEN()]


def _without_looks(data: bytes) -> bytes:
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(bare, "w") as kept:
        for name in archive.namelist():
            if not name.startswith(_LOOKS):
                kept.writestr(name, archive.read(name))
    return bare.getvalue()


def _rows_before_damage(
    sheet: Any, budget: FileBudget, most: int | None = None
) -> tuple[NumberedRows, Exception | None]:
    """Return a sheet's rows, ``most`` of them, and what ended them where they are damaged."""
    rows: NumberedRows = []
    try:
        for row in islice(_rows_of(sheet, budget), most):
            rows.append(row)
    except _BROKEN as error:
        return rows, error
    return rows, None


def _rows_of(sheet: Any, budget: FileBudget) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with its number, without empty cells at their end."""
    sheet.reset_dimensions()  # some programs write wrong ones, and openpyxl would stop there
    n_cells = n_bytes = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):  # rows between others are yielded, too
        if number > MAX_SHEET_ROWS:
            raise ValueError(phrase("a row is numbered beyond {n:,}, the last of a sheet", n=MAX_SHEET_ROWS))
        budget.check_table(number, 0)
        n_cells += len(values)
        budget.check_cells(n_cells)
        row = [cell_text(value) for value in values]
        while row and not row[-1].strip():
            row.pop()
        if row:
            n_bytes += sum(map(len, row))
            budget.check_text(n_bytes)
            budget.check_table(number, len(row))
            yield number, row


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as stream:
        last = b""
        while block := stream.read(BLOCK_BYTES):
            if b"<f" in last + block:
                return True
            last = block[-1:]
    return False


def _formula_notes(data: bytes, sheet: str, last_row: int) -> list[str]:
    """Say where formulas were never calculated, so that they have no value to read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        if not any(_has_formula(archive, name) for name in names):
            return []
    values = _open_workbook(data)[0][sheet]
    formulas = _open_workbook(data, with_formulas=True)[0][sheet]
    empty = []
    with suppress(*_BROKEN):  # which the rows before it have told
        for row, seen in zip(
            formulas.iter_rows(max_row=last_row), values.iter_rows(max_row=last_row, values_only=True), strict=False
        ):
            empty += [
                cell.coordinate
                for cell, value in zip(row, seen, strict=False)
                if isinstance(cell.value, str) and cell.value.startswith("=") and value is None
            ]
    return [NO_VALUES(cells=listed(empty))] if empty else []
