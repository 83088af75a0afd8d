"""A small transformer of the catalog's own, where no base that can be trained reads its language.

It learns the catalog's words, guesses masked ones, and is then taught by the encoder that the catalog has.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from prodsim.adapt.augmentation import Noise
from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.spellings import Wording
from prodsim.adapt.training import last_checkpoint, lesson_of_vectors
from prodsim.encoders import Vectors
from prodsim.encoders.quantised import principal_axes
from prodsim.extras import optional_packages
from prodsim.progress import SILENT, Progress

VOCABULARY = 12_000
LAYERS, WIDTH, HEADS = 3, 256, 4
GUESSED = 0.15
"""Share of the tokens that are masked (Devlin et al. 2019)."""
PASSES = 6
"""How often each text is read with other tokens masked."""
TAUGHT = 10
"""How often each text is read, rewritten, to come as close as can be to the vector that the encoder gives it."""
TAUGHT_LEAST = 300
"""Batches in which that is done at least, where there are few texts."""
PRETRAINING_RATE = 5e-4
PRETRAINING_BATCH = 32
MODEL = "model.safetensors"


def new_model(
    texts: Sequence[str], vectors: Vectors, recipe: TrainingRecipe, folder: Path, progress: Progress = SILENT
) -> Any:
    """Train a SentenceTransformer of mean-pooled tokens that reads texts about as the catalog's encoder does.

    Made once per folder, going on where an earlier process stopped; the same texts and recipe give the same model.

    Args:
        texts: of the products that are not kept out.
        vectors: that the catalog's encoder gives them, one each.
        recipe: its seed, tokens and noise.
        folder: where it is kept.
        progress: of both steps, in batches.
    """
    if not (folder / MODEL).is_file():
        place: dict[str, int] = {}
        for row, text in enumerate(texts):
            place.setdefault(text, row)
        distinct = list(place)
        if not (folder / "words" / MODEL).is_file():
            _learn_words(distinct, recipe, folder / "words", progress)
        _learn_vectors(distinct, vectors[list(place.values())], recipe, folder, progress)
    return _open(folder)


def n_batches(texts: int) -> int:
    """Return in how many batches so many texts are read before the training on pairs begins."""
    return PASSES * -(-texts // PRETRAINING_BATCH) + -(-_passes_taught(texts) * texts // PRETRAINING_BATCH)


def _passes_taught(texts: int) -> int:
    return max(TAUGHT, TAUGHT_LEAST * PRETRAINING_BATCH // texts)


def _open(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def _keep(model: Any, tokenizer: Any, folder: Path) -> None:
    """Save the weights last: where they are, all the rest is."""
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder / "unfinished")
    for path in sorted((folder / "unfinished").iterdir(), key=lambda path: path.name == MODEL):
        path.replace(folder / path.name)
    (folder / "unfinished").rmdir()


def _learn_words(texts: Sequence[str], recipe: TrainingRecipe, folder: Path, progress: Progress) -> None:
    """Train a tokenizer of the texts, and a model that guesses masked tokens."""
    from transformers import BertConfig, BertForMaskedLM, set_seed

    set_seed(recipe.seed)
    tokenizer = _tokenizer(texts)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=4 * WIDTH, max_position_embeddings=max(128, recipe.max_tokens),
    )  # fmt: skip
    tokenizer.model_max_length = config.max_position_embeddings
    model = BertForMaskedLM(config)
    _guess_masked(model, tokenizer, texts, recipe, folder / "masked", progress)
    _keep(model.bert, tokenizer, folder)
    shutil.rmtree(folder / "masked", ignore_errors=True)


def _learn_vectors(
    texts: Sequence[str], vectors: Vectors, recipe: TrainingRecipe, folder: Path, progress: Progress
) -> None:
    """Train the model of words on the encoder's vectors along their ``WIDTH`` main axes, of rewritten texts too."""
    with optional_packages():
        from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments

    # A small model cannot hold all of the encoder's numbers; along the main axes it keeps most of what differs.
    axes = principal_axes(vectors, min(WIDTH, vectors.shape[1]))
    aims = np.zeros((len(texts), WIDTH), np.float32)
    aims[:, : axes.shape[1]] = vectors @ axes
    noise = Noise(recipe.seed, recipe.noise, Wording.of(texts))
    rng = np.random.default_rng(recipe.seed)
    order = np.concatenate([rng.permutation(len(texts)) for _ in range(_passes_taught(len(texts)))])
    read = [texts[i] if n % 2 else noise.rewrite(texts[i]) for n, i in enumerate(order.tolist())]
    lesson = lesson_of_vectors(read, aims[order])
    model = _open(folder / "words")
    model.max_seq_length = recipe.max_tokens
    model.model_card_data.generate_widget_examples = False
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(folder / "taught"), num_train_epochs=1, **_arguments(recipe, len(read))
    )
    trainer = SentenceTransformerTrainer(
        model, arguments, Dataset.from_dict(dict(lesson.columns)), loss=lesson.make_loss(model)
    )
    _train(trainer, "taught", folder / "taught", progress)
    _keep(model[0].model, model.tokenizer, folder)
    for name in ("words", "taught"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _tokenizer(texts: Sequence[str]) -> Any:
    """Train a tokenizer of word pieces; each Chinese character is one."""
    from tokenizers import BertWordPieceTokenizer
    from transformers import PreTrainedTokenizerFast

    pieces = BertWordPieceTokenizer(handle_chinese_chars=True, lowercase=True)
    pieces.train_from_iterator(texts, vocab_size=VOCABULARY, min_frequency=2, show_progress=False)
    names = {"unk": "[UNK]", "pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    special = {f"{name}_token": token for name, token in names.items()}
    return PreTrainedTokenizerFast(tokenizer_object=pieces._tokenizer, **special)


def _guess_masked(
    model: Any, tokenizer: Any, texts: Sequence[str], recipe: TrainingRecipe, folder: Path, progress: Progress
) -> None:
    with optional_packages():
        from datasets import Dataset
    from transformers import DataCollatorForLanguageModeling, Trainer, TrainingArguments

    read = tokenizer(list(texts), truncation=True, max_length=recipe.max_tokens)
    arguments = TrainingArguments(
        output_dir=str(folder), num_train_epochs=PASSES, **_arguments(recipe, PASSES * len(texts))
    )
    collator = DataCollatorForLanguageModeling(tokenizer, mlm_probability=GUESSED)
    trainer = Trainer(model, arguments, collator, Dataset.from_dict({"input_ids": read["input_ids"]}))
    _train(trainer, "masked words", folder, progress)


def _arguments(recipe: TrainingRecipe, read: int) -> dict[str, Any]:
    """Return the training arguments of both steps, which read so many texts."""
    return {
        "per_device_train_batch_size": PRETRAINING_BATCH,
        "learning_rate": PRETRAINING_RATE,
        "warmup_steps": 50,
        "weight_decay": recipe.weight_decay,
        "seed": recipe.seed,
        "save_steps": max(1, read // PRETRAINING_BATCH // 8),
        "save_total_limit": 1,
        "disable_tqdm": True,
        "report_to": [],
        "dataloader_pin_memory": False,
        "use_cpu": True,
    }


def _train(trainer: Any, step: str, folder: Path, progress: Progress) -> None:
    """Train, from the last checkpoint where there is one, and tell of each batch."""
    from transformers.trainer_callback import PrinterCallback

    trainer.remove_callback(PrinterCallback)  # it prints to standard output
    trainer.add_callback(_telling(step, progress))
    trainer.train(resume_from_checkpoint=last_checkpoint(folder))


def _telling(step: str, progress: Progress) -> Any:
    """Report the progress of each batch."""
    from transformers import TrainerCallback

    class Telling(TrainerCallback):  # type: ignore[misc]  # transformers has no types here
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            progress.step(step, state.max_steps, "batches")
            progress.advance(state.global_step)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            progress.advance()

    return Telling()
