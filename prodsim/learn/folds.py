"""Splits of judgements into those to learn from and those to hold out, so that no product is in both."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from prodsim.learn.judgements import Judgements

MAX_BLOCK_SHARE = 1 / 3
"""Share of all judgements above which those that hang together are cut apart."""


def splits(data: Judgements, n_folds: int) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Yield masks of judgements to learn from and to hold out; no product or text is in both.

    Judgements that hang together through their products are kept together while they are few; more are cut apart, and
    those across a cut are on neither side. Splits that would leave one kind of judgement to learn from are left out.
    """
    fold = _folds(data, n_folds)[data.ends]
    for number in range(n_folds):
        train, held_out = (fold != number).all(axis=1), (fold == number).all(axis=1)
        if held_out.any() and min(data[train].of_each_kind) > 0:
            yield train, held_out


def _folds(data: Judgements, n_folds: int) -> NDArray[np.int64]:
    """Assign each product or text a fold: blocks go, the largest first, to the fold with the fewest judgements."""
    block = _blocks(data, len(data) / n_folds)
    of = block[data.ends[:, 0]]  # a judgement across blocks counts in the block of its query
    n_blocks = int(block.max()) + 1
    counts = np.column_stack([np.bincount(of[mask], minlength=n_blocks) for mask in (data.together, ~data.together)])
    filled, fold_of_block = np.zeros((n_folds, 2)), np.zeros(n_blocks, np.int64)
    for number in np.argsort(-counts.sum(axis=1), kind="stable"):
        # The growth of the sum of squares is least where both kinds of judgement are scarce.
        fold_of_block[number] = np.argmin(((filled + counts[number]) ** 2).sum(axis=1) - (filled**2).sum(axis=1))
        filled[fold_of_block[number]] += counts[number]
    return np.asarray(np.where(block < 0, -1, fold_of_block[block]), np.int64)


def _blocks(data: Judgements, size: float) -> NDArray[np.int64]:
    """Return the block of each product or text, -1 for an unjudged one.

    A block is all that hangs together or, where that is more than ``MAX_BLOCK_SHARE`` of all judgements, a stretch
    of it with about ``size`` judgements. Stretches are cut from the order of Cuthill and McKee (1969), which puts what
    is judged together side by side, so that cuts cross few judgements.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components, reverse_cuthill_mckee

    nodes, flat = np.unique(data.ends, return_inverse=True)
    a, b = flat.reshape(data.ends.shape).T
    graph = coo_array((np.ones(len(data)), (a, b)), (len(nodes), len(nodes))).tocsr()
    graph = (graph + graph.T).tocsr()
    component = connected_components(graph, directed=False)[1]
    order = reverse_cuthill_mckee(graph, symmetric_mode=True)
    order = order[np.argsort(component[order], kind="stable")]
    degree = np.bincount(np.concatenate([a, b]), minlength=len(nodes))[order]
    before = np.cumsum(degree) - degree
    first = np.flatnonzero(np.diff(component[order], prepend=-1))
    since = before - np.repeat(before[first], np.diff(first, append=len(order)))
    is_large = np.bincount(component[a])[component[order]] > MAX_BLOCK_SHARE * len(data)
    stretch = np.where(is_large, since // (2 * size), 0).astype(np.int64)  # each judgement is counted at both its ends
    keys = np.column_stack([component[order], stretch])
    block = np.full(int(data.ends.max()) + 1, -1)
    block[nodes[order]] = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
    return block
