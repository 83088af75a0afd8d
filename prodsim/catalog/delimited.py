"""CSV and its relatives, with the care that real exports need."""

import csv
import re
import statistics
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.chunks import changed_cells, one_by_one
from prodsim.catalog.facts import BadLine, RepairedLine
from prodsim.catalog.header_place import (
    MAX_ABOVE,
    HeaderPlace,
    column_types,
    find_header,
    known_fields,
    text_columns,
)
from prodsim.catalog.headers import under_header
from prodsim.catalog.lines import Lines
from prodsim.catalog.record_parser import parse_records
from prodsim.catalog.records import (
    MAX_RECORD_LINES,
    Dialect,
    has_apostrophes,
    is_wrapped,
    swapped_quotes,
    unwrapped_line,
)
from prodsim.catalog.rows import Rows
from prodsim.errors import CatalogError
from prodsim.phrases import Plural, Text, phrase

DELIMITERS = ",;\t|"
RARE_DELIMITERS = "^~¦\x1f\x01"
"""Separators that are believed only where they make known names of columns."""
_SAMPLED_LINES = 400
_SAMPLED_CELLS = 200_000
"""Cells of the first records from which on no more of these are looked at."""
_NAMED_CELLS = 1000
"""Cells of a line that are looked at for names of columns before it is known whether it has columns."""
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_COUNT_DIGITS = 10
"""Digits from which on a number counts no rows."""
_MANY_EMPTY = 100
"""Separators behind the last name and value from which on they make no columns: programs write their whole width."""

ABOVE = Text("Line {line} stands above the header and is left out: “{text}”.")
NAMING = Text("Line {line} names or explains the columns once more and is left out: “{text}”.")
EMPTY_COLUMNS = Plural(
    "{n:,} column at the end has neither a name nor values and is left out.",
    "{n:,} columns at the end have neither names nor values and are left out.",
)
WIDER = Text(
    "The lines have {n} cells, but the header names {named} columns; the columns without a name are called {names}."
)


@dataclass(frozen=True, slots=True)
class Delimited:
    """What a delimited text holds.

    Attributes:
        frame: the cells under the columns' names.
        lines: the line of each row.
        separator: the one used.
        header_row: the line that names the columns; ``None`` where none does.
        bad, repaired: lines left out, and lines kept after a repair.
        notes: sentences on header rows, totals and what else was left out.
    """

    frame: pd.DataFrame
    lines: "array[int]"
    separator: str
    header_row: int | None
    bad: list[BadLine]
    repaired: list[RepairedLine]
    notes: list[str]


@dataclass(slots=True)
class _Head:
    """The first records of a text: the lines they begin on, counted from the first held, and their cells."""

    starts: list[int]
    rows: list[list[str]]
    end: int


