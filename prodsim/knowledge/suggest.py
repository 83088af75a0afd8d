"""Words of a catalog that may mean the same: abbreviations and spellings that stand among the same words."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from prodsim.knowledge.names import stem
from prodsim.text import words

MIN_TITLES = 3
"""Titles that have a word that is looked at."""
NEAR = 2
"""Words on each side that count as those around a word."""
MIN_CLOSENESS = 0.5
"""How alike, as a cosine, what stands around two words must be."""
MAX_TOGETHER = 0.1
"""Share of the rarer word's titles that may have both: of two names for one thing a title says one."""
SHORT = 5
"""Letters of an abbreviation, at most."""
LONG = 5
"""Letters of two spellings, at least; shorter words differ by a letter for any reason."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two words that may mean the same.

    Attributes:
        term, same: the longer or more frequent word, and the other.
        certainty: how alike what stands around them is, in [0, 1].
        titles: how many have each.
    """

    term: str
    same: str
    certainty: float
    titles: tuple[int, int]


def suggest_terms(titles: Sequence[str]) -> list[Suggestion]:
    """Return pairs of words that may mean the same, the surest first.

    Words are candidates by their letters, an abbreviation and what it may shorten or two spellings that differ by one
    letter, and are kept where the same words stand around them (Harris 1954) and hardly any title has both.
    """
    cut = [[stem(word) for word in words(title) if word.isalpha()] for title in titles]
    frequency = Counter(word for own in cut for word in set(own))
    known = [word for word, n in frequency.items() if n >= MIN_TITLES]
    place = {word: i for i, word in enumerate(known)}
    around = _surroundings(cut, place, len(titles), frequency)
    rows = defaultdict(set)
    for row, own in enumerate(cut):
        for word in own:
            rows[word].add(row)
    found = []
    for one, other in _candidates(known):
        closeness = float(around[place[one]].multiply(around[place[other]]).sum())
        together = len(rows[one] & rows[other]) / min(frequency[one], frequency[other])
        if closeness >= MIN_CLOSENESS and together <= MAX_TOGETHER:
            found.append(Suggestion(one, other, closeness, (frequency[one], frequency[other])))
    return sorted(found, key=lambda own: (-own.certainty, own.term))


def _surroundings(cut: Sequence[Sequence[str]], place: dict[str, int], n: int, frequency: Counter[str]) -> csr_matrix:
    """Return how often words stand near each other, weighed by their rarity, in rows of length 1."""
    counts: Counter[tuple[int, int]] = Counter()
    for own in cut:
        for at, word in enumerate(own):
            if word in place:
                near = (*own[max(at - NEAR, 0) : at], *own[at + 1 : at + 1 + NEAR])
                counts.update((place[word], place[other]) for other in near if other in place)
    if not counts:
        return csr_matrix((len(place), len(place)))
    pairs = np.array(list(counts))
    rarity = np.log(n / np.array([frequency[word] for word in place]))
    weights = np.log1p(np.array(list(counts.values()))) * rarity[pairs[:, 1]]
    lengths = np.sqrt(np.bincount(pairs[:, 0], weights**2, minlength=len(place)))
    unit = weights / np.maximum(lengths[pairs[:, 0]], 1e-9)
    return csr_matrix((unit, (pairs[:, 0], pairs[:, 1])), (len(place), len(place)))


def _candidates(known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of words by their letters, the longer first."""
    by_initial = defaultdict(list)
    spelled = defaultdict(list)
    for word in known:
        by_initial[word[0]].append(word)
        if len(word) >= LONG:
            for at in range(len(word)):
                spelled[word[:at] + word[at + 1 :]].append(word)
    for group in by_initial.values():
        short = [word for word in group if len(word) <= SHORT and word.isascii()]
        yield from ((other, word) for word in short for other in group if _shortens(word, other))
    here = set(known)
    pairs = {(a, b) for own in spelled.values() for a in own for b in own if a < b and len(a) == len(b)}
    pairs |= {(word, less) for less, own in spelled.items() if less in here and len(less) >= LONG for word in own}
    yield from sorted(pairs)


def _shortens(short: str, word: str) -> bool:
    """Return whether a word may be written as another: "blk" for black, "galv" for galvanized."""
    if len(word) < len(short) + 2:
        return False
    if word.startswith(short):
        return len(short) >= 3
    letters = iter(word)
    return all(letter in letters for letter in short) and not set(short[1:]) & set("aeiou")
