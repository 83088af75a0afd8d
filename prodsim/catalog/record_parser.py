"""The records below a header: well-formed ones quickly, others with the care that real exports need."""

import csv
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from prodsim.catalog.header_place import fits_type
from prodsim.catalog.lines import Lines
from prodsim.catalog.records import JOINED_LINES, MAX_RECORD_LINES, Dialect, cells_of_wrong_quotes, split_leniently
from prodsim.catalog.rows import JOINED, REQUOTED, Rows
from prodsim.phrases import Text, phrase

MAX_CELL = 1_000_000
"""Characters in a cell; a longer one is no product's text but a broken quote or a file inside a cell."""
_CAREFUL_LINES = 50
"""Lines behind one that needs care that are read with care, too: it is seldom alone."""
_PATIENCE = 100
"""Records with wrong quotes that may prove beyond repair before no more are looked for over several lines."""
OVERLONG = Text("a cell has {n:,} characters, more than {most:,}")


def parse_records(lines: Lines, dialect: Dialect, rows: Rows) -> None:
    """Add all records of the lines to the rows, some thousand lines at a time."""
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
            self.rows.leave_out(start, phrase("a quote is opened and not closed"), line)
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
        return phrase("it holds a zero byte")
    return None


def overlong(length: int) -> str:
    """Return what to say of a cell with so many characters."""
    return OVERLONG(n=length, most=MAX_CELL)
