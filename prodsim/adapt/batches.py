"""Which pairs compete with each other in one batch: neighbours that must be told apart, and none that are the same."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from prodsim.adapt.pairs import TrainingPairs

N_BATCH_NEIGHBOURS = 3
"""Neighbours that come into a batch with a product."""


def arrange(
    pairs: TrainingPairs,
    near: Callable[[int], Sequence[int]],
    batches: int,
    batch: int,
    seed: int,
    times: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the positions of the pairs in reading order, a whole number of batches, ``batches`` at most.

    In each pass every pair is read ``times``, but for a few at its end that fill no batch. A batch takes pairs in
    random order, each with pairs of up to ``N_BATCH_NEIGHBOURS`` of its product's neighbours, which become its
    counterexamples. Two pairs with a product in common, or with products of a third pair that is read as the same, do
    not meet in one batch, for each would count as the other's mistake.

    Args:
        pairs: all of them.
        near: gives a product's neighbours that are not the same product.
        batches: how many there are, where a batch can be filled at all.
        batch: pairs of a batch.
        seed: of the draws.
        times: how often a pass reads each pair, 1 or more, shape (n,).
    """
    rng = np.random.default_rng(seed)
    of_row: dict[int, list[int]] = {}
    for position, row in enumerate(pairs.row_a.tolist()):
        of_row.setdefault(row, []).append(position)
    partners = _partners(pairs)
    order: list[int] = []
    while len(order) < batches * batch:
        more = _one_pass(pairs, near, of_row, partners, batch, batches * batch - len(order), rng, times)
        if not len(more):
            break
        order += more
    whole = min(len(order) // batch, batches) * batch
    return np.array(order[:whole], np.int64)


def _one_pass(
    pairs: TrainingPairs,
    near: Callable[[int], Sequence[int]],
    of_row: Mapping[int, Sequence[int]],
    partners: Mapping[int, frozenset[int]],
    batch: int,
    most: int,
    rng: np.random.Generator,
    times: NDArray[np.int64],
) -> list[int]:
    """Return the positions in the order of one pass, whole batches, ``most`` or a few more."""
    waiting = rng.permutation(np.repeat(np.arange(len(pairs)), times)).tolist()[::-1]
    left = times.tolist()
    rows = list(zip(pairs.row_a.tolist(), pairs.row_b.tolist(), strict=True))
    order: list[int] = []
    taken: set[int] = set()
    delayed: list[int] = []

    def take(position: int) -> bool:
        a, b = rows[position]
        if not left[position] or a in taken or b in taken:
            return False
        left[position] -= 1
        taken.update(partners[a] | partners[b])
        order.append(position)
        if len(order) % batch == 0:
            taken.clear()
            waiting.extend(delayed)
            delayed.clear()
        return True

    while waiting and len(order) < most:
        position = waiting.pop()
        if not left[position]:
            continue
        if not take(position):
            # It would be a false counterexample here; in the next batch it may be a true one.
            delayed.append(position)
            continue
        others = list(near(rows[position][0]))
        rng.shuffle(others)
        for other in others[:N_BATCH_NEIGHBOURS]:
            own = of_row.get(other, ())
            if own and taken:
                take(max(own, key=left.__getitem__))  # the one that must be read most often yet
    return order[: len(order) // batch * batch]


def _partners(pairs: TrainingPairs) -> dict[int, frozenset[int]]:
    """Map each product to those it shares a pair with, itself among them."""
    partners: dict[int, set[int]] = {}
    for a, b in zip(pairs.row_a.tolist(), pairs.row_b.tolist(), strict=True):
        partners.setdefault(a, {a}).add(b)
        partners.setdefault(b, {b}).add(a)
    return {row: frozenset(own) for row, own in partners.items()}
