"""CSV and its relatives, with the care that real exports need."""

import csv
import re
import statistics
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pandas as pd

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.facts import BadLine, RepairedLine
from prodsim.catalog.header_place import (
    MAX_ABOVE,
    HeaderPlace,
    column_types,
    find_header,
    fits_type,
    known_fields,
    text_columns,
)
from prodsim.catalog.headers import under_header
from prodsim.catalog.lines import Lines
from prodsim.catalog.records import (
    JOINED_LINES,
    MAX_RECORD_LINES,
    Dialect,
    cells_of_wrong_quotes,
    is_wrapped,
    split_leniently,
    unwrapped_line,
)
from prodsim.catalog.rows import JOINED, REQUOTED, Rows
from prodsim.errors import CatalogError
from prodsim.phrases import Plural, Text, phrase

DELIMITERS = ",;\t|"
RARE_DELIMITERS = "^~¦\x1f\x01"
"""Separators that are believed only where they make known names of columns."""
MAX_CELL = 1_000_000
"""Characters in a cell; a longer one is no product's text but a broken quote or a file inside a cell."""
_SAMPLED_LINES = 400
_SAMPLED_CELLS = 200_000
"""Cells of the first records from which on no more of these are looked at."""
_NAMED_CELLS = 1000
"""Cells of a line that are looked at for names of columns before it is known whether it has columns."""
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_MANY_EMPTY = 100
"""Separators behind the last name and value from which on they make no columns: programs write their whole width."""
_CAREFUL_LINES = 50
"""Lines behind one that needs care that are read with care, too: it is seldom alone."""
_PATIENCE = 100
"""Records with wrong quotes that may prove beyond repair before no more are looked for over several lines."""

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
    if is_wrapped(lines.held[:_SAMPLED_LINES]):
        lines.change(unwrapped_line)
    chosen = separator or (sep_line[1] if sep_line else guess_separator(lines.held[:_SAMPLED_LINES]))
    dialect = _dialect(_checked_separator(chosen), lines.held[:_SAMPLED_LINES])
    n_empty = _n_empty_columns(lines.held[:_SAMPLED_LINES], dialect.separator)
    if n_empty:
        lines.change(_without_end(dialect.separator * n_empty))
    head = _head(lines.held, dialect, budget)
    read = _read_below(lines, dialect, head, find_header(head.rows), budget)
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
    _parse(lines, dialect, rows)
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
    """Return whether quotes stand behind spaces, too."""
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
    if more == 1 and all(map(str.isdecimal, counts)) and len(set(counts)) == len(counts) and _shifted_fit(header, wide):
        header.insert(0, "")  # as programs write that number the rows without naming the numbers
        names = "column 1"
    else:
        header += [""] * more
        names = ", ".join(f"column {n}" for n in range(named + 1, width + 1))
    return WIDER(n=width, named=named, names=names)


def _shifted_fit(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the rows' numbers count up, as they do where a program counts them."""
    numbers = [int(row[0]) for row in rows]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)


def _without_unnamed_empty(frame: pd.DataFrame, header: Sequence[str]) -> pd.DataFrame:
    """Drop columns at the end without name and cells: a separator behind each line made them."""
    width = len(header)
    while width > 1 and not header[width - 1].strip() and not frame.iloc[:, width - 1].str.strip().any():
        width -= 1
    return frame.iloc[:, :width]


def _parse(lines: Lines, dialect: Dialect, rows: Rows) -> None:
    """Read all records, some thousand lines at a time."""
    mender = _Mender(dialect, rows)
    while lines.fill(1):
        is_more = lines.fill(MAX_RECORD_LINES + 1)
        end = len(lines.held) - MAX_RECORD_LINES if is_more else len(lines.held)
        lines.forget(_parse_held(lines.held, end, lines.n_forgotten + 1, mender))


def _parse_held(held: list[str], end: int, first_line: int, mender: "_Mender") -> int:
    """Read the records that begin before the line ``end``; return the line behind the last of them."""
    is_clean = mender.rows.width > 1 and max(map(len, held)) <= MAX_CELL and not any("\0" in line for line in held)
    i = 0
    while i < end:
        if is_clean:
            i = _parse_clean(held, i, end, first_line, mender)
        behind = min(i + _CAREFUL_LINES, end)
        while i < behind:
            i += mender.read(held, i, first_line + i)
    return i


def _parse_clean(held: list[str], i: int, end: int, first_line: int, mender: "_Mender") -> int:
    """Read well-formed records of the right width, quickly, up to the first that is none; return its line."""
    first, width, add = i, mender.rows.width, mender.rows.add
    reader = mender.dialect.reader(held[i:] if i else held)
    with suppress(csv.Error):
        for cells in reader:
            behind = first + reader.line_num
            if len(cells) != width or (behind > i + 1 and not mender.is_one_record(held[i:behind])):
                return i
            add(first_line + i, cells)
            i = behind
            if i >= end:
                break
    return i


