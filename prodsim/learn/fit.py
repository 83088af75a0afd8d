"""Weights fitted to judgements: a logistic model of the grade on the parts, held to the present weights."""

from functools import partial

import numpy as np

from prodsim.learn.folds import splits
from prodsim.learn.judgements import NAMES, Judgements, Values
from prodsim.similarity import MAX_WEIGHT

INNER_FOLDS = 3
STRENGTHS = (10_000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3)
"""How firmly weights are held to the present ones, as a precision; the first leaves them as they are."""
ERRORS = 2.0
SCALE = 1.0
"""The least log odds that the present weights stand for; from 0 they would say nothing where judgements are chance."""
RIDGE = 0.01
"""Keeps the model finite where the parts tell all judgements apart; too small to move a weight otherwise."""


def fit_weights(data: Judgements, present: Values) -> Values:
    """Weights under which what belongs together scores higher, in the order of ``NAMES``.

    A logistic model of the grade on the parts, with weights of 0 or more that are held to the direction of the present
    ones: a Gaussian prior, as strong as held-out judgements advise. A part of which they tell nothing keeps its share.

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
    """The firmest strength whose held-out loss is within ``ERRORS`` standard errors of the least one's.

    The rule of one standard error is Breiman et al.'s (1984, ch. 3); two keep chance from moving weights.
    """
    inner = list(splits(data, INNER_FOLDS))
    if not inner:
        return STRENGTHS[0]
    losses = np.array(
        [
            np.concatenate([_loss(data[test], _fit(data[train], present, strength)) for train, test in inner])
            for strength in STRENGTHS
        ]
    )
    more = losses - losses[np.argmin(losses.mean(axis=1))]
    error = more.std(axis=1) / np.sqrt(losses.shape[1])
    return STRENGTHS[int(np.argmax(more.mean(axis=1) <= ERRORS * error))]


def _fit(data: Judgements, present: Values, strength: float) -> Values:
    """Weights in units of log odds, then an intercept for product pairs and one for texts."""
    from scipy.optimize import minimize

    inputs = _inputs(data)
    direction = present / np.linalg.norm(present)
    n_free = inputs.shape[1] - len(present)
    start = np.concatenate([SCALE * direction, np.zeros(n_free)])
    bounds = [(0.0, None)] * len(present) + [(None, None)] * n_free
    objective = partial(_objective, inputs=inputs, grade=data.grade, direction=direction, strength=strength)
    return np.asarray(minimize(objective, start, jac=True, bounds=bounds, method="L-BFGS-B").x, np.float64)


def _objective(
    values: Values, inputs: Values, grade: Values, direction: Values, strength: float
) -> tuple[float, Values]:
    """Cross-entropy plus the squared distance from the present weights at any scale from ``SCALE``; with its gradient.

    Convex, because those weights are a ray.
    """
    logit = inputs @ values
    weights = values[: len(direction)]
    away = weights - max(SCALE, float(weights @ direction)) * direction
    loss = (np.logaddexp(0, logit) - grade * logit).sum() + (strength * away @ away + RIDGE * weights @ weights) / 2
    slope = inputs.T @ (_odds(logit) - grade)
    slope[: len(direction)] += strength * away + RIDGE * weights
    return float(loss), slope


def _loss(data: Judgements, values: Values) -> Values:
    """Cross-entropy of each judgement."""
    logit = _inputs(data) @ values
    return np.asarray(np.logaddexp(0, logit) - data.grade * logit)


def _inputs(data: Judgements) -> Values:
    return np.column_stack([data.parts, ~data.is_text, data.is_text])


def _odds(logit: Values) -> Values:
    from scipy.special import expit

    return np.asarray(expit(logit))
