"""Rows of one width out of records of any, and what is said of those that did not fit."""

import re
from array import array
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.facts import BadLine, RepairedLine
from prodsim.catalog.header_place import fits_type, is_rule
from prodsim.phrases import Plural, Text, phrase

if TYPE_CHECKING:
    import pyarrow as pa

PIECE = 4096
"""Rows that become columns together: as such they take a fraction of the memory."""
LISTED_REPAIRS = 1000
"""Repairs of one kind that are listed line by line; of further ones the number is said."""
LISTED_LINES = 10
MOST_MERGED = 100
"""Separators too many from which on a record is not looked through for a text that they may belong to."""
MOST_TOTALS = 5
"""Rows at the end among which totals are looked for."""

PADDED = Plural(
    "It has {n} cell, {width} were expected; the others count as empty.",
    "It has {n} cells, {width} were expected; the others count as empty.",
)
TRIMMED = Plural(
    "It ends with {n} separator too many, without a value behind it.",
    "It ends with {n} separators too many, without values behind them.",
)
MERGED = Text("A separator inside a text was not quoted: “{text}” counts as one cell.")
JOINED = Plural(
    "A line end inside a text was not quoted; {n} line counts as one record.",
    "A line end inside a text was not quoted; {n} lines count as one record.",
)
REQUOTED = Text("Its quotes were wrong; the cells were told apart by their number.")
MORE_REPAIRS = Plural(
    "{n:,} further line was repaired in the same way as line {line}: {repair}",
    "{n:,} further lines were repaired in the same way as line {line}: {repair}",
)
REPEATED_HEADERS = Plural(
    "The header is repeated on line {lines}; this line is left out.",
    "The header is repeated on {n:,} lines ({lines}); they are left out.",
)
EMPTY_RECORDS = Plural(
    "{n:,} line consists of separators only and is left out.",
    "{n:,} lines consist of separators only and are left out.",
)
TOTALS = Text("Line {line} is a total or a remark at the end, not a product, and is left out: “{text}”.")

_TOTAL = re.compile(
    r"\W*(?:(?:sub|grand[ -]?)?totals?|sum|summe|gesamt\w*|insgesamt|zwischensumme|total[ei]?s? g[eé]n[eé]ral\w*|totale|totaux|totaal|"
    r"suma|razem|ogółem|celkem|spolu|összesen|итого|всего|разом|усього|toplam|genel toplam|σύνολο|"
    r"סה\W?כ|المجموع|الإجمالي|合计|总计|小计|合計|總計|総計|합계|총계|tổng(?: cộng)?|รวม(?:ทั้งหมด)?|jumlah)\b",
    re.IGNORECASE,
)
_TOTAL_ALONE = re.compile(_TOTAL.pattern + r"\W*", re.IGNORECASE)
_REMARK = re.compile(
    r"\W*(?:\d[\d.,]* (?:rows?|products?|items?|records?|results?|lines?|Produkte?|Artikel|Zeilen|produits?|articles?|lignes|"
    r"productos|filas|prodotti|righe|produkt\w+|wierszy|товар\w*|строк\w*|позици\w*|件|行|个商品|條)\b.*|"
    r"(?:end of (?:file|report|export|list)|eof|ende|fin|exported (?:on|at|by|from)|generated (?:on|at|by)|created (?:on|by)|"
    r"erstellt am|stand:|exportiert am|printed|page \d+|seite \d+).*)",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"\s*\d+,\d{1,2}\D{0,4}")


