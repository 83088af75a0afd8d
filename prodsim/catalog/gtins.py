"""Trade item numbers: EAN, UPC, GTIN and ISBN in one form, and what only looks like one."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

GtinFault = Literal["", "placeholder", "notation", "length", "check digit"]
"""Why a cell is no GTIN: no number, a spreadsheet's notation, a wrong length or check digit; ``""``: it is one."""

DIGITS = 14
"""Digits of the form in which all are compared."""
MIN_SIGNIFICANT = 6
"""Digits after the leading zeros; a number with fewer is a counter or a placeholder."""

_TEXT_CELL = re.compile(r'^=?"(.*)"$|^\'(.*)$', re.DOTALL)
_LABEL = re.compile(r"^\s*(?:isbn|ean|upc|gtin|jan)(?:[-\s]?1[0-4])?\s*[:#]?\s*", re.IGNORECASE)
_NOTATION = re.compile(r"\s*\d(?:[.,]\d+)?\s*e\s*\+?\s*\d{1,2}\s*", re.IGNORECASE)
_WHOLE = re.compile(r"[.,]0+$")
_SEPARATORS = re.compile(r"[\s\u00a0\-–.]+")
_LISTED = re.compile(r"[\s,;|/]+")
_ITEM = re.compile(r"\d{8,14}")
_ASCENDING = "01234567890123456789"
_DESCENDING = _ASCENDING[::-1]
_RUNS = " ".join((_ASCENDING, _ASCENDING[1:10] * 2, _DESCENDING, _DESCENDING[:9] * 2))
"""Digits that count up or down, where a filler is found as a part."""


def normal_gtin(cell: str) -> str:
    """Return the 14 digits of a valid EAN-8, UPC-12, EAN-13, GTIN-14, ISBN-10 or ISBN-13, else ``""``.

    All forms of one number give the same digits. Eleven digits are a UPC that lost its leading zero where the check
    digit says so. Placeholders such as 0000000000000 and 1234567890128 are none, though some have a right check digit.
    """
    return _read(cell)[0]


def gtin_fault(cell: str) -> GtinFault:
    """Return why a cell is no GTIN; ``""`` for a valid one and an empty cell."""
    return _read(cell)[1]


def lost_zero(cell: str) -> bool:
    """Return whether a GTIN has lost its leading zero, as spreadsheets do with numbers."""
    digits = _compact(cell)
    return len(digits) == 11 and digits.isdecimal() and normal_gtin(cell) != ""


def compact_gtin(cell: str) -> str:
    """Return the digits of a valid GTIN as they are in its cell, a lost zero put back; an ISBN may end in X."""
    return f"0{_compact(cell)}" if lost_zero(cell) else _compact(cell)


def comparable_gtin(cell: str) -> str:
    """Return one form of a valid GTIN, whichever it is written in: EAN-13, else EAN-8 or GTIN-14; ``""`` for others.

    UPC-12 is the EAN-13 that begins with 0, and ISBN-10 the one that begins with 978.
    """
    digits = normal_gtin(cell)
    if digits.startswith("000000"):
        return digits[-8:]
    return digits.removeprefix("0")


def gtins_in(cell: str) -> tuple[str, ...]:
    """Return the GTINs that a cell lists, the valid ones first, each in order; a cell that is no list as it is."""
    items = _LISTED.split(cell.strip())
    if len(items) < 2 or not all(map(_ITEM.fullmatch, items)):
        return (cell,)
    return tuple(sorted(dict.fromkeys(items), key=lambda item: normal_gtin(item) == ""))


def plain_eans(cells: Sequence[str]) -> NDArray[np.bool_]:
    """Return which cells are valid EAN-13 written as 13 digits, as nearly all are: shape (cells,), computed at once.

    A number that begins with 0 or may be a placeholder is left to the others' slower reading.
    """
    digits_only = [cell if len(cell) == 13 and cell.isascii() and cell.isdecimal() else "0" * 13 for cell in cells]
    digits = np.frombuffer("".join(digits_only).encode(), np.uint8).reshape(len(cells), 13).astype(np.int16) - ord("0")
    fits = (digits[:, ::2].sum(axis=1) + 3 * digits[:, 1::2].sum(axis=1)) % 10 == 0
    steps = np.diff(digits[:, :12], axis=1) % 10
    is_run = (steps == steps[:, :1]).all(axis=1)
    plain: NDArray[np.bool_] = fits & ~is_run & (digits[:, 0] != 0)
    return plain


@lru_cache(maxsize=100_000)
def _read(cell: str) -> tuple[str, GtinFault]:
    digits = _compact(cell)
    if not digits:
        return "", "placeholder" if cell.strip() else ""
    if _NOTATION.fullmatch(digits):
        return "", "notation"
    if len(digits) == 10 and (isbn13 := _isbn13(digits)):
        return f"0{isbn13}", ""
    if not digits.isdecimal():
        return "", "length" if any(map(str.isdecimal, digits)) else "placeholder"
    if is_placeholder(digits):
        return "", "placeholder"
    if len(digits) not in (8, 11, 12, 13, 14):
        return "", "length"
    padded = digits.zfill(12) if len(digits) == 11 else digits
    if not _check_digit_fits(padded):
        return "", "length" if len(digits) == 11 else "check digit"
    return padded.zfill(DIGITS), ""


def _isbn13(digits: str) -> str:
    """Return the 13 digits of an ISBN of 10; ``""`` for what is none."""
    from stdnum import isbn  # it imports ssl, which opening a catalog must not wait for

    return str(isbn.to_isbn13(digits)) if isbn.is_valid(digits) else ""


def _check_digit_fits(digits: str) -> bool:
    """Return whether the last digit is the check digit; stdnum's sum for EAN, which a million cells wait for."""
    numbers = [*map(int, reversed(digits))]
    return (sum(numbers[::2]) + 3 * sum(numbers[1::2])) % 10 == 0


def is_placeholder(digits: str) -> bool:
    """Return whether digits were typed to fill a field: one digit only, counting up or down, nearly all zeros."""
    body = digits[:-1]
    if len(set(body)) <= 1 or (len(digits) >= 8 and body in _RUNS):
        return True
    return len(digits) >= 8 and len(digits.lstrip("0")) < MIN_SIGNIFICANT


def _compact(cell: str) -> str:
    """Return a cell without what spreadsheets and people put around a number; a notation stays as it is."""
    if cell.isascii() and cell.isdecimal():
        return cell
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text.isdecimal():
        wrapped = _TEXT_CELL.match(text)
        text = (wrapped[1] if wrapped[1] is not None else wrapped[2]) if wrapped else text
        text = _LABEL.sub("", text).strip()
        if _NOTATION.fullmatch(text):
            return text
        text = _SEPARATORS.sub("", _WHOLE.sub("", text)).upper()
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
