"""Recommendations for one shopper: sources are weighted, arranged by the rules for lists, and each hit has reasons."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.errors import QueryError
from prodsim.index import Rows, top
from prodsim.phrases import Text, phrase
from prodsim.recommend.bought_together import BoughtTogether, bought_together
from prodsim.recommend.sources import Sources
from prodsim.recommend.types import Reason, Recommendation, RecommendationList
from prodsim.recommend.user_profile import UserProfile
from prodsim.search import Arrangement, Families, Filters, Ruling
from prodsim.search.families import places
from prodsim.similarity import Setting

N_RULE_CANDIDATES = 500
"""Best products that the rules of a list choose from; all allowed ones where these are too few."""
N_BECAUSE = 3
MIN_REASON_SHARE = 0.1
"""Share of a score that a product of the history must contribute to be named as a reason."""
BALANCE = 0.5
"""Share of the best score by which an underserved interest is raised, times its share of the profile."""
OWED = 0.5
"""Share of its fair number of places that an interest must have before the score alone decides."""
SHOWING_POPULAR = Text("Nothing is known about this shopper, so popular products are shown.")

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SourceWeights:
    """How much each source counts.

    Attributes:
        weights: source to weight, 0 or more; their sum is 1.
        n: shoppers whose last new product they were learned from; 0 where they are not learned.
    """

    weights: Mapping[str, float]
    n: int = 0

    def scales(self, raw: Mapping[str, Scores]) -> dict[str, float]:
        """Return the factor of each source's raw scores in the total score.

        A source's best product gets its weight; where no source with a weight has scores, popularity is left.
        """
        best = {name: float(scores.max(initial=0)) for name, scores in raw.items()}
        used = {name: w / best[name] for name, w in self.weights.items() if w and best.get(name, 0) > 0}
        if not used and best.get("liked", 0) > 0:
            return {"liked": 1 / best["liked"]}
        return used


class Recommender:
    """Lists for shoppers of one open catalog; safe to use from several threads.

    Args:
        catalog: the products.
        sources: over it.
        source_weights: how much each source counts.
    """

    def __init__(self, catalog: Catalog, sources: Sources, source_weights: SourceWeights) -> None:
        self._catalog = catalog
        self.sources = sources
        self.source_weights = source_weights
        self._categories = catalog.products["category"].tolist()
        self._skus, self._titles = catalog.products["sku"].tolist(), catalog.products["title"].tolist()

    def recommend(
        self,
        profile: UserProfile,
        k: int = 10,
        filters: Filters = Filters(),
        arrangement: Arrangement = Arrangement(),
        *,
        again: bool = False,
    ) -> RecommendationList:
        """Return the k products to show next, best first; equal scores keep catalog order.

        An empty profile gives popular products. The interests of a profile share the places by their weight.

        Args:
            profile: of the shopper.
            k: how many; fewer come back where fewer are allowed.
            filters: only products that pass.
            arrangement: what may stand beside what, and rules; ``same_category`` and ``price_band`` are those of the
                last product, ``min_closeness`` is to the closest of those products of the history that count most.
            again: also products of the history; those disliked never.

        Raises:
            QueryError: filters or rules cannot be understood, or there are neither histories nor a profile.
        """
        started = time.perf_counter()
        if not len(profile) and self.sources.collaborative is None:
            raise QueryError(
                phrase("There is nothing to base recommendations on."),
                phrase("Add a product that the shopper has viewed."),
            )
        families = arrangement.families
        allowed, left_out = self._allowed(profile, filters, arrangement, again)
        ruling = self.sources.engine.ruling(arrangement, "\n".join(self._titles_of(profile)))
        raw = self.sources.raw(profile)
        scales = self.source_weights.scales(raw)
        parts = {name: raw[name] * np.float32(scale) for name, scale in scales.items()}
        score = np.asarray(sum(parts.values()), np.float64) + np.zeros(len(self._skus))
        n = max(N_RULE_CANDIDATES, 10 * k)
        while True:  # once with the best, and again with all where the rules leave too few of them
            candidates = _Candidates(self, profile, self._best(allowed, score, n, ruling), parts, scales, ruling)
            chosen, passed = candidates.choose(k, arrangement)
            is_cut = bool(passed) or families is not None
            if len(chosen) == arrangement.most(k, allowed) or len(candidates.rows) == len(allowed) or not is_cut:
                break
            n = len(allowed)
        hits = candidates.hits(chosen, k, families, is_arranged=arrangement != Arrangement())
        if families is not None:
            represented = families.represented([hit.row for hit in hits], allowed)
            hits = tuple(
                replace(hit, variants=tuple(self._skus[row] for row in rows.tolist()))
                for hit, rows in zip(hits, represented, strict=True)
            )
        return RecommendationList(
            hits,
            tuple(self._skus[row] for row in profile.rows.tolist()),
            len(set(candidates.interest_of_seed.tolist())),
            (time.perf_counter() - started) * 1000,
            {**left_out, **passed},
            "" if len(profile) else SHOWING_POPULAR(),
        )

    def bought_together(self, row: int, k: int) -> list[BoughtTogether]:
        """Return the k products most often bought with this one, best first."""
        if self.sources.collaborative is None:
            return []
        return bought_together(self.sources.collaborative, self.sources.engine, self._titles, self._skus, row, k)

    def _allowed(
        self, profile: UserProfile, filters: Filters, arrangement: Arrangement, again: bool
    ) -> tuple[Rows, dict[str, int]]:
        seen = profile.disliked if again else np.concatenate([profile.rows, profile.disliked])
        rows = self.sources.engine.allowed(filters.rows(self._catalog), seen)
        if not len(profile):
            return rows, {}
        return arrangement.around(self._catalog.products, profile.rows.tolist(), rows)

    def _best(self, allowed: Rows, score: NDArray[np.float64], n: int, ruling: Ruling) -> Rows:
        """Return rows to choose from, ascending: the best, those pinned, and the best of those boosted."""
        pinned, *boosted = (rows[np.isin(rows, allowed)] for rows in (ruling.pinned, *ruling.boosted))
        chosen = [rows[top(score[rows], n)] for rows in (allowed, *boosted)]
        return np.unique(np.concatenate([*chosen, pinned]))

    def _titles_of(self, profile: UserProfile) -> Sequence[str]:
        return [self._titles[row] for row in profile.rows.tolist()]


class _Candidates:
    """Products that a list is chosen from, with their parts, reasons and interests."""

    def __init__(
        self,
        owner: Recommender,
        profile: UserProfile,
        rows: Rows,
        parts: Mapping[str, Scores],
        scales: Mapping[str, float],
        ruling: Ruling,
    ) -> None:
        self.rows = rows
        self._owner = owner
        self._ruling = ruling
        self._seeds = profile.seeds
        self._plain = {name: part[rows] for name, part in parts.items()}
        self._boosts = ruling.parts(rows)
        self._links = self._linked(scales)
        self.interest_of_seed = self._seeds.interests(owner.sources.engine, owner._categories)
        linked = self._gives = self._total_links()
        reason = linked.argmax(axis=0) if len(self._seeds) else np.zeros(len(rows), np.int64)
        self.reason = np.where(linked.max(axis=0, initial=0) > 0, reason, -1)
        interests = self.interest_of_seed[self.reason] if len(self._seeds) else self.reason
        self.interest = np.where(self.reason >= 0, interests, -1)

    @property
    def scores(self) -> NDArray[np.float64]:
        """Return the score of each candidate, boosts included."""
        every = [*self._plain.values(), *self._boosts.values()]
        return np.asarray(sum(part.astype(np.float64) for part in every), np.float64) + np.zeros(len(self.rows))

    def choose(self, k: int, arrangement: Arrangement) -> tuple[NDArray[np.int64], dict[str, int]]:
        """Return the positions of the list's products, and why others were passed over."""
        engine = self._owner.sources.engine
        places = _balanced(self.scores, self.interest, self._shares(), k)
        close = self._is_close(arrangement.min_closeness)
        return arrangement.choose(
            k, self.rows, places, close, self._owner._catalog.products, engine.comparer.index, self._ruling
        )

    def hits(
        self, chosen: NDArray[np.int64], k: int, families: Families | None, *, is_arranged: bool
    ) -> tuple[Recommendation, ...]:
        """Return the recommendations at these positions."""
        order = _balanced(sum(self._plain.values()) + np.zeros(len(self.rows)), self.interest, self._shares(), k)
        before = places(order, None if families is None else families.number_of[self.rows])
        owner, collaborative = self._owner, self._owner.sources.collaborative
        recommendations = []
        for place, at in enumerate(chosen.tolist()):
            row = int(self.rows[at])
            parts = {name: float(part[at]) for name, part in {**self._plain, **self._boosts}.items()}
            recommendations.append(
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
                    collaborative is not None and not collaborative.shoppers[row],
                )
            )
        return tuple(recommendations)

    def _linked(self, scales: Mapping[str, float]) -> dict[str, Scores]:
        """Return what each seed adds to each candidate's score, shape (n_seeds, n), by source."""
        links = self._owner.sources.links(self._seeds, self.rows)
        return {name: link * np.float32(scales[name]) for name, link in links.items() if name in scales}

    def _total_links(self) -> Scores:
        nothing = np.zeros((len(self._seeds), len(self.rows)), np.float32)
        return np.asarray(sum(self._links.values(), nothing), np.float32)

    def _because(self, at: int) -> tuple[Reason, ...]:
        """Return the products of the history that contribute most to a candidate."""
        total = float(sum(float(part[at]) for part in self._plain.values()))
        gives = self._gives[:, at] / total if total > 0 else np.zeros(len(self._seeds))
        best = [number for number in np.argsort(-gives, kind="stable")[:N_BECAUSE].tolist() if gives[number] > 0]
        kept = [number for number in best if gives[number] >= MIN_REASON_SHARE or number == best[0]]
        owner = self._owner
        return tuple(
            Reason(
                owner._skus[row],
                owner._titles[row],
                min(float(gives[number]), 1.0),
                max(self._links, key=lambda name: float(self._links[name][number, at])),
            )
            for number in kept
            for row in [int(self._seeds.rows[number])]
        )

    def _shares(self) -> NDArray[np.float64]:
        """Return the share of each interest in the profile, by number; the sum is 1."""
        sums = np.bincount(self.interest_of_seed, self._seeds.weights) if len(self._seeds) else np.zeros(0)
        return sums / max(float(sums.sum()), 1e-9)

    def _is_close(self, share: float) -> NDArray[np.bool_]:
        """Return whether each candidate is close enough to one of the seeds."""
        if share <= 0 or not len(self._seeds):
            return np.ones(len(self.rows), bool)
        engine = self._owner.sources.engine
        least = engine.calibration.least_score(share, Setting(engine.weights, engine.comparer.metric), is_text=False)
        close = np.zeros(len(self.rows), bool)
        for row in self._seeds.rows.tolist():
            own = engine.comparer.pair_scores(np.full(len(self.rows), row), self.rows, engine.weights)
            close |= own >= least
        return close


def _balanced(
    scores: NDArray[np.float64], interest: NDArray[np.int64], shares: NDArray[np.float64], k: int
) -> NDArray[np.float64]:
    """Return scores in whose order each interest is served among the first k places.

    While it has less than ``OWED`` of its fair number of places so far, an interest is raised by ``BALANCE`` times the
    best score times its share (after the calibration of Steck 2018, which takes all of the share).
    """
    if len(shares) < 2 or not len(scores) or k < 1:
        return scores
    reordered = scores.copy()
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
        # Only the order counts from here on: places taken get scores above all others, falling by one.
        reordered[heads[best]] = highest + (k - place)
        if best >= 0:
            taken[best] += 1
        following = next(queues[best], None)
        heads = {own: at for own, at in heads.items() if own != best} | (
            {best: following} if following is not None else {}
        )
    return reordered
