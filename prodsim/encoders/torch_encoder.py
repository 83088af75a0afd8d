"""Transformer encoders with torch: on a GPU, on Apple's mps, and where a model cannot be converted."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from prodsim.artifacts import fingerprint
from prodsim.encoders.protocol import Coverage, TextKind, Vectors
from prodsim.errors import EncoderError
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.text import RULES_VERSION

FIRST_BATCH = {"cuda": 1024, "mps": 128, "cpu": 32}


class TorchEncoder:
    """Runs a SentenceTransformer; bfloat16 on CUDA, float32 elsewhere.

    Args:
        name: what it was opened by.
        model: the loaded SentenceTransformer, on its device.
        weights: digest of its weights.
    """

    def __init__(self, name: str, model: Any, weights: str) -> None:
        self.name = name
        self.dim = int(model.get_embedding_dimension())
        self._device = model.device.type
        self._model = model.bfloat16() if self._device == "cuda" else model.float()
        self._batch = FIRST_BATCH.get(self._device, 32)
        self._lock = Lock()
        precision = "bf16" if self._device == "cuda" else "f32"
        self.fingerprint = fingerprint(
            "torch", weights, precision, model.max_seq_length, dict(model.prompts), "normalised", RULES_VERSION
        )

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order; batches that do not fit the device's memory are halved."""
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        out = np.empty((len(texts), self.dim), np.float32)
        start = 0
        while start < len(order):
            rows = order[start : start + self._batch]
            with self._lock:  # held for one batch, so that a person's query waits for no more than that
                vectors = self._try([texts[i] for i in rows], kind)
            if vectors is None:
                continue
            out[rows] = vectors
            start += len(rows)
            progress.advance(len(rows))
        return out

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how many characters the vocabulary lacks, and how many texts are longer than the model reads."""
        tokenizer, limit = self._model.tokenizer, self._model.max_seq_length
        unknown = total = truncated = 0
        for text in texts:
            tokens = tokenizer(text[: 20 * limit], return_offsets_mapping=True, truncation=False, verbose=False)
            spans = list(zip(tokens["input_ids"], tokens["offset_mapping"], strict=True))
            truncated += len(spans) > limit
            total += sum(end - begin for _, (begin, end) in spans)
            unknown += sum(end - begin for token, (begin, end) in spans if token == tokenizer.unk_token_id)
        return Coverage(unknown / total if total else 0.0, truncated, len(texts))

    def _try(self, texts: list[str], kind: TextKind) -> Vectors | None:
        """Return the vectors, or ``None`` after halving the batch because memory ran out."""
        import torch

        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        try:
            vectors = encode(
                texts, batch_size=len(texts), normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
            )
            return np.asarray(vectors.float().cpu().numpy(), np.float32)
        except torch.OutOfMemoryError as error:
            if self._batch == 1:
                raise EncoderError(
                    phrase(
                        "One text of {n:,} characters does not fit in the memory of {device}.",
                        n=len(texts[0]),
                        device=self._device,
                    ),
                    phrase("Use --encoder minilm, or set PRODSIM_DEVICE=cpu."),
                ) from error
            self._batch = max(1, self._batch // 2)
            torch.cuda.empty_cache()
            return None
