"""One-to-one: the pairs of the greatest total score in which no product stands twice."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from prodsim.index import Rows

BATCH_ROWS = 1000
"""Rows of components that are assigned at a time: the work grows with the square of the rows that come together."""


def one_to_one(a: Rows, b: Rows, weights: NDArray[np.floating]) -> Rows:
    """Return the places of the chosen pairs, ascending.

    Pairs that no chain of shared products connects are assigned apart, so that the work grows with their number.

    Args:
        a: rows of one side, shape (n,).
        b: rows of the other side; no pair twice.
        weights: what each pair is worth, above 0.
    """
    if not len(a):
        return np.empty(0, np.int64)
    n_a = int(a.max()) + 1
    nodes = csr_matrix((np.ones(len(a), bool), (a, b + n_a)), shape=(n_a + int(b.max()) + 1,) * 2)
    _, component = connected_components(nodes, directed=False)
    chosen = [places[_assigned(a[places], b[places], weights[places])] for places in _batches(a, component[a])]
    return np.sort(np.concatenate(chosen))


def _batches(a: Rows, component: Rows) -> Iterator[Rows]:
    """Yield places of pairs: whole components, together of about ``BATCH_ROWS`` pairs."""
    order = np.argsort(component, kind="stable")
    ends = np.flatnonzero(np.diff(component[order], append=-1)) + 1
    start = 0
    for end in ends.tolist():
        if end - start >= BATCH_ROWS or end == ends[-1]:
            yield order[start:end]
            start = end


def _assigned(a: Rows, b: Rows, weights: NDArray[np.floating]) -> Rows:
    """Return the places of the best assignment; each row of A may also stay alone, which is worth nothing."""
    _, own_a = np.unique(a, return_inverse=True)
    _, own_b = np.unique(b, return_inverse=True)
    n_a, n_b = own_a.max() + 1, own_b.max() + 1
    alone = np.arange(n_a)
    worth = np.concatenate([weights, np.full(n_a, 1e-9)])
    costs = worth.max() + 1 - worth  # scipy takes an explicit 0 for an absent pair
    rows, columns = np.concatenate([own_a, alone]), np.concatenate([own_b, n_b + alone])
    taken_a, taken_b = min_weight_full_bipartite_matching(csr_matrix((costs, (rows, columns)), shape=(n_a, n_b + n_a)))
    is_pair = taken_b < n_b
    keys = own_a * n_b + own_b
    order = np.argsort(keys)
    wanted = taken_a[is_pair] * n_b + taken_b[is_pair]
    return np.asarray(order[np.searchsorted(keys[order], wanted)], np.int64)
