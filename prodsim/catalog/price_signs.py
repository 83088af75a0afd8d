"""What stands beside the number of a price: signs and codes of currencies, and words that change nothing."""

import re
import unicodedata
from functools import lru_cache

from prodsim.catalog.cell_words import multiples, price_units, price_words, several_words
from prodsim.catalog.currencies import (
    SIGNS,
    code_of,
    written_code,
)
from prodsim.catalog.plain_names import plain_name

_RAND = re.compile(r"(?<![^\W\d_])R\s?(?=\d)")

MARK = "¤"
"""Stands for a currency where its sign was."""

WORD = re.compile(r"[^\W\d_]+")


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


def split_currency(text: str) -> tuple[tuple[str, ...], str]:
    """Return the codes that a text may mean, and the text without what says so.

    A code says more than a sign, a sign more than a word that is a currency only perhaps.
    """
    named: list[tuple[int, tuple[str, ...]]] = []

    def _take(match: re.Match[str]) -> str:
        codes = SIGNS[match[0]]
        named.append((0 if not match[0].isalpha() and len(codes) == 1 else 1 if not match[0].isalpha() else 2, codes))
        return MARK

    def _take_code(match: re.Match[str]) -> str:
        code = written_code(match[0])
        if code:
            named.append((-1, (code,)))
        return MARK if code else match[0]

    rest = re.sub(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])", _take_code, text)
    rest = _signs().sub(_take, rest.casefold())
    if not named and _RAND.search(text):
        return ("ZAR",), _RAND.sub(MARK, text)
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
    return ((code,) if code else ()), text.replace(symbol, MARK).replace(sign, MARK)


@lru_cache(maxsize=64)
def _code_of_symbol(symbol: str) -> str:
    """Return the code whose symbol in its own country is this one; ``""`` where none is."""
    from babel.numbers import get_currency_symbol, list_currencies

    for code in sorted(list_currencies()):
        if symbol in (get_currency_symbol(code, "en"), get_currency_symbol(code, "root")):
            return str(code)
    return ""


def says_nothing(text: str) -> bool:
    """Return whether all words of a text are such as stand beside prices."""
    return all(map(_is_beside_prices, WORD.findall(text)))


@lru_cache(maxsize=10_000)
def may_be_in_price(word: str) -> bool:
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
