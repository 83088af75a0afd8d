"""CSV and its relatives, with the care that real exports need."""

import csv
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from prodsim.catalog.facts import BadLine
from prodsim.catalog.headers import under_header
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

if TYPE_CHECKING:
    import pyarrow as pa

DELIMITERS = ",;\t|"
MAX_CELL = 1_000_000
"""Characters in a cell; a longer one is no product's text but a broken quote or a file inside a cell."""
MAX_RECORD_LINES = 500
"""Lines one record may span; an unclosed quote would swallow the rest of the file."""
MAX_ABOVE = 20
"""Lines looked through for the header."""
_PIECE = 16_384
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*')

csv.field_size_limit(min(2**31 - 1, 10**9))


class _TooLong(Exception):
    """A record spans too many lines."""


class _Text:
    """A text's physical lines, cut when asked for: a list of them would take the text's memory again."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends = re.finditer(r"\r\n?|\n" if "\r" in text else "\n", text)  # ten times as quick where one will do
        self._ends = array("q", (match.end() for match in ends))
        if len(text) > (self._ends[-1] if self._ends else 0):
            self._ends.append(len(text))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        return self._text[self._ends[number - 1] if number else 0 : self._ends[number]]

    def between(self, begin: int, end: int) -> list[str]:
        """Return the lines from one on and before another, as far as there are any."""
        return [self[number] for number in range(begin, min(end, len(self)))]


@dataclass(slots=True)
class _Lines:
    """The physical lines from one on, counted, and stopped when one record takes too many."""

    lines: _Text
    next: int = 0
    taken: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.next >= len(self.lines):
            raise StopIteration
        if len(self.taken) > MAX_RECORD_LINES:
            raise _TooLong
        line = self.lines[self.next]
        self.next += 1
        self.taken.append(line)
        return line


@dataclass(slots=True)
class _Records:
    """Good records as columns, and the bad lines."""

    width: int
    starts: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    pieces: list[list["pa.Array"]] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    def add(self, start: int, cells: list[str]) -> None:
        """Keep a record; many rows at a time become columns, which take a fraction of the memory."""
        self.starts.append(start)
        self.rows.append(cells)
        if len(self.rows) == _PIECE:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self.pieces.append([pa.array(column, pa.large_string()) for column in zip(*self.rows, strict=True)])
        self.rows = []

    def frame(self) -> pd.DataFrame:
        """Return the good records as text, under the columns' numbers."""
        import pyarrow as pa

        if self.rows:
            self._flush()
        columns = [pa.chunked_array([piece[i] for piece in self.pieces], pa.large_string()) for i in range(self.width)]
        text = {pa.large_string(): pd.StringDtype(na_value=np.nan)}
        frame: pd.DataFrame = pa.table(columns, [*map(str, range(self.width))]).to_pandas(types_mapper=text.get)
        return frame.set_axis(range(self.width), axis=1)


def read_delimited(
    text: str, separator: str | None, name: str
) -> tuple[pd.DataFrame, list[int], str, list[BadLine], list[str]]:
    """Parse a delimited text whose first line that is not empty is the header, unless it is a product already.

    A line with another number of cells than the header, a zero byte, an overlong cell, or a quote that is not closed
    within the record is kept out and told; an unclosed quote costs its own line, not those behind it.

    Returns:
        The cells, the line number of each row, the separator used, the bad lines, and a note where there is no header.

    Raises:
        CatalogError: there is no header, or nothing below it.
    """
    lines = _Text(text)
    first = next((i for i in range(len(lines)) if lines[i].strip()), None)
    if first is None:
        raise CatalogError(phrase("{name} contains only empty lines.", name=name), phrase("Export the catalog again."))
    sep_line = _SEPARATOR_LINE.fullmatch(lines[first].lstrip("\ufeff"))  # a line that spreadsheets read and write
    first += bool(sep_line)
    used = _checked_separator(
        separator or (sep_line[1] if sep_line else guess_separator(lines.between(first, first + 200)))
    )
    whole = takewhile(lambda line: line.count('"') % 2 == 0, lines.between(first, first + MAX_ABOVE))
    above = lines_above_header([next(csv.reader([line], delimiter=used), []) for line in whole])
    header, start = _header(lines, first + above, used, name)
    records = _Records(len(header))
    for number, line in enumerate(lines.between(first, first + above), first + 1):
        if line.strip():
            records.bad.append(BadLine(number, "it stands above the header", line[:80].rstrip("\r\n")))
    _parse(lines, start, used, records)
    own = first + above + 1
    frame, note = under_header(header, records.frame(), f"Line {own}")
    starts = [own, *records.starts] if note else records.starts
    return frame, starts, used, records.bad, [note] if note else []


