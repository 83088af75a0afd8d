"""Numbers with units in questions and in products: 15 inch, at least 1 TB, for 4 people, 30ml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from prodsim.ask.language import NUMERALS
from prodsim.knowledge import names_of
from prodsim.traits.quantities import UNIT_DIMENSIONS, locate_quantities

NEAR = 0.015
"""Share by which an amount may differ from the one asked for: 1.5 l and 1,500 ml are rounded differently."""
NEAR_ABOUT = 0.15
"""The same where the question says "about"."""
_INCH = 25.4
_ZH_NUMERAL = re.compile(r"(?<![第一二两三四五六七八九十百千万])[二两三四五六七八九](?=[支片瓶盒件只条双人包袋])")
"""Numbers before a measure word; 一支 is just "a"."""
_NUMBER = r"(?<![\w.,])(\d+(?:[.,]\d+)?)"
_AT_MOST = re.compile(
    r"(?:\b(?:under|below|less than|up to|at most|no more than|not more than|max(?:imum)?(?: of)?|within|lighter than|"
    r"shorter than|smaller than|unter|bis(?: zu)?|höchstens|maximal)|<=?|不超过|最多|低于|少于|小于)\s*$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\b(?:over|above|more than|at least|no less than|not less than|min(?:imum)?(?: of)?|from|larger than|"
    r"bigger than|longer than|über|mindestens|ab)|>=?|至少|不低于|不少于|大于|超过|高于)\s*$",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    r"\s*(?:or (?:more|larger|bigger|longer|above)|and (?:up|above)|\+|oder mehr|以上)", re.IGNORECASE
)
_OR_LESS = re.compile(r"\s*(?:or (?:less|smaller|shorter|below|under)|oder weniger|以下|以内|之内)", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:\b(?:around|about|roughly|approx(?:imately)?\.?|etwa|ungefähr|circa|ca\.)|大概|大约|约)\s*$", re.I
)
_BETWEEN = re.compile(r"(?P<low>\d+(?:[.,]\d+)?)\s*(?:-|–|to|and|bis|到|至|~)\s*$", re.IGNORECASE)


_LENGTH = r"(?:mm|cm|m|in|inch|inches|\"|”|″|毫米|厘米|米|英寸|寸)"
_SIDES = re.compile(
    rf"(?<![a-z0-9.,/])(?P<first>\d+(?:[.,]\d+)?)\s?{_LENGTH}?\s?[x×*]\s?"
    rf"(?:(?P<second>\d+(?:[.,]\d+)?)\s?{_LENGTH}?\s?[x×*]\s?)?(?P<last>\d+(?:[.,]\d+)?)\s?{_LENGTH}(?![a-z0-9])"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount in the base unit of its dimension, and where it stands in its text."""

    start: int
    end: int
    dimension: str
    amount: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question says of an amount.

    Attributes:
        start, end: its place in the question.
        low, high: both inclusive, in the base unit of the dimension.
    """

    start: int
    end: int
    dimension: str
    low: float
    high: float


def measures(text: str) -> list[Measure]:
    """Return the amounts of a text, in order of their places."""
    lowered = _ZH_NUMERAL.sub(lambda match: str(NUMERALS[match[0]]), text.lower())
    lowered = lowered.replace("zoll", "inch")  # as long, so that places stay
    found = list(_sides(lowered))
    for more in (_quantities(lowered), _other_units(lowered)):
        taken = [(one.start, one.end) for one in found]
        found += [one for one in more if all(one.end <= start or one.start >= end for start, end in taken)]
    return sorted(found, key=lambda one: one.start)


def _sides(lowered: str) -> Iterator[Measure]:
    """Yield the lengths of things with two or three sides, of which the last alone may have its unit: 45 x 30 cm."""
    for match in _SIDES.finditer(lowered):
        unit = lowered[match.start("last") : match.end()]
        (_, _, amount), *_ = locate_quantities(unit)
        each = amount / _number(unit)
        for side in filter(match.group, ("first", "second")):
            yield Measure(match.start(side), match.end(side), "length", _number(match[side]) * each)
        yield Measure(match.start("last"), match.end(), "length", amount)


def _quantities(lowered: str) -> Iterator[Measure]:
    for (start, end), dimension, amount in locate_quantities(lowered):
        if amount > 0:
            yield Measure(start, end, UNIT_DIMENSIONS[dimension], amount)


def limits(question: str) -> list[Limits]:
    """Return what a question says of amounts; one without a word of comparison is meant as it is."""
    return [_limits(question, one) for one in measures(question)]


def _limits(question: str, measure: Measure) -> Limits:
    before, after = question[: measure.start], question[measure.end :]
    start, end, amount = measure.start, measure.end, measure.amount
    near = NEAR
    low, high = amount * (1 - near), amount * (1 + near)
    if match := _BETWEEN.search(before):
        unit = amount / _number(question[measure.start :])
        start, low = match.start("low"), float(match["low"].replace(",", ".")) * unit * (1 - near)
        before = question[:start]
    elif match := _AT_MOST.search(before):
        start, low = match.start(), 0.0
    elif match := _AT_LEAST.search(before):
        start, high = match.start(), float("inf")
    elif match := _OR_MORE.match(after):
        end, high = end + match.end(), float("inf")
    elif match := _OR_LESS.match(after):
        end, low = end + match.end(), 0.0
    elif match := _ABOUT.search(before):
        start, low, high = match.start(), amount * (1 - NEAR_ABOUT), amount * (1 + NEAR_ABOUT)
    elif measure.dimension == "length" and (inches := amount / _INCH).is_integer() and inches >= 5:
        high = (inches + 1) * _INCH - 1e-6  # a screen of 15.6 inches is named by its whole ones
    return Limits(start, end, measure.dimension, low, high)


def _number(text: str) -> float:
    """Return the number that a text begins with; 1 where it begins with none, as in "half a metre"."""
    match = re.match(r"\d+(?:[.,]\d+)?", text)
    return float(match[0].replace(",", ".")) if match else 1.0


def _other_units(lowered: str) -> Iterator[Measure]:
    for match in _other_pattern().finditer(lowered):
        dimension = match.lastgroup or ""
        yield Measure(match.start(), match.end(), dimension, float(match[1].replace(",", ".")))


@lru_cache(maxsize=1)
def _other_pattern() -> re.Pattern[str]:
    """Return what matches a number with one of the units that only the tables of languages know."""
    groups = []
    for dimension, names in names_of("units").items():
        latin = [re.escape(name) for name in names if name.isascii() and name[0].isalpha()]
        signs = [re.escape(name) for name in names if not (name.isascii() and name[0].isalpha())]
        latin.sort(key=len, reverse=True)
        either = "|".join(filter(None, [rf"(?:{'|'.join(latin)})\b" if latin else "", *signs]))
        groups.append(rf"(?P<{dimension}>{either})")
    return re.compile(rf"{_NUMBER}[\s-]*(?:{'|'.join(groups)})", re.IGNORECASE)