@dataclass(slots=True)
class _Mender:
    """Reads the records that need care.

    Attributes:
        patience: how many more records may prove beyond repair before none is looked for over several lines.
    """

    dialect: Dialect
    rows: Rows
    patience: int = _PATIENCE

    def add(self, start: int, cells: list[str], line: str) -> None:
        """Add a record to the rows, unless it holds what no cell may."""
        if problem := _problem(cells):
            self.rows.leave_out(start, problem, line)
        elif len(cells) == self.rows.width:
            self.rows.add(start, cells)
        else:
            self.rows.add_misfit(start, cells, line)

    def read(self, held: list[str], i: int, start: int) -> int:
        """Add the record that begins on a line, which is number ``start``; return how many lines it takes."""
        line = held[i]
        if '"' not in line:
            return self._read_plain(held, i, start) if line.strip() else 1
        try:
            cells, n = self.dialect.quoted_cells([line])
        except csv.Error:
            try:
                cells, n = self.dialect.quoted_cells(held[i : i + MAX_RECORD_LINES])
            except csv.Error:
                return self._mend(held, i, start)
            if not self.is_one_record(held[i : i + n]):
                return self._mend(held, i, start)
        if len(cells) != self.rows.width and any('"' in cell for cell in cells):
            text = "".join(held[i : i + n]).rstrip("\r\n")
            if mended := split_leniently(text, self.dialect.separator, self.rows.width):
                self._requote(start, mended, line)
                return n
        self.add(start, cells, line)
        return n

    def _read_plain(self, held: list[str], i: int, start: int) -> int:
        """Add the record that begins on a line without quotes; return how many lines it takes."""
        cells = self.dialect.plain_cells(held[i])
        if len(cells) < self.rows.width and (joined := self._joined(held[i : i + JOINED_LINES], cells)):
            row, n = joined
            self.rows.add_repaired(start, row, JOINED(n), held[i])
            return n
        self.add(start, cells, held[i])
        return 1

    def _joined(self, lines: Sequence[str], row: list[str]) -> tuple[list[str], int] | None:
        """Join a record that line ends without quotes cut: behind it stand pieces that cannot be rows themselves."""
        width, types = self.rows.width, self.rows.types
        for n, line in enumerate(lines[1:], start=2):
            cells = self.dialect.plain_cells(line)
            if '"' in line or not line.strip() or len(row) + len(cells) - 1 > width or self._fits(cells):
                return None
            row = [*row[:-1], f"{row[-1]}\n{cells[0]}", *cells[1:]]
            if len(row) == width:
                return (row, n) if all(map(fits_type, row, types)) and _problem(row) is None else None
        return None

    def _fits(self, cells: Sequence[str]) -> bool:
        """Return whether cells can be the first of a row, by the types of their columns."""
        return all(map(fits_type, cells, self.rows.types))

    def _mend(self, held: list[str], i: int, start: int) -> int:
        """Add a record whose quotes are wrong; one beyond repair costs its first line only."""
        line = held[i]
        n_lines = JOINED_LINES if self.patience > 0 else 1
        mended = cells_of_wrong_quotes(held[i : i + n_lines], self.dialect, self.rows.width)
        if mended:
            self._requote(start, mended[0], line)
            return mended[1]
        self.patience -= 1
        cells = self.dialect.cells(line)
        if len(cells) < self.rows.width and line.count('"') % 2:
            self.rows.leave_out(start, "a quote is opened and not closed", line)
        else:
            self.add(start, cells, line)
        return 1

    def _requote(self, start: int, cells: list[str], line: str) -> None:
        if problem := _problem(cells):
            self.rows.leave_out(start, problem, line)
        else:
            self.rows.add_repaired(start, cells, REQUOTED(), line)

    def is_one_record(self, lines: Sequence[str]) -> bool:
        """Return whether a record of several lines is none that a quote, not closed, made of several records."""
        rows = self.rows
        if len(lines) > MAX_RECORD_LINES:
            return False
        if rows.width < 3 and not any(rows.types):
            return True
        for line in lines[1:]:
            if line.count('"') % 2 == 0 and len(cells := self.dialect.cells(line)) == rows.width:
                typed = [(cell, type_) for cell, type_ in zip(cells, rows.types, strict=True) if type_ and cell.strip()]
                if all(fits_type(*pair) for pair in typed) and (typed or not any(rows.types)):
                    return False
        return True


def _problem(cells: Sequence[str]) -> str | None:
    """Return why a record cannot be used, whatever its width; ``None`` when it can."""
    if (longest := max(map(len, cells), default=0)) > MAX_CELL:
        return overlong(longest)
    if any("\0" in cell for cell in cells):
        return "it holds a zero byte"
    return None


def overlong(length: int) -> str:
    """Return what to say of a cell with so many characters."""
    return f"a cell has {length:,} characters, more than {MAX_CELL:,}"
