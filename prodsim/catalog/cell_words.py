"""Words that stand in cells, in the languages of shops: read from ``cell_words.toml``."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from prodsim.catalog.plain_names import plain_name

_WORDS_FILE = Path(__file__).with_name("cell_words.toml")
STATES = {"in": "in stock", "out": "out of stock", "preorder": "preorder"}


@lru_cache(maxsize=1)
def stock_words() -> Mapping[str, str]:
    """Return what shops write of a product's stock, in plain form, and the state that it means."""
    table = _tables()["stock"]
    words = [(word, state) for kind, state in STATES.items() for word in _all(table[kind].values())]
    return {plain_name(word) or word: state for word, state in words}  # ○ and × have no letters


@lru_cache(maxsize=1)
def weeks() -> frozenset[str]:
    """Return the words for weeks and months."""
    return frozenset(map(plain_name, _tables()["stock"]["weeks"]["words"]))


@lru_cache(maxsize=1)
def days() -> frozenset[str]:
    """Return the words for hours and days."""
    return frozenset(word for words in _tables()["stock"]["days"]["words"] for word in plain_name(words).split())


@lru_cache(maxsize=1)
def price_words() -> frozenset[str]:
    """Return the single words that may stand beside a price and change nothing about it."""
    return frozenset(word for words in _all(_tables()["price"]["words"].values()) for word in plain_name(words).split())


@lru_cache(maxsize=1)
def price_units() -> frozenset[str]:
    """Return the units that a price may be per."""
    return frozenset(map(plain_name, _tables()["price"]["units"]["words"]))


@lru_cache(maxsize=1)
def several_words() -> frozenset[str]:
    """Return the words between a number of pieces and their price, as in "2 for $5"."""
    return frozenset(map(plain_name, _tables()["price"]["several"]["words"]))


@lru_cache(maxsize=1)
def multiples() -> Mapping[str, int]:
    """Return what multiplies the number before it: k, тыс, 万."""
    return {word: int(factor) for factor, words in _tables()["price"]["multiples"].items() for word in words}


def _all(lists: Iterable[Iterable[str]]) -> Iterator[str]:
    for words in lists:
        yield from words


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads(_WORDS_FILE.read_text(encoding="utf-8"))
