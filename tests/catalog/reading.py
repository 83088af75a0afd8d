"""Reading a text as the file it would be, and workbooks with what is to be read."""

import io
import zipfile

import openpyxl

from prodsim.catalog import make_catalog, propose_columns, read_table


def catalog_of(folder, text, name="catalog.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    return make_catalog(table, propose_columns(table).mapping)


def products_of(folder, text):
    return catalog_of(folder, text).products


def notes_of(folder, text):
    return [finding.what for finding in catalog_of(folder, text).findings if finding.kind == "reading"]


def workbook(sheets):
    """Return the bytes of a workbook: name of a sheet to its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(book, part, change):
    """Return a workbook with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as whole, zipfile.ZipFile(stream, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, change(content) if name == part else content)
    return stream.getvalue()
