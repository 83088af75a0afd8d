"""Training: sentence-transformers' trainer over batches of neighbours, with checkpoints of what it changes alone."""

import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.adapt.augmentation import Noise
from prodsim.adapt.pairs import TrainingPairs
from prodsim.adapt.recipes import AT_ONCE, TrainingRecipe
from prodsim.adapt.spellings import Wording
from prodsim.artifacts import write_text_atomically
from prodsim.encoders import Vectors
from prodsim.encoders.converted import import_openvino
from prodsim.errors import TrainingError
from prodsim.extras import optional_packages
from prodsim.phrases import phrase

SCALE = 20.0
"""One over the temperature of the contrastive loss."""
N_VALIDATIONS = 8
"""Looks at the held-out quality in a run."""
TARGETS = "all-linear"
"""Layers that get low-rank matrices."""
TRAINED_WEIGHTS = "weights.safetensors"
BEST = "best"
TWO_VIEWS = "two views"
SURE = ("same code", "said to be the same")
"""Sources of pairs whose two texts tell of one product."""
TENSORBOARD_LOGS = "tensorboard"

Judge = Callable[[Any], float]
"""A model to its quality on products kept out, higher for better."""
Weights = dict[str, Any]
"""Name to tensor."""
MakeLoss = Callable[[Any], Any]
"""A model to its loss, a module of sentence-transformers."""
Watch = Callable[[int, int, Mapping[str, float]], bool]
"""Told the step, the number of all, and numbers by name; returns whether the person wants it to stop."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What training did.

    Attributes:
        steps: batches read.
        planned: batches that the recipe would read.
        best: the best held-out quality; ``at`` after which step, 0 for before the first.
        before: the quality before the first step.
        worse_in_a_row: validations since the best.
    """

    steps: int
    planned: int
    best: float
    at: int
    before: float
    worse_in_a_row: int = 0


def prepare(model: Any, recipe: TrainingRecipe) -> None:
    """Make a model ready to be trained: low-rank matrices beside its own where the recipe says so."""
    from transformers import set_seed

    set_seed(recipe.seed)
    model.max_seq_length = min(int(model.max_seq_length or recipe.max_tokens), recipe.max_tokens)
    if not recipe.trains_all:
        with optional_packages():
            from peft import LoraConfig, get_peft_model

        config = LoraConfig(r=recipe.rank, lora_alpha=2 * recipe.rank, target_modules=TARGETS)
        model[0].model = get_peft_model(model[0].model, config)
    if recipe.kind == "federated":
        # Only the second matrix is trained: the mean of products is then the product of the mean (Sun et al. 2024).
        for name, weight in model.named_parameters():
            weight.requires_grad_("lora_B" in name)


@dataclass(frozen=True)
class TrainingData:
    """What is read, and how wrong an answer is.

    Attributes:
        columns: name to texts or vectors, all of one length, in the order that they are read.
        make_loss: the loss of a model, as a module of sentence-transformers.
    """

    columns: Mapping[str, Sequence[Any]]
    make_loss: MakeLoss

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def lesson_of_pairs(pairs: TrainingPairs, order: NDArray[np.int64], recipe: TrainingRecipe) -> TrainingData:
    """Pull texts that belong together close and push them from the others of their batch, in both directions.

    Each is rewritten each time it is read. In several processes (``torchrun``) a batch is shared out, and its pairs
    compete all the same.

    Raises:
        TrainingError: the pairs fill no batch.
    """
    if len(order) < recipe.batch:
        raise TrainingError(
            phrase(
                "There are too few distinct training pairs: {n:,} do not fill a batch of {batch}.",
                n=len(pairs),
                batch=recipe.batch,
            ),
            phrase("Provide more pairs, or a recipe with a smaller batch."),
        )
    noise = Noise(recipe.seed, recipe.noise, _wording(pairs[np.unique(order)]))
    read = []
    for position in order.tolist():
        a, b = pairs.a[position], pairs.b[position]
        is_one = pairs.source[position] == TWO_VIEWS
        read.append(noise.two_views(a) if is_one else (noise.rewrite(a), noise.rewrite(b)))
    columns = {"anchor": [a for a, _ in read], "positive": [b for _, b in read]}
    return TrainingData(columns, contrast_of(recipe))


def _wording(pairs: TrainingPairs) -> Wording:
    """Return how the words of these texts are also written."""
    sure = (i for i, source in enumerate(pairs.source) if source in SURE)
    return Wording.of([*pairs.a, *pairs.b], [(pairs.a[i], pairs.b[i]) for i in sure])


