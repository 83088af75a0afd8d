"""Tables inside markup: workbooks in the XML of Excel 2003, which many shops export as ``.xls``, and rows of cells."""

import io
from dataclasses import replace
from typing import Any

from lxml import etree

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.nested import NestedTable
from prodsim.catalog.sheet_choice import NumberedRows, alike_tables, more_sheets
from prodsim.catalog.tabular import under_best_header
from prodsim.catalog.xml_pieces import local_name, message_of
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

_WIDEST = 16_384
"""Columns of Excel's widest sheet; an index beyond is no column."""


def read_spreadsheet_xml(data: bytes, name: str, budget: FileBudget) -> NestedTable:
    """Read the longest sheet of a workbook in the XML of Excel 2003, and name others with the same columns.

    Raises:
        CatalogError: no sheet has a row, the XML is broken, or a sheet is larger than its budget.
    """
    sheets: list[tuple[str, NumberedRows]] = []
    try:
        for _, sheet in etree.iterparse(
            io.BytesIO(data), tag="{*}Worksheet", resolve_entities=False, no_network=True, load_dtd=False
        ):
            sheets.append((_name(sheet, len(sheets) + 1), _sheet_rows(sheet, budget)))
            sheet.clear()
    except etree.XMLSyntaxError as error:
        raise CatalogError(
            phrase(
                "{name} is damaged XML; line {line} is {reason}.",
                name=name,
                line=error.lineno or 1,
                reason=phrase("not well-formed XML: {reason}", reason=message_of(error)),
            ),
            phrase("Open it in a spreadsheet program and save it as .xlsx."),
        ) from error
    chosen, rows = max(sheets, key=lambda sheet: len(sheet[1]), default=("", []))
    if not rows:
        raise CatalogError(
            phrase("{name} is a workbook without rows.", name=name), phrase("Export the catalog again, with its rows.")
        )
    table = table_of_rows(rows, budget)
    alike = [sheets[place][0] for place in alike_tables(rows, [each for _, each in sheets])]
    return replace(table, notes=[*more_sheets(chosen, alike), *table.notes])


def _name(sheet: Any, number: int) -> str:
    return next((value for key, value in sheet.attrib.items() if local_name(key) == "Name"), str(number))


def _sheet_rows(sheet: Any, budget: FileBudget) -> NumberedRows:
    rows: NumberedRows = []
    number = n_cells = 0
    for row in sheet.iter("{*}Row"):
        number = _index(row, number + 1)
        cells: dict[int, str] = {}
        column = 0
        for cell in row:
            if isinstance(cell.tag, str) and local_name(cell.tag) == "Cell":
                column = min(_index(cell, column + 1), _WIDEST)
                text = "".join("".join(part.itertext()) for part in cell if local_name(part.tag) == "Data")
                cells[column] = text.strip()
        if width := max((place for place, text in cells.items() if text), default=0):
            n_cells += width
            budget.check_cells(n_cells)
            budget.check_table(len(rows) + 1, width)
            rows.append((number, [cells.get(place, "") for place in range(1, width + 1)]))
    return rows


def _index(element: Any, otherwise: int) -> int:
    """Return the place that an element names, as after cells that are left out; else the next one."""
    named = next((value for key, value in element.attrib.items() if local_name(key) == "Index"), "")
    return int(named) if named.isdecimal() and len(named) < 9 and int(named) >= otherwise else otherwise


def table_of_rows(rows: NumberedRows, budget: FileBudget) -> NestedTable:
    """Put rows of cells under the row that names the columns; other rows above and below are left out and told."""
    frame, numbers, header_row, notes = under_best_header(rows, budget)
    return NestedTable(frame, numbers, [], notes, header_row)