def _checked_separator(separator: str) -> str:
    separator = "\t" if separator == "\\t" else separator
    if len(separator) != 1 or separator in '"\r\n':
        raise CatalogError(
            phrase("{separator!r} cannot be used as a separator.", separator=separator),
            phrase("Use one character, such as a comma; \\t stands for a tab."),
        )
    return separator


def lines_above_header(rows: list[list[str]]) -> int:
    """Count the first lines that stand above the header: those with one cell, where most lines have several."""
    several = [sum(bool(cell.strip()) for cell in row) > 1 for row in rows]
    return several.index(True) if 2 * sum(several) > len(several) else 0


def _header(lines: _Text, first: int, separator: str, name: str) -> tuple[list[str], int]:
    """Return the cells of the header, and the line behind it."""
    reader = _Lines(lines, first)
    try:
        header = next(csv.reader(reader, delimiter=separator), [])
        if reader.next == len(lines) and reader.next > first + 1:
            raise _TooLong
    except (_TooLong, csv.Error):
        raise CatalogError(
            phrase("{name}: a quote in the header (line {first}) is not closed.", name=name, first=first + 1),
            phrase("Correct the header."),
        ) from None
    return header, reader.next


def guess_separator(lines: list[str]) -> str:
    """Return the separator that cuts the first lines most evenly into the most cells; a comma when none cuts."""
    sample = [line for line in lines[:200] if line.strip()][:100]

    def quality(separator: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator))
        except csv.Error:
            return 0.0, 0
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        return (count / sum(widths.values()) if width > 1 else 0.0), width

    return max(DELIMITERS, key=quality) if sample else ","


def _parse(lines: _Text, start: int, separator: str, records: _Records) -> None:
    source = _Lines(lines, start)
    reader = csv.reader(source, delimiter=separator)
    while True:
        begin, source.taken = source.next, []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLong, csv.Error):
            cells = []
        problem = _problem(cells, source.taken, separator, records.width)
        if problem is None:
            records.add(begin + 1, cells)
        elif problem:
            records.bad.append(BadLine(begin + 1, problem, lines[begin][:80].rstrip("\r\n")))
            if source.next > begin + 1:  # go on with the line behind the bad one
                source = _Lines(lines, begin + 1)
                reader = csv.reader(source, delimiter=separator)


def _problem(cells: list[str], taken: list[str], separator: str, width: int) -> str | None:
    """Return why a record is bad; ``None`` when it is good, ``""`` when it is an empty line."""
    if len(taken) == 1 and not taken[0].strip():
        return ""
    if len(taken) > 1 and (len(cells) != width or _swallowed(taken, separator, width)):
        return "a quote is opened and not closed"
    if len(cells) != width:
        return f"it has {len(cells)} cells, the header has {width}"
    record = "".join(taken)  # one string, looked through before its many cells are
    if len(record) > MAX_CELL and (longest := max(map(len, cells))) > MAX_CELL:
        return overlong(longest)
    if "\0" in record:
        return "it holds a zero byte"
    return None


def overlong(length: int) -> str:
    """Return what to say of a cell with so many characters."""
    return f"a cell has {length:,} characters, more than {MAX_CELL:,}"


def _swallowed(taken: list[str], separator: str, width: int) -> bool:
    """Return whether a record of several lines holds a line that is a whole record of its own."""
    if width < 3:
        return False
    whole = (line for line in taken[1:] if line.count('"') % 2 == 0)  # a line that closes the record has an odd quote
    try:
        return any(len(next(csv.reader([line], delimiter=separator), [])) == width for line in whole)
    except csv.Error:
        return False
