"""Search by candidates: something quick proposes rows, their exact scores decide."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from prodsim.index.exact import ExactIndex, check_search, score, sorted_rows
from prodsim.index.float16 import as_float32
from prodsim.index.protocol import Neighbours, Rows, Vectors

MIN_RECALL = 0.98
N_JUDGED = 200
JUDGED_K = 10
MIN_JUDGED_ROWS = 50
FEW_ROWS = 4000
"""Up to this many allowed rows are compared one by one, in less than a millisecond."""
WALKED = 16
"""Comparing with so many rows takes as long as walking the graph past one, its exact score included."""
GATHERED_CELLS = 500_000
"""Numbers of candidate vectors gathered at a time: 2 MB, which stay in the processor's cache."""

Walk = Callable[[Vectors, int], Neighbours]
"""Gives each query at least k candidates of all rows, exactly scored, best first; -1 where there are none."""


@dataclass(frozen=True, slots=True)
class CandidateSearch:
    """A search that takes candidates where comparing with every allowed row would take longer.

    Attributes:
        exact: compares one by one.
        walk: gives candidates.
        ef: rows that the walk visits.
    """

    exact: ExactIndex
    walk: Walk
    ef: int

    def search(self, queries: Vectors, k: int, rows: Rows | None = None, *, exact: bool = False) -> Neighbours:
        """Find the k closest rows for each query; see ``Index.search``."""
        n = len(self.exact)
        check_search(queries, self.exact.vectors.shape[1], k)
        if exact or k >= n or max(k, self.ef) * WALKED >= n:
            return self.exact.search(queries, k, rows)
        if rows is None:
            return _first(self.walk(queries, k), k)
        # Enough that, on average, twice k of them are allowed.
        return self._among(queries, k, sorted_rows(rows, n), 2 * k * n // max(len(rows), 1) + 1)

    def _among(self, queries: Vectors, k: int, allowed: Rows, n: int) -> Neighbours:
        """Return the k best allowed of n neighbours; a query with too few of them is searched for four times as many.

        Where comparing with every allowed row is quicker, that is done instead.
        """
        if k >= len(allowed) or len(allowed) <= max(FEW_ROWS, n * WALKED):
            return self.exact.search(queries, k, allowed)
        near = self.walk(queries, n)
        good = np.zeros(len(self.exact) + 1, bool)  # the last stands for no row
        good[allowed] = True
        good = good[near.rows]
        # Stable: the allowed rows come first and keep their order by score.
        order = np.argsort(~good, axis=1, kind="stable")
        kept = _first(Neighbours(np.take_along_axis(near.rows, order, 1), np.take_along_axis(near.scores, order, 1)), k)
        short = np.flatnonzero(good.sum(axis=1) < k)
        if len(short):
            more = self._among(queries[short], k, allowed, 4 * n)
            kept.rows[short], kept.scores[short] = more.rows, more.scores
        return kept


def ranked(exact: ExactIndex, queries: Vectors, rows: Rows) -> Neighbours:
    """Return the rows of each query, shape (n_queries, m), by their exact scores, equal ones in row order.

    A row of -1 comes last, with the score -inf.
    """
    scores = np.empty(rows.shape, np.float32)
    step = max(1, GATHERED_CELLS // max(rows.shape[1] * exact.vectors.shape[1], 1))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        near = as_float32(exact.vectors[rows[part]])
        scores[part] = score(np.asarray(queries[part, None], np.float32), near, exact.metric)
    scores[rows < 0] = -np.inf
    order = np.lexsort((rows, -scores), axis=1)
    return Neighbours(np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1))


def judges(rows: Rows, n: int | None = None) -> Rows:
    """Return a seeded sample of rows to judge by, ascending; none of few, which are all compared in any search.

    They are linked last: a row that is in the graph is found through its own links, and a search by words or by a
    mixture of products has none.

    Args:
        rows: to sample from.
        n: rows of the index, where ``rows`` are not all of them.
    """
    is_few = len(rows) <= MIN_JUDGED_ROWS if n is None else len(rows) < MIN_JUDGED_ROWS
    most = 0 if is_few else min(len(rows), N_JUDGED, (len(rows) if n is None else n) // 10)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False)).astype(np.int64)


def reach_recall(
    exact: ExactIndex, judged: Rows, others: Rows, walk_at: Callable[[int], Walk], ef: int
) -> tuple[int, float]:
    """Raise ``ef`` until the judged rows, not among what is walked, find at least 0.98 of the ten closest others.

    Returns:
        The ``ef`` and the recall that it has, in [0, 1].
    """
    queries = as_float32(exact.vectors[judged])
    truth = exact.search(queries, JUDGED_K, others)
    while True:
        near = _first(walk_at(ef)(queries, JUDGED_K), JUDGED_K)
        # A row as close as the last true neighbour is right, whichever of several equally close rows it is.
        recall = float((near.scores >= truth.scores[:, -1:]).mean())
        if recall >= MIN_RECALL or ef >= len(others):
            return ef, recall
        ef = min(2 * ef, len(others))


def _first(near: Neighbours, k: int) -> Neighbours:
    return Neighbours(near.rows[:, :k], near.scores[:, :k])
