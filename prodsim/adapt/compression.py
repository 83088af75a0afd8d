"""A smaller and faster encoder: fewer layers taught by the whole model, 8-bit weights (int8), shorter vectors."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from prodsim.adapt.augmentation import Noise
from prodsim.adapt.measurement import MEANING_ALONE, MIN_PROBES, Measured, exactly, measure, read_again
from prodsim.adapt.plan import Plan
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.run_progress import RunProgress
from prodsim.adapt.runs import TEACHER_FILE, Option, Outcome, RunFolder
from prodsim.adapt.spellings import Wording
from prodsim.adapt.training import Trained, lesson_of_vectors, prepare, train
from prodsim.adapt.validation import judge_of
from prodsim.catalog import Catalog
from prodsim.encoders import Encoder, open_encoder
from prodsim.encoders.adapted import ADAPTED_PREFIX, ADAPTED_VERSION, Origin, keep_layers, load_model_of, save_adapted
from prodsim.encoders.multilingual import MultilingualEncoder
from prodsim.encoders.openvino_encoder import OpenVinoEncoder
from prodsim.encoders.quantised import principal_axes, quantise, shorten
from prodsim.errors import EncoderError
from prodsim.phrases import Text, phrase
from prodsim.progress import Progress
from prodsim.search import SearchEngine
from prodsim.settings import Settings
from prodsim.similarity import SAME_PRODUCT

SHORTER_DIMS = (192, 96)
"""Numbers per vector that are tried."""
TIMED = 1000
"""Texts whose encoding is timed, three times over; the best counts."""
CALIBRATED = 300
"""Texts by whose activations the 8-bit weights are scaled."""
MAX_LOSS = 0.01
"""Loss of recall@1 and of nDCG@10 up to which an option is offered."""
DISTILLATION_RATE = 2e-4
"""Learning rate of all weights at its highest; low-rank matrices bear more."""
FEWER, INT8, FEWER_INT8 = "fewer-layers", "int8", "fewer-layers-int8"
OPTIONS: Mapping[str, Text] = {
    "": Text("The current encoder"),
    INT8: Text("8-bit weights (int8)"),
    FEWER: Text("Half of the layers"),
    FEWER_INT8: Text("Half of the layers, 8-bit weights (int8)"),
    f"{INT8}-{SHORTER_DIMS[0]}": Text("8-bit weights (int8), vectors of length 192"),
    f"{INT8}-{SHORTER_DIMS[1]}": Text("8-bit weights (int8), vectors of length 96"),
}
"""Folder of an option to its description."""


def run_smaller(
    run: RunFolder,
    recipe: TrainingRecipe,
    plan: Plan,
    catalog: Catalog,
    engine: SearchEngine,
    encoder: Encoder,
    settings: Settings,
    *,
    trackers: tuple[str, ...],
    progress: Progress,
) -> Outcome:
    """Make the catalog's encoder smaller in several ways, each kept in the run's folder, and measure all of them.

    Args:
        run: begun.
        recipe: how the one with fewer layers is taught; all of its weights, at ``DISTILLATION_RATE`` at most.
        plan: tells which products are kept out; its pairs are not used.
        catalog: the products.
        engine: the catalog's.
        encoder: the catalog's.
        settings: device and home.
        trackers: see ``train``.
        progress: advanced by every step.

    Raises:
        EncoderError: the encoder does not run on OpenVINO, or has no layers to drop.
    """
    encoder = converted(encoder)
    started = time.monotonic()
    run_progress = RunProgress(run, progress)
    (run.path / TEACHER_FILE).write_text(encoder.name, encoding="utf-8")
    trained = _teach(run, recipe, plan, encoder, settings, run_progress, trackers)
    fewer = open_encoder(f"{ADAPTED_PREFIX}{run.name}/{FEWER}", settings)
    run_progress.step("quantise")
    calibration = _spread(plan.seen, CALIBRATED)
    quantise(encoder, calibration, run.path / INT8, ADAPTED_VERSION)
    if isinstance(fewer, OpenVinoEncoder):
        quantise(fewer, calibration, run.path / FEWER_INT8, ADAPTED_VERSION)
    vectors = encoder.encode(_spread(plan.seen, 4 * TIMED), "product", run_progress)
    for dim in SHORTER_DIMS:
        shorten(run.path / INT8, principal_axes(vectors, dim), run.path / f"{INT8}-{dim}")
    options, measured = _compare(run, plan, catalog, engine, encoder, settings, run_progress)
    facts = {**plan.facts(catalog), "wall_s": round(time.monotonic() - started, 1)}
    return Outcome(measured, {}, trained.steps, trained.at, facts, options)


def converted(encoder: Encoder | None) -> OpenVinoEncoder:
    """Return the encoder, if it can be made smaller; raise ``EncoderError`` otherwise, and for ``None``."""
    if isinstance(encoder, MultilingualEncoder):
        encoder = encoder.quick()
    if not isinstance(encoder, OpenVinoEncoder):
        if encoder is None:
            what = phrase("An encoder that was fitted on the catalog cannot be made smaller.")
        else:
            what = phrase(
                "The encoder “{name}” cannot be made smaller, because it does not run on OpenVINO.", name=encoder.name
            )
        raise EncoderError(
            what, phrase("Use minilm or another transformer as the catalog's encoder, on the device cpu.")
        )
    return encoder


def _teach(
    run: RunFolder, recipe: TrainingRecipe, plan: Plan, encoder: Encoder, settings: Settings, run_progress: RunProgress,
    trackers: tuple[str, ...],
) -> Trained:  # fmt: skip
    """Train a copy with half of the layers to give texts, also rewritten ones, the vectors that the whole one gives."""
    run_progress.step("load")
    model = load_model_of(encoder.name, settings)
    layers = tuple(range(0, model[0].model.config.num_hidden_layers, 2))
    keep_layers(model, layers)
    full = replace(recipe, method="full", learning_rate=min(recipe.learning_rate, DISTILLATION_RATE))
    prepare(model, full)
    texts = list(dict.fromkeys(plan.seen))
    noise = Noise(recipe.seed, recipe.noise, Wording.of(texts))
    order = np.random.default_rng(recipe.seed).integers(0, len(texts), recipe.batches * recipe.batch)
    read = [texts[i] if n % 2 else noise.rewrite(texts[i]) for n, i in enumerate(order.tolist())]
    run_progress.step("encode", len(read), "texts")
    lesson = lesson_of_vectors(read, encoder.encode(read, "product", run_progress))
    trained = train(
        model, lesson, full, run.path / "training", judge_of(plan, recipe.seed), run_progress.watch, trackers=trackers
    )
    save_adapted(model, Origin(encoder.name, "full", layers), run.path / FEWER, settings)
    return trained


def _compare(
    run: RunFolder,
    plan: Plan,
    catalog: Catalog,
    engine: SearchEngine,
    encoder: Encoder,
    settings: Settings,
    run_progress: RunProgress,
) -> tuple[tuple[Option, ...], Measured]:
    """Measure every option on held-out products; the last return value compares the fastest that is offered."""
    before = exactly(engine)
    names = [path.name for path in sorted(run.path.iterdir()) if path.name in OPTIONS]
    compared: list[Option] = []
    measured: dict[str, Measured] = {}
    for name in ["", *names]:
        own = open_encoder(f"{ADAPTED_PREFIX}{run.name}/{name}", settings) if name else encoder
        after = read_again(engine, catalog, plan.texts, plan.descriptions, own, run_progress) if name else before
        run_progress.step("measure")
        measured[name] = measure(before, after, catalog, plan.probes, len(plan.kept_out), run_progress)
        folder = own.folder if isinstance(own, OpenVinoEncoder) else run.path / name
        recall, ndcg = (
            {setting: measured[name].of(setting, metric).after for setting in (MEANING_ALONE, SAME_PRODUCT)}
            for metric in ("recall@1", "ndcg@10")
        )
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        speed = _speed(own, _spread(plan.texts, TIMED))
        qualities = (
            recall[MEANING_ALONE],
            ndcg[MEANING_ALONE],
            recall[SAME_PRODUCT],
            ndcg[SAME_PRODUCT],
        )
        costs = (round(speed, 1), round(size, 1), own.dim)
        compared.append(Option(name, OPTIONS[name](), *qualities, *costs, encoder=own.fingerprint))
    options = tuple(_judged(option, compared, measured[option.name]) for option in compared)
    offered = [option for option in options if option.is_offered] or options[:1]
    return options, measured[max(offered, key=lambda option: option.texts_per_s).name]


def _judged(one: Option, every: Sequence[Option], measured: Measured) -> Option:
    """Decide whether nothing beats it in all respects, and whether it keeps the quality by enough queries."""
    now = every[0]
    keeps = all(before - after <= MAX_LOSS for before, after in zip(_quality(now), _quality(one), strict=True))
    beaten = any(_beats(other, one) for other in every if other is not one)
    is_sure = measured.of(MEANING_ALONE, "recall@1").n >= MIN_PROBES and not measured.lost
    return replace(one, is_best=not beaten, is_offered=bool(one.name) and keeps and is_sure)


def _beats(one: Option, other: Option) -> bool:
    """Return whether one is at least as good in all respects, and better in one."""
    of_one, of_other = ((*_quality(x), x.texts_per_s, -x.model_mb, -x.dim) for x in (one, other))
    return all(a >= b for a, b in zip(of_one, of_other, strict=True)) and of_one != of_other


def _quality(one: Option) -> tuple[float, float, float, float]:
    return one.meaning, one.same_product, one.meaning_ndcg, one.same_product_ndcg


def _speed(encoder: Encoder, texts: Sequence[str]) -> float:
    """Measure texts a second, the best of three times."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        encoder.encode(texts)
        times.append(time.perf_counter() - started)
    return len(texts) / min(times)


def _spread(texts: Sequence[str], n: int) -> list[str]:
    """Return about n of the texts, evenly spread."""
    return list(texts[:: max(1, -(-len(texts) // n))])