def contrast_of(recipe: TrainingRecipe) -> MakeLoss:
    """Return what makes the loss that contrasts a pair's texts with all others of the batch, in both directions."""
    return lambda model: _contrast(model, recipe)


def _contrast(model: Any, recipe: TrainingRecipe) -> Any:
    from sentence_transformers.sentence_transformer import losses

    options: dict[str, Any] = {
        "scale": SCALE,
        "gather_across_devices": processes()[0] > 1,
        "directions": ("query_to_doc", "doc_to_query"),
        "partition_mode": "per_direction",
    }
    # A batch that does not fit into memory is read in pieces, and all its pairs compete all the same (Gao et al. 2021).
    if recipe.batch > AT_ONCE:
        return losses.CachedMultipleNegativesRankingLoss(model, mini_batch_size=AT_ONCE, **options)
    return losses.MultipleNegativesRankingLoss(model, **options)


def lesson_of_vectors(texts: Sequence[str], vectors: Vectors) -> TrainingData:
    """Teach a model to give texts the vectors that another gave them (Reimers and Gurevych 2020)."""
    from sentence_transformers.sentence_transformer.losses import MSELoss

    return TrainingData({"text": texts, "label": vectors.tolist()}, MSELoss)


def train(
    model: Any,
    lesson: TrainingData,
    recipe: TrainingRecipe,
    folder: Path,
    judge: Judge,
    watch: Watch,
    *,
    device: str = "cpu",
    trackers: tuple[str, ...] = (),
) -> Trained:
    """Train a prepared model; it ends up with the weights that were best on products kept out.

    Where ``folder`` holds a checkpoint of the same run, training goes on from it.

    Args:
        model: of ``prepare``.
        lesson: what is read.
        recipe: how.
        folder: for checkpoints and the trackers' files.
        judge: called before the first step and up to ``N_VALIDATIONS`` times on the way.
        watch: called with each loss and each validation.
        device: where, as torch names it.
        trackers: names of transformers' integrations, such as "wandb"; with "tensorboard" its files come beside
            ``folder``.

    Raises:
        TrainingError: the loss is no number.
        OSError: a checkpoint cannot be written.
    """
    with optional_packages():
        from datasets import Dataset, disable_progress_bars
    from transformers.trainer_callback import PrinterCallback

    disable_progress_bars()
    if "wandb" in trackers:
        os.environ.setdefault("WANDB_MODE", "offline")  # what leaves the machine must be asked for
    model.model_card_data.generate_widget_examples = False  # the run has a card of its own
    folder.mkdir(parents=True, exist_ok=True)
    planned = len(lesson) // recipe.batch
    watcher = _Watcher(folder, recipe, judge, watch, planned)
    trainer = _trainer_class()(
        model=model,
        args=_arguments(model, recipe, folder, watcher, device, trackers),
        train_dataset=Dataset.from_dict(dict(lesson.columns)),
        loss=lesson.make_loss(model),
        callbacks=[watcher.callback()],
    )
    trainer.remove_callback(PrinterCallback)  # it prints to standard output
    trainer.perturbation = recipe.perturbation
    if TENSORBOARD_LOGS in trackers and processes()[1] == 0:
        with optional_packages():
            from torch.utils.tensorboard import SummaryWriter
        from transformers.integrations import TensorBoardCallback

        trainer.add_callback(TensorBoardCallback(SummaryWriter(str(folder.parent / TENSORBOARD_LOGS))))
    watcher.begin(model, trainer.log)
    trainer.train(resume_from_checkpoint=last_checkpoint(folder))
    if watcher.broken:
        raise TrainingError(
            phrase("The training diverged after {n:,} steps; the current model was not changed.", n=watcher.seen.steps),
            phrase("Use a recipe with a lower learning_rate than {rate:g}.", rate=recipe.learning_rate),
        )
    load_trained(model, folder / BEST)
    return watcher.seen


def last_checkpoint(folder: Path) -> str | None:
    """Return the newest whole one; what is left of one that a kill cut short is deleted. Its state is written last."""
    for path in folder.glob("checkpoint-*"):
        if not (path / "trainer_state.json").is_file():
            shutil.rmtree(path)
    numbered = {int(path.name.rpartition("-")[2]): str(path) for path in folder.glob("checkpoint-*")}
    return numbered[max(numbered)] if numbered else None


