"""Small files that would grow to more than a machine holds, each refused before it takes the memory."""

import gzip
import io
import json
import tracemalloc
import zipfile

import pandas as pd
import pytest
import xlsxwriter

from prodsim.catalog import propose_columns, read_table
from prodsim.errors import CatalogError
from prodsim.settings import Budget

ROWS = [{"sku": str(n), "title": f"Mug {n}", "price": "4.50", "color": "red"} for n in range(10)]
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def csv_of(rows):
    return pd.DataFrame(rows).to_csv(index=False).encode()


def json_of(rows):
    return json.dumps(rows).encode()


def workbook_of(rows):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([list(rows[0]), *(row.values() for row in rows)]):
            sheet.write_row(number, 0, cells)
    return stream.getvalue()


def parquet_of(rows):
    stream = io.BytesIO()
    pd.DataFrame(rows).to_parquet(stream)
    return stream.getvalue()


def feed_of(rows):
    items = ("".join(f"<{name}>{value}</{name}>" for name, value in row.items()) for row in rows)
    return f"<products>{''.join(f'<product>{item}</product>' for item in items)}</products>".encode()


def page_of(rows):
    table = [list(rows[0]), *(row.values() for row in rows)]
    cells = ("".join(f"<td>{value}" for value in row) for row in table)
    return f"<html><table>{''.join(f'<tr>{row}' for row in cells)}</table></html>".encode()


def spreadsheet_xml_of(rows):
    table = [list(rows[0]), *(row.values() for row in rows)]
    cells = ("".join(f"<Cell><Data>{value}</Data></Cell>" for value in row) for row in table)
    inside = "".join(f"<Row>{row}</Row>" for row in cells)
    return f"<?xml version='1.0'?><Workbook><Worksheet><Table>{inside}</Table></Worksheet></Workbook>".encode()


def zip_of(rows):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("shop.csv", csv_of(rows))
    return stream.getvalue()


