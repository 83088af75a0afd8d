"""CSV and its relatives, with the care that real exports need."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

import pandas as pd

from prodsim.catalog.facts import BadLine
from prodsim.catalog.headers import first_row_is_product, told_without_header
from prodsim.errors import CatalogError

SEPARATORS = ",;\t|"
MAX_CELL = 1_000_000
"""Characters in a cell; a longer one is no product's text but a broken quote or a file inside a cell."""
MAX_RECORD_LINES = 500
"""Lines one record may span; an unclosed quote would swallow the rest of the file."""
MAX_ABOVE = 20
"""Lines looked through for the header."""
_PIECE = 50_000
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*')

csv.field_size_limit(min(2**31 - 1, 10**9))


class _TooLong(Exception):
    """A record spans too many lines."""


@dataclass(slots=True)
class _Lines:
    """The physical lines from one on, counted, and stopped when one record takes too many."""

    lines: list[str]
    next: int = 0
    record_start: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.next >= len(self.lines):
            raise StopIteration
        if self.next - self.record_start > MAX_RECORD_LINES:
            raise _TooLong
        self.next += 1
        return self.lines[self.next - 1]


@dataclass(slots=True)
class _Records:
    """Good records as columns, and the bad lines."""

    width: int
    starts: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    pieces: list[pd.DataFrame] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    def add(self, start: int, cells: list[str]) -> None:
        """Keep a record; many rows at a time become a frame, which takes a fraction of the memory."""
        self.starts.append(start)
        self.rows.append(cells)
        if len(self.rows) == _PIECE:
            self.flush()

    def flush(self) -> None:
        """Turn the collected rows into a frame."""
        if self.rows:
            self.pieces.append(pd.DataFrame(self.rows, dtype="str"))
            self.rows = []


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
    lines = list(io.StringIO(text, newline=""))
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise CatalogError(f"{name} holds nothing but empty lines.", "Export the catalog again.")
    told = _SEPARATOR_LINE.fullmatch(lines[first].lstrip("\ufeff"))  # a line that spreadsheets read and write
    first += bool(told)
    used = _checked_separator(separator or (told[1] if told else guess_separator(lines[first:])))
    whole = takewhile(lambda line: line.count('"') % 2 == 0, lines[first : first + MAX_ABOVE])
    above = lines_above_header([next(csv.reader([line], delimiter=used), []) for line in whole])
    header, start = _header(lines, first + above, used, name)
    records = _Records(len(header))
    for number, line in enumerate(lines[first : first + above], first + 1):
        if line.strip():
            records.bad.append(BadLine(number, "it stands above the header", line[:80].rstrip("\r\n")))
    _parse(lines, start, used, records)
    records.flush()
    frame = (
        pd.concat(records.pieces, ignore_index=True)
        if records.pieces
        else pd.DataFrame(columns=range(len(header)), dtype="str")
    )
    if not first_row_is_product(header, frame):
        frame.columns = pd.Index(unique_names(header))
        return frame, records.starts, used, records.bad, []
    frame = pd.concat([pd.DataFrame([header], dtype="str"), frame], ignore_index=True)
    frame.columns = pd.Index(unique_names([""] * len(header)))
    own = first + above + 1
    note = told_without_header(len(header), f"Line {own}")
    return frame, [own, *records.starts], used, records.bad, [note]


def _checked_separator(separator: str) -> str:
    separator = "\t" if separator == "\\t" else separator
    if len(separator) != 1 or separator in '"\r\n':
        raise CatalogError(
            f"{separator!r} cannot separate cells.", "Give one character, such as a comma; \\t stands for a tab."
        )
    return separator


def lines_above_header(rows: list[list[str]]) -> int:
    """How many of the first lines stand above the header: those with one cell, where most lines have several."""
    several = [sum(bool(cell.strip()) for cell in row) > 1 for row in rows]
    return several.index(True) if 2 * sum(several) > len(several) else 0


def _header(lines: list[str], first: int, separator: str, name: str) -> tuple[list[str], int]:
    """The cells of the header, and the line behind it."""
    reader = _Lines(lines, first, first)
    try:
        header = next(csv.reader(reader, delimiter=separator), [])
        if reader.next == len(lines) and reader.next > first + 1:
            raise _TooLong
    except (_TooLong, csv.Error):
        raise CatalogError(
            f"{name}: a quote in the header (line {first + 1}) is not closed.", "Mend the first line."
        ) from None
    return header, reader.next


def guess_separator(lines: list[str]) -> str:
    """The separator that cuts the first hundred lines most evenly into the most cells; a comma when none cuts."""
    sample = [line for line in lines[:200] if line.strip()][:100]

    def quality(separator: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator))
        except csv.Error:
            return 0.0, 0
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        return (count / sum(widths.values()) if width > 1 else 0.0), width

    return max(SEPARATORS, key=quality) if sample else ","


def unique_names(header: list[str]) -> list[str]:
    """Column names without surrounding space; empty ones get their number, repeated ones a count."""
    names: dict[str, None] = {}
    for number, cell in enumerate(header, start=1):
        name = " ".join(cell.replace("\ufeff", "").replace("\0", "").split())[:200] or f"column {number}"
        taken, count = name, 1
        while name in names:
            count += 1
            name = f"{taken} ({count})"
        names[name] = None
    return list(names)


def _parse(lines: list[str], start: int, separator: str, records: _Records) -> None:
    source = _Lines(lines, start, start)
    reader = csv.reader(source, delimiter=separator)
    while True:
        begin = source.record_start = source.next
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLong, csv.Error):
            cells = []
        problem = _problem(cells, lines[begin : source.next], separator, records.width)
        if problem is None:
            records.add(begin + 1, cells)
        elif problem:
            records.bad.append(BadLine(begin + 1, problem, lines[begin][:80].rstrip("\r\n")))
            if source.next > begin + 1:  # go on with the line behind the bad one
                source = _Lines(lines, begin + 1, begin + 1)
                reader = csv.reader(source, delimiter=separator)


def _problem(cells: list[str], taken: list[str], separator: str, width: int) -> str | None:
    """Why a record is bad; ``None`` when it is good, ``""`` when it is an empty line."""
    if len(taken) == 1 and not taken[0].strip():
        return ""
    if len(taken) > 1 and (len(cells) != width or _swallowed(taken, separator, width)):
        return "a quote is opened and not closed"
    if len(cells) != width:
        return f"it has {len(cells)} cells, the header has {width}"
    longest = max(map(len, cells))
    if longest > MAX_CELL:
        return overlong(longest)
    if any("\0" in cell for cell in cells):
        return "it holds a zero byte"
    return None


def overlong(length: int) -> str:
    """What to say of a cell with so many characters."""
    return f"a cell has {length:,} characters, more than {MAX_CELL:,}"


def _swallowed(taken: list[str], separator: str, width: int) -> bool:
    """Whether a record of several lines holds a line that is a whole record of its own."""
    if width < 3:
        return False
    whole = (line for line in taken[1:] if line.count('"') % 2 == 0)  # a line that closes the record has an odd quote
    try:
        return any(len(next(csv.reader([line], delimiter=separator), [])) == width for line in whole)
    except csv.Error:
        return False
