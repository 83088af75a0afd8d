"""Other ways to write a catalog's words, taken from the catalog: apart or run together, by another word, by sound."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from prodsim.extras import optional_packages
from prodsim.text import CHINESE, has_chinese, pieces

SEEN = 2
"""How often a way of writing must be met to count."""
SHORTEST = 3
"""Letters that each part of a word must have that is also written apart."""
SOUNDS_KEPT = 5
"""Characters of one sound that take each other's place."""
_CHINESE_CHARACTER = re.compile(f"[{CHINESE}]")


@dataclass(frozen=True)
class Wording:
    """How words are also written.

    Attributes:
        instead: a word to what is written in its place, all in lower case.
        together: two words that stand beside each other to the one that they are also run together to.
        sounds: a Chinese character to those of the catalog that are typed alike, the most frequent first.
    """

    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)
    together: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str], same: Iterable[tuple[str, str]] = ()) -> Self:
        """Learn the spellings of a catalog's texts.

        Args:
            texts: of the catalog; repeated ones count once.
            same: pairs of texts of one product each. Where several differ by the same two words, and by no others,
                those stand for each other.
        """
        distinct = list(dict.fromkeys(texts))
        cut = [pieces(text.lower()) for text in distinct]
        known = Counter(word for words in cut for word in words)
        together = {
            (a, b): a + b
            for one in cut
            for a, b in pairwise(one)
            if min(len(a), len(b)) >= SHORTEST and known[a + b] >= SEEN and (a + b).isalpha() and not has_chinese(a + b)
        }
        ways = [(word, f"{a} {b}") for (a, b), word in together.items()]
        for a, b in _exchanged(same):
            ways += [(a, b), (b, a)]
        instead: dict[str, list[str]] = {}
        for word, other in ways:
            instead.setdefault(word, []).append(other)
        return cls(instead, together, _sounds(distinct))


def _exchanged(same: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Find two words each, without numbers, that take each other's place in ``SEEN`` pairs of texts or more."""
    met: Counter[tuple[str, str]] = Counter()
    for a, b in dict.fromkeys((min(pair), max(pair)) for pair in same):
        one, other = (set(pieces(text.lower())) for text in (a, b))
        if len(one - other) == len(other - one) == 1:
            first, second = sorted((one | other) - (one & other))
            met[first, second] += first.isalpha() and second.isalpha()
    return [pair for pair, n in met.items() if n >= SEEN]


def _sounds(texts: Iterable[str]) -> dict[str, str]:
    """Map each Chinese character to others that Pinyin writes alike but for the tone, as input methods take them."""
    counts = Counter(letter for text in texts for letter in _CHINESE_CHARACTER.findall(text))
    if not counts:
        return {}
    with optional_packages():
        from pypinyin import lazy_pinyin  # its table takes a while; only Chinese catalogs pay

    groups: dict[str, list[str]] = {}
    for letter, _ in counts.most_common():
        groups.setdefault(lazy_pinyin(letter)[0], []).append(letter)
    return {
        letter: "".join(other for other in group if other != letter)[:SOUNDS_KEPT]
        for group in groups.values()
        if len(group) > 1
        for letter in group
    }
