"""Recommending for one shopper: sources are weighed, arranged by the rules for lists, and each hit says why."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.errors import QueryError
from prodsim.index import Rows, top
from prodsim.recommend.bought_together import GoesWith, goes_with
from prodsim.recommend.sources import Sources
from prodsim.recommend.types import Because, Recommendation, Recommended
from prodsim.recommend.user_profile import UserProfile
from prodsim.search import Arrangement, Filters, Ruling
from prodsim.similarity import Setting

N_CANDIDATES = 500
"""Best products that the rules of a list choose from; all allowed ones where they leave too few."""
N_BECAUSE = 3
LEAST_SHARE = 0.1
"""Of a score: what a product of the history must give to be named as a reason."""
BALANCE = 0.5
"""Share of the best score by which an interest that lacks places is put up, times what it counts of the taste."""
OWED = 0.5
"""Share of the places by what an interest counts that it must have, before score alone decides."""
UNKNOWN = "Nothing is known of this shopper, so what many like is shown."

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SourceWeights:
    """How much each source counts.

    Attributes:
        weights: source to weight, 0 or more; their sum is 1.
        n: shoppers whose last new product taught them; 0 where they are not learned.
    """

    weights: Mapping[str, float]
    n: int = 0

    def scales(self, raw: Mapping[str, Scores]) -> dict[str, float]:
        """What each source's own numbers are multiplied by, to be added up to the score.

        A source's best product gets its weight; where all that have a weight tell nothing, what many like is left.
        """
        best = {name: float(one.max(initial=0)) for name, one in raw.items()}
        used = {name: w / best[name] for name, w in self.weights.items() if w and best.get(name, 0) > 0}
        if not used and best.get("liked", 0) > 0:
            return {"liked": 1 / best["liked"]}
        return used


class Recommender:
    """Lists for shoppers of one open catalog; safe to use from several threads.

    Args:
        catalog: the products.
        sources: over it.
        mix: how much each source counts.
    """

    def __init__(self, catalog: Catalog, sources: Sources, mix: SourceWeights) -> None:
        self._catalog = catalog
        self.sources = sources
        self.mix = mix
        self._categories = catalog.products["category"].tolist()
        self._skus, self._titles = catalog.products["sku"].tolist(), catalog.products["title"].tolist()

    def recommend(
        self,
        taste: UserProfile,
        k: int = 10,
        filters: Filters = Filters(),
        arrangement: Arrangement = Arrangement(),
        *,
        again: bool = False,
    ) -> Recommended:
        """The k products to show next, best first; equal scores keep catalog order.

        Without a taste, what many like is shown. The interests of a taste share the places by what they count.

        Args:
            taste: of the shopper.
            k: how many; fewer come back where fewer are allowed.
            filters: only products that pass.
            arrangement: what may stand beside what, and rules; ``same_category`` and ``price_band`` are those of the
                last product, ``min_closeness`` is to the closest of those products of the history that count most.
            again: also products of the history; those disliked never.

        Raises:
            QueryError: filters or rules cannot be understood, or there are neither histories nor a taste.
        """
        started = time.perf_counter()
        if not len(taste) and self.sources.crowd is None:
            raise QueryError("There is nothing to recommend by.", "Give a product that the shopper looked at.")
        allowed, left_out = self._allowed(taste, filters, arrangement, again)
        ruling = Ruling.of(arrangement.rules, self.sources.engine.targets, "\n".join(self._titles_of(taste)))
        raw = self.sources.raw(taste)
        scales = self.mix.scales(raw)
        parts = {name: raw[name] * np.float32(scale) for name, scale in scales.items()}
        score = np.asarray(sum(parts.values()), np.float64) + np.zeros(len(self._skus))
        n = max(N_CANDIDATES, 10 * k)
        while True:
            found = _Candidates(self, taste, self._best(allowed, score, n, ruling), parts, scales, ruling)
            chosen, passed = found.choose(k, arrangement)
            if len(chosen) == min(k, len(allowed)) or len(found.rows) == len(allowed) or not passed:
                break
            n = len(allowed)
        hits = found.hits(chosen, k, is_arranged=arrangement != Arrangement())
        return Recommended(
            hits,
            tuple(self._skus[row] for row in taste.rows.tolist()),
            len(set(found.interest_of_asked.tolist())),
            (time.perf_counter() - started) * 1000,
            {**left_out, **passed},
            "" if len(taste) else UNKNOWN,
        )

    def goes_with(self, row: int, k: int) -> list[GoesWith]:
        """The k products most often in one basket with one, best first; see ``prodsim.recommend.bought_together``."""
        if self.sources.crowd is None:
            return []
        return goes_with(self.sources.crowd, self.sources.engine, self._titles, self._skus, row, k)

    def _allowed(
        self, taste: UserProfile, filters: Filters, arrangement: Arrangement, again: bool
    ) -> tuple[Rows, dict[str, int]]:
        seen = taste.disliked if again else np.concatenate([taste.rows, taste.disliked])
        rows = self.sources.engine.allowed(filters.rows(self._catalog), seen)
        if not len(taste):
            return rows, {}
        return arrangement.around(self._catalog.products, int(taste.rows[0]), rows)

    def _best(self, allowed: Rows, score: NDArray[np.float64], n: int, ruling: Ruling) -> Rows:
        """Rows to choose from, ascending: the best, those pinned, and the best of those boosted."""
        pinned, *boosted = (rows[np.isin(rows, allowed)] for rows in (ruling.pinned, *ruling.boosted))
        chosen = [rows[top(score[rows], n)] for rows in (allowed, *boosted)]
        return np.unique(np.concatenate([*chosen, pinned]))

    def _titles_of(self, taste: UserProfile) -> Sequence[str]:
        return [self._titles[row] for row in taste.rows.tolist()]


class _Candidates:
    """Products that a list is chosen from, with all that is known of them."""

    def __init__(
        self,
        owner: Recommender,
        taste: UserProfile,
        rows: Rows,
        parts: Mapping[str, Scores],
        scales: Mapping[str, float],
        ruling: Ruling,
    ) -> None:
        self.rows = rows
        self._owner = owner
        self._ruling = ruling
        self._asked = taste.asked
        self._plain = {name: part[rows] for name, part in parts.items()}
        self._boosts = ruling.parts(rows)
        self._links = self._linked(scales)
        self.interest_of_asked = self._asked.interests(owner.sources.engine, owner._categories)
        linked = self._gives = self._total_links()
        reason = linked.argmax(axis=0) if len(self._asked) else np.zeros(len(rows), np.int64)
        self.reason = np.where(linked.max(axis=0, initial=0) > 0, reason, -1)
        interests = self.interest_of_asked[self.reason] if len(self._asked) else self.reason
        self.interest = np.where(self.reason >= 0, interests, -1)

    @property
    def scores(self) -> NDArray[np.float64]:
        """With boosts."""
        every = [*self._plain.values(), *self._boosts.values()]
        return np.asarray(sum(part.astype(np.float64) for part in every), np.float64) + np.zeros(len(self.rows))

    def choose(self, k: int, arrangement: Arrangement) -> tuple[NDArray[np.int64], dict[str, int]]:
        """Positions of the list's products, and why others were passed over."""
        engine = self._owner.sources.engine
        places = _shared_out(self.scores, self.interest, self._shares(), k)
        close = self._is_close(arrangement.min_closeness)
        return arrangement.choose(
            k, self.rows, places, close, self._owner._catalog.products, engine.comparer.index, self._ruling
        )

    def hits(self, chosen: NDArray[np.int64], k: int, *, is_arranged: bool) -> tuple[Recommendation, ...]:
        """The recommendations at these positions."""
        before = np.empty(len(self.rows), np.int64)
        order = _shared_out(sum(self._plain.values()) + np.zeros(len(self.rows)), self.interest, self._shares(), k)
        before[np.argsort(-order, kind="stable")] = np.arange(len(self.rows))
        owner, crowd = self._owner, self._owner.sources.crowd
        found = []
        for place, at in enumerate(chosen.tolist()):
            row = int(self.rows[at])
            parts = {name: float(part[at]) for name, part in {**self._plain, **self._boosts}.items()}
            found.append(
                Recommendation(
                    owner._skus[row],
                    row,
                    owner._titles[row],
                    sum(parts.values()),
                    parts,
                    self._because(at),
                    int(self.interest[at]),
                    self._ruling.labels(row),
                    int(before[at]) - place if is_arranged else 0,
                    crowd is not None and not crowd.shoppers[row],
                )
            )
        return tuple(found)

    def _linked(self, scales: Mapping[str, float]) -> dict[str, Scores]:
        """What each product of the history adds to each candidate's score, shape (n_asked, n), by source."""
        found = self._owner.sources.links(self._asked, self.rows)
        return {name: link * np.float32(scales[name]) for name, link in found.items() if name in scales}

    def _total_links(self) -> Scores:
        nothing = np.zeros((len(self._asked), len(self.rows)), np.float32)
        return np.asarray(sum(self._links.values(), nothing), np.float32)

    def _because(self, at: int) -> tuple[Because, ...]:
        """The products of the history that give most to a candidate."""
        total = float(sum(float(part[at]) for part in self._plain.values()))
        gives = self._gives[:, at] / total if total > 0 else np.zeros(len(self._asked))
        best = [number for number in np.argsort(-gives, kind="stable")[:N_BECAUSE].tolist() if gives[number] > 0]
        kept = [number for number in best if gives[number] >= LEAST_SHARE or number == best[0]]
        owner = self._owner
        return tuple(
            Because(
                owner._skus[row],
                owner._titles[row],
                min(float(gives[number]), 1.0),
                max(self._links, key=lambda name: float(self._links[name][number, at])),
            )
            for number in kept
            for row in [int(self._asked.rows[number])]
        )

    def _shares(self) -> NDArray[np.float64]:
        """What each interest counts, by number; the sum is 1."""
        sums = np.bincount(self.interest_of_asked, self._asked.weights) if len(self._asked) else np.zeros(0)
        return sums / max(float(sums.sum()), 1e-9)

    def _is_close(self, share: float) -> NDArray[np.bool_]:
        """Whether each is close enough to one of the products of the history that count most."""
        if share <= 0 or not len(self._asked):
            return np.ones(len(self.rows), bool)
        engine = self._owner.sources.engine
        least = engine.calibration.least_score(share, Setting(engine.weights, engine.comparer.metric), is_text=False)
        close = np.zeros(len(self.rows), bool)
        for row in self._asked.rows.tolist():
            own = engine.comparer.pair_scores(np.full(len(self.rows), row), self.rows, engine.weights)
            close |= own >= least
        return close


