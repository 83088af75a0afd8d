"""What reading a file tells about it."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person overrides; ``None`` means: guess, and say what was guessed.

    Attributes:
        encoding: text encoding such as ``"utf-8"`` or ``"gb18030"``.
        separator: one character between the cells of a line.
        sheet: name of the sheet of a workbook.
        member: path of the file inside a zip.
        locale: language of the texts, such as ``"en_US"`` or the code of a shop view, where the file has several.
    """

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    member: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is kept out: its number in the file (from 1), why, and its beginning."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class RepairedLine:
    """A line that is kept after a repair: its number in the file (from 1), what was done, and its beginning."""

    line: int
    repair: str
    text: str


@dataclass(frozen=True, slots=True)
class EncodingReading:
    """One way to read a file's bytes: the encoding, and a piece of text in it that the ways differ in."""

    encoding: str
    example: str


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """What was read and how; shown to the person.

    Attributes:
        name: the file's name.
        format: ``csv``, ``xlsx``, ``json``, ``jsonl``, ``parquet``, ``xml`` or ``html``.
        n_rows: rows kept.
        encoding, separator, sheet, member: what was used; ``None`` where it does not apply.
        sheets, members: what could be chosen instead.
        header_row: the line, or row of the sheet, that names the columns, from 1; ``None`` where none does.
        platform: the shop system that wrote the file, such as ``Shopify``; ``""`` where it is not recognised.
        locale, locales: the language whose columns are used, and those there are, where columns hold a text in several.
        view: the locale that was asked for by name; ``None`` where none was.
        readings: the likeliest readings of the bytes, the used one first, where the encoding is doubtful; else empty.
        bad_lines: lines kept out, in file order.
        repaired: lines kept after a repair, in file order.
        notes: further sentences the person should read.
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
    header_row: int | None = None
    platform: str = ""
    locale: str = ""
    locales: tuple[str, ...] = ()
    view: str | None = None
    readings: tuple[EncodingReading, ...] = ()
    bad_lines: tuple[BadLine, ...] = ()
    repaired: tuple[RepairedLine, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's cells as text.

    Attributes:
        frame: string columns in file order, ``""`` where a cell is empty; RangeIndex.
        facts: how it was read.
        lines: int64, shape (n_rows,): the line of the file (of a workbook: its row) that each row begins on.
    """

    frame: pd.DataFrame
    facts: ReadFacts
    lines: "pd.Index[int]"
