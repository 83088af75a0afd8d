"""The one-to-one matches of two catalogs: what is proposed, with what people accepted and rejected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.index import Rows
from prodsim.match.assignment import one_to_one
from prodsim.match.candidates import NO_CODE, CrossPairs
from prodsim.match.certainty import CODE_CERTAINTY, certainties

CONSIDERED = 0.02
"""Certainty below which a pair takes no part: it would be chosen only because all others are taken."""
PROPOSED = 0.2
"""Certainty from which a pair is proposed; from there on the F1 of labelled pairs of catalogs is near its best."""
USUAL_THRESHOLD = 0.7
"""Certainty from which a match counts as sure: where the labels are complete, at least 95 of 100 are right."""

PairKeys = Collection[tuple[int, int]]
"""Pairs of a row of A and one of B."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Proposed matches, the surest first; no product stands twice.

    Attributes:
        a, b: rows, int64, shape (n,).
        scores: how close the two are; NaN for an accepted pair that is no candidate any more.
        certainty: the probability that they are the same, in [0, 1]; 1 for an accepted pair.
        codes: which code proves it; see ``CrossPairs``.
        is_accepted: whether a person accepted it.
        n_a, n_b: products of each catalog.
    """

    a: Rows
    b: Rows
    scores: NDArray[np.float32]
    certainty: NDArray[np.float64]
    codes: NDArray[np.int8]
    is_accepted: NDArray[np.bool_]
    n_a: int
    n_b: int

    def __len__(self) -> int:
        return len(self.a)

    def sure(self, threshold: float = USUAL_THRESHOLD) -> NDArray[np.bool_]:
        """Mark the matches that are at least that certain."""
        return np.asarray(self.certainty >= threshold, np.bool_)

    @property
    def only_a(self) -> Rows:
        """Return the rows of A without a match, ascending."""
        return np.setdiff1d(np.arange(self.n_a), self.a)

    @property
    def only_b(self) -> Rows:
        """Return the rows of B without a match, ascending."""
        return np.setdiff1d(np.arange(self.n_b), self.b)


def match_products(pairs: CrossPairs, accepted: PairKeys = (), rejected: PairKeys = ()) -> Matching:
    """Choose the matches of two catalogs.

    What people accepted comes first, then equal codes, then the assignment of the greatest total score. A product that
    has its match takes no part any more, and a rejected pair is no rival of others either.

    Args:
        pairs: the candidates.
        accepted: pairs that are fixed; no product twice.
        rejected: pairs that are never proposed.
    """
    fixed = _accepted(pairs, accepted)
    groups, free = [fixed], _without(pairs.only(~_are_among(pairs, rejected)), fixed)
    for code, certainty in CODE_CERTAINTY.items():
        coded = _matching(free.only(free.codes == code), certainty)
        groups, free = [*groups, coded], _without(free, coded)
    by_score = certainties(free)
    considered = np.flatnonzero(by_score >= CONSIDERED)
    worth = np.maximum(free.scores[considered], 1e-6)
    chosen = considered[one_to_one(free.a[considered], free.b[considered], worth)]
    chosen = chosen[by_score[chosen] >= PROPOSED]
    return _joined([*groups, _matching(free.only(chosen), by_score[chosen])])


def _matching(pairs: CrossPairs, certainty: "float | NDArray[np.float64]", *, is_accepted: bool = False) -> Matching:
    n = len(pairs)
    certain, accepted = np.broadcast_to(certainty, n).astype(np.float64), np.full(n, is_accepted)
    return Matching(pairs.a, pairs.b, pairs.scores, certain, pairs.codes, accepted, pairs.n_a, pairs.n_b)


def _joined(groups: Sequence[Matching]) -> Matching:
    """Return the matches of all groups, the surest first."""
    names = ("a", "b", "scores", "certainty", "codes", "is_accepted")
    arrays: dict[str, Any] = {name: np.concatenate([getattr(group, name) for group in groups]) for name in names}
    order = np.lexsort((arrays["a"], -arrays["certainty"]))
    return replace(groups[0], **{name: array[order] for name, array in arrays.items()})


def _accepted(pairs: CrossPairs, keys: PairKeys) -> Matching:
    """Return the accepted pairs, with the scores of those that are candidates."""
    rows = np.array(sorted(keys), np.int64).reshape(-1, 2)
    scores, codes = np.full(len(rows), np.nan, np.float32), np.full(len(rows), NO_CODE, np.int8)
    known, wanted = pairs.a * pairs.n_b + pairs.b, rows[:, 0] * pairs.n_b + rows[:, 1]
    is_candidate = np.isin(wanted, known)
    places = np.searchsorted(known, wanted[is_candidate])
    scores[is_candidate], codes[is_candidate] = pairs.scores[places], pairs.codes[places]
    fixed = CrossPairs(rows[:, 0], rows[:, 1], scores, codes, pairs.n_a, pairs.n_b)
    return _matching(fixed, 1.0, is_accepted=True)


def _without(pairs: CrossPairs, matched: Matching) -> CrossPairs:
    """Return the pairs of products that have no match yet."""
    return pairs.only(~np.isin(pairs.a, matched.a) & ~np.isin(pairs.b, matched.b))


def _are_among(pairs: CrossPairs, keys: PairKeys) -> NDArray[np.bool_]:
    """Mark the candidates that are among some pairs."""
    wanted = [a * pairs.n_b + b for a, b in keys]
    return np.isin(pairs.a * pairs.n_b + pairs.b, np.array(wanted, np.int64))
