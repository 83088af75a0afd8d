"""Reading catalog files of any usual kind into one table of text."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.catalog.cells import unguard_cells
from prodsim.catalog.content import Content, read_content
from prodsim.catalog.decoded_lines import DecodedLines
from prodsim.catalog.delimited import read_delimited
from prodsim.catalog.encodings import choose_encoding
from prodsim.catalog.facts import BadLine, RawTable, ReadFacts, ReadOptions
from prodsim.catalog.locales import choose_locale, column_locales, note_absent
from prodsim.catalog.nested import PARENT, NestedTable, read_json, read_json_lines
from prodsim.catalog.parquet import read_parquet
from prodsim.catalog.record_parser import MAX_CELL, overlong
from prodsim.catalog.saved_pages import is_markup
from prodsim.catalog.shop_systems import platform_of
from prodsim.catalog.tabular import read_workbook
from prodsim.errors import CatalogError
from prodsim.phrases import Plural, Text, phrase
from prodsim.progress import SILENT, Progress
from prodsim.settings import Budget

_MB = 1_000_000
_JUDGED = 50_000
"""Characters at the beginning by which another language than a table's is recognised."""
_IS_PICTURE = Text("{name} is a picture or a PDF, not a catalog.")
_IS_PACKED = Text("{name} is packed in a way that cannot be read.")
_EXPORT = Text("Export the catalog as CSV, XLSX, JSON or Parquet.")
_UNPACK = Text("Unpack it first, or pack it as .zip or .gz.")
_IS_SQL = Text("{name} is a dump of a database (SQL), not a catalog.")
_LOAD = Text("Load it into a database and give that one's address and the name of a table, or export the table as CSV.")
_IS_YAML = Text("{name} is YAML, which is not read as a catalog.")
_SQL = re.compile(
    r"(?:\s*(?:--[^\n]*(?:\n|$)|/\*.*?\*/;?))*\s*(?:create|insert|drop|set|begin|start|pragma|use|lock|alter|copy|replace)\s.*"
    r"(?:create\s+table\s[^\n(]*\(|(?:insert|replace)\s+into\s.*\bvalues\b|copy\s+\S+\s*\(.*\)\s*from\s)",
    re.IGNORECASE | re.DOTALL,
)
_YAML = re.compile(r"---|\s*(?:- +)*[\w.\"' -]+:(?:\s.*)?|\s*- .*")
_YAML_BEGINS = re.compile(r"---\s*|- +[\w.\"' -]+:(?:\s.*)?|[\w.-]+:\s*")
NONE_READABLE = Plural(
    "No product can be read in {name}. Line {line} is left out: {reason}.",
    "No product can be read in {name}. All {n:,} lines are left out; the first, line {line}: {reason}.",
)
NO_CATALOGS = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Text("{name} is a workbook that is protected by a password, or in the old .xls format."),
        Text("Open it in a spreadsheet program and save it as .xlsx without a password."),
    ),
    (
        b"SQLite format 3\0",
        Text("{name} is a database, not a catalog."),
        Text("Give its address, such as sqlite:///shop.db, with the name of a table or a query."),
    ),
    *((beginning, _IS_PICTURE, _EXPORT) for beginning in (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")),
    *((beginning, _IS_PACKED, _UNPACK) for beginning in (b"7z\xbc\xaf", b"Rar!\x1a", b"BZh9", b"\xfd7zXZ\0")),
)
"""How files begin that are no catalogs, with what they are and what to do."""


def read_table(
    path: Path, options: ReadOptions = ReadOptions(), progress: Progress = SILENT, budget: Budget | None = None
) -> RawTable:
    """Read a catalog file: CSV and relatives, XLSX, JSON, JSON lines, Parquet, XML, web pages; also packed.

    The content decides what it is, not the name. Lines that cannot be used are in ``facts.bad_lines``. A long
    delimited file is read in pieces: it takes about the memory of its cells, and reports its megabytes as the step
    "read".

    Args:
        path: the file.
        options: what the person overrides.
        progress: receives the step.
        budget: the most that the file may take; ``None`` for what the environment allows.

    Raises:
        CatalogError: the file is absent, empty, broken, protected, of an unknown kind, or larger than its budget.
        Cancelled: the progress was told to stop.
    """
    content = read_content(path, options.member, budget)
    table = _binary(content, options) or _markup(content, options) or _text(content, options, progress)
    if table.facts.format != "csv":  # its records were looked at one by one
        table = _without_overlong(table)
    columns = [str(column) for column in table.frame.columns]
    locales = column_locales(columns)
    locale = choose_locale(locales, options.locale)
    facts = replace(
        table.facts,
        name=path.name,
        member=content.member,
        members=content.members,
        platform=platform_of(columns),
        locale=locale,
        locales=locales,
        view=options.locale,
        notes=(*table.facts.notes, *note_absent(locales, options.locale, locale)),
    )
    if not len(table.frame):
        raise _without_products(facts)
    return replace(table, facts=facts)


def _without_products(facts: ReadFacts) -> CatalogError:
    """Return the error for a file that holds no product, or none that can be read."""
    if not facts.bad_lines:
        what = phrase("{name} has a header, but no products.", name=facts.name)
        return CatalogError(what, phrase("Export the catalog again, with its rows."))
    first, n = facts.bad_lines[0], len(facts.bad_lines)
    what = NONE_READABLE(n, name=facts.name, line=first.line, reason=first.reason)
    return CatalogError(what, phrase("Correct the file, or export the catalog again."))


def _without_overlong(table: RawTable) -> RawTable:
    """Keep rows with an overlong cell out, whatever format they came in."""
    longest = [int(table.frame[column].str.len().max() or 0) for column in table.frame] if len(table.frame) else []
    if max(longest, default=0) <= MAX_CELL:
        return table
    lengths = table.frame.apply(lambda cells: cells.str.len()).max(axis=1)
    bad = [
        BadLine(int(line), overlong(int(length)), str(cells.iloc[0])[:80])
        for line, length, (_, cells) in zip(table.lines, lengths, table.frame.iterrows(), strict=True)
        if length > MAX_CELL
    ]
    keep = (lengths <= MAX_CELL).to_numpy()
    facts = replace(table.facts, n_rows=int(keep.sum()), bad_lines=(*table.facts.bad_lines, *bad))
    return RawTable(table.frame[keep].reset_index(drop=True), facts, table.lines[keep])


def _binary(content: Content, options: ReadOptions) -> RawTable | None:
    data, name = content.held, content.name
    if data[:4] == b"PK\x03\x04":
        read = read_workbook(content.data, options.sheet, name, content.budget)
        facts = ReadFacts(
            name,
            "xlsx",
            len(read.frame),
            sheet=read.sheet,
            sheets=read.sheets,
            header_row=read.header_row,
            notes=tuple(read.notes),
        )
        return RawTable(read.frame, facts, pd.Index(read.rows, dtype="int64"))
    if data[:4] == b"PAR1":
        frame, lines = read_parquet(content.data, name, content.budget)
        return RawTable(frame, ReadFacts(name, "parquet", len(frame)), pd.Index(lines, dtype="int64"))
    for beginning, what, fix in NO_CATALOGS:
        if data.startswith(beginning):
            raise CatalogError(what(name=name), fix())
    return None


def _markup(content: Content, options: ReadOptions) -> RawTable | None:
    if not is_markup(content.held):
        return None
    from prodsim.catalog.markup import read_markup  # other files must not wait for lxml

    markup = read_markup(content.data, options.encoding, content.name, content.budget)
    table = markup.table
    facts = ReadFacts(
        content.name,
        markup.kind,
        len(table.frame),
        markup.encoding,
        header_row=table.header_row,
        bad_lines=tuple(table.bad),
        repaired=tuple(markup.repaired),
        notes=tuple(table.notes),
    )
    return RawTable(table.frame, facts, pd.Index(table.lines, dtype="int64"))


def _text(content: Content, options: ReadOptions, progress: Progress) -> RawTable:
    name = content.name
    choice = choose_encoding(content.blocks, options.encoding, name)
    decoded = DecodedLines(_watched(content, progress), choice.encoding)
    pieces = iter(decoded)
    begun = list(islice(pieces, 1))
    if _is_json_lines(begun, pieces):
        again = DecodedLines(content.blocks(), choice.encoding)
        has_parts = any(PARENT in piece for piece in again)
        table = _nested(read_json_lines(chain(begun, pieces), has_parts, content.budget), "jsonl", name)
    elif "".join(begun)[:1000].lstrip("\ufeff \t\r\n").startswith(("[", "{")):
        table = _nested(read_json("".join([*begun, *pieces]), name, content.budget), "json", name)
    else:
        _refuse_other_language("".join(begun)[:_JUDGED], name)
        table = _delimited(chain(begun, pieces), options, content)
    bad = sorted([*decoded.bad, *table.facts.bad_lines], key=lambda line: line.line)
    encoding = choice.encoding.removesuffix("-sig")
    facts = replace(table.facts, encoding=encoding, readings=choice.readings, bad_lines=tuple(bad))
    return replace(table, facts=facts)


def _refuse_other_language(beginning: str, name: str) -> None:
    """Refuse dumps of databases and YAML, which would make a row of each of their lines."""
    text = beginning.lstrip("\ufeff")
    if _SQL.match(text):
        raise CatalogError(_IS_SQL(name=name), _LOAD())
    lines = [line for line in text.splitlines()[:50] if line.strip() and not line.lstrip().startswith("#")]
    n_like = sum(_YAML.fullmatch(line) is not None for line in lines)
    if len(lines) > 2 and _YAML_BEGINS.fullmatch(lines[0]) and n_like >= 0.8 * len(lines):
        raise CatalogError(_IS_YAML(name=name), phrase("Save it as JSON, or export the catalog as CSV or XLSX."))


def _watched(content: Content, progress: Progress) -> Iterator[bytes]:
    """Yield the bytes, and report those of a file that is too long to be held."""
    if not content.is_whole:
        progress.step("read", content.size and content.size // _MB, "MB")
    n_bytes = 0
    for block in content.blocks():
        yield block
        before, n_bytes = n_bytes, n_bytes + len(block)
        if not content.is_whole:
            progress.advance(n_bytes // _MB - before // _MB)


def _delimited(pieces: Iterator[str], options: ReadOptions, content: Content) -> RawTable:
    read = read_delimited(pieces, options.separator, content.name, content.budget)
    facts = ReadFacts(
        content.name,
        "csv",
        len(read.frame),
        separator=read.separator,
        header_row=read.header_row,
        bad_lines=tuple(read.bad),
        repaired=tuple(read.repaired),
        notes=tuple(read.notes),
    )
    return RawTable(unguard_cells(read.frame), facts, pd.Index(np.array(read.lines), dtype="int64"))


def _nested(nested: NestedTable, kind: str, name: str) -> RawTable:
    bad, notes = tuple(nested.bad), tuple(nested.notes)
    facts = ReadFacts(name, kind, len(nested.frame), bad_lines=bad, notes=notes)
    return RawTable(nested.frame, facts, pd.Index(nested.lines, dtype="int64"))


def _is_json_lines(begun: list[str], pieces: Iterator[str]) -> bool:
    """Return whether most of the first lines that are not empty, of several, are objects of their own.

    Args:
        begun: the text's first pieces; as many are added as it takes to tell.
        pieces: the others.
    """
    lines: list[str] = []
    n_seen = 0
    while len(lines) < 10 and n_seen < len(begun):
        lines += islice(filter(None, map(str.strip, begun[n_seen].split("\n"))), 10 - len(lines))
        n_seen += 1
        begun += islice(pieces, 0 if n_seen < len(begun) else 1)
    return len(lines) > 1 and sum(map(_is_object, lines)) > len(lines) / 2


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False


def read_whole_table(path: Path) -> pd.DataFrame:
    """Read a table of which every line must be usable, such as queries or a truth.

    Raises:
        CatalogError: as ``read_table``, and for the first line that cannot be used.
    """
    table = read_table(path)
    facts = table.facts
    wrong = [(bad.line, bad.reason) for bad in facts.bad_lines]
    wrong += [(repaired.line, repaired.repair.rstrip(".")) for repaired in facts.repaired]
    if wrong:
        line, reason = min(wrong)
        raise CatalogError(
            phrase("Line {line} of {name} cannot be used: {reason}.", line=line, name=path.name, reason=reason),
            phrase("Correct the line."),
        )
    return table.frame
