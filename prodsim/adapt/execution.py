"""A run from its plan to its outcome: train, keep the best, encode the catalog anew, measure."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prodsim.adapt.federated import Client, terms_of, train_together
from prodsim.adapt.from_scratch import new_model
from prodsim.adapt.measurement import exactly, measure, read_again
from prodsim.adapt.plan import Plan
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.run_progress import RunProgress
from prodsim.adapt.runs import CLIENTS, WAY, Outcome, RunFolder
from prodsim.adapt.training import (
    Trained,
    go_part_of_the_way,
    lesson_of_pairs,
    prepare,
    processes,
    train,
    trained_weights,
)
from prodsim.adapt.validation import judge_of
from prodsim.catalog import Catalog
from prodsim.encoders.adapted import (
    ADAPTED_PREFIX,
    SCRATCH,
    Origin,
    base_digest,
    forget_conversions,
    load_base,
    open_adapted,
    save_adapted,
)
from prodsim.encoders.transformer import choose_device
from prodsim.progress import SILENT, Progress
from prodsim.search import SearchEngine
from prodsim.settings import Settings

WAYS = (1.0, 0.5, 0.25)
"""How much of the way from the base to what was learned is gone: less, as long as more of it surely harms."""


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
    partners: Mapping[str, Plan] = {},
) -> Outcome:
    """Train on a plan and keep the model in the run's folder, with as much of what it learned as does no harm.

    Args:
        run: begun; training goes on from its last checkpoint.
        recipe: how.
        plan: made by ``make_plan``.
        catalog: the products.
        engine: the catalog's, by the encoder that it has now; what comes out is compared with it.
        settings: device and home.
        trackers: see ``train``.
        progress: advanced by every step; ``Cancelled`` passes through, the checkpoint stays.
        partners: catalogs that learn together with this one to their plans, for ``federated`` alone.
    """
    started = time.monotonic()
    origin = _origin(recipe)
    run_progress = RunProgress(run, progress)
    run_progress.step("load")
    _quiet()
    plan.pairs.table(catalog).to_parquet(run.path / "pairs.parquet", index=False)
    model = _begin(plan, engine, recipe, run.path / "base", settings, run_progress)
    prepare(model, recipe)
    begun = trained_weights(model)
    about = (run, recipe, plan, model, settings, run_progress)
    trained, learned = _train_alone(*about, trackers) if not partners else _train_together(*about, trackers, partners)
    reached = trained_weights(model)
    for way in (1.0,) if recipe.epsilon else WAYS:
        run_progress.step("save")
        go_part_of_the_way(model, begun, reached, way)
        save_adapted(model, origin, run.path / "model", settings)
        encoder = open_adapted(ADAPTED_PREFIX + run.name, settings)
        after = read_again(engine, catalog, plan.texts, plan.descriptions, encoder, run_progress)
        run_progress.step("measure", 4 * len(plan.probes), "questions")
        measured = measure(exactly(engine), after, catalog, plan.probes, len(plan.kept_out), run_progress)
        if not measured.lost:
            break
        forget_conversions(settings, run.name)
    facts = {
        **plan.facts(catalog),
        "planned_steps": trained.planned,
        "quality_before": trained.before,
        "quality_best": trained.best,
        WAY: way,
        **learned,
        "encoder": encoder.fingerprint,
        "wall_s": round(time.monotonic() - started, 1),
        "model_mb": round(sum(path.stat().st_size for path in (run.path / "model").iterdir()) / 1e6, 1),
    }
    return Outcome(measured, plan.pairs.counts(), trained.steps, trained.at, facts)


def _train_alone(
    run: RunFolder, recipe: TrainingRecipe, plan: Plan, model: Any, settings: Settings, progress: RunProgress,
    trackers: tuple[str, ...],
) -> tuple[Trained, dict[str, Any]]:  # fmt: skip
    """Train on the catalog's own pairs."""
    device, judge = choose_device(settings), judge_of(plan, recipe.seed)
    lesson = lesson_of_pairs(plan.pairs, plan.order, recipe)
    folder = run.path / "training"
    return train(model, lesson, recipe, folder, judge, progress.watch, device=device, trackers=trackers), {}


def _train_together(
    run: RunFolder, recipe: TrainingRecipe, plan: Plan, model: Any, settings: Settings, progress: RunProgress,
    trackers: tuple[str, ...], partners: Mapping[str, Plan],
) -> tuple[Trained, dict[str, Any]]:  # fmt: skip
    """Train in rounds with other catalogs; return also who took part, and what the model may tell of each."""
    clients = [Client(name, own) for name, own in {run.catalog: plan, **partners}.items()]
    terms = terms_of(model, recipe, base_digest(recipe.base, settings))
    about = (model, clients, recipe, terms, run.path / "training", progress.watch)
    trained, rounds = train_together(*about, device=choose_device(settings), trackers=trackers)
    taken = {one.name: sum(one.name in joined.taken for joined in rounds) for one in clients}
    facts = {one.name: {"pairs": len(one.plan.pairs), "rounds": taken[one.name]} for one in clients}
    for one in clients:
        privacy = one.privacy(recipe)
        if privacy is not None:
            facts[one.name] |= asdict(privacy)
    return trained, {"rounds": len(rounds), CLIENTS: facts}


def help_training(run: RunFolder, recipe: TrainingRecipe, plan: Plan, engine: SearchEngine, settings: Settings) -> None:
    """Take part in a run whose first process does everything but this: read a share of each batch."""
    _quiet()
    folder = run.path / "training" / f"base {processes()[1]}"
    model = _begin(plan, engine, recipe, folder, settings)
    prepare(model, recipe)
    lesson = lesson_of_pairs(plan.pairs, plan.order, recipe)
    device = choose_device(settings)
    train(model, lesson, recipe, run.path / "training", lambda _: 0.0, lambda *_: False, device=device)


def _begin(
    plan: Plan,
    engine: SearchEngine,
    recipe: TrainingRecipe,
    folder: Path,
    settings: Settings,
    progress: Progress = SILENT,
) -> Any:
    """Return the model that is trained: the base's, or one of the catalog's own, made in a folder."""
    if recipe.base != SCRATCH:
        return load_base(_origin(recipe), settings)
    rows = plan.rows_seen
    vectors = engine.comparer.index.vectors_of(rows)
    return new_model([plan.texts[row] for row in rows.tolist()], vectors, recipe, folder, progress)


def _origin(recipe: TrainingRecipe) -> Origin:
    return Origin(recipe.base, "full" if recipe.trains_all else "lora")


def _quiet() -> None:
    """Keep transformers' bars and hints away: a run reports through its progress."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
