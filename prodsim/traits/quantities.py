"""Numbers with units in a text: 500 ml, 0.5 l, 15", 2 TB, pack of 3, 30毫升."""

import re
from collections.abc import Iterator

UNIT_DIMENSIONS = ("volume", "mass", "length", "storage", "power", "voltage", "charge", "light", "count")
"""What a unit measures; a quantity's first number is a place in here."""
BASES = ("ml", "g", "mm", "GB", "W", "V", "mAh", "lm", "pieces")
"""The unit of a dimension's amounts."""

_UNITS: dict[str, tuple[tuple[str, float], ...]] = {
    "volume": (("ml|mls|cc|毫升", 1.0), ("cl", 10.0), ("l|ltr|litre|litres|liter|liters|升", 1e3),
               ("fl oz|fl. oz|fluid ounce|fluid ounces", 29.5735), ("pint|pints", 473.176),
               ("quart|quarts|qt", 946.353), ("gal|gallon|gallons", 3785.41)),
    "mass": (("mg|毫克", 1e-3), ("g|gr|gram|grams|gramme|克", 1.0), ("kg|kgs|kilo|kilogram|公斤|千克", 1e3),
             ("oz|ounce|ounces|盎司", 28.3495), ("lb|lbs|pound|pounds|磅", 453.592), ("斤", 500.0)),
    "length": (("mm|毫米", 1.0), ("cm|厘米|公分", 10.0), ("m|metre|metres|meter|meters|米", 1e3),
               ("in|inch|inches|\"|”|″|''|英寸|寸", 25.4), ("ft|foot|feet|'", 304.8), ("yd|yard|yards", 914.4)),
    "storage": (("mb", 1e-3), ("gb", 1.0), ("tb", 1e3)),
    "power": (("w|watt|watts|瓦", 1.0), ("kw", 1e3), ("hp", 745.7)),
    "voltage": (("v|volt|volts|伏", 1.0),),
    "charge": (("mah|毫安|毫安时", 1.0), ("ah", 1e3)),
    "light": (("lm|lumen|lumens|流明", 1.0),),
    "count": (("pack|packs|pk|pcs|pc|piece|pieces|count|ct|片|支|瓶|盒|包|件|只|个|条|双|袋|粒|抽|卷", 1.0),),
}  # fmt: skip
"""Unit to what one of it is in the dimension's base: ml, g, mm, GB, W, V, mAh, lm, pieces (NIST SP 811, app. B)."""

_OF: dict[str, tuple[int, float]] = {
    name: (UNIT_DIMENSIONS.index(dimension), factor)
    for dimension, units in _UNITS.items()
    for names, factor in units
    for name in names.split("|")
}
_LATIN = "|".join(
    re.escape(name) for name in sorted(_OF, key=len, reverse=True) if name[0].isascii() and name[0].isalpha()
)
_SIGNS = "|".join(
    re.escape(name) for name in sorted(_OF, key=len, reverse=True) if not name[0].isascii() or not name[0].isalpha()
)
_NUMBER = r"(?<![a-z0-9.,/])(?P<number>\d+[ -]\d+/\d+|\d+/\d+|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
_QUANTITY = re.compile(
    # "2 in 1" is no two inches, and "5 m" ends where no letter follows.
    rf"{_NUMBER}(?:[\s-]?(?:(?P<latin>(?!in\s?\d)(?:{_LATIN}))\.?(?![a-z0-9])|(?P<sign>{_SIGNS})))",
)
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_PACK = re.compile(r"\b(?:pack|set|box|case|bundle|pair) of (\d+)\b")


def find_quantities(text: str) -> list[tuple[int, float]]:
    """Return the quantities of a text in the base unit of their dimension, in order of appearance, each once.

    Returns:
        Pairs of a place in ``UNIT_DIMENSIONS`` and an amount above 0.
    """
    return list(
        dict.fromkeys((dimension, amount) for _, dimension, amount in locate_quantities(text.lower()) if amount > 0)
    )


def find_numbers(text: str) -> dict[str, str]:
    """Return the numbers of a text: each as it is compared, to how it is first written, in lower case.

    One with a unit is compared in its base unit and by two digits, so that "1 lb" is "454 g" and "1 TB" is "1024GB";
    others as they are written, without leading zeros: "V08" holds "8".
    """
    rest, numbers = text.lower(), dict[str, str]()
    for (start, end), dimension, amount in locate_quantities(rest):
        numbers.setdefault(f"{amount:.2g} {BASES[dimension]}", rest[start:end])
        rest = rest[:start] + " " * (end - start) + rest[end:]
    for number in _PLAIN_NUMBER.findall(rest):
        numbers.setdefault(number.replace(",", ".").lstrip("0") or "0", number)
    return numbers


def locate_quantities(lowered: str) -> Iterator[tuple[tuple[int, int], int, float]]:
    """Yield span, dimension and amount in its base unit of each quantity of a lower-case text, those of packs first."""
    for match in _PACK.finditer(lowered):
        yield match.span(), UNIT_DIMENSIONS.index("count"), float(match[1])
    for match in _QUANTITY.finditer(lowered):
        dimension, factor = _OF[match["latin"] or match["sign"]]
        yield match.span(), dimension, _number(match["number"]) * factor


def _number(text: str) -> float:
    if "/" in text:  # "1 1/2", "3/4"
        whole, _, fraction = text.replace("-", " ").rpartition(" ")
        over, under = fraction.split("/")
        return float(whole or 0) + (float(over) / float(under) if float(under) else 0.0)
    return float(text.replace(",", "")) if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) else float(text.replace(",", "."))
