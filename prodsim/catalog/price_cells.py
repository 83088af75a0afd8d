"""What a single cell says of a price, before its column decides what is unclear."""

import json
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from prodsim.catalog.cell_words import multiples, price_units, price_words, several_words
from prodsim.catalog.currencies import (
    code_of,
    codes_of_sign,
)
from prodsim.catalog.plain_names import plain_name
from prodsim.catalog.price_signs import MARK, WORD, may_be_in_price, says_nothing, split_currency
from prodsim.text import clean_text

MAX_LENGTH = 80
"""Characters from which on a cell is a text, in which a number is no price."""

_NUMBER = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d[\d.,]*\d|\d|(?<!\d)[.,]\d+")

_NO_PRICE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4}|\d:\d\d|[@#_\\\\]|\d\s*/\s*\d+\s*/"
)

_PERCENT = re.compile(r"[-–−+]?\s*\d+(?:[.,]\d+)?\s*[%٪]")

_WHOLE = re.compile(r"(?<=\d)(?:[.,:]\s?[-–—]+|\s?/\s?-+|[.,](?=\s|$))")

_SPLIT = re.compile(r"(?<![\d.,])(\d{1,4})\s?[€£$]\s?(\d{2})(?![\d.,])")

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】")

_TIMES = re.compile(r"\d\s*[x×*✕]\s*(?=\D{0,3}\d)|[x×]\s*\d", re.IGNORECASE)

_SPACES = re.compile("[ '’]")

_SPACED_DOLLAR = re.compile(r"(?<![^\W\d_])(us|au|ca|nz|hk|sg|nt|mx|tw)\s+(?=\$)", re.IGNORECASE)

_GLUED = re.compile(r"[A-Za-z][-–.]?\d")
"""Letters that are no currency, right before a digit: a code."""

_AT_MARK = re.compile(rf"{MARK}\s?({_NUMBER.pattern})|({_NUMBER.pattern})\s?{MARK}")

_RANGE = re.compile(
    r"\d[\s¤]*(?:-|–|—|~|～|〜|至|to|bis|a|à|al|do|до|tot|til|till|ila|から|부터)[\s¤]*\d", re.IGNORECASE
)

_DIGIT_MARKS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "。": ".", "·": "."})

_JSON_AMOUNTS = ("amount", "value", "price", "net", "gross")

_JSON_CODES = ("currency", "currencyCode", "currency_code", "priceCurrency", "currencyId")


class WrittenPrice(NamedTuple):
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


_UNREADABLE = WrittenPrice()


def read_cell(cell: str) -> WrittenPrice:
    """Return what a cell says, nothing where it is no price."""
    text = _simplified(cell)
    if not text or len(text) > MAX_LENGTH or not any(map(str.isdecimal, text)):
        return _UNREADABLE
    if text[0] in "{[":
        return _read_json(text)
    simple = _read_simple(text)
    if simple:
        return simple
    if _NO_PRICE.search(text) or not all(map(may_be_in_price, WORD.findall(text))):
        return _UNREADABLE
    codes, rest = split_currency(_without_notes(text))
    rest, pieces = _split_pieces(rest)
    if _TIMES.search(rest):
        return WrittenPrice(codes=codes)
    rest, factor = _split_factor(rest)
    is_whole = _WHOLE.search(rest) is not None
    rest = _WHOLE.sub("", rest)
    numbers = tuple(_SPACES.sub("", number) for number in _priced_numbers(rest))
    left = _NUMBER.sub(" ", rest)
    if not numbers or _GLUED.search(rest) or rest.lstrip(" (¤").startswith(("-", "−", "–")) or not says_nothing(left):
        return _UNREADABLE
    return WrittenPrice(numbers, codes, pieces, factor, is_whole)


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


def _read_json(text: str) -> WrittenPrice:
    """Read an object such as {"amount": "12.99", "currency": "EUR"}, or the first of a list of them."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _UNREADABLE
    if isinstance(value, list):
        value = value[0] if value else {}
    if not isinstance(value, dict):
        return (
            read_cell(str(value))
            if isinstance(value, int | float | str) and not isinstance(value, bool)
            else _UNREADABLE
        )
    amount = next((value[key] for key in _JSON_AMOUNTS if isinstance(value.get(key), int | float | str)), "")
    code = code_of(next((str(value[key]) for key in _JSON_CODES if value.get(key)), ""))
    read = read_cell(str(amount))
    return read._replace(codes=(code,)) if code and read.numbers else read


@lru_cache(maxsize=1)
def _simple() -> re.Pattern[str]:
    number = r"(\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    return re.compile(rf"([^\d\s.,\-–−]{{0,4}}\.?)\s?{number}\s?([^\d\s\-–/]{{0,5}})")


def _read_simple(text: str) -> WrittenPrice | None:
    """Read the usual form, a number with a sign or code before or behind it; ``None`` for all others."""
    match = _simple().fullmatch(text)
    if not match or (match[1] and match[3]):
        return None
    sign = match[1] or match[3]
    codes = codes_of_sign(sign) if sign else ()
    if sign and not codes:
        return None
    number = match[2]
    return WrittenPrice((number if number.isalnum() else _SPACES.sub("", number),), codes)


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


def _split_pieces(text: str) -> tuple[str, int]:
    """Return a text without "2 for" or "2/" at its beginning, and that number; 1 where there is none."""
    match = re.match(r"\s*(\d{1,2})\s*(?:([^\W\d_]+)\.?\s+)?(?:([^\W\d_]+)\s*|/\s*)(?=¤?\s?\d)", text)
    if not match or int(match[1]) < 2:
        return text, 1
    words = [plain_name(word) for word in (match[2], match[3]) if word]
    if "/" in match[0] and not words:
        return (text[match.end() :], int(match[1])) if text[match.end()] == MARK else (text, 1)
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