def read_delimited(pieces: Iterable[str], separator: str | None, name: str, budget: FileBudget) -> Delimited:
    """Parse a delimited text under the row that names its columns, unless there is none.

    Rows above the header, further header rows, headers repeated inside and totals at the end are left out and noted.
    A record of another width is padded, trimmed or repaired where that is without doubt, else left out, as is one
    with an overlong cell or a zero byte.

    Args:
        pieces: the text, cut behind line ends.
        separator: the one a person chose; ``None`` to judge.
        name: the file's, for messages.
        budget: what the file may take.

    Raises:
        CatalogError: there is nothing but empty lines, the separator is none, or the table is larger than its budget.
    """
    lines = Lines(pieces)
    if not lines.skip_empty():
        raise CatalogError(phrase("{name} contains only empty lines.", name=name), phrase("Export the catalog again."))
    lines.held[0] = lines.held[0].lstrip("\ufeff")
    sep_line = _SEPARATOR_LINE.fullmatch(lines.held[0])  # a line that spreadsheets read and write
    if sep_line:
        lines.forget(1)
        lines.skip_empty()
    lines.fill(_SAMPLED_LINES + MAX_RECORD_LINES)
    if is_swapped := has_apostrophes(lines.held[:_SAMPLED_LINES]):
        lines.change(swapped_quotes)
    if is_wrapped(lines.held[:_SAMPLED_LINES]):
        lines.change(unwrapped_line)
    chosen = separator or (sep_line[1] if sep_line else guess_separator(lines.held[:_SAMPLED_LINES]))
    dialect = _dialect(_checked_separator(chosen), lines.held[:_SAMPLED_LINES])
    n_empty = _n_empty_columns(lines.held[:_SAMPLED_LINES], dialect.separator)
    if n_empty:
        lines.change(_without_end(dialect.separator * n_empty))
    head = _head(lines.held, dialect, budget)
    read = _read_below(lines, dialect, head, find_header(head.rows), budget)
    if is_swapped:
        cells = {column: changed_cells(read.frame[column], one_by_one(swapped_quotes)) for column in read.frame}
        read = replace(read, frame=pd.DataFrame(cells, read.frame.index).rename(columns=swapped_quotes))
    return replace(read, notes=[*read.notes, EMPTY_COLUMNS(n_empty)]) if n_empty else read


def _read_below(lines: Lines, dialect: Dialect, head: _Head, place: HeaderPlace, budget: FileBudget) -> Delimited:
    """Parse what stands below the header, and say what stands around it."""
    first_line = lines.n_forgotten + 1
    header, below = head.rows[place.row], head.rows[place.first_product :]
    note = _lengthen(header, below)
    budget.check_table(1, len(header))
    types, texts = column_types(below, len(header)), text_columns(below, len(header))
    rows = Rows(header, types, texts, budget, [head.rows[i] for i in place.naming], dialect.separator)
    for i in range(place.first_product):
        if i in place.products:
            rows.add(first_line + head.starts[i], head.rows[i])
        elif i != place.row and any(map(str.strip, head.rows[i])):
            text = ABOVE if i in place.above else NAMING
            shown = dialect.separator.join(head.rows[i]).strip(dialect.separator + " ")[:80]
            rows.notes.append(text(line=first_line + head.starts[i], text=shown))
    rows.notes += [note] if note else []
    own = first_line + head.starts[place.row]
    lines.forget(head.starts[place.first_product] if place.first_product < len(head.starts) else head.end)
    parse_records(lines, dialect, rows)
    frame, no_header = under_header(header, rows.frame(), phrase("Line {line}", line=own))
    starts = array("q", [own, *rows.starts]) if no_header else rows.starts
    frame = _without_unnamed_empty(frame, header)
    notes = [*rows.notes, no_header] if no_header else rows.notes
    row = None if no_header else own
    return Delimited(frame, starts, dialect.separator, row, rows.bad, rows.repaired, notes)


def _checked_separator(separator: str) -> str:
    separator = "\t" if separator == "\\t" else separator
    if len(separator) != 1 or separator in '"\r\n':
        raise CatalogError(
            phrase("{separator!r} cannot be used as a separator.", separator=separator),
            phrase("Use one character, such as a comma; \\t stands for a tab."),
        )
    return separator


def guess_separator(lines: Sequence[str]) -> str:
    """Return the separator that makes most known names of columns, or else cuts the first lines most evenly.

    Args:
        lines: the first ones; a comma is returned when nothing cuts them.
    """
    sample = [line for line in lines[:200] if line.strip()][:100]

    def quality(separator: str) -> tuple[int, float, int]:
        rows = [Dialect(separator).cells(line) for line in sample]
        named = max((len(known_fields(row[:_NAMED_CELLS])) for row in rows[:MAX_ABOVE] if len(row) > 1), default=0)
        if separator in RARE_DELIMITERS and named < 2:
            return 0, 0.0, 0
        widths = Counter(map(len, rows))
        width, count = widths.most_common(1)[0]
        return (named if named > 1 else 0), (count / len(rows) if width > 1 else 0.0), width

    return max(DELIMITERS + RARE_DELIMITERS, key=quality) if sample else ","


