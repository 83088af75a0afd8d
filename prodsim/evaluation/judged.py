"""Which of two settings is better by people's judgements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from prodsim.errors import CatalogError
from prodsim.evaluation.evaluate import Gains, K, values_by_query
from prodsim.evaluation.sides import Estimate, Side, Values, estimate, hits_of
from prodsim.phrases import Text, phrase
from prodsim.progress import SILENT, Progress
from prodsim.records import Judgement
from prodsim.search import Query

RELEVANT = 0.5
"""Grade from which a product counts as a good match."""
LEADING = "nDCG@10"
PAIRED = (LEADING, "P@1", "R@10")
JUDGED = "Judged@10"
SIGNIFICANT = 0.05
MIN_QUERIES = 6
"""Queries below which no permutation of signs is rarer than 5 % on two sides."""
POWER_Z = 1.959964 + 0.841621
"""Normal quantiles of a two-sided 5 % and of a power of 80 %."""
N_PERMUTATIONS = 9999

FIGURES = Text("{measure} {high:.2f} vs. {low:.2f}, p = {p_value:.3f}")
FIGURES_TINY_P = Text("{measure} {high:.2f} vs. {low:.2f}, p < 0.001")
BETTER = Text("{better} is better than {worse} ({figures}).")
TOO_FEW = Text("One judged query is not enough to compare {better} and {worse} ({figures}).")
TIE = Text(
    "{better} and {worse} are equal on average over {n:,} judged queries ({figures}); more judgements of this kind "
    "would not help."
)
NEEDS_MORE = Text(
    "On {n:,} judged queries, the difference between {better} and {worse} could be chance ({figures}). About "
    "{needed:,} queries would settle it if the difference stays the same."
)


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
    """Which of two settings ranks the good matches higher.

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
    """Search both sides by every product and text with a judgement, and say which side ranks better.

    A judgement of two products counts both ways. Products and texts for which nothing is relevant (a grade of 0.5 or
    more) cannot set the sides apart and are left out.

    Args:
        a: one side.
        b: the other.
        judgements: each pair once.
        progress: advanced by queries, in two steps.

    Raises:
        CatalogError: the judgements leave no query.
    """
    usable = [judgement for judgement in judgements if _is_known(judgement, a) and _is_known(judgement, b)]
    grades = _grades(usable)
    gains = {query: graded for query, graded in grades.items() if max(graded.values()) >= RELEVANT}
    if not gains:
        raise CatalogError(
            phrase(
                "No judgement can be used: {usable:,} of {n:,} are of products in both catalogs, and none of these is "
                "a good match.",
                n=len(judgements),
                usable=len(usable),
            ),
            phrase("Judge some pairs as good matches first."),
        )
    values_a, values_b = _judged_values(a, gains, progress), _judged_values(b, gains, progress)
    measures = tuple(_paired(name, values_a[name], values_b[name]) for name in PAIRED)
    return JudgedComparison(
        measures=measures,
        judged_a=float(values_a[JUDGED].mean()),
        judged_b=float(values_b[JUDGED].mean()),
        n_queries=len(gains),
        n_judgements=len(usable),
        left_out=len(judgements) - len(usable),
        n_hopeless=len(grades) - len(gains),
        verdict=_verdict(a.name, b.name, measures[0], values_b[LEADING] - values_a[LEADING]),
    )


def queries_needed(differences: Values) -> int | None:
    """Estimate how many queries would show such differences; None when their mean is 0, which no number would show.

    For a two-sided test at 5 % with a power of 80 %, by the normal approximation for paired differences of mean m and
    standard deviation s (Cohen 1988, ch. 2): ((1.96 + 0.84) * s / m)^2, rounded up to two digits. It takes the
    differences measured for the true ones, so it is a guide, no promise. At least 6, below which the test is blind.
    """
    mean = float(differences.mean())
    if len(differences) < 2 or np.isclose(mean, 0):
        return None
    exact = max((POWER_Z * float(differences.std(ddof=1)) / mean) ** 2, len(differences) + 1, MIN_QUERIES)
    step = 10 ** max(int(np.log10(exact)) - 1, 0)
    return int(np.ceil(exact / step) * step)


def _judged_values(side: Side, gains: Mapping[Query, Gains], progress: Progress) -> dict[str, Values]:
    """Compute each measure per query, by its name in ir-measures."""
    rankings = [[hit.sku for hit in hits] for hits in hits_of(side, list(gains), K, progress)]
    return values_by_query(list(gains.values()), rankings, RELEVANT, {name: name for name in (*PAIRED, JUDGED)})


def _is_known(judgement: Judgement, side: Side) -> bool:
    return all(sku in side.catalog.row_of for sku in (judgement.sku_a, judgement.sku_b) if sku)


def _grades(judgements: Sequence[Judgement]) -> dict[Query, dict[str, float]]:
    """Return each product and text with the grades of what was judged for it."""
    grades: dict[Query, dict[str, float]] = {}
    for judgement in judgements:
        query = Query(text=judgement.query) if judgement.query else Query(like=(judgement.sku_a,))
        grades.setdefault(query, {})[judgement.sku_b] = judgement.grade
        if judgement.sku_a:
            grades.setdefault(Query(like=(judgement.sku_b,)), {})[judgement.sku_a] = judgement.grade
    return grades


def _paired(name: str, a: Values, b: Values) -> PairedMeasure:
    return PairedMeasure(name, estimate(a), estimate(b), estimate(b - a), _p_value(b - a))


def _p_value(differences: Values) -> float:
    """Compute how often means as far from 0 come up when the sign of each difference is drawn at random."""
    from scipy.stats import permutation_test  # late: scipy.stats takes a second to import

    if len(differences) < 2:
        return 1.0
    rng = np.random.default_rng(0)
    return float(
        permutation_test(
            (differences,), np.mean, permutation_type="samples", n_resamples=N_PERMUTATIONS, vectorized=True, rng=rng
        ).pvalue
    )


def _verdict(name_a: str, name_b: str, leading: PairedMeasure, differences: Values) -> str:
    (worse, low), (better, high) = sorted(
        ((name_a, leading.a.mean), (name_b, leading.b.mean)), key=lambda side: side[1]
    )
    text = FIGURES_TINY_P if leading.p_value < 0.001 else FIGURES
    figures = text(measure=leading.name, high=high, low=low, p_value=leading.p_value)
    if leading.p_value < SIGNIFICANT:
        return BETTER(better=better, worse=worse, figures=figures)
    n, needed = len(differences), queries_needed(differences)
    if n < 2:
        return TOO_FEW(better=better, worse=worse, figures=figures)
    if needed is None:
        return TIE(better=better, worse=worse, n=n, figures=figures)
    return NEEDS_MORE(better=better, worse=worse, n=n, figures=figures, needed=needed)
