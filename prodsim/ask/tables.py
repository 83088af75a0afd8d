"""The words of languages, from one file per language: kinds of products, colours, materials, units, and patterns."""

import re
import tomllib
from functools import lru_cache

from prodsim.knowledge import LATIN_WORD, WORDS, NameIndex, language_files, names_of, stem

_JOINED = re.compile(r"\s+(?:and|&|or|und|oder)\s+|\s*[、/,]\s*", re.IGNORECASE)


@lru_cache(maxsize=16)
def table_pattern(name: str) -> re.Pattern[str]:
    """Return what matches a pattern of any language."""
    alternatives = [file["patterns"][name] for file in language_files() if name in file.get("patterns", {})]
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


@lru_cache(maxsize=8)
def index_of(section: str) -> NameIndex:
    """Return what finds the names of a section."""
    return NameIndex(names_of(section))


def kinds_of_step(step: str) -> list[str]:
    """Return the kinds that a step of a category path names: each of its parts by its end."""
    kinds = []
    for part in _JOINED.split(step):
        kinds += [key for one in index_of("kinds").find(part) if one.end >= len(part.rstrip()) for key in one.keys]
    return list(dict.fromkeys(kinds))


def parts_of_step(step: str) -> set[str]:
    """Return what a step of a category path may be called: itself, and each of the parts that it joins."""
    return {step, *(part.strip() for part in _JOINED.split(step) if part.strip())}


@lru_cache(maxsize=1)
def _compound_ends() -> frozenset[str]:
    """Return the names of kinds that German compounds end with."""
    names = tomllib.loads((WORDS / "de.toml").read_text(encoding="utf-8"))["kinds"].values()
    return frozenset(
        name.strip().lower()
        for own in names
        for name in own.split("|")
        if name.strip().isalpha() and len(name.strip()) > 3
    )


def apart(question: str) -> str:
    """Return a question with German compounds cut before the kind of product that they end with: Herrenhemd."""
    return LATIN_WORD.sub(_cut_compound, question)


def _cut_compound(match: re.Match[str]) -> str:
    word = match[0]
    lowered = word.lower()
    if len(lowered) < 8 or stem(lowered) in _english() or index_of("kinds").find(word):
        return word
    for at in range(4, len(lowered) - 3):
        if lowered[at:] in _compound_ends():
            return f"{word[:at]} {word[at:]}"
    return word


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    from prodsim.encoders import english_words

    return frozenset(map(stem, english_words()))
