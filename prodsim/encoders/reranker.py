"""Cross-encoders: slow models that read two texts together and tell how well one answers the other."""

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint
from prodsim.encoders import transformer
from prodsim.errors import EncoderError
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.settings import Settings

PAIRS_PER_BATCH = 32
"""Pairs read at once, of like length: between two batches another thread, or a wish to stop, gets its turn."""
HUB_OWNER = "cross-encoder"
"""Whose models a name without an owner means first."""


class Reranker:
    """Scores pairs of texts; safe to call from several threads.

    Args:
        name: what it was opened by.
        model: a loaded ``CrossEncoder`` of one output, on its device.
        weights: digest of its weights.

    Attributes:
        max_tokens: tokens read of a pair; the longer text's end is ignored beyond it.
        fingerprint: changes with everything that changes a score.
    """

    def __init__(self, name: str, model: Any, weights: str) -> None:
        self.name = name
        self.max_tokens = _max_tokens(model)
        model.max_length = self.max_tokens
        self.fingerprint = fingerprint("reranker", weights, self.max_tokens, "sigmoid")
        self._model = model
        self._lock = Lock()

    def score(self, pairs: Sequence[tuple[str, str]], progress: Progress = SILENT) -> NDArray[np.float32]:
        """Tell how well the second text of each pair answers the first.

        Args:
            pairs: (query, product) texts, in any number.
            progress: advanced by the number of pairs done; ``Cancelled`` from it passes through.

        Returns:
            float32 in [0, 1], shape (len(pairs),), in the order of the pairs: the sigmoid of the model's output. What
            else is scored in the same call makes no difference beyond rounding.

        Raises:
            EncoderError: a batch does not fit into the device's memory.
        """
        out = np.empty(len(pairs), np.float32)
        order = sorted(range(len(pairs)), key=lambda i: -len(pairs[i][0]) - len(pairs[i][1]))
        for start in range(0, len(order), PAIRS_PER_BATCH):
            rows = order[start : start + PAIRS_PER_BATCH]
            progress.check()
            out[rows] = self._read([pairs[i] for i in rows])
            progress.advance(len(rows))
        return out

    def _read(self, pairs: list[tuple[str, str]]) -> NDArray[np.float32]:
        import torch

        # The model's own last step may be a sigmoid or nothing; naming it here applies exactly one.
        sigmoid = torch.nn.Sigmoid()
        try:
            with self._lock:
                scores = self._model.predict(
                    pairs, batch_size=PAIRS_PER_BATCH, activation_fn=sigmoid, show_progress_bar=False
                )
        except torch.OutOfMemoryError as error:
            raise EncoderError(
                phrase("{n} pairs do not fit in the memory of {type}.", n=len(pairs), type=self._model.device.type),
                phrase("Set PRODSIM_DEVICE=cpu, or choose a smaller cross-encoder."),
            ) from error
        return np.asarray(scores, np.float32)


def find_reranker(name: str, settings: Settings) -> tuple[Path, str]:
    """Find a cross-encoder's folder and the digest of its weights, not loaded; raises as ``open_reranker``."""
    folder = _find_folder(name, settings)
    if folder is None:
        download = "" if settings.allow_download else " It may be on a hub: PRODSIM_ALLOW_DOWNLOAD=1 allows a download."
        raise EncoderError(
            phrase(
                "There is no cross-encoder “{name}”: it is neither a folder nor in the local model cache.{download}",
                name=name,
                download=download,
            ),
            phrase(
                "Use a sentence-transformers cross-encoder, such as {hub_owner}/ms-marco-MiniLM-L6-v2, or a folder.",
                hub_owner=HUB_OWNER,
            ),
        )
    weights = transformer.model_digest(folder, settings)
    _check_scores_pairs(folder)
    return folder, weights


def open_reranker(name: str, settings: Settings) -> Reranker:
    """Open a cross-encoder by its folder or name.

    Args:
        name: a folder; else looked up in the local hub cache, then, if ``settings.allow_download``, on the hub. A name
            without an owner means one of ``cross-encoder`` first.
        settings: device, and whether a download is allowed.

    Raises:
        EncoderError: there is no such model, its files are broken, or it is none that scores pairs with one number.
    """
    folder, weights = find_reranker(name, settings)
    return Reranker(name, _load(folder, transformer.choose_device(settings)), weights)


def _find_folder(name: str, settings: Settings) -> Path | None:
    owned = f"{HUB_OWNER}/{name}"
    if "/" not in name and not Path(name).is_dir() and (folder := transformer.find_folder(owned, settings)):
        return folder
    return transformer.find_folder(name, settings)


def _check_scores_pairs(folder: Path) -> None:
    """Refuse other models: they would load with an output layer of random numbers, and score without a sign of it."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        heads = [str(head) for head in config.get("architectures") or ()]
        labels = config.get("id2label") or {"0": ""}
    except (ValueError, AttributeError) as error:
        raise EncoderError(
            phrase("{folder} cannot be read: {reason}.", folder=folder / "config.json", reason=error),
            phrase("Download the model again."),
        ) from error
    if not any(head.endswith("ForSequenceClassification") for head in heads):
        what = phrase("it is {kind}, which does not score pairs", kind=", ".join(heads) or phrase("of no stated kind"))
    elif len(labels) != 1:
        what = phrase("it tells {n:,} classes apart instead of giving one score", n=len(labels))
    else:
        return
    raise EncoderError(
        phrase("The model in {folder} cannot re-rank: {what}.", folder=folder, what=what),
        phrase("Choose a cross-encoder, such as one for MS MARCO."),
    )


def _load(folder: Path, device: str) -> Any:
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(str(folder), device=device, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise EncoderError(
            phrase("The cross-encoder in {folder} cannot be loaded: {reason}", folder=folder, reason=error),
            phrase("Choose another model, or download it again."),
        ) from error


def _max_tokens(model: Any) -> int:
    """Return the lesser of what tokenizer and positions allow; an unset tokenizer allows a number beyond all use."""
    positions = getattr(model.config, "max_position_embeddings", None) or 512
    return int(min(model.tokenizer.model_max_length, positions))
