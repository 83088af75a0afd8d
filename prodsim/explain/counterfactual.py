"""A comparer in which one product is changed, so that its parts can be computed as always."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.lexical import LexicalIndex
from prodsim.lexical.index import VIEWS, Row, saturated
from prodsim.lexical.matrix import TermMatrix
from prodsim.lexical.terms import Terms, word_terms
from prodsim.search.comparer import Comparer
from prodsim.text import folded


def with_traits(comparer: Comparer, place: int, row: int, changed: Mapping[str, Any]) -> Comparer:
    """Return the same comparer with the traits of ``row``, some of them changed, at ``place``."""
    traits = comparer.traits
    arrays = {}
    for name in ("brand", "category", "price", "attributes", "quantities"):
        if name in changed or place != row:
            arrays[name] = getattr(traits, name).copy()
            arrays[name][place] = changed.get(name, getattr(traits, name)[row])
    return replace(comparer, traits=replace(traits, **arrays))


def with_text(
    comparer: Comparer,
    place: int,
    row: int,
    before: str,
    after: str,
    code: str,
    description: str,
    others: Sequence[int],
) -> Comparer:
    """Return the same comparer with ``after`` as the text of ``row``, at ``place``; of other rows it keeps ``others``.

    The catalog's statistics stay as they are, so that every formula gives what it would give of that text.
    """
    lexical = comparer.lexical
    changed = {
        "words": _fewer_words(lexical.words, row, word_terms(folded(before)), word_terms(folded(after))),
        "grams": lexical.gram_row(after),
        "identifiers": lexical.identifier_row(after, code, description),
        "numbers": lexical.number_row(after),
    }
    kept = [other for other in others if other != place]
    matrices = {
        name: _only(matrix, {other: matrix.row(other) for other in kept} | {place: changed[name]})
        for name, matrix in ((name, getattr(lexical, name)) for name in VIEWS)
    }
    crowding = comparer.crowding and comparer.crowding.with_copy(row, place)
    return replace(comparer, lexical=LexicalIndex(**matrices), crowding=crowding)


def _fewer_words(matrix: TermMatrix, row: int, before: Terms, after: Terms) -> Row:
    """Return BM25 weights without some words, in a text that much shorter; the mean length is in distinct words."""
    columns, weights = matrix.row(row)
    terms, counts = np.unique(before, return_counts=True)
    placed = np.searchsorted(terms, matrix.terms[columns])
    relative = np.float32(len(columns) / max(len(matrix.columns) / max(len(matrix), 1), 1e-9))
    whole = saturated(counts[placed].astype(np.float32), relative)
    counts_left = _counts(terms, after)[placed].astype(np.float32)
    left = saturated(counts_left, relative * np.float32(len(after) / max(len(before), 1)))
    return columns, np.asarray(weights * left / whole, np.float32)


def _counts(terms: Terms, of: Terms) -> NDArray[np.int64]:
    """Count how often each of the sorted distinct terms occurs."""
    places = np.searchsorted(terms, of[np.isin(of, terms)])
    return np.bincount(places, minlength=len(terms))


def _only(matrix: TermMatrix, rows: Mapping[int, Row]) -> TermMatrix:
    """Return the matrix with these rows alone; the others are empty, and no candidates come from it."""
    order = sorted(rows)
    lengths = np.zeros(len(matrix), np.int64)
    lengths[order] = [len(rows[row][0]) for row in order]
    return replace(
        matrix,
        data=np.concatenate([rows[row][1] for row in order]),
        columns=np.concatenate([rows[row][0] for row in order]),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
    )
