"""Prices as people write them."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from math import inf, isfinite, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog.cell_words import multiples, price_units, price_words, several_words
from prodsim.catalog.currencies import (
    LANGUAGE_CURRENCIES,
    SIGNS,
    THREE_DECIMALS,
    WITHOUT_DECIMALS,
    code_of,
    codes_of_sign,
    written_code,
)
from prodsim.catalog.names import plain_name
from prodsim.text import clean_text

MAX_LENGTH = 80
"""Characters from which on a cell is a text, in which a number is no price."""
MIN_MARK_RATIO = 4
"""How many times more cells must show one decimal mark than the other for the column to have one."""

_NUMBER = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d[\d.,]*\d|\d|(?<!\d)[.,]\d+")
_NO_PRICE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4}|\d:\d\d|[@#_\\\\]|\d\s*/\s*\d+\s*/"
)
_PERCENT = re.compile(r"[-–−+]?\s*\d+(?:[.,]\d+)?\s*[%٪]")
_WHOLE = re.compile(r"(?<=\d)(?:[.,:]\s?[-–—]+|\s?/\s?-+|[.,](?=\s|$))")
_SPLIT = re.compile(r"(?<![\d.,])(\d{1,4})\s?[€£$]\s?(\d{2})(?![\d.,])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】")
_TIMES = re.compile(r"\d\s*[x×*✕]\s*(?=\D{0,3}\d)|[x×]\s*\d", re.IGNORECASE)
_RAND = re.compile(r"(?<![^\W\d_])R\s?(?=\d)")
_SPACES = re.compile("[ '’]")
_SPACED_DOLLAR = re.compile(r"(?<![^\W\d_])(us|au|ca|nz|hk|sg|nt|mx|tw)\s+(?=\$)", re.IGNORECASE)
_GLUED = re.compile(r"[A-Za-z][-–.]?\d")
"""Letters that are no currency, right before a digit: a code."""
_MARK = "¤"
"""Stands for a currency where its sign was."""
_AT_MARK = re.compile(rf"{_MARK}\s?({_NUMBER.pattern})|({_NUMBER.pattern})\s?{_MARK}")
_RANGE = re.compile(
    r"\d[\s¤]*(?:-|–|—|~|～|〜|至|to|bis|a|à|al|do|до|tot|til|till|ila|から|부터)[\s¤]*\d", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT_MARKS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "。": ".", "·": "."})
_JSON_AMOUNTS = ("amount", "value", "price", "net", "gross")
_JSON_CODES = ("currency", "currencyCode", "currency_code", "priceCurrency", "currencyId")


class _Written(NamedTuple):
    """What a cell says, before its column has decided what is unclear.

    Attributes:
        numbers: as written, without spaces.
        codes: currencies that the cell may mean, the likeliest first; several where its sign has several meanings.
        pieces: how many the amount is for.
        factor: of a number written short.
        is_whole: the cell says that no decimals follow, as "1.299,-" does.
    """

    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    pieces: int = 1
    factor: int = 1
    is_whole: bool = False


_UNREADABLE = _Written()


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
    written: dict[str, _Written] = {}
    for cell in dict.fromkeys(listed):
        amount = _plain_amount(cell)
        if amount is None:
            written[cell] = _read_text(cell)
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


def _code(written: _Written, meant: Mapping[tuple[str, ...], str], currency: str) -> str:
    if not written.codes:
        return currency if written.numbers else ""
    return meant[written.codes]


def _decimal_mark(plain: Mapping[str, float], written: Collection[_Written], currency: str, language: str) -> str:
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


def _meant_codes(written: Collection[_Written], currency: str, language: str) -> dict[tuple[str, ...], str]:
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


def _amount(written: _Written, decimal: str) -> float:
    amounts = [_number(number, written, decimal) for number in written.numbers]
    if not amounts or not all(map(isfinite, amounts)):
        return nan
    return min(amounts) * written.factor / written.pieces


def _number(number: str, written: _Written, decimal: str) -> float:
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


def _read_text(cell: str) -> _Written:
    text = _simplified(cell)
    if not text or len(text) > MAX_LENGTH or not any(map(str.isdecimal, text)):
        return _UNREADABLE
    if text[0] in "{[":
        return _read_json(text)
    simple = _read_simple(text)
    if simple:
        return simple
    if _NO_PRICE.search(text) or not all(map(_may_be_in_price, _WORD.findall(text))):
        return _UNREADABLE
    codes, rest = _split_currency(_without_notes(text))
    rest, pieces = _split_pieces(rest)
    if _TIMES.search(rest):
        return _Written(codes=codes)
    rest, factor = _split_factor(rest)
    is_whole = _WHOLE.search(rest) is not None
    rest = _WHOLE.sub("", rest)
    numbers = tuple(_SPACES.sub("", number) for number in _priced_numbers(rest))
    left = _NUMBER.sub(" ", rest)
    if not numbers or _GLUED.search(rest) or rest.lstrip(" (¤").startswith(("-", "−", "–")) or not _says_nothing(left):
        return _UNREADABLE
    return _Written(numbers, codes, pieces, factor, is_whole)


def _priced_numbers(text: str) -> list[str]:
    """Return the numbers of a text; of several that are no range those beside the currency: "1 Stück 12,99 €"."""
    numbers: list[str] = _NUMBER.findall(text)
    if len(numbers) > 1 and not _RANGE.search(text):
        priced = [before or after for before, after in _AT_MARK.findall(text)]
        return priced or numbers
    return numbers


def _simplified(cell: str) -> str:
    """Return a cell without markup, with ASCII digits, marks and single spaces."""
    text = clean_text(cell) if "&" in cell or "<" in cell else cell
    if "$" in text:
        text = _SPACED_DOLLAR.sub(r"\1", text)
    if text.isascii():
        return " ".join(text.split()).lstrip("'=").strip('"')
    text = unicodedata.normalize("NFKC", text).translate(_DIGIT_MARKS)
    text = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in text
        if unicodedata.category(sign) not in ("Cf", "Cc") or sign.isspace()
    )
    return " ".join(text.split()).lstrip("'=").strip('"')


def _read_json(text: str) -> _Written:
    """Read an object such as {"amount": "12.99", "currency": "EUR"}, or the first of a list of them."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _UNREADABLE
    if isinstance(value, list):
        value = value[0] if value else {}
    if not isinstance(value, dict):
        return (
            _read_text(str(value))
            if isinstance(value, int | float | str) and not isinstance(value, bool)
            else _UNREADABLE
        )
    amount = next((value[key] for key in _JSON_AMOUNTS if isinstance(value.get(key), int | float | str)), "")
    code = code_of(next((str(value[key]) for key in _JSON_CODES if value.get(key)), ""))
    read = _read_text(str(amount))
    return read._replace(codes=(code,)) if code and read.numbers else read