@dataclass(slots=True)
class Rows:
    """Rows of one width as columns, and what is said of the records that they were made of.

    Attributes:
        header: the cells that name the columns; a row like it, or like one of ``naming``, is a repeated header.
        types, texts: of each column, as ``column_types`` and ``text_columns`` return them; they decide where an
            unquoted separator belongs.
        budget: what the file may take.
        joint: the separator.
        starts: the line each row begins on.
    """

    header: Sequence[str]
    types: Sequence[str]
    texts: Sequence[bool]
    budget: FileBudget
    naming: Sequence[Sequence[str]] = ()
    joint: str = ","
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    bad: list[BadLine] = field(default_factory=list)
    repaired: list[RepairedLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_empty: int = 0
    n_bytes: int = 0
    _pending: list[list[str]] = field(default_factory=list)
    _pieces: list[list["pa.Array"]] = field(default_factory=list)
    _last: "deque[list[str]]" = field(default_factory=lambda: deque(maxlen=MOST_TOTALS))
    _repeated: list[int] = field(default_factory=list)
    _n_repairs: "Counter[str]" = field(default_factory=Counter)
    _examples: dict[str, RepairedLine] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Return the number of cells of a row."""
        return len(self.header)

    def add(self, start: int, cells: list[str]) -> None:
        """Keep a row of the right width, unless it repeats the header."""
        if cells[0] == self.header[0] and self._is_header(cells):
            self._repeated.append(start)
            return
        if not (cells[0] or any(map(str.strip, cells))):
            self.n_empty += 1
            return
        self.starts.append(start)
        self._pending.append(cells)
        if len(self._pending) == PIECE:
            self._flush()

    def add_repaired(self, start: int, cells: list[str], repair: str, line: str) -> None:
        """Keep a row that was made of a record that did not fit."""
        self._tell_repair(repair, RepairedLine(start, repair, _beginning(line)))
        self.add(start, cells)

    def add_misfit(self, start: int, cells: list[str], line: str) -> None:
        """Make a row of a record of another width, or leave it out and say why."""
        n, width = len(cells), self.width
        if not any(map(str.strip, cells)):
            self.n_empty += 1
        elif n < width:
            self._keep(start, cells + [""] * (width - n), PADDED(n, width=width), "padded", line)
        elif not any(map(str.strip, cells[width:])):
            self._keep(start, cells[:width], TRIMMED(n - width), "trimmed", line)
        elif merged := self._merged(cells):
            row, text = merged
            self._keep(start, row, MERGED(text=text[:60]), "merged", line)
        else:
            self.leave_out(start, phrase("it has {n} cells, the header has {width}", n=n, width=width), line)

    def leave_out(self, start: int, reason: str, line: str) -> None:
        """Keep a record out."""
        self.bad.append(BadLine(start, reason, _beginning(line)))

    def _keep(self, start: int, cells: list[str], repair: str, kind: str, line: str) -> None:
        self._tell_repair(kind, RepairedLine(start, repair, _beginning(line)))
        self.add(start, cells)

    def _tell_repair(self, kind: str, repaired: RepairedLine) -> None:
        self._n_repairs[kind] += 1
        self._examples.setdefault(kind, repaired)
        if self._n_repairs[kind] <= LISTED_REPAIRS:
            self.repaired.append(repaired)

    def _is_header(self, cells: list[str]) -> bool:
        return cells == self.header or (cells in self.naming and len(list(filter(None, cells))) > 1)

    def _merged(self, cells: list[str]) -> tuple[list[str], str] | None:
        """Put the pieces of a text together that an unquoted separator cut, where only one place fits."""
        n_more = len(cells) - self.width
        if n_more > MOST_MERGED:
            return None
        fitting = []
        for place in range(self.width):
            pieces = cells[place : place + n_more + 1]
            is_amount = self.types[place] == "number" and _DECIMAL.fullmatch(self.joint.join(pieces))
            is_text = not self.types[place] and (self.texts[place] or self.width == 1)
            if not (is_amount or is_text):
                continue
            rest = [*cells[:place], "", *cells[place + n_more + 1 :]]
            if all(map(fits_type, rest, self.types)) and all(map(str.strip, pieces)):
                fitting.append((place, pieces))
        if len(fitting) > 1:  # a comma in a text stands before a space, one between cells does not
            spaced = [(place, p) for place, p in fitting if all(piece[0] == " " for piece in p[1:])]
            outside = [c for place, p in spaced for c in cells[:place] + cells[place + len(p) :]]
            fitting = spaced if not any(cell[:1] == " " for cell in outside) else []
        if len(fitting) != 1:
            return None
        place, pieces = fitting[0]
        text = self.joint.join(pieces)
        return [*cells[:place], text, *cells[place + n_more + 1 :]], text

    def _flush(self) -> None:
        import pyarrow as pa

        self.budget.check_table(len(self.starts), self.width)
        self._last.extend(self._pending[-MOST_TOTALS:])
        self._pieces.append([pa.array(column, pa.large_string()) for column in zip(*self._pending, strict=True)])
        self._pending = []
        self.n_bytes += sum(column.nbytes for column in self._pieces[-1])
        self.budget.check_text(self.n_bytes)

    def frame(self) -> pd.DataFrame:
        """Return the rows as text, under the columns' numbers; totals at the end are left out, and all is told."""
        import pyarrow as pa

        if self._pending:
            self._flush()
        width = range(self.width)
        columns = [pa.chunked_array([piece[i] for piece in self._pieces], pa.large_string()) for i in width]
        n_totals = self._n_totals()
        table = pa.table(columns, [*map(str, width)]).slice(0, len(self.starts) - n_totals)
        self.starts = self.starts[: len(table)]
        self._tell()
        text = {pa.large_string(): pd.StringDtype(na_value=np.nan)}
        frame: pd.DataFrame = table.to_pandas(types_mapper=text.get)
        return frame.set_axis(width, axis=1)

    def _n_totals(self) -> int:
        """Count the rows at the end that are totals or remarks, and say so."""
        n = 0
        rows = list(self._last)
        if len(self.starts) < 2:
            return 0
        typical = float(np.median([sum(map(bool, map(str.strip, row))) for row in rows]))
        for row in reversed(rows[-(len(self.starts) - 1) :]):
            if not is_total(row, max(typical, 2)):
                break
            n += 1
            self.repaired = [repaired for repaired in self.repaired if repaired.line != self.starts[-n]]
            self.notes.append(TOTALS(line=self.starts[-n], text=self._shown(row)))
        return n

    def _shown(self, row: Sequence[str]) -> str:
        return self.joint.join(filter(None, map(str.strip, row)))[:80]

    def _tell(self) -> None:
        if self._repeated:
            self.notes.append(REPEATED_HEADERS(len(self._repeated), lines=listed(self._repeated)))
        if self.n_empty:
            self.notes.append(EMPTY_RECORDS(self.n_empty))
        for kind, n in self._n_repairs.items():
            if n > LISTED_REPAIRS:
                example = self._examples[kind]
                self.notes.append(MORE_REPAIRS(n - LISTED_REPAIRS, line=example.line, repair=example.repair))


def listed(places: Sequence[int | str], most: int = LISTED_LINES) -> str:
    """Return the numbers of lines, or the names of cells, as people write them; of many the first, and how many more."""
    shown = ", ".join(map(str, places[:most]))
    n_more = len(places) - most
    return phrase("{lines} and {n:,} more", lines=shown, n=n_more) if n_more > 0 else shown


def is_total(row: Sequence[str], typical: float) -> bool:
    """Return whether a row at the end is a total or a remark.

    Args:
        row: its cells.
        typical: how many cells of the rows around it are filled.
    """
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled:
        return True
    if len(filled) == 1 and len(row) > 1:
        return bool(_TOTAL.match(filled[0]) or _REMARK.fullmatch(filled[0]) or is_rule(filled))
    if _TOTAL_ALONE.fullmatch(filled[0]):
        return len(filled) < typical or len(filled) <= 3
    return bool(_TOTAL.match(filled[0])) and len(filled) <= typical / 2


def _beginning(line: str) -> str:
    return line[:80].rstrip("\r\n")
