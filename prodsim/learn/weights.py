"""Weights learned from judgements, and whether they are better on held-out judgements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.learn.fit import fit_weights
from prodsim.learn.folds import splits
from prodsim.learn.judgements import NAMES, Judged, Judgements, Values, read_judgements
from prodsim.phrases import Plural, Text, joined, phrase
from prodsim.progress import SILENT, Progress
from prodsim.search import SearchEngine
from prodsim.similarity import Weights

MIN_JUDGEMENTS = 30
MIN_JUDGEMENTS_PER_KIND = 8
"""Judgements of a grade of at least ``MIN_MATCH_GRADE``, and of a lower one."""
N_JUDGEMENT_FOLDS = 5
N_RANKED_RESAMPLES = 200
"""Fewer than the bootstrap of ``prodsim.evaluation.evaluate`` draws, because each ranks all judgements again."""
BETTER_HELD_OUT = Text(
    "better on held-out judgements: AP {learned:.2f} compared with {present:.2f} "
    "(difference {difference:.2f}, 95 % interval {low:.2f} to {high:.2f})"
)
NO_BETTER = Text(
    "no better than the current weights on held-out judgements: AP {learned:.2f} compared with {present:.2f} "
    "(difference {difference:.2f}, 95 % interval {low:.2f} to {high:.2f}); keep the current weights"
)
MORE_JUDGEMENTS = Plural("{n} more pair in total", "{n} more pairs in total")
MORE_GOOD = Plural("{n} more good match", "{n} more good matches")
MORE_BAD = Plural("{n} more bad match", "{n} more bad matches")

Metric = Callable[[Values, Values], Values]
"""Of the counts that ``_at_least`` returns, one number a resample."""


@dataclass(frozen=True, slots=True)
class HeldOutComparison:
    """A metric of held-out judgements under both weights; ``low`` and ``high`` bound the difference, 95 %."""

    present: float
    learned: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Return the gain; above 0 where the learned weights are better."""
        return self.learned - self.present


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights learned from judgements, and how they compare with the present ones.

    Attributes:
        weights: proposed; learned from all judgements. Where nothing is better they may be worse than the present ones.
        present: those they were held to and compared with.
        n: judgements used.
        n_left_out: judgements of a product that is not in the catalog, or of a product with itself.
        n_held_out: judgements scored by weights that were learned without their products.
        auc: area under the ROC curve of the held-out judgements.
        ap: average precision of the held-out judgements.
    """

    weights: Weights
    present: Weights
    n: int
    n_left_out: int
    n_held_out: int
    auc: HeldOutComparison
    ap: HeldOutComparison

    @property
    def is_better(self) -> bool:
        """Return whether the weights changed and the 95 % interval of the difference in AP lies above 0."""
        return self.weights != self.present and self.ap.low > 0

    @property
    def verdict(self) -> str:
        """Return the outcome in words, to follow "From 40 judgements: "."""
        ap = self.ap
        verdict = BETTER_HELD_OUT if self.is_better else NO_BETTER
        return verdict(learned=ap.learned, present=ap.present, difference=ap.difference, low=ap.low, high=ap.high)


def learn_weights(
    engine: SearchEngine, judged: Sequence[Judged], weights: Weights | None = None, *, progress: Progress = SILENT
) -> Learned:
    """Propose weights under which what belongs together scores higher.

    A logistic model of the grade on the parts, with weights of 0 or more that are held to the direction of the present
    ones: a Gaussian prior, whose strength is chosen on held-out judgements too. Few judgements move them little.
    They are measured by cross-validation in which no product or text is on both sides of a split.

    Args:
        engine: of the catalog.
        judged: a person's judgements.
        weights: the present ones; the engine's own by default.
        progress: advanced by splits.

    Returns:
        Weights as sliders have them: the largest as large as the present largest, rounded to 0.01. A part that the
        judgements do not inform keeps its share.

    Raises:
        QueryError: fewer than 30 judgements, fewer than 8 of either kind, or too many of the same products to hold
            some out.
    """
    data, n_left_out = read_judgements(engine, judged)
    _check_enough(data, n_left_out)
    held_to = weights or engine.weights
    present = np.array(list(held_to.as_dict().values()))
    folds = list(splits(data, N_JUDGEMENT_FOLDS))
    _check_splits(data, [held_out for _, held_out in folds])
    progress.step("learn", len(folds) + 1, "splits")
    tests, scores = [], []
    for train, held_out in folds:
        tests.append(data[held_out])
        scores.append((tests[-1].score(present), tests[-1].score(fit_weights(data[train], present))))
        progress.advance()
    label = np.concatenate([test.together for test in tests]).astype(np.float64)
    before, after = (np.concatenate(column) for column in zip(*scores, strict=True))
    proposed = fit_weights(data, present)
    progress.advance()
    auc, ap = (_compare(metric, label, before, after) for metric in (_area_under_roc, _average_precision))
    rounded = Weights(**dict(zip(NAMES, proposed.round(2).tolist(), strict=True)))
    return Learned(rounded, held_to, len(data), n_left_out, len(label), auc, ap)


def _compare(metric: Metric, label: Values, before: Values, after: Values) -> HeldOutComparison:
    """Compare the metric under both scores; each resample draws the same judgements for both, stratified by kind."""
    rng = np.random.default_rng(0)
    kinds = [np.flatnonzero(label == kind) for kind in (0, 1)]
    drawn = [np.concatenate([rng.choice(kind, len(kind)) for kind in kinds]) for _ in range(N_RANKED_RESAMPLES)]
    times = np.array([np.ones(len(label)), *(np.bincount(rows, minlength=len(label)) for rows in drawn)])
    present, learned = (metric(*_at_least(score, label, times)) for score in (before, after))
    low, high = np.percentile((learned - present)[1:], [2.5, 97.5])
    return HeldOutComparison(float(present[0]), float(learned[0]), float(low), float(high))


def _at_least(score: Values, label: Values, times: Values) -> tuple[Values, Values]:
    """Return how many good and how many bad matches score at least as high as each distinct score, highest first.

    Args:
        score: of n judgements.
        label: 1 for a good match, else 0, shape (n,).
        times: how often each judgement counts in each resample, shape (resamples, n).

    Returns:
        Both of shape (resamples, distinct scores).
    """
    order = np.argsort(-score)
    last = np.flatnonzero(np.diff(score[order], append=-np.inf))
    good = times[:, order] * label[order]
    bad = times[:, order] - good
    return np.cumsum(good, axis=1)[:, last], np.cumsum(bad, axis=1)[:, last]


def _area_under_roc(good: Values, bad: Values) -> Values:
    """Return the share of pairs of a good and a bad match in which the good one scores higher; a tie is half a pair."""
    higher = good - np.diff(good, axis=1, prepend=0) / 2
    return np.asarray((np.diff(bad, axis=1, prepend=0) * higher).sum(axis=1) / (good[:, -1] * bad[:, -1]))


def _average_precision(good: Values, bad: Values) -> Values:
    """Return the mean of the precision at each good match."""
    precision = good / np.maximum(good + bad, 1)
    return np.asarray((np.diff(good, axis=1, prepend=0) * precision).sum(axis=1) / good[:, -1])


def _check_enough(data: Judgements, n_left_out: int) -> None:
    together, apart = data.of_each_kind
    more = max(MIN_JUDGEMENTS - len(data), 0)
    wanted = [MORE_JUDGEMENTS(more)] if more else []
    for missing, n in ((MORE_GOOD, together), (MORE_BAD, apart)):
        if n < MIN_JUDGEMENTS_PER_KIND:
            wanted.append(missing(MIN_JUDGEMENTS_PER_KIND - n))
    if wanted:
        what = phrase(
            "There are too few judgements to learn from: {good} good matches and {bad} bad matches.",
            good=together,
            bad=apart,
        )
        if n_left_out:
            what += " " + phrase("Judgements that cannot be used: {n}.", n=n_left_out)
        raise QueryError(what, phrase("Judge {wanted}.", wanted=joined(wanted)))


def _check_splits(data: Judgements, held_out: Sequence[NDArray[np.bool_]]) -> None:
    """Refuse judgements of too few products to hold any out, because then nothing would measure the weights."""
    kinds = np.array([data[mask].of_each_kind for mask in held_out]).reshape(-1, 2).sum(axis=0)
    short = np.maximum(MIN_JUDGEMENTS_PER_KIND - kinds, 0)
    if short.any():
        raise QueryError(
            phrase(
                "The {n} judgements are about too few products: only {good} good matches and {bad} bad matches can be "
                "held out, and {least} of each are needed.",
                n=len(data),
                good=kinds[0],
                bad=kinds[1],
                least=MIN_JUDGEMENTS_PER_KIND,
            ),
            phrase(
                "Judge at least {good} more good matches and {bad} more bad matches for other products or texts.",
                good=short[0],
                bad=short[1],
            ),
        )
