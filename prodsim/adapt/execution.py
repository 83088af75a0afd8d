"""A run from its plan to its outcome: train, keep the best, encode the catalog anew, measure."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prodsim.adapt.aggregation import Change, Terms
from prodsim.adapt.federated import Client, local_steps, put_weights, terms_of, train_together
from prodsim.adapt.from_scratch import new_model
from prodsim.adapt.measurement import Measured, exactly, measure, read_again
from prodsim.adapt.plan import Plan
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.run_progress import RunProgress
from prodsim.adapt.runs import CLIENTS, WAY, Outcome, RunFolder
from prodsim.adapt.training import (
    Trained,
    Weights,
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
    run_progress = RunProgress(run, progress)
    run_progress.step("load")
    _quiet()
    plan.pairs.table(catalog).to_parquet(run.path / "pairs.parquet", index=False)
    model = _begin(plan, engine, recipe, run.path / "base", settings, run_progress)
    prepare(model, recipe)
    begun = trained_weights(model)
    about = (run, recipe, plan, model, settings, run_progress)
    trained, learned = _train_alone(*about, trackers) if not partners else _train_together(*about, trackers, partners)
    measured, kept = _keep_and_measure(*about, catalog, engine, begun)
    facts = {
        **plan.facts(catalog),
        "planned_steps": trained.planned,
        "quality_before": trained.before,
        "quality_best": trained.best,
        **kept,
        **learned,
        "wall_s": round(time.monotonic() - started, 1),
    }
    return Outcome(measured, plan.pairs.counts(), trained.steps, trained.at, facts)


def adopt_weights(
    run: RunFolder, recipe: TrainingRecipe, plan: Plan, catalog: Catalog, engine: SearchEngine, settings: Settings,
    weights: Change, progress: Progress,
) -> Outcome:  # fmt: skip
    """Keep and measure a model that was learned together on several machines, as ``run_training`` does.

    Args:
        run: begun.
        recipe: by which it was learned.
        plan: of this catalog, which took part by it.
        catalog: the products.
        engine: the catalog's, by the encoder that it has now.
        settings: device and home.
        weights: of ``weights_of``, after the last round.
        progress: advanced by every step.
    """
    run_progress = RunProgress(run, progress)
    run_progress.step("load")
    model, _ = open_common_model(recipe, settings)
    begun = trained_weights(model)
    put_weights(model, weights)
    measured, kept = _keep_and_measure(run, recipe, plan, model, settings, run_progress, catalog, engine, begun)
    steps = recipe.rounds * local_steps(recipe)
    client = Client(run.catalog, plan)
    facts = {**plan.facts(catalog), **kept, "rounds": recipe.rounds, CLIENTS: _facts_of([client], recipe)}
    return Outcome(measured, plan.pairs.counts(), steps, steps, facts)


def open_common_model(recipe: TrainingRecipe, settings: Settings) -> tuple[Any, Terms]:
    """Load the model that catalogs begin to learn together with, prepared, and what all of them must have in common."""
    _quiet()
    model = load_base(_origin(recipe), settings)
    prepare(model, recipe)
    return model, terms_of(model, recipe, base_digest(recipe.base, settings))


def _keep_and_measure(
    run: RunFolder, recipe: TrainingRecipe, plan: Plan, model: Any, settings: Settings, progress: RunProgress,
    catalog: Catalog, engine: SearchEngine, begun: Weights,
) -> tuple[Measured, dict[str, Any]]:  # fmt: skip
    """Save a trained model, with as much of the way from ``begun`` as does no harm; return its measures and facts."""
    reached = trained_weights(model)
    for way in (1.0,) if recipe.epsilon else WAYS:  # a choice would tell of what it was made by
        progress.step("save")
        go_part_of_the_way(model, begun, reached, way)
        save_adapted(model, _origin(recipe), run.path / "model", settings)
        encoder = open_adapted(ADAPTED_PREFIX + run.name, settings)
        after = read_again(engine, catalog, plan.texts, plan.descriptions, encoder, progress)
        progress.step("measure", 4 * len(plan.probes), "questions")
        measured = measure(exactly(engine), after, catalog, plan.probes, len(plan.kept_out), progress)
        if not measured.lost:
            break
        forget_conversions(settings, run.name)
    size = sum(path.stat().st_size for path in (run.path / "model").iterdir())
    return measured, {WAY: way, "encoder": encoder.fingerprint, "model_mb": round(size / 1e6, 1)}


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
    facts = _facts_of(clients, recipe)
    for name in facts:
        facts[name]["rounds"] = sum(name in joined.taken for joined in rounds)
    return trained, {"rounds": len(rounds), CLIENTS: facts}


def _facts_of(clients: Sequence[Client], recipe: TrainingRecipe) -> dict[str, dict[str, Any]]:
    """Return the pairs of each catalog, and what the model may tell of it."""
    facts: dict[str, dict[str, Any]] = {}
    for one in clients:
        facts[one.name] = {"pairs": len(one.plan.pairs), "rounds": recipe.rounds}
        privacy = one.privacy(recipe)
        if privacy is not None:
            facts[one.name] |= asdict(privacy)
    return facts


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
