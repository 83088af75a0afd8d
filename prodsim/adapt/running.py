"""A run from its plan to its outcome: train, keep the best, encode the catalog anew, measure."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np

from prodsim.adapt.measuring import measure, quick_quality, read_again
from prodsim.adapt.plan import Plan
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.runs import Outcome, RunFolder
from prodsim.adapt.scratch import new_model
from prodsim.adapt.training import Judge, Trained, prepare, train
from prodsim.artifacts import fingerprint
from prodsim.catalog import Catalog
from prodsim.encoders import Vectors
from prodsim.encoders.adapted import PREFIX, SCRATCH, Origin, load_base, open_adapted, save_adapted
from prodsim.encoders.transformer import choose_device
from prodsim.index import ExactIndex, GroupedIndex
from prodsim.progress import Progress
from prodsim.search import SearchEngine
from prodsim.settings import Settings

OTHERS = 1500
"""Products among which the training looks for those it asks about, beside these; all are asked among at the end."""
BATCH = 64
PACKAGES = ("torch", "sentence-transformers", "transformers", "peft", "openvino")


def run_training(
    run: RunFolder,
    recipe: TrainingRecipe,
    plan: Plan,
    catalog: Catalog,
    engine: SearchEngine,
    settings: Settings,
    *,
    trackers: tuple[str, ...],
    progress: Progress,
) -> Outcome:
    """Train on a plan and keep the model in the run's folder.

    Args:
        run: begun; training goes on from its last checkpoint.
        recipe: how.
        plan: made by ``make_plan``.
        catalog: the products.
        engine: the catalog's, by the encoder that it has now; what comes out is compared with it.
        settings: device and home.
        trackers: see ``train``.
        progress: told of every step; ``Cancelled`` passes through, the checkpoint stays.
    """
    started = time.monotonic()
    origin = Origin(recipe.base, recipe.method)
    told = _Told(run, progress)
    told.step("load")
    _quiet()
    plan.pairs.table(catalog).to_parquet(run.path / "pairs.parquet", index=False)
    model = new_model(_seen(plan), recipe, run.path / "base") if recipe.base == SCRATCH else load_base(origin, settings)
    prepare(model, recipe)
    judge = _judge(plan, len(catalog), recipe.seed)
    folder = run.path / "training"
    device = choose_device(settings)
    trained = train(model, plan.pairs, plan.order, recipe, folder, judge, told.watch, device=device, trackers=trackers)
    told.step("save")
    save_adapted(model, origin, run.path / "model", settings)
    del model
    encoder = open_adapted(PREFIX + run.name, settings)
    after = read_again(engine, catalog, plan.texts, plan.descriptions, encoder, told)
    told.step("measure", 4 * len(plan.probes), "questions")
    measured = measure(exactly(engine), after, catalog, plan.probes, len(plan.kept_out), told)
    facts = {
        **_facts(plan, catalog, trained),
        "encoder": encoder.fingerprint,
        "wall_s": round(time.monotonic() - started, 1),
        "model_mb": round(sum(path.stat().st_size for path in (run.path / "model").iterdir()) / 1e6, 1),
    }
    return Outcome(measured, plan.pairs.counts(), trained.steps, trained.at, facts)


def _quiet() -> None:
    """Transformers' bars and hints stay away: what a run does is told by its progress."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _seen(plan: Plan) -> list[str]:
    """Texts of the products that are not kept out."""
    kept_out = set(plan.kept_out.tolist())
    return [text for row, text in enumerate(plan.texts) if row not in kept_out]


def exactly(engine: SearchEngine) -> SearchEngine:
    """The engine, but its vectors are all compared."""
    index = engine.comparer.index
    exact = GroupedIndex(ExactIndex(index.index.vectors, index.metric), index.group_of)
    return engine.comparing(replace(engine.comparer, index=exact))


def _judge(plan: Plan, n: int, seed: int) -> Judge:
    """Mean reciprocal rank by meaning alone of what the training looks at, among these and ``OTHERS``.

    The kinds of questions count alike, however many there are of each.
    """
    asked_about = sorted({one.row for one in plan.looks})
    free = np.setdiff1d(np.arange(n), asked_about)
    drawn = np.random.default_rng(seed).permutation(free)[:OTHERS].tolist()
    return _Judge(plan, asked_about + drawn)


class _Judge:
    def __init__(self, plan: Plan, pool: Sequence[int]) -> None:
        self._texts = [plan.texts[row] for row in pool]
        self._asked = [one.query.text or plan.texts[one.row] for one in plan.looks]
        self._kinds = np.array([one.kind for one in plan.looks], object)
        place = {row: position for position, row in enumerate(pool)}
        self._own = [place[one.row] if one.query.like else -1 for one in plan.looks]
        self._right = [[place[row] for row in one.right if row in place] for one in plan.looks]

    def __call__(self, model: Any) -> float:
        was_training = model.training
        vectors = _encode(model, [*self._texts, *self._asked])
        model.train(was_training)
        pool, asked = vectors[: len(self._texts)], vectors[len(self._texts) :]
        found = []
        for kind in dict.fromkeys(self._kinds.tolist()):
            own = np.flatnonzero(self._kinds == kind).tolist()
            right, leave = [self._right[i] for i in own], [self._own[i] for i in own]
            found.append(quick_quality(pool, asked[own], right, leave))
        return float(np.mean(found)) if found else 0.0


def _encode(model: Any, texts: Sequence[str]) -> Vectors:
    found = model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(found, np.float32)


def _facts(plan: Plan, catalog: Catalog, trained: Trained) -> Mapping[str, Any]:
    """What makes the run again, and what it was made with."""
    skus = catalog.products["sku"].tolist()
    return {
        "texts": fingerprint(list(plan.texts)),
        "kept_out": fingerprint([skus[row] for row in plan.kept_out.tolist()]),
        "products": len(catalog),
        "planned_steps": trained.planned,
        "quality_before": trained.before,
        "quality_best": trained.best,
        "versions": {name: version(name) for name in PACKAGES},
    }


class _Told:
    """Progress that is also noted in the run's folder."""

    def __init__(self, run: RunFolder, inner: Progress) -> None:
        self._run, self._inner = run, inner
        self._step = 0

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        self._run.tell("running", name)
        self._inner.step(name, total, unit)

    def advance(self, n: int = 1) -> None:
        self._inner.advance(n)

    def note(self, message: str) -> None:
        self._inner.note(message)

    def check(self) -> None:
        self._inner.check()

    def watch(self, step: int, total: int, numbers: Mapping[str, float]) -> bool:
        """What training tells."""
        if step == 0:
            self._inner.step("train", total, "batches")
        self._run.tell("running", "train", step, total)
        self._run.log(step, numbers)
        self._inner.advance(step - self._step)
        self._step = step
        return self._run.is_asked_to_stop
