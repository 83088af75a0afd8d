"""Weights learned from a person's judgements, and whether they are better on judgements they had not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.learn.fit import fit_weights
from prodsim.learn.folds import splits
from prodsim.learn.judgements import NAMES, Judged, Judgements, Values, read_judgements
from prodsim.progress import SILENT, Progress
from prodsim.search import SearchEngine
from prodsim.similarity import Weights

FEWEST = 30
FEWEST_OF_A_KIND = 8
"""Judgements of a grade of at least ``PARTNER``, and of a lower one."""
FOLDS = 5
RESAMPLES = 200
"""As many as the bootstrap of ``prodsim.evaluation.evaluate`` takes of pairs: each ranks all of them anew."""

Metric = Callable[[Values, Values], float]


@dataclass(frozen=True, slots=True)
class Compared:
    """A metric of held-out judgements under both weights; ``low`` and ``high`` bound the difference, 95 %."""

    present: float
    learned: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Above 0 where the learned weights are better."""
        return self.learned - self.present


@dataclass(frozen=True, slots=True)
class Learned:
    """What judgements teach.

    Attributes:
        weights: proposed; learned from all judgements. Where nothing is better they may be worse than the present ones.
        present: those they were held to and compared with.
        n: judgements used.
        n_left_out: those that name a product the catalog has not, or answer a product with itself.
        n_held_out: those that were asked of weights learned without their products.
        auc: area under the ROC curve of the held-out judgements.
        ap: average precision of the held-out judgements.
    """

    weights: Weights
    present: Weights
    n: int
    n_left_out: int
    n_held_out: int
    auc: Compared
    ap: Compared

    @property
    def is_better(self) -> bool:
        """Whether the weights changed and the 95 % interval of the difference in AP lies above 0."""
        return self.weights != self.present and self.ap.low > 0

    @property
    def verdict(self) -> str:
        """One sentence to show."""
        measured = (
            f"AP {self.ap.learned:.2f} against {self.ap.present:.2f} "
            f"(difference {self.ap.difference:.2f}, 95 % {self.ap.low:.2f} to {self.ap.high:.2f})"
        )
        if self.is_better:
            return f"better on judgements it had not seen: {measured}"
        return f"no better than the present weights on judgements it had not seen: {measured}; keep the present ones"


def learn_weights(
    engine: SearchEngine, judged: Sequence[Judged], weights: Weights | None = None, *, progress: Progress = SILENT
) -> Learned:
    """Propose weights under which what belongs together scores higher.

    A logistic model of the grade on the parts, with weights of 0 or more that are held to the direction of the present
    ones: a Gaussian prior, whose strength is chosen on held-out judgements too. Few judgements move them little.
    They are measured by cross-validation in which no product or text is on both sides of a split.

    Args:
        engine: of the catalog.
        judged: what the person said.
        weights: the present ones; the engine's own by default.
        progress: advanced by splits.

    Returns:
        Weights as sliders have them: the largest as large as the present largest, rounded to 0.01. A part of which the
        judgements tell nothing keeps its share.

    Raises:
        QueryError: fewer than 30 judgements, fewer than 8 of either kind, or too many of the same products to hold
            some out.
    """
    data, n_left_out = read_judgements(engine, judged)
    _check_enough(data, n_left_out)
    held_to = weights or engine.weights
    present = np.array(list(held_to.as_dict().values()))
    folds = list(splits(data, FOLDS))
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
    auc, ap = (_compare(metric, label, before, after) for metric in _metrics())
    rounded = Weights(**dict(zip(NAMES, proposed.round(2).tolist(), strict=True)))
    return Learned(rounded, held_to, len(data), n_left_out, len(label), auc, ap)


def _metrics() -> tuple[Metric, Metric]:
    from sklearn.metrics import average_precision_score, roc_auc_score  # scikit-learn takes a second to import

    return roc_auc_score, average_precision_score


def _compare(metric: Metric, label: Values, before: Values, after: Values) -> Compared:
    """The metric under both scores; the same judgements are drawn for both, as many of each kind as there are."""
    rng = np.random.default_rng(0)
    kinds = [np.flatnonzero(label == kind) for kind in (0, 1)]
    differences = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([rng.choice(kind, len(kind)) for kind in kinds])
        differences.append(metric(label[rows], after[rows]) - metric(label[rows], before[rows]))
    low, high = np.percentile(differences, [2.5, 97.5])
    return Compared(float(metric(label, before)), float(metric(label, after)), float(low), float(high))


def _check_enough(data: Judgements, n_left_out: int) -> None:
    together, apart = data.of_each_kind
    more = max(FEWEST - len(data), 0)
    wanted = [f"{more} more in all"] if more else []
    for name, n in (("belong together", together), ("do not", apart)):
        if n < FEWEST_OF_A_KIND:
            wanted.append(f"{FEWEST_OF_A_KIND - n} more that {name}")
    if wanted:
        left_out = f"; {n_left_out} more cannot be used" if n_left_out else ""
        raise QueryError(
            f"{len(data)} judgements are too few to learn from: {together} say that two belong together, "
            f"{apart} that they do not{left_out}.",
            f"Judge {', '.join(wanted)}.",
        )


def _check_splits(data: Judgements, held_out: Sequence[NDArray[np.bool_]]) -> None:
    """Refuse judgements that cannot be told apart by product, so that nothing would measure what they teach."""
    kinds = np.array([data[mask].of_each_kind for mask in held_out]).reshape(-1, 2).sum(axis=0)
    short = np.maximum(FEWEST_OF_A_KIND - kinds, 0)
    if short.any():
        raise QueryError(
            f"The {len(data)} judgements fall on too few products: held out by product, {kinds[0]} remain that belong "
            f"together and {kinds[1]} that do not, of {FEWEST_OF_A_KIND} needed.",
            f"Judge at least {short[0]} pairs that belong together and {short[1]} that do not, asked by other products "
            "or texts.",
        )
