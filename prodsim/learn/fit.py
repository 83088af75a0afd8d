"""Weights fitted to judgements: a logistic model of the grade on the parts, held to the present weights."""

from functools import partial

import numpy as np

from prodsim.learn.folds import splits
from prodsim.learn.judgements import NAMES, Judgements, Values
from prodsim.similarity import MAX_WEIGHT

N_INNER_FOLDS = 3
PRIOR_PRECISIONS = (10_000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3)
"""Precisions of the prior around the present weights; the first leaves them as they are."""
N_STANDARD_ERRORS = 2.0
MIN_LOG_ODDS = 1.0
"""Log odds that the present weights stand for at least; near 0 they would be no prior where judgements are random."""
RIDGE_PENALTY = 0.01
"""Keeps the model finite where the parts separate all judgements; too small to move a weight otherwise."""


def fit_weights(data: Judgements, present: Values) -> Values:
    """Fit weights under which good matches score higher, in the order of ``NAMES``.

    A logistic model of the grade on the parts, with weights of 0 or more that are held to the direction of the present
    ones: a Gaussian prior, as strong as held-out judgements advise. A part that they do not inform keeps its share.

    Args:
        data: at least one.
        present: shape (len(NAMES),), not all 0.

    Returns:
        The same shape; the largest as large as the present largest, but at most ``MAX_WEIGHT``. The present ones where
        nothing counts for belonging together.
    """
    fitted = _fit(data, present, _strength(data, present))[: len(NAMES)]
    if fitted.max() < 1e-6:
        return present
    return np.asarray(fitted * (min(present.max(), MAX_WEIGHT) / fitted.max()))


def _strength(data: Judgements, present: Values) -> float:
    """Return the strongest prior whose held-out loss is within ``N_STANDARD_ERRORS`` standard errors of the least.

    The rule of one standard error is Breiman et al.'s (1984, ch. 3); two keep chance from moving weights.
    """
    inner = list(splits(data, N_INNER_FOLDS))
    if not inner:
        return PRIOR_PRECISIONS[0]
    losses = np.array(
        [
            np.concatenate([_loss(data[test], _fit(data[train], present, strength)) for train, test in inner])
            for strength in PRIOR_PRECISIONS
        ]
    )
    more = losses - losses[np.argmin(losses.mean(axis=1))]
    error = more.std(axis=1) / np.sqrt(losses.shape[1])
    return PRIOR_PRECISIONS[int(np.argmax(more.mean(axis=1) <= N_STANDARD_ERRORS * error))]


def _fit(data: Judgements, present: Values, strength: float) -> Values:
    """Fit weights in units of log odds, then an intercept for product pairs and one for texts."""
    from scipy.optimize import minimize

    inputs = _inputs(data)
    direction = present / np.linalg.norm(present)
    n_free = inputs.shape[1] - len(present)
    start = np.concatenate([MIN_LOG_ODDS * direction, np.zeros(n_free)])
    bounds = [(0.0, None)] * len(present) + [(None, None)] * n_free
    objective = partial(_objective, inputs=inputs, grade=data.grade, direction=direction, strength=strength)
    return np.asarray(minimize(objective, start, jac=True, bounds=bounds, method="L-BFGS-B").x, np.float64)


def _objective(
    values: Values, inputs: Values, grade: Values, direction: Values, strength: float
) -> tuple[float, Values]:
    """Return cross-entropy plus the squared distance from the present weights, and the gradient.

    The distance is to those weights at any scale from ``MIN_LOG_ODDS``: convex, because they are a ray.
    """
    from scipy.special import expit

    # Scores have no unit: weights twice as large mean the same ranking, so only the direction is held, not the length.
    logit = inputs @ values
    weights = values[: len(direction)]
    away = weights - max(MIN_LOG_ODDS, float(weights @ direction)) * direction
    loss = (np.logaddexp(0, logit) - grade * logit).sum() + (
        strength * away @ away + RIDGE_PENALTY * weights @ weights
    ) / 2
    slope = inputs.T @ (expit(logit) - grade)
    slope[: len(direction)] += strength * away + RIDGE_PENALTY * weights
    return float(loss), slope


def _loss(data: Judgements, values: Values) -> Values:
    """Return the cross-entropy of each judgement."""
    logit = _inputs(data) @ values
    return np.asarray(np.logaddexp(0, logit) - data.grade * logit)


def _inputs(data: Judgements) -> Values:
    return np.column_stack([data.parts, ~data.is_text, data.is_text])