FORMATS = {
    "csv": csv_of,
    "gzip": lambda rows: gzip.compress(csv_of(rows)),
    "zip": zip_of,
    "json": json_of,
    "json lines": lambda rows: b"\n".join(json.dumps(row).encode() for row in rows),
    "xlsx": workbook_of,
    "parquet": parquet_of,
    "feed": feed_of,
    "web page": page_of,
    "xml of excel 2003": spreadsheet_xml_of,
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_table_of_any_format_stays_within_its_budget(write, kind):
    path = write(FORMATS[kind](ROWS))

    assert read_table(path).frame.shape == (10, 4)
    for budget, message, variable in (
        (Budget(rows=9), "more than 9 rows", "PRODSIM_MAX_ROWS"),
        (Budget(columns=3), "more than 3 columns", "PRODSIM_MAX_COLUMNS"),
        (Budget(cells=39), "more than 39 cells", "PRODSIM_MAX_CELLS"),
        (Budget(megabytes=0.0001), "more than 0 MB of memory for its text", "PRODSIM_MAX_TEXT_MB"),
    ):
        with pytest.raises(CatalogError, match=message) as refused:
            read_table(path, budget=budget)
        assert variable in refused.value.fix


def with_sheet(xml, shared=""):
    """Return a workbook with this XML as its sheet, and these shared strings."""
    own, stream = zipfile.ZipFile(io.BytesIO(workbook_of(ROWS))), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in own.namelist():
            new = {"xl/worksheets/sheet1.xml": xml, "xl/sharedStrings.xml": shared}.get(name)
            archive.writestr(name, new or own.read(name))
    return stream.getvalue()


def far_row():
    cells = '<c t="inlineStr"><is><t>{}</t></is></c>'
    header = f'<row r="1">{cells.format("sku")}{cells.format("title")}</row>'
    return with_sheet(SHEET.format(f'{header}<row r="2000000000">{cells.format("1")}</row>'))


def shared_text():
    strings = f"<si><t>title</t></si><si><t>{'a long text ' * 2000}</t></si>"
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>'
    cells = '<row><c t="s"><v>0</v></c></row>' + '<row><c t="s"><v>1</v></c></row>' * 2000
    return with_sheet(SHEET.format(cells), shared)


def empty_cells():
    return with_sheet(SHEET.format('<row><c r="A1"><v>1</v></c><c r="ALL1"/></row>' * 3000))


EXPLOSIONS = {
    "a row numbered two billion": (far_row, Budget(rows=1000), "1,000 rows"),
    "a shared text in every row": (shared_text, Budget(megabytes=1), "1 MB"),
    "empty cells far to the right": (empty_cells, Budget(cells=100_000), "100,000 cells"),
    "one text for all rows": (
        lambda: parquet_of([{"sku": str(n), "title": "a long text " * 2000} for n in range(2000)]),
        Budget(megabytes=1),
        "1 MB",
    ),
    "other keys in each object": (
        lambda: json_of([{"sku": str(n), "title": "Mug", f"key {n}": 1} for n in range(2000)]),
        Budget(columns=1000),
        "1,000 columns",
    ),
    "other elements in each product": (
        lambda: feed_of([{"sku": str(n), "title": "Mug", f"key{n}": 1} for n in range(300)]),
        Budget(columns=100),
        "100 columns",
    ),
    "a text for thousands of variants": (
        lambda: json_of(
            [
                {
                    "title": "Mug",
                    "description": "long " * 5000,
                    "variants": [{"sku": str(n), "price": 1} for n in range(2000)],
                }
            ]
        ),
        Budget(megabytes=1),
        "1 MB",
    ),
    "lists of nothing": (lambda: b"[" + b"[]," * 50_000 + b"[]]", Budget(megabytes=1), "1 MB"),
    "a header of commas": (
        lambda: b"sku,title" + b"," * 100_000 + b"\n1,Mug\n2,Jug\n",
        Budget(),
        "10,000 columns",
    ),
    "nothing but commas": (lambda: b"," * 100_000, Budget(), "10,000 columns"),
    "short rows below a long header": (
        lambda: b"sku,title" + b"," * 1000 + b"\n" + b"1,Mug\n" * 1000,
        Budget(cells=100_000),
        "100,000 cells",
    ),
    "cells over a thousand columns": (
        lambda: b"<html><table>" + (b"<tr>" + b"<td colspan=1000>x" * 3) * 100 + b"</table></html>",
        Budget(cells=100_000),
        "100,000 cells",
    ),
    "a cell in the last column": (
        lambda: spreadsheet_xml_of(ROWS).replace(b"<Cell><Data>red", b'<Cell Index="16384"><Data>red'),
        Budget(),
        "10,000 columns",
    ),
}


@pytest.mark.parametrize("kind", EXPLOSIONS)
def test_a_small_file_that_explodes_is_refused_before_it_takes_the_memory(write, kind):
    make, budget, message = EXPLOSIONS[kind]
    path = write(make())

    tracemalloc.start()
    with pytest.raises(CatalogError, match=message):
        read_table(path, budget=budget)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert path.stat().st_size < 300_000
    assert peak < 100_000_000


def test_a_line_of_commas_among_others_costs_that_line_only(write):
    table = read_table(write(b"sku,title,price\n1,Mug,2\n" + b"," * 100_000 + b"\n2,Jug,3\n"))

    assert table.frame["title"].tolist() == ["Mug", "Jug"]


def test_the_environment_raises_a_budget(write, monkeypatch):
    path = write(csv_of(ROWS))
    monkeypatch.setenv("PRODSIM_MAX_ROWS", "9")
    with pytest.raises(CatalogError, match="shop.csv has more than 9 rows"):
        read_table(path)

    monkeypatch.setenv("PRODSIM_MAX_ROWS", "10")
    assert len(read_table(path).frame) == 10

    monkeypatch.setenv("PRODSIM_MAX_ROWS", "many")
    with pytest.raises(ValueError, match="PRODSIM_MAX_ROWS must be a number of rows, got 'many'"):
        read_table(path)


def test_a_workbook_without_sheets_or_with_missing_texts_is_told(write):
    own, stream = zipfile.ZipFile(io.BytesIO(workbook_of(ROWS))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in own.namelist():
            content = own.read(name)
            if name == "xl/workbook.xml":
                begin, end = content.index(b"<sheets>") + len(b"<sheets>"), content.index(b"</sheets>")
                content = content[:begin] + content[end:]
            archive.writestr(name, content)

    with pytest.raises(CatalogError, match="it has no sheet"):
        read_table(write(stream.getvalue()))
    with pytest.raises(CatalogError, match="a cell names a text that is not there"):
        read_table(write(with_sheet(SHEET.format('<row><c t="s"><v>999</v></c></row>'))))


@pytest.mark.parametrize("depth", [500, 900, 985, 990, 5000])
@pytest.mark.parametrize("pair", ["[]", "{}"], ids=["lists", "objects"])
def test_json_of_any_depth_is_read_or_told(write, pair, depth):
    opened = "[" if pair == "[]" else '{"a":'
    text = f'{{"sku": "1", "title": "Mug", "x": {opened * depth}1{pair[1] * depth}}}'

    for content in (f"[{text}]", f'{text}\n{{"sku": "2", "title": "Jug"}}\n'):
        try:
            table = read_table(write(content))
        except CatalogError as error:
            assert error.fix
        else:
            propose_columns(table)
            assert len(table.frame) + len(table.facts.bad_lines) == (2 if "\n" in content else 1)


def test_one_object_that_is_too_deep_costs_itself_only(write):
    deep = '{"a":' * 500 + "1" + "}" * 500
    good = '{"sku": "2", "title": "Jug"}'

    for content in (f"[{deep}, {good}]", f"{deep}\n{good}\n{good}\n"):
        table = read_table(write(content))
        assert "Jug" in table.frame["title"].tolist()
        assert [bad.reason for bad in table.facts.bad_lines] == ["its lists and objects lie too deep within each other"]
    with pytest.raises(CatalogError, match="Line 1 is left out: its lists and objects lie too deep"):
        read_table(write(f"[{deep}]"))
