"""What else a query may say: the same with words that the catalog has, where it lacks those that were typed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from prodsim.catalog import Catalog
from prodsim.knowledge import Knowledge, Mention, name_key
from prodsim.lexical import LexicalIndex
from prodsim.text import CHINESE, has_chinese, pieces, words

RELATED = {"same": 0.9, "narrower": 0.8, "broader": 0.6}
"""What words in common count when another name was read instead of the typed one."""
LACKED = 0.1
"""A word is nearly lacked where at most this share of as many products have it as have the other name."""
MOST_NAMES = 4
"""Other names that are read for one, the closest and most frequent."""
MOST_APART = 3
"""Lacked names of a query up to which each is also read as another while the rest stays; of more, only all together."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A name that was read instead of another, and the thesaurus that allows it."""

    written: str
    instead: str
    source: str
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it may be meant.

    Attributes:
        text: with other names.
        weight: what words in common with it count, in (0, 1]; 1 for the text as it was typed.
        replaced: what differs from it.
    """

    text: str
    weight: float = 1.0
    replaced: tuple[Replacement, ...] = ()


class Readings:
    """Reads queries of one catalog.

    Args:
        get_knowledge: the thesauri as they are now; called by every query.
        lexical: the words of the catalog.
        catalog: the products, whose brands stand for nothing else.
    """

    def __init__(self, get_knowledge: Callable[[], Knowledge], lexical: LexicalIndex, catalog: Catalog) -> None:
        self._get_knowledge, self._lexical, self._catalog = get_knowledge, lexical, catalog
        self._remembered = lru_cache(maxsize=64)(self._read)

    def of(self, text: str) -> tuple[Reading, ...]:
        """Return the readings of a text, the text itself first, then by falling weight."""
        return self._remembered(text, self._get_knowledge())

    @cached_property
    def _brands(self) -> frozenset[tuple[str, ...]]:
        return frozenset(map(name_key, self._catalog.products["brand"].unique()))

    @cached_property
    def _has_chinese(self) -> bool:
        """Return whether any title is Chinese; where none is, Chinese names need not be cut into words."""
        return bool(self._catalog.products["title"].str.contains(f"[{CHINESE}]", regex=True).any())

    def _read(self, text: str, knowledge: Knowledge) -> tuple[Reading, ...]:
        places = self._replaceable(text, knowledge)
        chosen = [[(mention, others[min(i, len(others) - 1)]) for mention, others in places] for i in range(MOST_NAMES)]
        if len(places) <= MOST_APART:
            chosen += [[(mention, other)] for mention, others in places for other in others]
        readings = {reading.text: reading for reading in (_rewritten(text, own) for own in chosen if own)}
        return Reading(text), *sorted(readings.values(), key=lambda one: -one.weight)

    def _replaceable(self, text: str, knowledge: Knowledge) -> list[tuple[Mention, list[Replacement]]]:
        """Return the names in a text that the catalog hardly has but under others, none within another, in order."""
        kept: list[tuple[Mention, list[Replacement]]] = []
        is_word = _word_places(text)
        for mention in knowledge.mentions(text):
            is_free = all(mention.end <= other.start or mention.start >= other.end for other, _ in kept)
            if is_free and is_word(mention.start, mention.end) and (others := self._others(text, mention)):
                kept.append((mention, others))
        return sorted(kept, key=lambda one: one[0].start)

    def _others(self, text: str, mention: Mention) -> list[Replacement]:
        written = text[mention.start : mention.end]
        if name_key(written) in self._brands:
            return []
        n_written = self._frequency(written)
        frequent = []
        for other in mention.alternatives:
            n = self._frequency(other.name)
            if n and n_written <= LACKED * n and name_key(other.name) not in self._brands:
                weight = RELATED[other.relation]
                frequent.append((-weight, -n, Replacement(written, other.name, other.source, weight)))
        closest = [replacement for _, _, replacement in sorted(frequent, key=lambda one: one[:2])][:MOST_NAMES]
        # Something wider is read only where the catalog has no name for the thing itself.
        narrow = [one for one in closest if one.weight > RELATED["broader"]]
        return narrow or ([] if n_written else closest)

    def _frequency(self, name: str) -> int:
        return self._lexical.frequency(name) if self._has_chinese or not has_chinese(name) else 0


def _rewritten(text: str, chosen: list[tuple[Mention, Replacement]]) -> Reading:
    parts, end, weight = [], 0, 1.0
    for mention, replacement in chosen:
        parts += [text[end : mention.start], replacement.instead]
        end, weight = mention.end, weight * replacement.weight
    return Reading("".join([*parts, text[end:]]), weight, tuple(replacement for _, replacement in chosen))


def _word_places(text: str) -> Callable[[int, int], bool]:
    """Return what tells whether whole words stand at a place; of Chinese, characters that meet by chance do not."""
    if not has_chinese(text):
        return lambda start, end: True
    ends, end, known = {0}, 0, set(words(text))
    for piece in pieces(text):
        end = text.index(piece, end) + len(piece)
        ends |= {end - len(piece), end}
    return lambda start, end: {start, end} <= ends or text[start:end].lower() in known
