"""A comparer in which one product says something else, so that its parts can be computed as always."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prodsim.lexical import LexicalIndex
from prodsim.lexical.index import K1, B
from prodsim.lexical.matrix import TermMatrix
from prodsim.lexical.terms import Terms, gram_terms, identifier_terms, word_terms
from prodsim.search.wish import Comparer

Row: TypeAlias = tuple[NDArray[np.integer], NDArray[np.float32]]
"""Columns and weights of one row of a term matrix."""


def with_traits(comparer: Comparer, place: int, row: int, changed: Mapping[str, Any]) -> Comparer:
    """The same comparer with the traits of ``row``, some of them changed, at ``place``."""
    traits = comparer.traits
    arrays = {}
    for name in ("brand", "category", "price", "attributes", "quantities"):
        if name in changed or place != row:
            arrays[name] = getattr(traits, name).copy()
            arrays[name][place] = changed.get(name, getattr(traits, name)[row])
    return replace(comparer, traits=replace(traits, **arrays))


def with_text(comparer: Comparer, place: int, row: int, text: str, shorter: str, others: Sequence[int]) -> Comparer:
    """The same comparer with the shortened text of ``row`` at ``place``; of the other rows it keeps ``others`` alone.

    The catalog's statistics stay as they are, so that every formula gives what it would give of the shortened text.
    """
    lexical = comparer.lexical
    changed = {
        "words": _fewer_words(lexical.words, row, word_terms(text), word_terms(shorter)),
        "grams": _fewer_grams(lexical.grams, row, gram_terms(text), gram_terms(shorter)),
        "identifiers": _fewer_identifiers(lexical.identifiers, row, identifier_terms(text), identifier_terms(shorter)),
    }
    kept = [other for other in others if other != place]
    matrices = (_only(getattr(lexical, name), {r: getattr(lexical, name).row(r) for r in kept} | {place: new})
                for name, new in changed.items())  # fmt: skip
    return replace(comparer, lexical=LexicalIndex(*matrices))


def _fewer_grams(matrix: TermMatrix, row: int, before: Terms, after: Terms) -> Row:
    """TF-IDF weights without some n-grams, brought to length 1 again.

    A row's length was 1 before terms of this product alone were left out of the matrix, so these, all equally rare,
    make up the rest by their counts.
    """
    columns, weights = matrix.row(row)
    terms, counts = np.unique(before, return_counts=True)
    frequency = np.log(counts) + 1
    left = _counts(terms, after)
    ratio = np.where(left > 0, np.log(np.maximum(left, 1)) + 1, 0.0) / frequency
    is_stored = np.isin(terms, matrix.terms[columns])
    squares = np.where(is_stored, 0.0, frequency**2)
    squares *= max(1.0 - float(weights @ weights), 0.0) / max(squares.sum(), 1e-9)
    placed = np.searchsorted(terms, matrix.terms[columns])
    changed = weights * ratio[placed]
    length = np.sqrt(float(changed @ changed) + float(squares @ ratio**2))
    return columns, np.asarray(changed / max(length, 1e-9), np.float32)


def _fewer_words(matrix: TermMatrix, row: int, before: Terms, after: Terms) -> Row:
    """BM25 weights without some words, in a text that much shorter; the mean length is that in distinct words."""
    columns, weights = matrix.row(row)
    terms, counts = np.unique(before, return_counts=True)
    placed = np.searchsorted(terms, matrix.terms[columns])
    count, left = counts[placed], _counts(terms, after)[placed]
    relative = len(columns) / max(len(matrix.columns) / max(len(matrix), 1), 1e-9)
    whole, shorter = (K1 * (1 - B + B * relative * n / max(len(before), 1)) for n in (len(before), len(after)))
    return columns, np.asarray(weights * (left * (count + whole)) / (count * (left + shorter)), np.float32)


def _fewer_identifiers(matrix: TermMatrix, row: int, before: Terms, after: Terms) -> Row:
    columns, weights = matrix.row(row)
    kept = ~np.isin(matrix.terms[columns], np.setdiff1d(before, after))
    return columns[kept], weights[kept]


def _counts(terms: Terms, of: Terms) -> NDArray[np.int64]:
    """How often each of the sorted distinct terms occurs."""
    found = np.searchsorted(terms, of[np.isin(of, terms)])
    return np.bincount(found, minlength=len(terms))


def _only(matrix: TermMatrix, rows: Mapping[int, Row]) -> TermMatrix:
    """The matrix with these rows alone; the others are empty, and nothing finds candidates."""
    order = sorted(rows)
    lengths = np.zeros(len(matrix), np.int64)
    lengths[order] = [len(rows[row][0]) for row in order]
    return replace(
        matrix,
        data=np.concatenate([rows[row][1] for row in order]),
        columns=np.concatenate([rows[row][0] for row in order]),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
    )