def _arguments(
    model: Any, recipe: TrainingRecipe, folder: Path, watcher: "_Watcher", device: str, trackers: tuple[str, ...]
) -> Any:
    from sentence_transformers import SentenceTransformerTrainingArguments

    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=recipe.batch // processes()[0],
        max_steps=watcher.seen.planned,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        warmup_steps=max(1, watcher.seen.planned // 10),
        lr_scheduler_type="linear",
        batch_sampler=_in_order,
        use_cpu=device == "cpu",
        bf16=has_bf16(device),
        prompts=product_prompt(model) or None,
        logging_steps=max(1, min(5, watcher.every)),
        logging_nan_inf_filter=False,
        save_steps=watcher.every,
        save_total_limit=1,
        seed=recipe.seed,
        dataloader_pin_memory=False,
        ddp_backend="gloo" if device == "cpu" and processes()[0] > 1 else None,
        disable_tqdm=True,
        report_to=[name for name in trackers if name != TENSORBOARD_LOGS],
    )


def product_prompt(model: Any) -> str:
    """Return what a model reads before a product's text; "" for most."""
    return str(model.prompts.get("passage") or "")


def has_bf16(device: str = "cpu") -> bool:
    """Return whether a device multiplies bfloat16 by itself; emulated, it is slower than float32."""
    if device == "cuda":
        import torch

        return bool(torch.cuda.is_bf16_supported())
    if device != "cpu":
        return False
    return "BF16" in import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def trained_weights(model: Any) -> Weights:
    """Copy the weights that are trained, and no others, by name."""
    return {name: one.detach().clone().contiguous() for name, one in model.named_parameters() if one.requires_grad}


def go_part_of_the_way(model: Any, begun: Weights, reached: Weights, way: float) -> None:
    """Put a model between its weights before training and after it (Wortsman et al. 2022).

    Of two low-rank matrices only the one that begins at 0 is moved, so that what they add goes the way.

    Args:
        model: both were weights of.
        begun: its trained weights before training, see ``trained_weights``.
        reached: those after it.
        way: 0 for the beginning, 1 for what was reached.
    """
    for name, weight in model.named_parameters():
        if weight.requires_grad and "lora_A" not in name:
            weight.data = begun[name].to(weight.device).lerp(reached[name].to(weight.device), way)


