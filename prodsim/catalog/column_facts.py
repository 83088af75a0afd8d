"""What a column's cells look like, whatever its name."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from prodsim.catalog import fields
from prodsim.catalog.currencies import SIGNS, code_of
from prodsim.catalog.gtins import gtin_fault, normal_gtin
from prodsim.catalog.prices import read_prices

_URL = re.compile(r"\s*[\[\"'{]*(?:https?:)?//[^\s/]+\.\S", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|gif|svg|avif|bmp|tiff?)\b|/images?/|img", re.IGNORECASE)
_SPACED = re.compile(r"\s|[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_WORD = re.compile(r"[^\W\d_]{3}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DIGITS = re.compile(r"[\d\- ]{8,14}")
_CODE = re.compile(r"(?=\S*\d)[^\s,;|<>]{2,40}")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|\{[^{}]*\}")
"""Markup, and lists such as the options in ``Size{S|M}``: what separates in them is no path."""
_PATH = re.compile(r"[^\W\d_]\s*(?:>|»|›|→|\||/)\s*[^\W\d_]")
_FLAGS = frozenset(("true", "false", "yes", "no", "y", "n", "0", "1", "active", "inactive", "on", "off", "ja", "nein"))
_ROW_KINDS = frozenset(
    (
        "simple", "variable", "variation", "grouped", "external", "configurable", "virtual", "downloadable", "bundle",
        "parent", "child", "product", "variant", "physical", "digital", "item", "sku", "standard", "service",
    )
)  # fmt: skip
"""What shops write of the kind of a row, which is no category."""


class ColumnFacts:
    """Facts about a column, each computed when it is needed; shares in [0, 1] of the cells that are not empty.

    Attributes:
        values: the cells that are not empty, in order.
        filled: their share of all cells.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.values = [fields.unwrapped(text) for cell in cells if (text := cell.strip())]
        self.filled = len(self.values) / len(cells) if cells else 0.0
        self._counts = Counter(self.values)
        self._different = list(self._counts)

    @cached_property
    def distinct(self) -> float:
        """Return how many different values there are, per value."""
        return len(self._different) / len(self.values) if self.values else 0.0

    @cached_property
    def length(self) -> float:
        """Return the median number of characters."""
        return float(np.median([len(value) for value in self.values])) if self.values else 0.0

    @cached_property
    def spaces(self) -> float:
        """Return the share with a space, or in a script that has none."""
        return self._matching(_SPACED)

    @cached_property
    def letters(self) -> float:
        """Return the share with a word."""
        return self._matching(_WORD)

    @cached_property
    def urls(self) -> float:
        """Return the share of web addresses."""
        return self._share([_URL.match(value) is not None for value in self._different])

    @cached_property
    def images(self) -> float:
        """Return the share of addresses and names of pictures."""
        return self._matching(_IMAGE)

    @cached_property
    def numbers(self) -> float:
        """Return the share of plain numbers."""
        return self._share([_NUMBER.fullmatch(value) is not None for value in self._different])

    @cached_property
    def prices(self) -> float:
        """Return the share that reads as a price."""
        return self._share(np.isfinite(self._read_prices[0]).tolist())

    @cached_property
    def priced_in(self) -> float:
        """Return the share that reads as a price and names its currency."""
        amounts, codes = self._read_prices
        return self._share([bool(code) and np.isfinite(amount) for amount, code in zip(amounts, codes, strict=True)])

    @cached_property
    def has_amounts(self) -> bool:
        """Return whether any price is above 0."""
        return bool(np.nanmax(self._read_prices[0], initial=0.0) > 0)

    @cached_property
    def currencies(self) -> float:
        """Return the share of codes, signs and names of currencies."""
        return self._share([bool(code_of(value)) or value.casefold() in SIGNS for value in self._different])

    @cached_property
    def gtins(self) -> float:
        """Return the share of valid trade item numbers of twelve digits and more."""
        return self._share([len(value) >= 12 and bool(normal_gtin(value)) for value in self._different])

    @cached_property
    def gtin_like(self) -> float:
        """Return the share of what stands in columns of trade item numbers, right or damaged."""
        return self._share(
            [bool(_DIGITS.fullmatch(value)) or gtin_fault(value) == "notation" for value in self._different]
        )

    @cached_property
    def stock(self) -> float:
        """Return the share of words and numbers that say whether a product is in stock."""
        return self._share([fields.availability(value) != "" for value in self._different])

    @cached_property
    def codes(self) -> float:
        """Return the share of codes: no spaces, with a digit."""
        return self._share([_CODE.fullmatch(value) is not None for value in self._different])

    @cached_property
    def paths(self) -> float:
        """Return the share of category paths that are written with arrows, or as lists."""
        return self._share(
            [value[:1] == "[" or _PATH.search(_TAG.sub(" ", value)) is not None for value in self._different]
        )

    @cached_property
    def flags(self) -> float:
        """Return the share of yes and no, which say nothing of what they are about."""
        return self._share([value.casefold() in _FLAGS for value in self._different])

    @cached_property
    def row_kinds(self) -> float:
        """Return the share of words for kinds of rows, such as simple and variation."""
        return self._share([{*re.split(r"[,\s]+", value.casefold())} <= _ROW_KINDS for value in self._different])

    @cached_property
    def _read_prices(self) -> tuple[Sequence[float], Sequence[str]]:
        amounts, codes = read_prices(self._different)
        return amounts, codes  # type: ignore[return-value]

    def _matching(self, pattern: re.Pattern[str]) -> float:
        return self._share([pattern.search(value) is not None for value in self._different])

    def _share(self, flags: Sequence[bool]) -> float:
        """Return the share of values of which the different ones are flagged."""
        flagged = sum(self._counts[value] for value, flag in zip(self._different, flags, strict=True) if flag)
        return flagged / len(self.values) if self.values else 0.0
