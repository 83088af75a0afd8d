"""The words of languages, from one file per language: kinds of products, colours, materials, units, and patterns."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from prodsim.ask.language import WORDS, language_files, stem
from prodsim.text import folded, has_chinese

_LATIN_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:['’][^\W\d_]+)?")
_JOINED = re.compile(r"\s+(?:and|&|or|und|oder)\s+|\s*[、/,]\s*", re.IGNORECASE)


@lru_cache(maxsize=16)
def names_of(section: str) -> Mapping[str, tuple[str, ...]]:
    """Return a section's keys with their names in all languages, those of a key's own language first."""
    joined: dict[str, list[str]] = {}
    for file in language_files():
        for key, names in file.get(section, {}).items():
            joined.setdefault(key, []).extend(name.strip() for name in names.split("|"))
    return {key: tuple(dict.fromkeys(names)) for key, names in joined.items()}


@lru_cache(maxsize=16)
def table_pattern(name: str) -> re.Pattern[str]:
    """Return what matches a pattern of any language."""
    alternatives = [file["patterns"][name] for file in language_files() if name in file.get("patterns", {})]
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: its place, and the keys that have the name."""

    start: int
    end: int
    keys: tuple[str, ...]


class NameIndex:
    """Finds names in texts: Latin ones by the stems of their words, Chinese ones as they stand.

    Args:
        names: key to its names; several keys may share a name.
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._latin: dict[tuple[str, ...], list[str]] = {}
        self._longest: dict[str, int] = {}  # words of the longest name that begins with a stem
        self._chinese: dict[str, list[str]] = {}
        for key, own in names.items():
            for name in own:
                self._add(name, key)
        longest_first = sorted(self._chinese, key=len, reverse=True)
        # Ahead of each character, so that names that overlap are all found.
        self._in_chinese = re.compile(rf"(?=({'|'.join(map(re.escape, longest_first)) or '(?!)'}))")

    def _add(self, name: str, key: str) -> None:
        if has_chinese(name):
            self._chinese.setdefault(folded(name.replace(" ", "").lower()), []).append(key)
        elif stems := tuple(stems_of(name)):
            self._latin.setdefault(stems, []).append(key)
            self._longest[stems[0]] = max(len(stems), self._longest.get(stems[0], 0))

    def find(self, text: str) -> list[Named]:
        """Return the names in a text in order; of Latin ones that overlap the longest, of Chinese ones the last.

        A Chinese word for a thing stands at the end: 笔记本电脑包 is a bag.
        """
        plain = folded(text.lower())
        latin = sorted(self._find_latin(plain), key=lambda one: (one.start - one.end, -one.end))
        chinese = sorted(self._find_chinese(plain), key=lambda one: (-one.end, one.start))
        kept: list[Named] = []
        for named in (*latin, *chinese):
            if all(named.end <= other.start or named.start >= other.end for other in kept):
                kept.append(named)
        return sorted(kept, key=lambda one: one.start)

    def _find_chinese(self, text: str) -> Iterator[Named]:
        for match in self._in_chinese.finditer(text) if has_chinese(text) else ():
            yield Named(match.start(), match.start() + len(match[1]), tuple(dict.fromkeys(self._chinese[match[1]])))

    def _find_latin(self, text: str) -> Iterator[Named]:
        tokens = list(_LATIN_WORD.finditer(text))
        stems = [stem(token[0]) for token in tokens]
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + self._longest.get(stems[start], 0), len(tokens)) + 1):
                keys = self._latin.get(tuple(stems[start:end]))
                if keys and _is_phrase(text, tokens[start:end]):
                    yield Named(tokens[start].start(), tokens[end - 1].end(), tuple(dict.fromkeys(keys)))


def stems_of(text: str) -> list[str]:
    """Return the stems of the Latin words of a text, in order."""
    return [stem(word) for word in _LATIN_WORD.findall(folded(text.lower()))]


def _is_phrase(text: str, tokens: Sequence[re.Match[str]]) -> bool:
    """Return whether nothing but spaces and hyphens stands between words."""
    return all(re.fullmatch(r"[\s&’'/-]*", text[one.end() : other.start()]) for one, other in pairwise(tokens))


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
    return _LATIN_WORD.sub(_cut_compound, question)


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
