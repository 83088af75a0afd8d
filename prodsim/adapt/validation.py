"""Quick validation of a model while it is trained, on held-out products."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from prodsim.adapt.measurement import quick_quality
from prodsim.adapt.plan import Plan
from prodsim.adapt.training import Judge, product_prompt
from prodsim.encoders import Vectors

N_VALIDATION_POOL = 1500
"""Products among which the answers are searched, beside those of the questions; the test at the end searches all."""
VALIDATION_BATCH = 64


def judge_of(plan: Plan, seed: int) -> Judge:
    """Return what computes the mean reciprocal rank of the validation questions, by meaning alone.

    The answers are searched among the products of the questions and ``N_VALIDATION_POOL`` others.
    The kinds of questions count alike, however many there are of each.
    """
    query_rows = sorted({probe.row for probe in plan.validation_probes})
    free = np.setdiff1d(np.arange(len(plan.texts)), query_rows)
    drawn = np.random.default_rng(seed).permutation(free)[:N_VALIDATION_POOL].tolist()
    return _Judge(plan, query_rows + drawn)


class _Judge:
    def __init__(self, plan: Plan, pool: Sequence[int]) -> None:
        self._texts = [plan.texts[row] for row in pool]
        self._queries = [probe.query.text or plan.texts[probe.row] for probe in plan.validation_probes]
        self._kinds = np.array([probe.kind for probe in plan.validation_probes], object)
        place = {row: position for position, row in enumerate(pool)}
        self._own = [place[probe.row] if probe.query.like else -1 for probe in plan.validation_probes]
        self._right = [[place[row] for row in probe.right if row in place] for probe in plan.validation_probes]

    def __call__(self, model: Any) -> float:
        if not self._queries:
            return 0.0
        was_training = model.training
        vectors = _encode(model, [*self._texts, *self._queries])
        model.train(was_training)
        pool, queries = vectors[: len(self._texts)], vectors[len(self._texts) :]
        qualities = []
        for kind in dict.fromkeys(self._kinds.tolist()):
            own = np.flatnonzero(self._kinds == kind).tolist()
            right, leave = [self._right[i] for i in own], [self._own[i] for i in own]
            qualities.append(quick_quality(pool, queries[own], right, leave))
        return float(np.mean(qualities)) if qualities else 0.0


def _encode(model: Any, texts: Sequence[str]) -> Vectors:
    vectors = model.encode(
        list(texts),
        prompt=product_prompt(model) or None,
        batch_size=VALIDATION_BATCH,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    return np.asarray(vectors, np.float32)
