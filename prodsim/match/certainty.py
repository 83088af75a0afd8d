"""How sure it is that two products are the same, from their score and their rivals'."""

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows
from prodsim.match.candidates import SAME_GTIN, SAME_MPN, CrossPairs

SCORE_WEIGHT, MARGIN_WEIGHT, OFFSET = 5.6, 10.3, -3.5
"""Of a logistic regression on eight pairs of catalogs whose matches are known, each pair counting alike and each left
out in turn (``benchmarks/match.py`` has the result). Of the margins the smaller one alone counts; contradictions of
numbers, colours and sizes told nothing beyond the score, which they lower already, and neither did the scores of the
second best as a null."""
CODE_CERTAINTY = {SAME_GTIN: 0.995, SAME_MPN: 0.98}
"""How sure a code makes it that two products alone have; the surest first."""

Certainties = NDArray[np.float64]


def certainties(pairs: CrossPairs) -> Certainties:
    """Return the probability that each pair is one product by its score alone, in [0, 1], shape (n,).

    It grows with the score, and with the margin over the best rival: the best other pair of either product.
    """
    margin = pairs.scores.astype(np.float64) - best_rivals(pairs)
    return np.asarray(1 / (1 + np.exp(-(SCORE_WEIGHT * pairs.scores + MARGIN_WEIGHT * margin + OFFSET))))


def best_rivals(pairs: CrossPairs) -> NDArray[np.float64]:
    """Return the best score among the other pairs of either product; 0 where there is no other above that."""
    rivals = (_best_other(rows, pairs.scores, n) for rows, n in ((pairs.a, pairs.n_a), (pairs.b, pairs.n_b)))
    return np.maximum(*rivals)


def _best_other(rows: Rows, scores: NDArray[np.float32], n: int) -> NDArray[np.float64]:
    """Return for each pair the best score among its row's other pairs, at least 0."""
    order = np.lexsort((-scores, rows))
    is_first = np.diff(rows[order], prepend=-1) != 0
    is_second = np.concatenate([[False], is_first[:-1]]) & ~is_first
    best, second = np.zeros(n), np.zeros(n)
    best[rows[order[is_first]]] = np.maximum(scores[order[is_first]], 0)
    second[rows[order[is_second]]] = np.maximum(scores[order[is_second]], 0)
    others = best[rows]
    firsts = order[is_first]
    others[firsts] = second[rows[firsts]]
    return others
