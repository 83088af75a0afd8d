"""From lines to cells: well-formed records, and those whose quotes are not."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

MAX_RECORD_LINES = 500
"""Lines one record may span; an unclosed quote would swallow the rest of the file."""
JOINED_LINES = 30
"""Lines that a record with wrong quotes is looked for in."""
_IN_APOSTROPHES = re.compile(r"'[^']*'(?:([,;\t|])'[^']*')(?:\1'[^']*')*")
_SWAPPED = str.maketrans("'\"", "\"'")

csv.field_size_limit(10**9)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart.

    Attributes:
        separator: one character.
        spaces: whether a space behind the separator belongs to neither cell, so that a quote may follow it.
    """

    separator: str
    spaces: bool = False

    def plain_cells(self, line: str) -> list[str]:
        """Cut a line without quotes."""
        cells = line.rstrip("\r\n").split(self.separator)
        return [cell.lstrip(" ") for cell in cells] if self.spaces else cells

    def quoted_cells(self, lines: Sequence[str]) -> tuple[list[str], int]:
        """Cut the first record of some lines, and count its lines; raises ``csv.Error`` where its quotes are wrong."""
        reader = self.reader(lines)
        cells = next(reader)
        return cells, reader.line_num

    def reader(self, lines: Sequence[str]) -> "Reader":
        """Return a reader of well-formed records, which raises ``csv.Error`` where quotes are wrong."""
        return csv.reader(lines, delimiter=self.separator, strict=True, skipinitialspace=self.spaces)

    def cells(self, line: str) -> list[str]:
        """Cut one line, however its quotes stand."""
        if '"' not in line:
            return self.plain_cells(line)
        try:
            return self.quoted_cells([line])[0]
        except csv.Error:
            line = line.rstrip("\r\n")
            return split_leniently(line, self.separator) or self.plain_cells(line)


def is_wrapped(lines: Sequence[str]) -> bool:
    """Return whether nearly all lines are one quoted cell as a whole, with the record inside of it."""
    filled = [line for line in lines if line.strip()]
    wrapped = sum(unwrapped_line(line) != line for line in filled)
    return len(filled) > 1 and wrapped >= 0.9 * len(filled)


def has_apostrophes(lines: Sequence[str]) -> bool:
    """Return whether apostrophes stand around the cells in place of quotes, as around all of the first line."""
    filled = [line.strip() for line in lines if line.strip()]
    n_like = sum(line[0] == line[-1] == "'" for line in filled)
    return _IN_APOSTROPHES.fullmatch(filled[0]) is not None and n_like > len(filled) / 2


def swapped_quotes(text: str) -> str:
    """Return a text with quotes in place of apostrophes, and the other way round."""
    return text.translate(_SWAPPED)


def unwrapped_line(line: str) -> str:
    """Return the record inside of a line that is one quoted cell; any other line as it is."""
    text = line.rstrip("\r\n")
    if len(text) < 2 or text[0] != '"' or text[-1] != '"' or '"' in text[1:-1].replace('""', ""):
        return line
    if not any(separator in text for separator in ",;\t|"):
        return line
    return text[1:-1].replace('""', '"') + line[len(text) :]


def cells_of_wrong_quotes(lines: Sequence[str], dialect: Dialect, width: int) -> tuple[list[str], int] | None:
    """Find the record of ``width`` cells that begins on the first line, whose quotes are wrong, and count its lines.

    First the line alone, with quotes inside of quoted cells; then with those behind it, as far as none of them is a
    record of its own; then a quote that is never closed counts as none.

    Returns:
        ``None`` where there is no such record.
    """
    text = ""
    for n, line in enumerate(lines, start=1):
        if n > 1 and len(dialect.cells(line)) == width > 1:
            break
        text += line
        if cells := split_leniently(text.rstrip("\r\n"), dialect.separator, width):
            return cells, n
    cells = split_leniently(lines[0].rstrip("\r\n"), dialect.separator, width, unclosed=True)
    return (cells, 1) if cells else None


def split_leniently(text: str, separator: str, width: int | None = None, *, unclosed: bool = False) -> list[str] | None:
    """Cut a record whose quotes may stand inside of quoted cells; a cell ends at a quote before a separator.

    Args:
        text: the record, without its line end.
        separator: between the cells.
        width: how many cells there must be; ``None`` takes any number.
        unclosed: whether a quote at the beginning of a cell may be one that is never closed.

    Returns:
        The first way of as many cells, closing quotes that are not doubled tried first; ``None`` where there is none.
    """
    begun: list[_Begun] = [_Begun(0)]
    tried: set[tuple[int, int]] = set()
    ways: dict[int, list[tuple[str, int]]] = {}
    budget = 2000 + 4 * (width or 0)
    while begun and budget > 0:
        record = begun.pop()
        if (record.place, record.n) in tried:  # from there on the ways are the same, and all of them failed
            continue
        tried.add((record.place, record.n))
        budget -= 1
        if record.place not in ways:
            ways[record.place] = _next_cells(text, record.place, separator, unclosed or width is None)
        for cell, behind in reversed(ways[record.place]):
            longer = _Begun(behind, record.n + 1, cell, record)
            if behind > len(text):
                if width in (None, longer.n):
                    return longer.cells()
            elif width is None or longer.n < width:
                begun.append(longer)
    return None


@dataclass(frozen=True, slots=True)
class _Begun:
    """A record cut up to a place: its last cell, and the cells before; ways share their beginnings."""

    place: int
    n: int = 0
    cell: str = ""
    before: "_Begun | None" = None

    def cells(self) -> list[str]:
        """Return the cells from the first."""
        cells, way = [], self
        while way.before:
            cells.append(way.cell)
            way = way.before
        return cells[::-1]


def _next_cells(text: str, place: int, separator: str, unclosed: bool) -> list[tuple[str, int]]:
    """Return the ways to cut the next cell, the likeliest first, each with the place behind its separator."""
    begin = place
    while text[begin : begin + 1] == " " != separator:
        begin += 1
    end = text.find(separator, place)
    end = len(text) if end < 0 else end
    if text[begin : begin + 1] != '"':
        return [(text[place:end], end + 1)]
    closing = _closing_quotes(text, begin + 1, separator)
    ways = [(_unescaped(text[begin + 1 : quote]), behind) for quote, behind in closing]
    if unclosed or not closing:
        cell = text[place:end]
        if unclosed and cell.count('"') == 1:
            cell = cell.replace('"', "")
        ways += [(cell, end + 1)] if unclosed else []
    return ways


def _closing_quotes(text: str, start: int, separator: str) -> list[tuple[int, int]]:
    """Return the quotes that may close a cell, and the place behind the separator; single ones first, ten at most."""
    single: list[tuple[int, int]] = []
    doubled: list[tuple[int, int]] = []
    quote = text.find('"', start)
    while quote >= 0 and len(single) + len(doubled) < 10:
        behind = quote + 1
        while text[behind : behind + 1] == " " != separator:
            behind += 1
        if text[behind : behind + 1] in ("", separator):
            run = quote - start + 1 - len(text[start : quote + 1].rstrip('"'))
            is_single = run % 2 == 1 and text[quote - 1 : quote] != "\\"
            (single if is_single else doubled).append((quote, behind + 1))
            if is_single and text[behind + 1 : behind + 2] == '"':
                break  # a quote, a separator and a quote: that is where a cell ends
        quote = text.find('"', quote + 1)
    return single + doubled


def _unescaped(cell: str) -> str:
    return cell.replace('\\"', '"').replace('""', '"')
