"""Conditions that the tables of languages know, whatever the columns: colours, materials, features and amounts."""

import re
from collections.abc import Sequence

from prodsim.ask.measures import Limits, limits, measures
from prodsim.ask.tables import index_of
from prodsim.ask.types import Chip
from prodsim.ask.vocabulary import Vocabulary
from prodsim.knowledge import Named, names_of

FAMILIES = ("colours", "materials")
"""Sections of the tables of whose names a product states one."""
FEATURES = "features"
"""The section of whose names a product may state several."""
NO_THINGS = (*FAMILIES, FEATURES, "audiences", "relatives")
"""Sections whose names are never what is asked for."""
_BARE_BEFORE = re.compile(r"[\s,]*(?:too |any |in |made of |made from )*", re.IGNORECASE)

_FOR = re.compile(r"(?:\b(?:for|für)\b[^,.;!?]{0,20}|给|送|帮)$", re.IGNORECASE)
_NOT_FOR = re.compile(r"(?:\b(?:not|except|nicht)(?: for| für)?\s*|不要|不是|除了)$", re.IGNORECASE)
WIDER_AUDIENCES = {"kids": ("boys", "girls", "babies"), "boys": ("kids",), "girls": ("kids",), "babies": ("kids",)}
"""Audiences whose products suit another one, too."""

Span = tuple[int, int]


def value_places(left: str, vocabulary: Vocabulary) -> list[Span]:
    """Return the places of values in a question: they say what a thing is like, and name none."""
    mentioned = [(one.start, one.end) for one in vocabulary.mentions(left) if one.candidates[0].kind != "category"]
    named = [(one.start, one.end) for section in NO_THINGS for one in index_of(section).find(left)]
    return [*mentioned, *named, *((one.start, one.end) for one in measures(left))]


def stated_chips(left: str, thing: Span, taken: Sequence[Span], vocabulary: Vocabulary) -> list[Chip]:
    """Return colours, materials and amounts that a question wants, outside of what was understood already.

    Args:
        left: the question; what was understood otherwise is blanked out.
        thing: the place of the thing asked for: a silver ring is silver, but a wine glass is no glass.
        taken: places of values of the catalog.
        vocabulary: of the catalog.
    """
    chips = []
    for section in FAMILIES:
        named = [one for one in index_of(section).find(left) if one.end < thing[1] or one.start >= thing[1]]
        free = [one for one in named if not _overlaps((one.start, one.end), taken)]
        if free:
            chips.append(_stated(section, [(left[one.start : one.end], one) for one in free], vocabulary))
    kinds = [(one.start, one.end) for one in index_of("kinds").find(left)]
    for feature in index_of(FEATURES).find(left):
        if not _overlaps((feature.start, feature.end), [*taken, *kinds]):  # 保温杯 is a kind of its own
            chips.append(_feature(left[feature.start : feature.end], feature))
    of_dimension: dict[str, Chip] = {}
    for one in limits(left):
        if not _overlaps((one.start, one.end), taken):
            of_dimension[one.dimension] = _measured(left, one, vocabulary)
    return [*chips, *of_dimension.values()]


def stated_first(scope: str, vocabulary: Vocabulary) -> tuple[Chip, int] | None:
    """Return the colour, material or feature that a negation begins with, and where it ends; else ``None``."""
    begins = _BARE_BEFORE.match(scope)
    at = begins.end() if begins else 0
    for section in FAMILIES:
        for one in index_of(section).find(scope):
            if one.start == at:
                chip = _stated(section, [(scope[one.start : one.end], one)], vocabulary, wanted=False)
                return chip, one.end
    for one in index_of(FEATURES).find(scope):
        if one.start == at:
            return _feature(scope[one.start : one.end], one, wanted=False), one.end
    return None


def audience_chips(question: str, vocabulary: Vocabulary) -> list[Chip]:
    """Return for whom products must be, as their titles and categories say it; relatives count after "for" alone.

    A brand of that name is meant as the brand: toner for Brother.
    """
    named = [(one, "audiences") for one in index_of("audiences").find(question)]
    for one in index_of("relatives").find(question):
        if _FOR.search(question[: one.start]) and not _overlaps((one.start, one.end), _brands(question, vocabulary)):
            named.append((one, "relatives"))
    keys = list(dict.fromkeys(key for one, _ in named for key in one.keys))
    if not keys:
        return []
    passing = {*keys, *(wider for key in keys for wider in WIDER_AUDIENCES.get(key, ()))}
    words = [name.lower() for key, names in names_of("audiences").items() if key in passing for name in names]
    rivals = [name.lower() for key, names in names_of("audiences").items() if key not in passing for name in names]
    cue = " ".join(question[one.start : one.end] for one, _ in named)
    is_wanted = not _NOT_FOR.search(question[: named[0][0].start])
    return [Chip("attribute", cue, is_wanted, words=tuple(words), rivals=tuple(rivals), dimension="audience")]


def _brands(question: str, vocabulary: Vocabulary) -> list[Span]:
    """Return the places of brands that are more than usual words."""
    return [
        (one.start, one.end)
        for one in vocabulary.mentions(question)
        if one.candidates[0].kind == "brand" and not vocabulary.is_rare_brand(one.candidates)
    ]


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and span[1] > start for start, end in others)


def _stated(section: str, named: Sequence[tuple[str, Named]], vocabulary: Vocabulary, *, wanted: bool = True) -> Chip:
    """Return the condition that products state one of these names, or a shade of it."""
    cue = " ".join(written for written, _ in named)
    words: list[str] = []
    keys: set[str] = set()
    for written, one in named:
        own = [key for key in one.keys if names_of(section)[key]]
        words += [written.lower(), *(name.lower() for key in own for name in _wider(section, key, written))]
        keys.update(own)
    words = list(dict.fromkeys(words))
    others = [name.lower() for key, names in names_of(section).items() if key not in keys for name in names]
    rivals = tuple(name for name in others if name not in words)
    columns = tuple(name for name in vocabulary.columns if vocabulary.is_about(name, section))
    values = tuple(value for name in columns for value in vocabulary.values[name] if keys & set(_keys(section, value)))
    return Chip(
        "attribute",
        cue,
        wanted,
        columns,
        tuple(dict.fromkeys(values)),
        words=tuple(words),
        rivals=rivals,
        dimension=section,
    )


def _feature(cue: str, named: Named, *, wanted: bool = True) -> Chip:
    """Return the condition that products state a feature, by whatever of its names."""
    names = [name.lower() for key in named.keys for name in names_of(FEATURES)[key]]
    words = tuple(dict.fromkeys([cue.lower(), *names]))
    return Chip("attribute", cue, wanted, words=words, dimension=named.keys[0])


def _wider(section: str, key: str, written: str) -> tuple[str, ...]:
    """Return the shades of a name that is a family's own; none for a shade, which is meant as it is."""
    names = names_of(section)[key]
    lowered = written.lower()
    is_shade = lowered.isascii() and lowered != key and names.index(lowered) > 1 if lowered in names else False
    return () if is_shade else names


def _keys(section: str, value: str) -> list[str]:
    return [key for one in index_of(section).find(value) for key in one.keys]


def _measured(left: str, one: Limits, vocabulary: Vocabulary) -> Chip:
    high = one.high if one.high != float("inf") else None
    words = vocabulary.spelled(one.dimension, one.low, one.high)
    cue = left[one.start : one.end].strip()
    return Chip(
        "measure", cue, True, vocabulary.columns, words=words, dimension=one.dimension, low=one.low or None, high=high
    )
