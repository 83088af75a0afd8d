"""The table of what columns are called, ``column_names.toml``, by plain name."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from prodsim.catalog.plain_names import plain_name

Tax = Literal["gross", "net", ""]

STRONG, STRONG_RANGE = 1.0, 0.25
"""Fit of a field's best name, and how much less its last one fits."""

WEAK, WEAK_RANGE = 0.62, 0.12
"""The same of names that give way to better columns."""

JOINED_FIT = 0.8
"""Fit of a name that means the field only beside a word for "product"."""

_NAMES_FILE = Path(__file__).with_name("column_names.toml")

_TABLES = ("product_words", "gross", "net", "notes", "orders")

NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class _Entry:
    fits: Mapping[str, float]
    languages: frozenset[str]


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads(_NAMES_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def names() -> Mapping[str, _Entry]:
    """Map each plain name, also without its spaces, to the fields that have it and to its languages."""
    fits: dict[str, dict[str, float]] = defaultdict(dict)
    languages: dict[str, set[str]] = defaultdict(set)
    for field, language, name, fit in _listed(("", "weak")):
        for written in {name, name.replace(" ", "")}:
            fits[written][field] = max(fit, fits[written].get(field, 0.0))
            if language != "platforms":
                languages[written].add(language)
    return {name: _Entry(own, frozenset(languages[name])) for name, own in fits.items()}


@lru_cache(maxsize=1)
def joined_names() -> Mapping[str, _Entry]:
    """Map each plain name that means a field only beside a word for "product" to it."""
    listed = list(_listed(("joined",)))
    return {name: _Entry({field: fit}, frozenset((language,))) for field, language, name, fit in listed}


def _listed(kinds: tuple[str, ...]) -> Iterator[tuple[str, str, str, float]]:
    """Yield field, language, plain name and fit of all names of these kinds; ``""`` is that of the usual ones."""
    for field, table in _tables().items():
        if field in _TABLES:
            continue
        for kind in kinds:
            best, span = {"": (STRONG, STRONG_RANGE), "weak": (WEAK, WEAK_RANGE), "joined": (JOINED_FIT, 0.0)}[kind]
            for language, names in (table.get(kind, {}) if kind else table).items():
                if isinstance(names, list):
                    for place, name in enumerate(names):
                        yield field, language, plain_name(name), best - span * place / len(names)


@lru_cache(maxsize=1)
def product_words() -> frozenset[str]:
    """Return the plain words for "product" in all languages."""
    return frozenset(plain_name(word) for words in _tables()["product_words"].values() for word in words)


@lru_cache(maxsize=1)
def product_parts() -> tuple[frozenset[str], tuple[int, ...]]:
    """Return the words for "product" that may be written together with the rest, and their lengths, longest first."""
    own = {word for word in product_words() if len(word) >= 4 or (NO_SPACES.search(word) and len(word) >= 2)}
    return frozenset(own), tuple(sorted({len(word) for word in own}, reverse=True))


@lru_cache(maxsize=1)
def taxes() -> tuple[tuple[str, Tax], ...]:
    """Return the words for with and without tax, the longest first."""
    sides: tuple[Tax, ...] = ("gross", "net")
    words = {plain_name(word): side for side in sides for word in _tables()[side]["words"]}
    return tuple(sorted(words.items(), key=lambda item: -len(item[0])))


@lru_cache(maxsize=1)
def note_words() -> frozenset[str]:
    """Return the plain words beside a name that change nothing."""
    return frozenset(plain_name(word) for word in _tables()["notes"]["words"])


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """Return the two-letter codes of the languages that names are listed in."""
    codes = {key.partition("-")[0] for table in _tables().values() for key in table}
    return frozenset(code for code in codes if len(code) == 2) | {"nb"}


@lru_cache(maxsize=1)
def order_names() -> frozenset[str]:
    """Return the names of columns of orders and customers, plain and without spaces."""
    return frozenset(plain_name(word).replace(" ", "") for word in _tables()["orders"]["words"])
