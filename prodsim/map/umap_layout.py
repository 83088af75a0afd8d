"""UMAP's layout: points are pulled to their neighbours and pushed from random others (McInnes et al. 2018).

The same steps in the same order as umap-learn's optimiser on one core, several times as fast: a step needs a power of
the distance, and nearly all of the time goes there. Here both forces are tables by distance. Compiled once per machine.
"""

from collections.abc import Iterator

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Positions = NDArray[np.float32]

MANY_EPOCHS, EPOCHS = 500, 200
"""Rounds over all edges up to ``SMALL`` points, and above; umap-learn's numbers."""
SMALL = 10_000
PUSHES = 5
"""Random points that a point is pushed from each time it is pulled."""
FARTHEST = np.float32(4.0)
"""What one step moves at most in each direction, at full rate."""
DROPPED = 16
"""Bits of a squared distance that the tables do not tell apart; 1 in 128 of the distance is left."""
SEEDS = np.iinfo(np.int64).max


def lay_out(
    edges: csr_matrix,
    xy: Positions,
    curve: tuple[float, float],
    *,
    seed: int = 0,
    moving: NDArray[np.bool_] | None = None,
) -> Iterator[int]:
    """Move points, in place, until those with an edge are close and others are not.

    Args:
        edges: symmetric, shape (n, n), weights in (0, 1].
        xy: where they start, C order, shape (n, 2), about 10 wide.
        curve: a and b of 1 / (1 + a d^2b), which says how close is close.
        seed: for the random others. The same input gives the same map.
        moving: the points that may move; all if None. Where only one end of an edge may, it makes both ends' steps.

    Yields:
        The number of each round when it is done, from 0.
    """
    rounds = MANY_EPOCHS if len(xy) <= SMALL else EPOCHS
    kept = edges.copy()
    kept.data[kept.data < kept.data.max(initial=0) / rounds] = 0  # they would not be looked at once
    kept.eliminate_zeros()
    every = (kept.data.max(initial=0) / kept.data).astype(np.float32)
    due, forces = every.copy(), _forces(*curve)
    may_move = np.ones(len(xy), bool) if moving is None else moving
    state = np.uint64(np.random.default_rng(seed).integers(1, SEEDS))  # never 0, where xorshift stays
    for turn in range(rounds):
        rate = np.float32(1 - turn / rounds)
        state = _round(xy, may_move, kept.indptr, kept.indices, due, every, *forces, rate, np.float32(turn), state)
        yield turn


def _forces(a: float, b: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pull and push by the leading bits of a squared distance as float32, each for the middle of its interval."""
    bits = (np.arange(2 ** (31 - DROPPED), dtype=np.uint32) << DROPPED) + np.uint32(1 << (DROPPED - 1))
    squared = np.where(bits < 0x7F80_0000, bits, 0x7F7F_FFFF).astype(np.uint32).view(np.float32).astype(np.float64)
    pull = -2 * a * b * squared ** (b - 1) / (1 + a * squared**b)
    push = 2 * b / ((0.001 + squared) * (1 + a * squared**b))
    return pull.astype(np.float32), push.astype(np.float32)


@njit(cache=True, nogil=True, fastmath=True, inline="always")
def _within(step: np.float32) -> np.float32:
    return min(max(step, -FARTHEST), FARTHEST)


@njit(cache=True, nogil=True, fastmath=True)
def _round(
    xy: Positions,
    moving: NDArray[np.bool_],
    starts: NDArray[np.int32],
    neighbours: NDArray[np.int32],
    due: NDArray[np.float32],
    every: NDArray[np.float32],
    pull: NDArray[np.float32],
    push: NDArray[np.float32],
    rate: np.float32,
    turn: np.float32,
    state: np.uint64,
) -> np.uint64:
    """Make one round over the edges that are due, point after point."""
    n = len(xy)
    squared = np.empty(1, np.float32)
    bits = squared.view(np.int32)
    for i in range(n):
        if not moving[i]:
            continue
        x, y = xy[i, 0], xy[i, 1]
        for edge in range(starts[i], starts[i + 1]):
            if due[edge] > turn:
                continue
            # A strong edge comes due often, a weak one seldom: edges weigh in without a random draw for each.
            due[edge] += every[edge]
            j = neighbours[edge]
            dx, dy = x - xy[j, 0], y - xy[j, 1]
            squared[0] = dx * dx + dy * dy
            force = pull[bits[0] >> DROPPED]
            step_x, step_y = rate * _within(force * dx), rate * _within(force * dy)
            x, y = x + step_x, y + step_y
            if moving[j]:
                xy[j, 0] -= step_x
                xy[j, 1] -= step_y
            else:  # the other end stays, so this one makes both steps
                x, y = x + step_x, y + step_y
            for _ in range(PUSHES):
                state ^= state << np.uint64(13)  # xorshift64 (Marsaglia 2003)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                k = np.int64(((state >> np.uint64(33)) * np.uint64(n)) >> np.uint64(31))
                dx, dy = x - xy[k, 0], y - xy[k, 1]
                squared[0] = dx * dx + dy * dy
                force = push[bits[0] >> DROPPED]
                x, y = x + rate * _within(force * dx), y + rate * _within(force * dy)
        xy[i, 0], xy[i, 1] = x, y
    return state
