"""Reading catalog files of any usual kind into one table of text."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person overrides; ``None`` means: guess, and say what was guessed.

    Attributes:
        encoding: text encoding such as ``"utf-8"`` or ``"gb18030"``.
        separator: one character between the cells of a line.
        sheet: name of the sheet of a workbook.
        member: path of the file inside a zip.
    """

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is kept out: its number in the file (from 1), why, and its beginning."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """What was read and how; shown to the person.

    Attributes:
        name: the file's name.
        format: ``csv``, ``xlsx``, ``json``, ``jsonl`` or ``parquet``.
        n_rows: rows kept.
        encoding, separator, sheet, member: what was used; ``None`` where it does not apply.
        sheets, members: what could be chosen instead.
        bad_lines: lines kept out, in file order.
    """

    name: str
    format: str
    n_rows: int
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    member: str | None = None
    members: tuple[str, ...] = ()
    bad_lines: tuple[BadLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's cells as text: ``frame`` has string columns in file order, ``""`` where a cell is empty.

    ``lines`` is the file line (or row number) of each row, int64, shape (n_rows,).
    """

    frame: pd.DataFrame
    facts: ReadFacts
    lines: "pd.Index[int]"


def read_table(path: Path, options: ReadOptions = ReadOptions()) -> RawTable:  # noqa: B008
    """Read a catalog file.

    Raises:
        CatalogError: the file is empty, broken, protected, or of an unknown kind.
    """
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=options.encoding or "utf-8")
    facts = ReadFacts(path.name, "csv", len(frame), options.encoding or "utf-8", ",")
    return RawTable(frame, facts, pd.Index(range(2, len(frame) + 2)))
