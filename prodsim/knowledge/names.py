"""Names of things in texts: English and German ones by the stems of their words, Chinese ones as they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from prodsim.text import folded, has_chinese

LATIN_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:['’][^\W\d_]+)?")
IRREGULAR = {
    "knives": "knife", "shelves": "shelf", "scarves": "scarf", "leaves": "leaf", "loaves": "loaf", "halves": "half",
    "wolves": "wolf", "calves": "calf", "hooves": "hoof", "feet": "foot", "teeth": "tooth", "mice": "mouse",
}  # fmt: skip
_PLURALS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return an English word in lower case without its plural ending; cookies and cookie give one stem, too."""
    word = word.replace("’", "'").removesuffix("'s")
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, instead in _PLURALS:
        if word.endswith(ending) and len(word) >= len(ending) + 2:
            return word[: -len(ending)] + instead
    if word.endswith("ie") and len(word) > 4:
        return f"{word[:-2]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


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
        self._most_words: dict[str, int] = {}  # of the longest name that begins with a stem
        self._chinese_names: list[tuple[str, str]] = []
        for key, own in names.items():
            for name in own:
                if has_chinese(name):
                    self._chinese_names.append((name, key))
                elif stems := tuple(stems_of(name)):
                    self._latin.setdefault(stems, []).append(key)
                    self._most_words[stems[0]] = max(len(stems), self._most_words.get(stems[0], 0))

    @cached_property
    def _chinese(self) -> Mapping[str, list[str]]:
        """Return the Chinese names; to fold them takes a while, so only Chinese texts pay."""
        keys: dict[str, list[str]] = {}
        for name, key in self._chinese_names:
            keys.setdefault(folded(name.replace(" ", "").lower()), []).append(key)
        return keys

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._chinese), default=0)

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

    def find_all(self, text: str) -> list[Named]:
        """Return the names in a text, also those that overlap or lie within others, by their beginnings."""
        plain = folded(text.lower())
        return sorted((*self._find_latin(plain), *self._find_chinese(plain)), key=lambda one: (one.start, -one.end))

    def _find_chinese(self, text: str) -> Iterator[Named]:
        """Yield the longest name that begins at each character, so that names that overlap are all found."""
        if not has_chinese(text):
            return
        for start in range(len(text)):
            for end in range(min(start + self._longest, len(text)), start, -1):
                if keys := self._chinese.get(text[start:end]):
                    yield Named(start, end, tuple(dict.fromkeys(keys)))
                    break

    def _find_latin(self, text: str) -> Iterator[Named]:
        tokens = list(LATIN_WORD.finditer(text))
        stems = [stem(token[0]) for token in tokens]
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + self._most_words.get(stems[start], 0), len(tokens)) + 1):
                keys = self._latin.get(tuple(stems[start:end]))
                if keys and _is_phrase(text, tokens[start:end]):
                    yield Named(tokens[start].start(), tokens[end - 1].end(), tuple(dict.fromkeys(keys)))


def stems_of(text: str) -> list[str]:
    """Return the stems of the Latin words of a text, in order."""
    return [stem(word) for word in LATIN_WORD.findall(folded(text.lower()))]


def _is_phrase(text: str, tokens: Sequence[re.Match[str]]) -> bool:
    """Return whether nothing but spaces and hyphens stands between words."""
    return all(re.fullmatch(r"[\s&’'/-]*", text[one.end() : other.start()]) for one, other in pairwise(tokens))