@lru_cache(maxsize=1)
def _simple() -> re.Pattern[str]:
    number = r"(\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    return re.compile(rf"([^\d\s.,\-–−]{{0,4}}\.?)\s?{number}\s?([^\d\s\-–/]{{0,5}})")


def _read_simple(text: str) -> _Written | None:
    """Read the usual form, a number with a sign or code before or behind it; ``None`` for all others."""
    match = _simple().fullmatch(text)
    if not match or (match[1] and match[3]):
        return None
    sign = match[1] or match[3]
    codes = codes_of_sign(sign) if sign else ()
    if sign and not codes:
        return None
    number = match[2]
    return _Written((number if number.isalnum() else _SPACES.sub("", number),), codes)


def _without_notes(text: str) -> str:
    """Return a text without percentages, base prices in brackets and what the price is per."""
    text = _PERCENT.sub(" ", text)
    outside = _BRACKETS.sub(" ", text)
    if any(map(str.isdecimal, outside)):
        text = outside
    return _per_unit().sub(" ", _SPLIT.sub(_joined_split, text))


def _joined_split(match: re.Match[str]) -> str:
    sign = next(sign for sign in match[0] if sign in "€£$")
    return f"{match[1]}.{match[2]} {sign}"


@lru_cache(maxsize=1)
def _per_unit() -> re.Pattern[str]:
    units = "|".join(map(re.escape, sorted(price_units(), key=lambda unit: -len(unit))))
    return re.compile(
        rf"(?:/|(?<![^\W\d_])(?:per|pro|je|por|par|za|за|pr|ανά|al|au|el|la|a|à|cada)\.?\s)\s*(?:\d+(?:[.,]\d+)?\s*)?(?:{units})(?![^\W\d_])\.?",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _signs() -> re.Pattern[str]:
    """Return what finds signs and words of currencies, the longest first; words stand alone or beside digits."""
    words: list[str] = []
    signs: list[str] = []
    for sign in sorted(SIGNS, key=lambda sign: (-len(sign), sign)):
        is_word = sign[0].isalpha() and not _is_han(sign[0])
        after = r"(?![^\W\d_])" if sign[-1].isalpha() and not _is_han(sign[-1]) else ""
        (words if is_word else signs).append(re.escape(sign) + after)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(words)})|{'|'.join(signs)}")


def _is_han(sign: str) -> bool:
    return "\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af"