def _dialect(separator: str, lines: Sequence[str]) -> Dialect:
    """Return how cells are told apart: with a quote behind a space, too, where most lines have one."""
    spaced = sum(f'{separator} "' in line for line in lines)
    return Dialect(separator, separator != " " and spaced > len(lines) / 2)


def _n_empty_columns(lines: Sequence[str], separator: str) -> int:
    """Return how many separators end all lines that have many, where most lines do; 0 for a few."""
    filled = [line.rstrip("\r\n") for line in lines if line.strip(separator + "\r\n")]
    wide = [line for line in filled if line.count(separator) >= _MANY_EMPTY]
    n = min((len(line) - len(line.rstrip(separator)) for line in wide), default=0)
    return n if n >= _MANY_EMPTY and len(wide) >= len(filled) / 2 else 0


def _without_end(separators: str) -> Callable[[str], str]:
    """Return what takes these separators away from the end of a line."""

    def change(line: str) -> str:
        text = line.rstrip("\r\n")
        return text.removesuffix(separators) + line[len(text) :]

    return change


def _head(lines: Sequence[str], dialect: Dialect, budget: FileBudget) -> _Head:
    """Cut the first records, without knowing yet how wide they are; of one that is too wide the first cells."""
    head, most, n_cells = _Head([], [], 0), budget.budget.columns + 1, 0
    while head.end < len(lines) and len(head.rows) < _SAMPLED_LINES and n_cells < _SAMPLED_CELLS:
        line = lines[head.end]
        n = 1
        if line.strip():
            cells, n = _any_cells(lines, head.end, dialect)
            head.starts.append(head.end)
            head.rows.append(cells[:most])
            n_cells += len(head.rows[-1])
        head.end += n
    budget.check_table(1, statistics.median_low(map(len, head.rows)))
    return head


def _any_cells(lines: Sequence[str], start: int, dialect: Dialect) -> tuple[list[str], int]:
    line = lines[start]
    if '"' not in line:
        return dialect.plain_cells(line), 1
    try:
        return dialect.quoted_cells(lines[start : start + MAX_RECORD_LINES + 1])
    except csv.Error:
        return dialect.cells(line), 1


def _lengthen(header: list[str], below: Sequence[Sequence[str]]) -> str:
    """Give the header the cells that it lacks where most rows have more, filled ones; return what to say of it."""
    widths = Counter(len(row) for row in below)
    width = widths.most_common(1)[0][0] if widths else 0
    named = len(header)
    wide = [row for row in below if len(row) == width]
    more = width - named
    if more <= 0 or widths[width] < 0.6 * len(below) or len(wide) < 2:
        return ""
    if sum(any(map(str.strip, row[named:])) for row in wide) <= len(wide) / 2:
        return ""
    counts = [row[0].strip() for row in wide]
    if more == 1 and _count_up(counts):
        header.insert(0, "")  # as programs write that number the rows without naming the numbers
        names = "column 1"
    else:
        header += [""] * more
        names = ", ".join(f"column {n}" for n in range(named + 1, width + 1))
    return WIDER(n=width, named=named, names=names)


def _count_up(cells: Sequence[str]) -> bool:
    """Return whether cells are numbers that count up from 0 or 1, as they do where a program counts the rows."""
    if not all(cell.isdecimal() and len(cell) < _COUNT_DIGITS for cell in cells):
        return False
    numbers = list(map(int, cells))
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _without_unnamed_empty(frame: pd.DataFrame, header: Sequence[str]) -> pd.DataFrame:
    """Drop columns at the end without name and cells: a separator behind each line made them."""
    width = len(header)
    while width > 1 and not header[width - 1].strip() and not frame.iloc[:, width - 1].str.strip().any():
        width -= 1
    return frame.iloc[:, :width]
