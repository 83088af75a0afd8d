"""Kinds of catalogs: what a product, a brand or a category is called in each, and which fields it does not have.

A kind is a file beside this one. ``phrases`` says its words in place of those of a shop, so no screen knows of kinds.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
PRODUCTS = "products"
"""The kind of a catalog of which nothing else is known: the texts are in its words, and it may have all fields."""
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of catalogs, as its file has it.

    Attributes:
        name: of the file.
        labels: what people read for the kind, by language; English is among them.
        absent: fields that such things do not have: no column is taken for one, and nobody is asked for one.
        wanted: fields that buyers or readers ask for, so that a thing without one lacks something.
        columns: field to names of columns that hold it here, as ``plain_name`` gives them.
        sign_columns: names of columns that speak for the kind.
        sign_cells: patterns that nearly all cells of one of the columns match whole.
        words: language to words of the texts and what is said instead; in English a singular and a plural.
        half_life: days after which a thing counts half as new; 0 where age does not count unless a person says so.
    """

    name: str
    labels: Mapping[str, str]
    absent: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sign_columns: tuple[str, ...] = ()
    sign_cells: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    half_life: float = 0.0

    def label(self, language: str) -> str:
        """Return what people who read that language call the kind."""
        return self.labels.get(language, self.labels[ENGLISH])


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the kinds by name, that of products first."""
    read = {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}
    return {PRODUCTS: read[PRODUCTS], **read}


def profile_of(name: str) -> Profile:
    """Return a kind by its name, as catalogs have it; one that this version does not know counts as products."""
    return profiles().get(name, profiles()[PRODUCTS])


@lru_cache(maxsize=20_000)
def reworded(text: str, language: str, name: str) -> str:
    """Return a text of the screens, with its ``{values}`` as they are, in the words of a kind."""
    words = profile_of(name).words.get(language, {})
    if not words:
        return text
    if language != ENGLISH:
        return _pattern(tuple(words)).sub(lambda found: words.get(found[0], found[0]), text)
    return _english_pattern(tuple(words)).sub(lambda found: _in_english(found, words), text)


def _read(path: Path) -> Profile:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    signs = read.get("signs", {})
    return Profile(
        path.stem,
        read["label"],
        tuple(read.get("absent", ())),
        tuple(read.get("wanted", ())),
        {name: tuple(columns) for name, columns in read.get("columns", {}).items()},
        tuple(signs.get("columns", ())),
        tuple(signs.get("cells", ())),
        read.get("words", {}),
        float(read.get("half_life", 0.0)),
    )


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match a value's name in braces, which stays, or one of the words."""
    return re.compile(rf"\{{[^{{}}]*\}}|{_any_of(words)}")


@cache
def _english_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """The same of whole words and the article before; not of columns in a condition, nor of a product of numbers."""
    listed = _any_of(words)
    return re.compile(
        rf"\{{[^{{}}]*\}}|(?:\b(?P<article>an?) )?(?<!inner )(?<![/.])\b(?P<word>{listed})\b(?!_| ?[=<>]| taxonom)",
        re.IGNORECASE,
    )


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _in_english(found: re.Match[str], words: Mapping[str, str]) -> str:
    if not found["word"]:
        return found[0]
    word, article = words[found["word"].lower()], found["article"]
    word = word[:1].upper() + word[1:] if found["word"][:1].isupper() else word
    if not article:
        return word
    return f"{article[0]}{'n' if word[0].lower() in 'aeiou' else ''} {word}"
