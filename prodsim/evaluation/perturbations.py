"""Ways in which the same product or wish is written otherwise: slips, scans, other units, boilerplate."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from prodsim.text import has_chinese, words
from prodsim.traits.quantities import UNIT_DIMENSIONS, locate_quantities

if TYPE_CHECKING:
    from opencc import OpenCC

Perturbation: TypeAlias = Callable[[str, np.random.Generator], str]
"""A text to the same text written otherwise; unchanged where there is nothing to change."""

LEAST_SPELT = 4
"""Letters of a word from which a slip is made: in shorter ones it would be another word."""
SLIPS = 0.3
"""Share of the words with a slip, at least one."""
SCANNED = {"0": "O", "O": "0", "1": "l", "l": "1", "5": "S", "S": "5", "8": "B", "B": "8", "rn": "m", "m": "rn",
           "未": "末", "己": "已", "日": "曰", "人": "入", "土": "士", "干": "千", "夭": "天", "大": "太"}  # fmt: skip
"""What optical character recognition takes for one another."""
N_MISREAD = 2
OTHER_UNITS = {
    "volume": (("ml", 1.0), ("l", 1e3)), "mass": (("kg", 1e3), ("g", 1.0)), "length": (("cm", 10.0), ("mm", 1.0)),
    "storage": (("TB", 1e3), ("GB", 1.0)), "power": (("kW", 1e3), ("W", 1.0)),
}  # fmt: skip
"""Units that a quantity is written in instead, the first that is not its own, with what one is in the base unit."""
BOILERPLATE = (("Free shipping! ", " - best price, 24 h delivery"), ("【限时特惠】", " 包邮 正品保证"))
"""What sellers put before and behind a title, in English and in Chinese."""
EMOJI = ("🔥", "✨", "❤️", "🎁")


def _slips(text: str, rng: np.random.Generator) -> str:
    """Exchange two letters next to each other in some words."""
    spelt = [match.span() for match in re.finditer(rf"[^\W\d_]{{{LEAST_SPELT},}}", text) if not has_chinese(match[0])]
    letters = list(text)
    for start, end in _some(spelt, rng):
        place = int(rng.integers(start + 1, end - 1))  # people hit the first letter
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def _misread(text: str, rng: np.random.Generator) -> str:
    """Take a few characters for others that look like them."""
    places = [match.span() for match in re.finditer("|".join(map(re.escape, SCANNED)), text)]
    chosen = sorted(rng.choice(len(places), min(N_MISREAD, len(places)), replace=False).tolist(), reverse=True)
    for start, end in (places[place] for place in chosen):
        text = text[:start] + SCANNED[text[start:end]] + text[end:]
    return text


def _shuffled(text: str, rng: np.random.Generator) -> str:
    """Put the words in another order."""
    tokens = text.split() if " " in text.strip() else words(text)
    order = rng.permutation(len(tokens))
    return (" " if " " in text.strip() else "").join(tokens[place] for place in order)


def _shortened(text: str, rng: np.random.Generator) -> str:
    """Leave out the second half of the words."""
    tokens = text.split() if " " in text.strip() else words(text)
    return (" " if " " in text.strip() else "").join(tokens[: max(1, (len(tokens) + 1) // 2)])


def _full_width(text: str, rng: np.random.Generator) -> str:
    """Write Latin letters, digits and signs as wide as Chinese characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _traditional(text: str, rng: np.random.Generator) -> str:
    """Write simplified Chinese characters as traditional ones."""
    return str(_to_traditional().convert(text)) if has_chinese(text) else text


def _wrapped(text: str, rng: np.random.Generator) -> str:
    """Put what sellers say about every product around the text."""
    before, behind = BOILERPLATE[has_chinese(text)]
    return f"{before}{text}{behind}"


def _with_emoji(text: str, rng: np.random.Generator) -> str:
    """Put a picture character before and behind the text."""
    return f"{rng.choice(EMOJI)}{text} {rng.choice(EMOJI)}"


def _in_other_units(text: str, rng: np.random.Generator) -> str:
    """Write quantities in another unit of their dimension."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that is two in lower case: the spans would not be those of the text
        return text
    for (start, end), dimension, amount in sorted(locate_quantities(lowered), reverse=True):
        for unit, factor in OTHER_UNITS.get(UNIT_DIMENSIONS[dimension], ()):
            written = f"{amount / factor:.4g} {unit}"
            if unit.lower() != lowered[start:end].lstrip("0123456789.,/- ") and "e" not in written:
                text = text[:start] + written + text[end:]
                break
    return text


def _some(spans: list[tuple[int, int]], rng: np.random.Generator) -> list[tuple[int, int]]:
    n = min(len(spans), max(1, round(SLIPS * len(spans))))
    return [spans[place] for place in rng.choice(len(spans), n, replace=False)] if spans else []


@cache
def _to_traditional() -> "OpenCC":
    from opencc import OpenCC  # only this measurement pays

    return OpenCC("s2t")


PERTURBATIONS: Mapping[str, Perturbation] = {
    "typos": _slips,
    "scanning errors": _misread,
    "word order": _shuffled,
    "half the words": _shortened,
    "full width": _full_width,
    "traditional characters": _traditional,
    "other units": _in_other_units,
    "boilerplate": _wrapped,
    "emoji": _with_emoji,
}
"""By name. A title in another language takes a translator, so it is not among them."""
