"""Which of two settings is better on what people judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from prodsim.errors import CatalogError
from prodsim.evaluation.evaluate import Gains, values_by_query
from prodsim.evaluation.sides import Estimate, K, Side, Values, estimate, hits_of
from prodsim.progress import SILENT, Progress
from prodsim.records import Judgement
from prodsim.search import Query

RELEVANT = 0.5
"""Grade from which a product counts as found rightly."""
LEADING = "nDCG@10"
PAIRED = (LEADING, "P@1", "R@10")
JUDGED = "Judged@10"
SIGNIFICANT = 0.05
FEWEST = 6
"""Pairs below which no permutation of signs is rarer than 5 % on two sides."""
POWER_Z = 1.959964 + 0.841621
"""Normal quantiles of a two-sided 5 % and of a power of 80 %."""
RESAMPLES = 9999


@dataclass(frozen=True, slots=True)
class PairedMeasure:
    """One measure on both sides.

    Attributes:
        name: as in ir-measures: ``nDCG@10``; ``P@1``, share of queries whose first hit is relevant; ``R@10``, share of
            a query's relevant products among the ten hits. What is not judged counts as not relevant.
        a, b: means over the queries, in [0, 1].
        difference: mean of b minus a, query by query.
        p_value: of no difference, by a two-sided permutation test that swaps the sides of queries
            (``scipy.stats.permutation_test``; exact where there are few queries).
    """

    name: str
    a: Estimate
    b: Estimate
    difference: Estimate
    p_value: float


@dataclass(frozen=True, slots=True)
class JudgedComparison:
    """Which of two settings finds better what people judged to be alike.

    Attributes:
        measures: ``nDCG@10``, ``P@1``, ``R@10``; the verdict is by the first.
        judged_a, judged_b: share of the ten hits that were judged (``Judged@10``). A side with much less than the
            other may be better than it looks: unjudged hits count as not relevant.
        n_queries: products and texts with a relevant product.
        n_judgements: judgements used.
        left_out: judgements of a product that one of the catalogs lacks.
        n_hopeless: products and texts left out because nothing judged for them is relevant.
        verdict: one sentence.
    """

    measures: tuple[PairedMeasure, ...]
    judged_a: float
    judged_b: float
    n_queries: int
    n_judgements: int
    left_out: int
    n_hopeless: int
    verdict: str


def compare_judged(a: Side, b: Side, judgements: Sequence[Judgement], progress: Progress = SILENT) -> JudgedComparison:
    """Ask both sides every product and text that people judged something for, and tell which answers better.

    A judgement of two products counts both ways. Products and texts for which nothing is relevant (a grade of 0.5 or
    more) cannot tell the sides apart and are left out.

    Args:
        a: one side.
        b: the other.
        judgements: what people said, each pair once.
        progress: advanced by queries, in two steps.

    Raises:
        CatalogError: the judgements leave no query.
    """
    usable = [judgement for judgement in judgements if _is_known(judgement, a) and _is_known(judgement, b)]
    grades = _grades(usable)
    asked = {query: of for query, of in grades.items() if max(of.values()) >= RELEVANT}
    if not asked:
        raise CatalogError(
            f"The {len(judgements):,} judgements leave no query: {len(usable):,} are of products in both catalogs, "
            f"none of them has a grade of {RELEVANT} or more.",
            "Judge some products to be alike first.",
        )
    values_a, values_b = _judged_values(a, asked, progress), _judged_values(b, asked, progress)
    measures = tuple(_paired(name, values_a[name], values_b[name]) for name in PAIRED)
    return JudgedComparison(
        measures=measures,
        judged_a=float(values_a[JUDGED].mean()),
        judged_b=float(values_b[JUDGED].mean()),
        n_queries=len(asked),
        n_judgements=len(usable),
        left_out=len(judgements) - len(usable),
        n_hopeless=len(grades) - len(asked),
        verdict=_verdict(a.name, b.name, measures[0], values_b[LEADING] - values_a[LEADING]),
    )


def queries_needed(differences: Values) -> int | None:
    """About how many queries would show such differences; None when their mean is 0, which no number would show.

    For a two-sided test at 5 % with a power of 80 %, by the normal approximation for paired differences of mean m and
    standard deviation s (Cohen 1988, ch. 2): ((1.96 + 0.84) * s / m)^2, rounded up to two digits. It takes the
    differences seen for the true ones, so it is a guide, no promise. At least 6, below which the test cannot tell.
    """
    mean = float(differences.mean())
    if len(differences) < 2 or np.isclose(mean, 0):
        return None
    exact = max((POWER_Z * float(differences.std(ddof=1)) / mean) ** 2, len(differences) + 1, FEWEST)
    step = 10 ** max(int(np.log10(exact)) - 1, 0)
    return int(np.ceil(exact / step) * step)


def _judged_values(side: Side, asked: Mapping[Query, Gains], progress: Progress) -> dict[str, Values]:
    """Each measure per query, by its name in ir-measures."""
    found = [[hit.sku for hit in hits] for hits in hits_of(side, list(asked), K, progress)]
    return values_by_query(list(asked.values()), found, RELEVANT, {name: name for name in (*PAIRED, JUDGED)})


def _is_known(judgement: Judgement, side: Side) -> bool:
    return all(sku in side.catalog.row_of for sku in (judgement.sku_a, judgement.sku_b) if sku)


def _grades(judgements: Sequence[Judgement]) -> dict[Query, dict[str, float]]:
    """Each product and text with the grades of what was judged for it."""
    grades: dict[Query, dict[str, float]] = {}
    for judgement in judgements:
        asked = Query(text=judgement.query) if judgement.query else Query(like=(judgement.sku_a,))
        grades.setdefault(asked, {})[judgement.sku_b] = judgement.grade
        if judgement.sku_a:
            grades.setdefault(Query(like=(judgement.sku_b,)), {})[judgement.sku_a] = judgement.grade
    return grades


def _paired(name: str, a: Values, b: Values) -> PairedMeasure:
    return PairedMeasure(name, estimate(a), estimate(b), estimate(b - a), _p_value(b - a))


def _p_value(differences: Values) -> float:
    """How often means as far from 0 come up when each difference's sign is tossed for, on both sides."""
    from scipy.stats import permutation_test  # late: scipy.stats takes a second to import

    if len(differences) < 2:
        return 1.0
    rng = np.random.default_rng(0)
    return float(
        permutation_test(
            (differences,), np.mean, permutation_type="samples", n_resamples=RESAMPLES, vectorized=True, rng=rng
        ).pvalue
    )


def _verdict(name_a: str, name_b: str, leading: PairedMeasure, differences: Values) -> str:
    (worse, low), (better, high) = sorted(
        ((name_a, leading.a.mean), (name_b, leading.b.mean)), key=lambda side: side[1]
    )
    p = "p < 0.001" if leading.p_value < 0.001 else f"p = {leading.p_value:.3f}"
    told = f"{leading.name} {high:.2f} against {low:.2f}"
    if leading.p_value < SIGNIFICANT:
        return f"{better} is better than {worse} ({told}, {p})."
    n, needed = len(differences), queries_needed(differences)
    judged = f"{n:,} judged {'query' if n == 1 else 'queries'}"
    begun = f"No difference between {better} and {worse} can be told with {judged} ({told}, {p})"
    if n < 2:
        return f"{begun}; one query tells nothing of others."
    if needed is None:
        return f"{begun}; on average there is none, so more judgements like these would not help."
    return f"{begun}; about {needed:,} would do if the difference stays what it is."
