"""Arranging hits: limits, diversity and rules that apply to a list, whatever the scores."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.index import GroupedIndex, Rows, top
from prodsim.phrases import BY_SEMICOLONS, Text, joined
from prodsim.search.families import Families
from prodsim.search.rules import Rule, Ruling

Ranks: TypeAlias = NDArray[np.int64]
NOT_CLOSE = "not close enough"
OTHER_CATEGORY = "in another category"
NO_CATEGORY = "by category, which the product asked by lacks"
OTHER_PRICE = "outside the price band or without a price"
NO_PRICE = "by price, which the product asked by lacks"
OWN_VARIANTS = "variants of the products asked by"
PINS_EXCLUDED = "pinned, but asked by or not among those that the filters let through"
"""Reasons why products are left out of a list. They are keys, and the command line prints them as such in JSON;
``left_out_text`` has their words. Beside them are those of limits, such as "beyond 2 per brand"."""
LEFT_OUT_TEXTS = {
    NOT_CLOSE: Text("{n:,} not similar enough"),
    OTHER_CATEGORY: Text("{n:,} in another category"),
    NO_CATEGORY: Text("category limit not applied: the query product has no category"),
    OTHER_PRICE: Text("{n:,} outside the price range or without a price"),
    NO_PRICE: Text("price limit not applied: the query product has no price"),
    OWN_VARIANTS: Text("{n:,} variants of the products you started from"),
    PINS_EXCLUDED: Text("{n:,} pinned, but part of the query or excluded by the filters"),
}
NOT_APPLIED = {NO_CATEGORY, NO_PRICE}
"""Reasons that leave nothing out, because the query product lacks what the limit compares."""
LIMIT_TEXTS = {
    "brand": Text("{n:,} over the limit of {limit} per brand"),
    "category": Text("{n:,} over the limit of {limit} per category"),
    "family": Text("{n:,} over the limit of {limit} per family of variants"),
}
LEFT_OUT = Text("{n:,} left out: {reasons}")
MOST_BAND = 1e12
"""Beyond it every price lies in the band."""
POOL = 5
"""Hits a diverse list chooses from, as a multiple of those wanted."""
_COLUMN_OF_LIMIT = {"brand": "brand", "category": "category", "family": "group_id"}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rules for the list; the default has none.

    Attributes:
        per_brand: at most so many products of one brand; products without a brand are not counted.
        per_family: at most so many products with one ``group_id``, the closest; products without one are not counted.
        diversity: from 0, closest first, to 1, each as different from those before it as can be (maximal marginal
            relevance, Carbonell and Goldstein 1998).
        min_closeness: only hits closer than this share of random pairs, in [0, 1] (see ``Hit.closer_than``).
        same_category: only products of the category of the query's first product.
        price_band: only products whose price is at most this share below or above that product's; 0.2 for a fifth.
        per_category: at most so many products of one category path; products without one are not counted.
        rules: products that are pinned, buried or boosted; see ``Rule``. Pinned ones are bound by no limit here.
        half_life: days after which a product counts half as new; 0 where age does not count, ``None`` for as the
            catalog's kind has it. See ``Ruling.newness``.
        families: of each, the list shows the first product alone, which stands for the others, and none of the families
            of the query's products; ``None`` shows every variant.
    """

    per_brand: int | None = None
    per_family: int | None = None
    diversity: float = 0.0
    min_closeness: float = 0.0
    same_category: bool = False
    price_band: float | None = None
    per_category: int | None = None
    rules: tuple[Rule, ...] = ()
    half_life: float | None = None
    families: Families | None = None

    def __post_init__(self) -> None:
        for name in ("per_brand", "per_category", "per_family"):
            limit = getattr(self, name)
            if limit is not None and not limit >= 1:
                raise ValueError(f"{name} must be at least 1, got {limit}")
        if self.price_band is not None and not self.price_band >= 0:
            raise ValueError(f"price_band must be at least 0, got {self.price_band}")
        if self.half_life is not None and not 0 <= self.half_life < np.inf:
            raise ValueError(f"half_life must be a number of days, 0 or more, got {self.half_life}")
        for name in ("diversity", "min_closeness"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie between 0 and 1, got {getattr(self, name)}")

    def most(self, k: int, allowed: Rows) -> int:
        """Return how many of the allowed rows a list of k holds where nothing else limits it."""
        return min(k, len(allowed) if self.families is None else self.families.count(allowed))

    @property
    def _limits(self) -> dict[str, int]:
        """Return what is limited, of ``_COLUMN_OF_LIMIT``, to how many of one value."""
        limits = {"brand": self.per_brand, "category": self.per_category, "family": self.per_family}
        return {name: most for name, most in limits.items() if most is not None}

    def around(self, products: pd.DataFrame, own: Sequence[int], rows: Rows) -> tuple[Rows, dict[str, int]]:
        """Return those of ``rows`` that may stand in a list around some products, and how many are left out.

        The category and the price band are those of the first of these products, one at least. What it lacks rules
        nothing out, which is reported with a count of 0.
        """
        row, kept, left_out = own[0], rows, dict[str, int]()
        if self.families is not None:
            kept = self.families.without(own, rows)
            left_out |= {OWN_VARIANTS: len(rows) - len(kept)} if len(kept) < len(rows) else {}
        if self.same_category:
            category = products["category"].iat[row]
            inside = kept if not category else kept[(products["category"].iloc[kept] == category).to_numpy()]
            reason = OTHER_CATEGORY if category else NO_CATEGORY
            left_out[reason], kept = len(kept) - len(inside), inside
        if self.price_band is not None:
            price = products["price"].to_numpy(np.float64)
            known = bool(price[row] > 0)
            inside = (
                kept[np.abs(price[kept] / price[row] - 1) <= min(self.price_band, MOST_BAND) + 1e-9] if known else kept
            )
            reason = OTHER_PRICE if known else NO_PRICE
            left_out[reason], kept = len(kept) - len(inside), inside
        return kept, left_out

    def choose(
        self,
        k: int,
        rows: Rows,
        scores: NDArray[np.float64],
        is_close: NDArray[np.bool_],
        products: pd.DataFrame,
        index: GroupedIndex,
        ruling: Ruling = Ruling(),
    ) -> tuple[Ranks, dict[str, int]]:
        """Choose up to k of the rows.

        Args:
            k: how many.
            rows: candidates.
            scores: of the candidates, with boosts.
            is_close: whether a candidate is close enough.
            products: the catalog's.
            index: has the products' vectors, for ``diversity``.
            ruling: which are pinned and which are buried.

        Returns:
            Positions in ``rows`` in the order of the list, and why how many were passed over on the way there.
        """
        wanted = k if self.diversity == 0 else POOL * k
        has_rules = bool(self._limits or ruling.rules or not is_close.all()) or self.families is not None
        order, n_pinned, n_buried = top(scores, len(scores) if has_rules else wanted), 0, 0
        if ruling.rules:
            order, n_pinned, n_buried = ruling.order(order, rows)
        chosen, passed = self._by_rules(order, n_pinned, wanted, rows, is_close, products) if has_rules else (order, {})
        if missed := min(k - len(chosen), int((~is_close).sum())) if len(chosen) < k else 0:
            passed[NOT_CLOSE] = missed
        if self.diversity > 0 and len(chosen) > 1:
            buried = np.isin(chosen, order[len(order) - n_buried :])
            first, free, last = chosen[:n_pinned], chosen[n_pinned:][~buried[n_pinned:]], chosen[buried]
            if len(free) > 1:
                free = free[_diverse(index, rows[free], scores[free], self.diversity, max(k - len(first), 0))]
            chosen = np.concatenate([first, free, last])
        return chosen[:k], passed

    def _by_rules(
        self,
        order: Ranks,
        n_pinned: int,
        wanted: int,
        rows: Rows,
        is_close: NDArray[np.bool_],
        products: pd.DataFrame,
    ) -> tuple[Ranks, dict[str, int]]:
        """Return the first places that may stand in the list, and why others before them may not.

        The first ``n_pinned`` of the order may in any case.
        """
        limits = self._limits
        columns = {name: products[_COLUMN_OF_LIMIT[name]].iloc[rows] for name in limits}
        values = {n: (own if n == "family" else own.str.casefold()).tolist() for n, own in columns.items()}
        n_of: Counter[tuple[str, str]] = Counter()
        passed: Counter[str] = Counter()
        family_of = None if self.families is None else self.families.number_of[rows].tolist()
        shown: set[int] = set()
        taken: list[int] = []
        for number, place in enumerate(order.tolist()):
            if len(taken) == wanted:
                break
            if number >= n_pinned:
                if not is_close[place] or (family_of and family_of[place] in shown):
                    continue
                full = [name for name, most in limits.items() if n_of[name, values[name][place]] >= most]
                if full:
                    passed[f"beyond {limits[full[0]]} per {full[0]}"] += 1
                    continue
            taken.append(place)
            shown.update(family_of[place : place + 1] if family_of else ())
            n_of.update((name, values[name][place]) for name in limits if values[name][place])
        return np.array(taken, np.int64), dict(passed)


def left_out_text(left_out: Mapping[str, int]) -> str:
    """Say how many were left out and why: "12 left out: 9 over the limit of 2 per brand, 3 not similar enough"."""
    reasons = joined(_reason_text(reason, n) for reason, n in left_out.items() if reason not in NOT_APPLIED)
    counted = [LEFT_OUT(n=sum(left_out.values()), reasons=reasons)] if reasons else []
    not_applied = [LEFT_OUT_TEXTS[reason]() for reason in left_out if reason in NOT_APPLIED]
    return joined([*counted, *not_applied], BY_SEMICOLONS)


def _reason_text(reason: str, n: int) -> str:
    beyond, _, field = reason.partition(" per ")
    if field in LIMIT_TEXTS:
        return LIMIT_TEXTS[field](n=n, limit=beyond.removeprefix("beyond "))
    return LEFT_OUT_TEXTS[reason](n=n) if reason in LEFT_OUT_TEXTS else f"{n:,} {reason}"


def _diverse(index: GroupedIndex, rows: Rows, scores: NDArray[np.float64], diversity: float, k: int) -> Ranks:
    """Return positions of k rows, each with the most of (1 - diversity) * score - diversity * similarity.

    Scores are put on [0, 1] first; similarity is the highest cosine to a row chosen before.
    """
    vectors = index.vectors_of(rows)
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    spread = float(scores.max() - scores.min()) or 1.0
    relevance = (scores - scores.min()) / spread
    similarity = np.zeros(len(rows))
    left = np.ones(len(rows), bool)
    chosen = []
    for _ in range(min(k, len(rows))):
        gain = np.where(left, (1 - diversity) * relevance - diversity * similarity, -np.inf)
        best = int(np.argmax(gain))
        chosen.append(best)
        left[best] = False
        similarity = np.maximum(similarity, vectors @ vectors[best])
    return np.array(chosen, np.int64)
