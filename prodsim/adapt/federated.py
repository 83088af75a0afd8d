"""Learning together: catalogs train one model in rounds, and only changes of its weights leave a catalog."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from prodsim.adapt.aggregation import Change, Round, Terms, Update, join_updates
from prodsim.adapt.plan import Plan
from prodsim.adapt.private_steps import Privacy, blocks_of, learn_privately
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.training import (
    BEST,
    TENSORBOARD_LOGS,
    Judge,
    MakeLoss,
    Trained,
    Watch,
    contrast_of,
    has_bf16,
    lesson_of_pairs,
    load_trained,
    product_prompt,
    save_trained,
)
from prodsim.adapt.validation import judge_of
from prodsim.artifacts import fingerprint, write_text_atomically
from prodsim.errors import TrainingError
from prodsim.extras import optional_packages
from prodsim.phrases import phrase

MAX_GRADIENT = 1.0
"""Length that the gradient of a batch is shortened to, without differential privacy."""
ROUNDS_FILE = "rounds.json"


@dataclass(frozen=True)
class Client:
    """A catalog that learns together with others. Its texts and pairs stay with it.

    Attributes:
        name: of the catalog.
        plan: its own pairs and held-out products.
    """

    name: str
    plan: Plan

    def privacy(self, recipe: TrainingRecipe) -> Privacy | None:
        """Return what the whole run may tell of this catalog's blocks; ``None`` where nothing limits it.

        Raises:
            TrainingError: see ``Privacy.meet``.
        """
        if not recipe.epsilon:
            return None
        n_blocks = len(blocks_of(self.plan.pairs, self.plan.order))
        return Privacy.meet(recipe.epsilon, n_blocks, recipe.batch, recipe.rounds * local_steps(recipe))

    def learn(self, model: Any, recipe: TrainingRecipe, number: int, terms: Terms, device: str = "cpu") -> Update:
        """Train on a round's share of the batches; return how the weights changed. The model keeps the change.

        Args:
            model: with the common weights.
            recipe: how.
            number: of the round, from 1.
            terms: of the model and the recipe.
            device: where, as torch names it.
        """
        import torch

        steps, rate = local_steps(recipe), _rate(recipe, number)
        weights = [one for one in model.parameters() if one.requires_grad]
        begun = [one.detach().clone() for one in weights]
        common = weights_of(model)
        optimizer = torch.optim.AdamW(weights, lr=rate, weight_decay=recipe.weight_decay)

        def pull_back(*_: Any) -> None:
            for weight, start in zip(weights, begun, strict=True):
                weight.data.lerp_(start, min(1.0, rate * recipe.proximal))

        optimizer.register_step_post_hook(pull_back)
        model.train()
        privacy = self.privacy(recipe)
        if privacy is None:
            n = self._learn_in_order(model, recipe, number, steps, optimizer, device)
        else:
            blocks = blocks_of(self.plan.pairs, self.plan.order)
            loss = _loss_of(model, contrast_of(recipe), device)
            learn_privately(model, self.plan.pairs, blocks, privacy, recipe, steps, optimizer, loss)
            n = len(self.plan.pairs)
        return Update(self.name, number, terms, weights_of(model) - common, n)

    def _learn_in_order(
        self, model: Any, recipe: TrainingRecipe, number: int, steps: int, optimizer: Any, device: str
    ) -> int:
        """Read the batches of a round, from the first again where the plan has fewer; return how many pairs."""
        import torch

        n_batches = max(1, len(self.plan.order) // recipe.batch)
        batches = np.arange((number - 1) * steps, number * steps) % n_batches
        positions = (batches[:, None] * recipe.batch + np.arange(recipe.batch)).ravel()
        order = self.plan.order[positions[positions < len(self.plan.order)]]
        lesson = lesson_of_pairs(self.plan.pairs, order, replace(recipe, seed=recipe.seed + number))
        loss = _loss_of(model, lesson.make_loss, device)
        for step in range(steps):
            own = slice(step * recipe.batch, (step + 1) * recipe.batch)
            optimizer.zero_grad()
            loss([list(texts[own]) for texts in lesson.columns.values()]).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_GRADIENT)
            optimizer.step()
        return steps * recipe.batch


def local_steps(recipe: TrainingRecipe) -> int:
    """Return how many batches each catalog reads in a round."""
    return max(1, recipe.batches // recipe.rounds)


def terms_of(model: Any, recipe: TrainingRecipe, base: str) -> Terms:
    """Return what all who learn together must have in common.

    Args:
        model: prepared.
        recipe: how.
        base: digest of the base model's files.
    """
    frozen = [
        sha256(one.detach().cpu().numpy().tobytes()).hexdigest()
        for name, one in model.named_parameters()
        if "lora_A" in name
    ]
    shapes = [(name, tuple(one.shape)) for name, one in model.named_parameters() if one.requires_grad]
    own = {name: value for name, value in asdict(recipe).items() if name not in ("partners", "base")}
    vocabulary = sorted(model.tokenizer.get_vocab().items())
    return Terms(fingerprint(base, frozen), fingerprint(vocabulary), fingerprint(shapes, own))


def weights_of(model: Any) -> Change:
    """Return the trained weights as one float32 vector, in the order of the model."""
    return np.concatenate([one.detach().cpu().numpy().ravel() for one in model.parameters() if one.requires_grad])


def put_weights(model: Any, weights: Change) -> None:
    """Replace the trained weights by those of ``weights_of``.

    Raises:
        TrainingError: there are more or fewer of them.
    """
    import torch

    expected = len(weights_of(model))
    if weights.shape != (expected,):
        raise TrainingError(
            phrase(
                "The common model has {n:,} trained weights, and this one {expected:,}.",
                n=weights.size,
                expected=expected,
            ),
            phrase("Use the same base model and recipe everywhere."),
        )
    start = 0
    for one in model.parameters():
        if one.requires_grad:
            own = weights[start : start + one.numel()]
            one.data.copy_(torch.from_numpy(own).view_as(one))
            start += one.numel()


def train_together(
    model: Any, clients: Sequence[Client], recipe: TrainingRecipe, terms: Terms, folder: Path, watch: Watch, *,
    device: str = "cpu", trackers: tuple[str, ...] = (),
) -> tuple[Trained, list[Round]]:  # fmt: skip
    """Train a prepared model in rounds. Where ``folder`` holds whole rounds of the same run, it goes on after the last.

    Without a limit of privacy, the weights of the best round are kept, by the mean quality over all catalogs; with one,
    those of the last, because a choice would tell of what it was made by.

    Args:
        model: of ``prepare``.
        clients: the first is the catalog that is adapted.
        recipe: how.
        terms: see ``terms_of``.
        folder: for the weights of the rounds.
        watch: called after each round with step, number of all and numbers.
        device: where, as torch names it.
        trackers: "tensorboard", whose files come beside ``folder``, or none.

    Raises:
        TrainingError: see ``join_updates`` and ``Privacy.meet``; or another tracker is named.
        OSError: weights cannot be written.
    """
    for client in clients:
        client.privacy(recipe)  # a limit that one of them cannot meet is refused before any of them begins
    folder.mkdir(parents=True, exist_ok=True)
    model.to(device)
    judge = _joint_judge(clients[:1] if recipe.epsilon else clients, recipe)
    course = _Course.load(folder, recipe) or _Course.begin(folder, recipe, model, judge(model), watch)
    track = _tracker(folder, trackers)
    load_trained(model, folder / f"round {len(course.rounds)}")
    for number in range(len(course.rounds) + 1, recipe.rounds + 1):
        common, updates = weights_of(model), []
        for client in clients:
            put_weights(model, common)
            updates.append(client.learn(model, recipe, number, terms, device))
        joined = join_updates(updates, number, terms, len(common), len(clients), recipe.aggregation)
        put_weights(model, common + joined.change)
        numbers = {"quality": judge(model), "clients": len(joined.taken)}
        course = course.after(joined, numbers["quality"], model)
        track(course.trained.steps, numbers)
        stops = watch(course.trained.steps, course.trained.planned, numbers)
        if stops or (course.trained.worse_in_a_row >= recipe.patience and not recipe.epsilon):
            break
    load_trained(model, folder / BEST)
    return course.trained, list(course.rounds)


@dataclass(frozen=True)
class _Course:
    """How far the rounds are; on the disk whole rounds only, so that half a round never teaches anything."""

    folder: Path
    rounds: tuple[Round, ...]
    trained: Trained
    recipe: TrainingRecipe

    @classmethod
    def begin(cls, folder: Path, recipe: TrainingRecipe, model: Any, quality: float, watch: Watch) -> "_Course":
        """Keep the model as it is before the first round."""
        planned = recipe.rounds * local_steps(recipe)
        save_trained(model, folder / BEST)
        course = cls(folder, (), Trained(0, planned, quality, 0, quality), recipe)
        course._save(model)
        watch(0, planned, {"quality": quality})
        return course

    @classmethod
    def load(cls, folder: Path, recipe: TrainingRecipe) -> "_Course | None":
        """Read what earlier sittings kept; ``None`` where there is nothing."""
        path = folder / ROUNDS_FILE
        if not path.is_file():
            return None
        saved = json.loads(path.read_text(encoding="utf-8"))
        rounds = [
            Round(np.empty(0, np.float32), tuple(one["taken"]), one["refused"], tuple(one["shortened"]))
            for one in saved["rounds"]
        ]
        return cls(folder, tuple(rounds), Trained(**saved["trained"]), recipe)

    def after(self, joined: Round, quality: float, model: Any) -> "_Course":
        """Keep a whole round, whose weights the model has."""
        steps = (len(self.rounds) + 1) * local_steps(self.recipe)
        was = self.trained
        is_best = quality >= was.best or bool(self.recipe.epsilon)
        trained = (
            Trained(steps, was.planned, quality, steps, was.before)
            if is_best
            else Trained(steps, was.planned, was.best, was.at, was.before, was.worse_in_a_row + 1)
        )
        if is_best:
            save_trained(model, self.folder / BEST)
        course = _Course(self.folder, (*self.rounds, joined), trained, self.recipe)
        course._save(model)
        return course

    def _save(self, model: Any) -> None:
        n = len(self.rounds)
        save_trained(model, self.folder / f"round {n}")
        rounds = [{"taken": one.taken, "refused": dict(one.refused), "shortened": one.shortened} for one in self.rounds]
        saved = {"rounds": rounds, "trained": asdict(self.trained)}
        write_text_atomically(self.folder / ROUNDS_FILE, json.dumps(saved))
        shutil.rmtree(self.folder / f"round {n - 1}", ignore_errors=True)


def _joint_judge(clients: Sequence[Client], recipe: TrainingRecipe) -> Judge:
    """Return what computes the mean quality over the held-out products of some catalogs."""
    judges = [judge_of(one.plan, recipe.seed) for one in clients]
    return lambda model: float(np.mean([judge(model) for judge in judges]))


def _rate(recipe: TrainingRecipe, number: int) -> float:
    """Return the learning rate of a round: the whole in the first, then falling by equal steps."""
    return recipe.learning_rate * (1 - (number - 1) / recipe.rounds)


def _loss_of(model: Any, contrast: MakeLoss, device: str) -> Callable[[Sequence[Sequence[str]]], Any]:
    """Return what computes the loss of texts and their partners."""
    import torch

    loss = contrast(model)
    prompt = product_prompt(model) or None

    def of(columns: Sequence[Sequence[str]]) -> Any:
        read = [model.preprocess(list(texts), prompt=prompt) for texts in columns]
        placed = [{name: value.to(device) for name, value in one.items() if hasattr(value, "to")} for one in read]
        with torch.autocast(device, dtype=torch.bfloat16, enabled=has_bf16(device)):
            return loss(placed, None)

    return of


def _tracker(folder: Path, trackers: Sequence[str]) -> Callable[[int, dict[str, float]], None]:
    """Return what writes numbers of a step for TensorBoard, or does nothing.

    Raises:
        TrainingError: a tracker is another one.
    """
    other = [name for name in trackers if name != TENSORBOARD_LOGS]
    if other:
        raise TrainingError(
            phrase("The recipe federated cannot be tracked with {name}.", name=other[0]),
            phrase("Use --track tensorboard."),
        )
    if not trackers:
        return lambda *_: None
    with optional_packages():
        from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder.parent / TENSORBOARD_LOGS))

    def write(step: int, numbers: dict[str, float]) -> None:
        for name, value in numbers.items():
            writer.add_scalar(f"train/{name}", value, step)
        writer.flush()

    return write
