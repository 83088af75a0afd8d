"""Prices as people write them."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from math import inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog.currencies import (
    LANGUAGE_CURRENCIES,
    THREE_DECIMALS,
    WITHOUT_DECIMALS,
)
from prodsim.catalog.price_cells import WrittenPrice, read_cell

MIN_MARK_RATIO = 4
"""How many times more cells must show one decimal mark than the other for the column to have one."""


def read_prices(
    cells: Iterable[str], *, currency: str = "", language: str = ""
) -> tuple[NDArray[np.float64], list[str]]:
    """Read amounts and currency codes from the cells of a column.

    Of a range such as "$12.99–$15" the lower bound is taken, and "2 for $5" is 2.50 each. "1,299.00", "1.299,00",
    "1 299,00" and "1'299" are the same kind of number: the last separator is the decimal one unless exactly three
    digits follow it and no other kind is there. Then the other cells of the column decide, else its currency and
    language. They also decide what $, ¥, kr and the like mean.

    Args:
        cells: of one column.
        currency: ISO code that the column's name gives, for the cells without one; ``""`` where it gives none.
        language: of the file, such as ``de`` or ``zh-TW``; ``""`` where it is not known.

    Returns:
        float64, shape (n,): NaN where empty, unreadable or negative; and the ISO code or ``""`` where none is written.
    """
    listed = list(cells)
    plain: dict[str, float] = {}
    written: dict[str, WrittenPrice] = {}
    for cell in dict.fromkeys(listed):
        amount = _plain_amount(cell)
        if amount is None:
            written[cell] = read_cell(cell)
        else:
            plain[cell] = amount
    decimal = _decimal_mark(plain, written.values(), currency, language)
    if decimal == ",":  # what looked like decimals are thousands: 1.299 among 12,99
        plain = {cell: _regrouped(cell, amount) for cell, amount in plain.items()}
    meant = _meant_codes(written.values(), currency, language)
    amounts = plain | {cell: _amount(own, decimal) for cell, own in written.items()}
    codes = dict.fromkeys(plain, currency) | {cell: _code(own, meant, currency) for cell, own in written.items()}
    return np.fromiter((amounts[cell] for cell in listed), np.float64, len(listed)), [codes[cell] for cell in listed]


def _plain_amount(cell: str) -> float | None:
    """Return what a number as computers write it says, NaN where it is no price; ``None`` for all other cells."""
    try:
        amount = float(cell)  # most cells are plain numbers
    except ValueError:
        return None
    return amount if 0 <= amount < inf and "_" not in cell else nan


def _regrouped(cell: str, amount: float) -> float:
    return amount * 1000 if cell.strip()[-4:-3] == "." else amount


def _code(written: WrittenPrice, meant: Mapping[tuple[str, ...], str], currency: str) -> str:
    if not written.codes:
        return currency if written.numbers else ""
    return meant[written.codes]


def _decimal_mark(plain: Mapping[str, float], written: Collection[WrittenPrice], currency: str, language: str) -> str:
    """Return the decimal mark that a column's numbers show, or its currency and language; ``""`` where none does."""
    shown = Counter(mark for own in written for number in own.numbers if (mark := _shown_mark(number)))
    pointed = [cell for cell in plain if "." in cell]
    grouped = sum(cell.strip()[-4:-3] == "." and cell[:1] != "0" for cell in pointed)
    shown["."] += len(pointed) - grouped
    for mark, other in ((",", "."), (".", ",")):
        if shown[mark] >= max(1, MIN_MARK_RATIO * shown[other]):
            return mark
    if shown["."] or shown[","] or not grouped:
        return ""
    # All points stand before three digits: they group where shops write so, or where small prices have no point.
    if currency in WITHOUT_DECIMALS or (language and _usual_mark(language) == ","):
        return ","
    whole = [amount for cell, amount in plain.items() if "." not in cell]
    return "," if grouped > 1 and whole and max(whole) < 1000 else ""


def _shown_mark(number: str) -> str:
    """Return the decimal mark of a number that leaves no doubt, else ``""``."""
    last = max(number.rfind(","), number.rfind("."))
    if last < 0:
        return ""
    mark, other = (",", ".") if number[last] == "," else (".", ",")
    if other in number:
        return mark
    if number.count(mark) > 1:
        return other
    return mark if len(number) - last - 1 != 3 or number[0] in "0.," else ""


@lru_cache(maxsize=64)
def _usual_mark(language: str) -> str:
    from babel import Locale, UnknownLocaleError  # reads locale data, which only unclear columns pay for

    try:
        symbols = Locale.parse(language.replace("-", "_")).number_symbols
    except (UnknownLocaleError, ValueError):
        return "."
    return str(symbols.get("latn", symbols).get("decimal", "."))


def _meant_codes(written: Collection[WrittenPrice], currency: str, language: str) -> dict[tuple[str, ...], str]:
    """Return what each sign with several meanings means in a column.

    The column's own currency decides, else the codes and clear signs of other cells, else the language, else how the
    amounts are written: yen have no decimals.
    """
    every = [own for own in written if own.codes]
    clear = Counter(own.codes[0] for own in every if len(own.codes) == 1)
    usual = LANGUAGE_CURRENCIES.get(language, ())
    meant = {}
    for codes in {own.codes for own in every}:
        ranked = [code for code, _ in clear.most_common() if code in codes]
        of_language = [code for code in usual if code in codes]
        choices = [*([currency] if currency in codes else []), *ranked, *of_language, codes[0]]
        meant[codes] = choices[0] if len(codes) > 1 else codes[0]
    return meant


def _amount(written: WrittenPrice, decimal: str) -> float:
    amounts = [_number(number, written, decimal) for number in written.numbers]
    if not amounts or not all(map(isfinite, amounts)):
        return nan
    return min(amounts) * written.factor / written.pieces


def _number(number: str, written: WrittenPrice, decimal: str) -> float:
    """Return the value of a number, NaN where its groups are none: 12.34.5."""
    last = max(number.rfind(","), number.rfind("."))
    if last < 0:
        return float(number)
    mark = _shown_mark(number)
    if not mark and not written.is_whole:
        own, code = number[last], next(iter(written.codes), "")
        if code in THREE_DECIMALS or (own == decimal and code not in WITHOUT_DECIMALS):
            mark = own
    whole, _, fraction = number.rpartition(mark) if mark and mark in number else (number, "", "")
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and not _is_grouped(groups):
        return nan
    return float(f"{''.join(groups) or 0}.{fraction or 0}")


def _is_grouped(groups: Sequence[str]) -> bool:
    """Return whether digits are grouped by thousands, in the Indian way (1,29,900) or by ten thousands."""
    first, *middle, last = groups
    sizes = {len(group) for group in middle}
    return (1 <= len(first) <= 3 and len(last) == 3 and sizes <= {2} | {3}) or (
        sizes | {len(last)} == {4} and len(first) <= 4
    )
