"""Reading catalog files of any usual kind into one table of text."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from prodsim.catalog.content import Content, read_content
from prodsim.catalog.delimited import read_delimited
from prodsim.catalog.encodings import decode
from prodsim.catalog.facts import BadLine, RawTable, ReadFacts, ReadOptions
from prodsim.catalog.tabular import read_json, read_json_lines, read_parquet, read_workbook
from prodsim.errors import CatalogError


def read_table(path: Path, options: ReadOptions = ReadOptions()) -> RawTable:
    """Read a catalog file: CSV and relatives, XLSX, JSON, JSON lines, Parquet; also gzipped or in a zip.

    The content decides what it is, not the name. Lines that cannot be used are in ``facts.bad_lines``.

    Raises:
        CatalogError: the file is absent, empty, broken, protected, or of an unknown kind.
    """
    content = read_content(path, options.member)
    table = _binary(content, options) or _text(content, options)
    facts = replace(table.facts, name=path.name, member=content.member, members=content.members)
    if not len(table.frame):
        bad = f" and {len(facts.bad_lines):,} lines that cannot be read" if facts.bad_lines else ""
        raise CatalogError(
            f"{path.name} has a header{bad}, but no products.", "Export the catalog again, with its rows."
        )
    return replace(table, facts=facts)


def _binary(content: Content, options: ReadOptions) -> RawTable | None:
    data, name = content.data, content.name
    if data[:4] == b"PK\x03\x04":
        frame, lines, sheet, sheets, notes = read_workbook(data, options.sheet, name)
        facts = ReadFacts(name, "xlsx", len(frame), sheet=sheet, sheets=sheets, notes=tuple(notes))
        return RawTable(frame, facts, pd.Index(lines, dtype="int64"))
    if data[:4] == b"PAR1":
        frame, lines = read_parquet(data, name)
        return RawTable(frame, ReadFacts(name, "parquet", len(frame)), pd.Index(lines, dtype="int64"))
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise CatalogError(
            f"{name} is a workbook that is protected by a password, or in the old .xls format.",
            "Open it in a spreadsheet program and save it as .xlsx without a password.",
        )
    if data[:5] == b"%PDF-" or data[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"GIF8"):
        raise CatalogError(
            f"{name} is a picture or a PDF, not a catalog.", "Export the catalog as CSV, XLSX, JSON or Parquet."
        )
    return None


def _text(content: Content, options: ReadOptions) -> RawTable:
    name = content.name
    text, encoding, undecodable = decode(content.data, options.encoding, name)
    start = text[:1000].lstrip("\ufeff \t\r\n")[:1]
    separator = None
    if start == "[" or (start == "{" and not _is_json_lines(text)):
        kind, bad = "json", list[BadLine]()
        frame, lines = read_json(text, name)
    elif start == "{":
        kind = "jsonl"
        frame, lines, bad = read_json_lines(text)
    else:
        kind = "csv"
        frame, lines, separator, bad = read_delimited(text, options.separator, name)
    bad = sorted([*undecodable, *bad], key=lambda b: b.line)
    facts = ReadFacts(name, kind, len(frame), encoding, separator, bad_lines=tuple(bad))
    return RawTable(frame, facts, pd.Index(lines, dtype="int64"))


def _is_json_lines(text: str) -> bool:
    """Whether the first two lines that are not empty are objects of their own."""
    lines = (line.strip() for line in text.splitlines())
    first, second = next(filter(None, lines), ""), next(filter(None, lines), "")
    return first.startswith("{") and first.endswith("}") and second.startswith("{")
