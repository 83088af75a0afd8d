"""Which category of one shop is which of another, or of a taxonomy."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from prodsim.catalog.category_paths import levels_of
from prodsim.knowledge import Knowledge, stem
from prodsim.text import words

PARENT = 0.5
"""How much a word of a level counts, compared with one of the level below it."""
BY_TITLES = 0.5
"""Weight of what the products' titles have in common; names have the rest. Without products on a side, names alone."""
EXAMPLES = 3
"""Titles that are shown of each side."""
SHARPNESS = 0.15
"""Half of the certainty is lost where the best rival is this much less alike."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with its products.

    Attributes:
        path: as the shop writes it, its levels between " > ".
        titles: of its products; none for a taxonomy.
    """

    path: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """A category, and the other side's that is the closest.

    Attributes:
        path, other: the two; ``other`` is ``""`` where nothing is in common.
        score: how alike names and titles are, in [0, 1].
        certainty: the score, less where a rival is nearly as close, in [0, 1].
        rival: the second closest; ``""`` for none.
        examples, other_examples: titles of each.
    """

    path: str
    other: str
    score: float
    certainty: float
    rival: str
    examples: tuple[str, ...] = ()
    other_examples: tuple[str, ...] = ()


def shelves_of(paths: Sequence[str], titles: Sequence[str]) -> list[Shelf]:
    """Return the categories of a catalog with the titles of their products, by path; products without one are left."""
    on: dict[str, list[str]] = defaultdict(list)
    for path, title in zip(paths, titles, strict=True):
        if path:
            on[path].append(title)
    return [Shelf(path, tuple(on[path])) for path in sorted(on)]


def align_categories(own: Sequence[Shelf], others: Sequence[Shelf], knowledge: Knowledge) -> list[Alignment]:
    """Return each own category's closest of the others, in the order of ``own``.

    Names are compared by their words, those of upper levels less, and by what the thesauri call the same, also in
    another language; titles by their words, those in few categories more. Several may have the same closest one.
    """
    if not own or not others:
        return [Alignment(shelf.path, "", 0.0, 0.0, "") for shelf in own]
    scores = _alike([_name_words(shelf.path, knowledge) for shelf in (*own, *others)], len(own))
    have_titles = all(any(shelf.titles for shelf in side) for side in (own, others))
    if have_titles:
        by_titles = _alike([_title_words(shelf.titles) for shelf in (*own, *others)], len(own))
        scores = (1 - BY_TITLES) * scores + BY_TITLES * by_titles
    return [_alignment(shelf, row, others) for shelf, row in zip(own, scores, strict=True)]


def _alignment(shelf: Shelf, scores: NDArray[np.float64], others: Sequence[Shelf]) -> Alignment:
    order = np.argsort(-scores, kind="stable")[:2].tolist()
    best, score = others[order[0]], float(min(scores[order[0]], 1.0))
    if score <= 0:
        return Alignment(shelf.path, "", 0.0, 0.0, "", shelf.titles[:EXAMPLES])
    lead = score - (float(scores[order[1]]) if len(order) > 1 else 0.0)
    certainty = score * (1 - 0.5 ** (1 + lead / SHARPNESS))
    rival = others[order[1]].path if len(order) > 1 and scores[order[1]] > 0 else ""
    return Alignment(shelf.path, best.path, score, certainty, rival, shelf.titles[:EXAMPLES], best.titles[:EXAMPLES])


def _name_words(path: str, knowledge: Knowledge) -> Mapping[str, float]:
    """Return the words of a path with their weights, and what they are called otherwise."""
    weights: dict[str, float] = defaultdict(float)
    for depth, level in enumerate(reversed(levels_of(path))):
        weight = PARENT**depth
        for word in words(level):
            weights[stem(word)] = max(weights[stem(word)], weight)
        for mention in knowledge.mentions(level):
            same = [one.name.casefold() for one in mention.alternatives if one.relation == "same"]
            if same:
                thing = f"={min(same)}"
                weights[thing] = max(weights[thing], weight)
    return weights


def _title_words(titles: Iterable[str]) -> Mapping[str, float]:
    counts = Counter(stem(word) for title in titles for word in set(words(title)))
    return {word: float(np.log1p(n)) for word, n in counts.items()}


def _alike(bags: Sequence[Mapping[str, float]], n_own: int) -> NDArray[np.float64]:
    """Return the cosine of each of the first ``n_own`` bags of words with each of the others, by TF-IDF."""
    column = {word: i for i, word in enumerate(dict.fromkeys(word for bag in bags for word in bag))}
    rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    columns = np.array([column[word] for bag in bags for word in bag], np.int64)
    weights = np.array([weight for bag in bags for weight in bag.values()], np.float64)
    frequency = np.bincount(columns, minlength=len(column))
    weights = weights * np.log((1 + len(bags)) / frequency[columns])
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(bags)))
    matrix = csr_matrix((weights / np.maximum(lengths[rows], 1e-9), (rows, columns)), (len(bags), len(column)))
    return np.asarray((matrix[:n_own] @ matrix[n_own:].T).toarray(), np.float64)