def save_trained(model: Any, folder: Path) -> None:
    """Keep the weights that are trained."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(trained_weights(model), folder / f".{TRAINED_WEIGHTS}")
    (folder / f".{TRAINED_WEIGHTS}").replace(folder / TRAINED_WEIGHTS)


def load_trained(model: Any, folder: Path) -> None:
    """Put back what ``save_trained`` kept."""
    from safetensors.torch import load_file

    model.load_state_dict(load_file(folder / TRAINED_WEIGHTS), strict=False)


class _Watcher:
    """Validates on the way, keeps the best weights, and stops in time."""

    def __init__(self, folder: Path, recipe: TrainingRecipe, judge: Judge, watch: Watch, planned: int) -> None:
        self._folder, self._recipe, self._judge, self._watch = folder, recipe, judge, watch
        self._process = processes()[1]
        self.every = max(1, math.ceil(planned / N_VALIDATIONS))
        self.broken = self.stops = False
        self.seen = Trained(0, planned, -math.inf, 0, -math.inf)

    def begin(self, model: Any, log: Callable[[dict[str, float]], None]) -> None:
        """Judge the model as it is; or remember how far an earlier process came. ``log`` reaches the trackers."""
        self._log = log
        kept = self._folder / BEST / "seen.json"
        if kept.is_file():
            self.seen = Trained(**json.loads(kept.read_text(encoding="utf-8")))
            return
        quality = self._judge(model) if self._process == 0 else 0.0
        self.seen = Trained(0, self.seen.planned, quality, 0, quality)
        self._keep(model)
        self._watch(0, self.seen.planned, {"quality": quality})

    def _keep(self, model: Any) -> None:
        if self._process == 0:
            save_trained(model, self._folder / BEST)

    def _note(self) -> None:
        if self._process == 0:
            write_text_atomically(self._folder / BEST / "seen.json", json.dumps(asdict(self.seen)))

    def validate(self, model: Any, step: int) -> bool:
        """Validate now; return whether to stop. A step validated before a kill is not validated again."""
        if step <= self.seen.steps:
            return False
        quality = self._judge(model) if self._process == 0 else 0.0
        is_best = quality > self.seen.best
        before, planned = self.seen.before, self.seen.planned
        self.seen = (
            Trained(step, planned, quality, step, before)
            if is_best
            else Trained(step, planned, self.seen.best, self.seen.at, before, self.seen.worse_in_a_row + 1)
        )
        if is_best:
            self._keep(model)
        self._note()
        self._log({"held-out quality": quality})
        wants_to_stop = self._watch(step, planned, {"quality": quality})
        return wants_to_stop or self.seen.worse_in_a_row >= self._recipe.patience

    def callback(self) -> Any:
        """Return what the trainer calls."""
        from transformers import TrainerCallback

        watcher = self

        class Callback(TrainerCallback):  # type: ignore[misc]  # transformers has no types here
            def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
                loss = (logs or {}).get("loss")
                if loss is None:
                    return
                watcher.broken = watcher.broken or not math.isfinite(loss)
                watcher.stops |= watcher._watch(state.global_step, state.max_steps, {"loss": float(loss)})
                watcher.stops |= watcher.broken

            def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
                if state.global_step % watcher.every == 0 or state.global_step == state.max_steps:
                    logs_loss = control.should_log
                    watcher.stops |= watcher.validate(_bare(model), state.global_step)
                    control.should_log = logs_loss  # logging the quality took it for done
                control.should_training_stop |= _agreed(watcher.stops)

        return Callback()


def _bare(model: Any) -> Any:
    """Return the model inside what several processes wrap around it."""
    return getattr(model, "module", model)


def processes() -> tuple[int, int]:
    """Return how many processes train together, and which of them this is, as ``torchrun`` sets it."""
    return int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))


def _agreed(stop: bool) -> bool:
    """Share what the first process decided with all of them."""
    import torch.distributed

    if not torch.distributed.is_initialized():
        return stop
    decision = [stop]
    torch.distributed.broadcast_object_list(decision)
    return decision[0]


def _in_order(dataset: Any, batch_size: int, drop_last: bool, **_: Any) -> Any:
    """Return the dataset as it is: its order is made of batches already."""
    from torch.utils.data import BatchSampler, SequentialSampler

    return BatchSampler(SequentialSampler(dataset), batch_size, drop_last)


def _trainer_class() -> Any:
    """Return sentence-transformers' trainer; its checkpoints hold only what is trained, and it can perturb."""
    from sentence_transformers import SentenceTransformerTrainer

    class Trainer(SentenceTransformerTrainer):  # type: ignore[misc]
        perturbation = 0.0

        def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
            if processes()[1] == 0:  # several would take each other's file away
                save_trained(_bare(self.model), Path(output_dir or self.args.output_dir))

        def _load_from_checkpoint(self, checkpoint_path: str) -> None:
            load_trained(_bare(self.model), Path(checkpoint_path))

        def training_step(self, model: Any, inputs: Any, *args: Any, **options: Any) -> Any:
            if not self.perturbation:
                return super().training_step(model, inputs, *args, **options)
            words = _bare(model)[0].model.get_input_embeddings()
            with _watched(words) as seen:
                loss = super().training_step(model, inputs, *args, **options)
            with _moved(words, [self.perturbation * _direction(one) for one in seen]):
                super().training_step(model, inputs, *args, **options)
            return loss

    return Trainer


@contextmanager
def _watched(layer: Any) -> Iterator[list[Any]]:
    """Record the layer's outputs in the block, with their gradients after it."""
    seen: list[Any] = []

    def keep(_: Any, __: Any, output: Any) -> Any:
        output = output if output.requires_grad else output.detach().requires_grad_()
        output.retain_grad()
        seen.append(output)
        return output

    handle = layer.register_forward_hook(keep)
    try:
        yield seen
    finally:
        handle.remove()


@contextmanager
def _moved(layer: Any, steps: list[Any]) -> Iterator[None]:
    """Add steps to the layer's outputs in the block, in the order of the calls."""
    left = iter(steps)
    handle = layer.register_forward_hook(lambda _, __, output: output + next(left))
    try:
        yield
    finally:
        handle.remove()


def _direction(output: Any) -> Any:
    """Return the direction in which the loss grows, per word as long as the word's vector."""
    grown = output.grad
    lengths = grown.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    return (grown / lengths * output.detach().norm(dim=-1, keepdim=True)).detach()