def _shared_out(
    scores: NDArray[np.float64], interest: NDArray[np.int64], shares: NDArray[np.float64], k: int
) -> NDArray[np.float64]:
    """Scores put in such an order that each interest that counts is served among the first k places.

    While it has less than ``OWED`` of its share of the places so far, an interest is put up by ``BALANCE`` times the
    best score times what it counts (after the calibration of Steck 2018, which takes all of the share).
    Returned numbers fall in that order.
    """
    if len(shares) < 2 or not len(scores) or k < 1:
        return scores
    found = scores.copy()
    unit = BALANCE * max(float(scores.max()), 0)
    taken = np.zeros(len(shares))
    queues = {own: iter(np.flatnonzero(interest == own)[np.argsort(-scores[interest == own], kind="stable")].tolist())
              for own in set(interest.tolist())}  # fmt: skip
    heads = {own: next(queue) for own, queue in queues.items()}
    highest = float(scores.max()) + 1
    for place in range(k):
        if not heads:
            break
        due = OWED * shares * (place + 1)
        owed = {own: unit * shares[own] if own >= 0 and taken[own] < due[own] else 0.0 for own in heads}
        best = max(heads, key=lambda own: (scores[heads[own]] + owed[own], -heads[own]))
        found[heads[best]] = highest + (k - place)
        if best >= 0:
            taken[best] += 1
        following = next(queues[best], None)
        heads = {own: at for own, at in heads.items() if own != best} | (
            {best: following} if following is not None else {}
        )
    return found