def _split_currency(text: str) -> tuple[tuple[str, ...], str]:
    """Return the codes that a text may mean, and the text without what says so.

    A code says more than a sign, a sign more than a word that is a currency only perhaps.
    """
    named: list[tuple[int, tuple[str, ...]]] = []

    def _take(match: re.Match[str]) -> str:
        codes = SIGNS[match[0]]
        named.append((0 if not match[0].isalpha() and len(codes) == 1 else 1 if not match[0].isalpha() else 2, codes))
        return _MARK

    def _take_code(match: re.Match[str]) -> str:
        code = written_code(match[0])
        if code:
            named.append((-1, (code,)))
        return _MARK if code else match[0]

    rest = re.sub(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])", _take_code, text)
    rest = _signs().sub(_take, rest.casefold())
    if not named and _RAND.search(text):
        return ("ZAR",), _RAND.sub(_MARK, text)
    if not named:
        return _other_sign(rest)
    return min(named, key=lambda item: item[0])[1], rest


def _other_sign(text: str) -> tuple[tuple[str, ...], str]:
    """Return the code of a sign of a currency that is not listed here, by price-parser's list of signs."""
    sign = next((sign for sign in text if unicodedata.category(sign) == "Sc"), "")
    if not sign:
        return (), text
    from price_parser import Price  # only rare signs pay

    symbol = Price.fromstring(text).currency or sign
    code = code_of(symbol) or _code_of_symbol(symbol)
    return ((code,) if code else ()), text.replace(symbol, _MARK).replace(sign, _MARK)


@lru_cache(maxsize=64)
def _code_of_symbol(symbol: str) -> str:
    """Return the code whose symbol in its own country is this one; ``""`` where none is."""
    from babel.numbers import get_currency_symbol, list_currencies

    for code in sorted(list_currencies()):
        if symbol in (get_currency_symbol(code, "en"), get_currency_symbol(code, "root")):
            return str(code)
    return ""


def _split_pieces(text: str) -> tuple[str, int]:
    """Return a text without "2 for" or "2/" at its beginning, and that number; 1 where there is none."""
    match = re.match(r"\s*(\d{1,2})\s*(?:([^\W\d_]+)\.?\s+)?(?:([^\W\d_]+)\s*|/\s*)(?=¤?\s?\d)", text)
    if not match or int(match[1]) < 2:
        return text, 1
    words = [plain_name(word) for word in (match[2], match[3]) if word]
    if "/" in match[0] and not words:
        return (text[match.end() :], int(match[1])) if text[match.end()] == _MARK else (text, 1)
    if not words or words[-1] not in several_words() or any(word not in price_words() for word in words[:-1]):
        return text, 1
    return text[match.end() :], int(match[1])


@lru_cache(maxsize=1)
def _multiples() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(multiples(), key=lambda word: -len(word))))
    return re.compile(rf"(?<=\d)\s?({words})(?![^\W\d_])", re.IGNORECASE)


def _split_factor(text: str) -> tuple[str, int]:
    match = _multiples().search(text)
    if not match:
        return text, 1
    return _multiples().sub(" ", text), multiples()[match[1].casefold()]


def _says_nothing(text: str) -> bool:
    """Return whether all words of a text are such as stand beside prices."""
    return all(map(_is_beside_prices, _WORD.findall(text)))


@lru_cache(maxsize=10_000)
def _may_be_in_price(word: str) -> bool:
    """Return whether a word may stand in a price at all; most texts have one that cannot, and are done."""
    lower = word.casefold()
    if len(word) < 4 or lower in SIGNS or lower in multiples():
        return True
    plain = plain_name(word)
    return plain in price_units() or plain in several_words() or _is_beside_prices(word) or _has_sign(lower)


def _has_sign(word: str) -> bool:
    return _signs().search(word) is not None or not word.isascii()


@lru_cache(maxsize=10_000)
def _is_beside_prices(word: str) -> bool:
    return plain_name(word) in price_words() or not _unknown_part(word)


def _unknown_part(word: str) -> str:
    """Return what is left of a word without spaces between words once those beside prices are taken out."""
    if not any(_is_han(sign) or "\u0e00" <= sign <= "\u0e7f" for sign in word):
        return word
    rest = plain_name(word)
    for known in _joined_words():
        rest = rest.replace(known, "")
    return rest


@lru_cache(maxsize=1)
def _joined_words() -> tuple[str, ...]:
    own = [word for word in price_words() if any(_is_han(sign) or "\u0e00" <= sign <= "\u0e7f" for sign in word)]
    return tuple(sorted(own, key=lambda word: -len(word)))
