"""A small transformer of the catalog's own, where no base reads its language: its words, then masked ones guessed."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prodsim.adapt.recipes import TrainingRecipe
from prodsim.adapt.training import last_checkpoint
from prodsim.progress import SILENT, Progress

VOCABULARY = 12_000
LAYERS, WIDTH, HEADS = 3, 256, 4
GUESSED = 0.15
"""Share of the tokens that are masked (Devlin et al. 2019)."""
PASSES = 6
"""How often each text is read with other tokens masked."""
RATE = 5e-4
BATCH = 32


def new_model(texts: Sequence[str], recipe: TrainingRecipe, folder: Path, progress: Progress = SILENT) -> Any:
    """A SentenceTransformer of mean-pooled tokens, taught to guess masked tokens of the catalog's texts.

    Made once per folder, going on where an earlier process stopped; the same texts and recipe give the same model.

    Args:
        texts: of the products that are not kept out.
        recipe: its seed and tokens.
        folder: where it is kept.
        progress: of the guessing, in batches.
    """
    from sentence_transformers import SentenceTransformer

    if not (folder / "model.safetensors").is_file():
        _make(list(dict.fromkeys(texts)), recipe, folder, progress)
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def n_batches(texts: int) -> int:
    """Batches in which masked tokens of so many texts are guessed."""
    return PASSES * -(-texts // BATCH)


def _make(texts: Sequence[str], recipe: TrainingRecipe, folder: Path, progress: Progress) -> None:
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
    model.bert.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    shutil.rmtree(folder / "masked", ignore_errors=True)


def _tokenizer(texts: Sequence[str]) -> Any:
    """Of word pieces; each Chinese character is one."""
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
    from datasets import Dataset
    from transformers import DataCollatorForLanguageModeling, Trainer, TrainerCallback, TrainingArguments
    from transformers.trainer_callback import PrinterCallback

    class Telling(TrainerCallback):  # type: ignore[misc]  # transformers has no types here
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            progress.step("masked words", state.max_steps, "batches")
            progress.advance(state.global_step)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            progress.advance()

    read = tokenizer(list(texts), truncation=True, max_length=recipe.max_tokens)
    arguments = TrainingArguments(
        output_dir=str(folder), per_device_train_batch_size=BATCH, num_train_epochs=PASSES,
        learning_rate=RATE, warmup_steps=50, weight_decay=recipe.weight_decay, seed=recipe.seed,
        save_steps=max(1, n_batches(len(texts)) // 8), save_total_limit=1,
        disable_tqdm=True, report_to=[], dataloader_pin_memory=False, use_cpu=True,
    )  # fmt: skip
    collator = DataCollatorForLanguageModeling(tokenizer, mlm_probability=GUESSED)
    trainer = Trainer(model, arguments, collator, Dataset.from_dict({"input_ids": read["input_ids"]}))
    trainer.remove_callback(PrinterCallback)  # it prints to standard output
    trainer.add_callback(Telling())
    trainer.train(resume_from_checkpoint=last_checkpoint(folder))
