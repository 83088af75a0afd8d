"""How long a run will take, from a try on this machine."""

import time
from typing import Any

from prodsim.adapt.compression import converted
from prodsim.adapt.from_scratch import n_batches
from prodsim.adapt.plan import Plan
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.training import N_VALIDATIONS, has_bf16, lesson_of_pairs, prepare
from prodsim.adapt.validation import N_VALIDATION_POOL
from prodsim.encoders import Encoder
from prodsim.encoders.adapted import SCRATCH, Origin, load_base
from prodsim.settings import Settings

TRIED = 2
"""Batches tried; the last one counts, for the first makes memory ready."""
TRIED_PAIRS = 16
"""Pairs of a tried batch, at most; the time of a whole one grows with its pairs."""
READING_SHARE = 1 / 3
"""Of a batch's time that reading alone takes; the rest is learning."""
LOADING_S = 15.0
"""Starting the process, and loading and saving models."""
SCRATCH_BATCH_S, READY_BATCH_S = 0.5, 0.15
"""A batch of a model of the catalog's own, and one of what it learns before."""
MEASURED_S = 0.02
"""A question to each of four engines."""


def estimate_run(recipe: TrainingRecipe, plan: Plan, encoder: Encoder | None, settings: Settings) -> float:
    """Estimate seconds: loading, batches, validations, and encoding and searching the whole catalog at the end.

    Args:
        recipe: how.
        plan: what is read.
        encoder: of the catalog; ``None`` where it is fitted on it, then the base's own rate is taken.
        settings: of the workspace.

    Raises:
        EncoderError: the base cannot be trained, or the encoder not be made smaller.
        TrainingError: the pairs fill no batch.
    """
    if recipe.kind == "smaller":
        encoder = converted(encoder)
        texts = recipe.batches * recipe.batch + 8 * len(plan.texts)
        return LOADING_S + texts / _rate(encoder, plan) * 3 + 6 * 4 * len(plan.probes) * MEASURED_S
    batch_s = SCRATCH_BATCH_S if recipe.base == SCRATCH else _batch_s(recipe, plan, settings)
    batch_s *= 2 if recipe.perturbation else 1
    batches = len(plan.order) // recipe.batch * (1 + len(recipe.partners))
    per_text = batch_s * READING_SHARE / (2 * recipe.batch)
    validating = (N_VALIDATIONS + 1) * (N_VALIDATION_POOL + 2 * len(plan.validation_probes)) * per_text
    encoding = len(plan.texts) / _rate(encoder, plan) if encoder else len(plan.texts) * per_text
    extra = READY_BATCH_S * n_batches(len(set(plan.seen))) if recipe.base == SCRATCH else 0.0
    return LOADING_S + extra + batches * batch_s + validating + 2 * encoding + 4 * len(plan.probes) * MEASURED_S


def _batch_s(recipe: TrainingRecipe, plan: Plan, settings: Settings) -> float:
    """Estimate the seconds of reading a batch and learning from it."""
    import torch

    model = load_base(Origin(recipe.base, recipe.method), settings)
    prepare(model, recipe)
    lesson = lesson_of_pairs(plan.pairs, plan.order[: recipe.batch * TRIED], recipe)
    loss: Any = lesson.make_loss(model)
    model.train()
    took, pairs = 0.0, min(recipe.batch, TRIED_PAIRS)
    for number in range(min(TRIED, len(lesson) // pairs)):
        started = time.perf_counter()
        own = slice(number * pairs, (number + 1) * pairs)
        columns = [model.preprocess(list(texts[own])) for texts in lesson.columns.values()]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bf16()):
            value = loss(columns, None)
        value.backward()
        took = time.perf_counter() - started
    return took * recipe.batch / pairs


def _rate(encoder: Encoder | None, plan: Plan) -> float:
    """Measure texts a second."""
    texts = list(plan.texts[:: max(1, len(plan.texts) // 256)])
    if encoder is None:
        return 200.0
    encoder.encode(texts[:32])
    started = time.perf_counter()
    encoder.encode(texts)
    return len(texts) / max(time.perf_counter() - started, 1e-6)
