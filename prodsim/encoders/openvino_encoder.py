"""Transformer encoders on the CPU: OpenVINO, batches of texts of like length, all cores busy."""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint
from prodsim.encoders.converted import ModelFacts, clipped, import_openvino
from prodsim.encoders.protocol import Coverage, TextKind, Vectors
from prodsim.progress import SILENT, Progress
from prodsim.text import RULES_VERSION

TEXTS_PER_INFERENCE = 32
"""Texts per inference: larger ones were no faster on two cores, and smaller ones pad less."""


class OpenVinoEncoder:
    """Runs a converted model. Long work and a person's query run side by side.

    Args:
        name: what it was opened by.
        folder: written by ``convert``.
        facts: loaded from there.
        weights: digest of the original weights.
    """

    def __init__(self, name: str, folder: Path, facts: ModelFacts, weights: str) -> None:
        from tokenizers import Tokenizer

        openvino = import_openvino()
        self.name = name
        self.folder = folder
        self.dim = facts.dim
        self._facts = facts
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        special = json.loads((folder / "special.json").read_text())
        self._unk, self._pad = special["unk"], special["pad"]
        core = openvino.Core()
        has_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        precision = "bf16" if has_bf16 else "f32"
        self._openvino = openvino
        self._model = core.compile_model(
            str(folder / "model.xml"), "CPU", {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "THROUGHPUT"}
        )
        self._bulk, self._asking = Lock(), Lock()
        self.fingerprint = fingerprint(
            "transformer", weights, precision, facts.max_tokens, facts.prompts, "normalised", RULES_VERSION
        )

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order; see ``Encoder.encode``."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        prompt = self._facts.prompts[kind]
        ids = self._token_ids([prompt + text for text in texts])
        out = np.empty((len(texts), self.dim), np.float32)
        order = np.argsort([-len(i) for i in ids], kind="stable")
        batches = [order[start : start + TEXTS_PER_INFERENCE] for start in range(0, len(order), TEXTS_PER_INFERENCE)]
        if kind == "query":
            with self._asking:
                for rows in batches:
                    self._request.infer(self._inputs(ids, rows))
                    out[rows] = self._request.get_output_tensor().data
                    progress.advance(len(rows))
        else:
            with self._bulk:
                self._run_all(ids, batches, out, progress)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.maximum(lengths, 1e-9), np.float32)

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how many characters the vocabulary lacks, and how many texts are longer than the model reads."""
        unknown = total = truncated = 0
        for start in range(0, len(texts), 4096):
            for encoding in self._tokenizer.encode_batch(clipped(texts[start : start + 4096], self._facts.max_tokens)):
                truncated += len(encoding.ids) > self._facts.max_tokens
                spans = encoding.offsets
                total += sum(end - begin for begin, end in spans)
                if self._unk in encoding.ids:
                    unknown += sum(e - b for i, (b, e) in zip(encoding.ids, spans, strict=True) if i == self._unk)
        return Coverage(unknown / total if total else 0.0, truncated, len(texts))

    def inputs_of(self, texts: Sequence[str]) -> list[list[NDArray[np.int64]]]:
        """Return what the model is given for each product's text alone."""
        ids = self._token_ids([self._facts.prompts["product"] + text for text in texts])
        return [self._inputs(ids, np.array([row])) for row in range(len(texts))]

    @cached_property
    def _queue(self) -> Any:
        return self._openvino.AsyncInferQueue(self._model)

    @cached_property
    def _request(self) -> Any:
        return self._model.create_infer_request()

    def _run_all(
        self, ids: list[list[int]], batches: list[NDArray[np.int64]], out: Vectors, progress: Progress
    ) -> None:
        def keep(request: Any, rows: NDArray[np.int64]) -> None:
            out[rows] = request.get_output_tensor().data

        self._queue.set_callback(keep)
        try:
            for rows in batches:
                self._queue.start_async(self._inputs(ids, rows), rows)
                progress.advance(len(rows))
        finally:
            self._queue.wait_all()

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        last = self._facts.max_tokens
        encodings = self._tokenizer.encode_batch_fast(clipped(texts, last))
        # The closing token stays when the middle is cut, as the model was trained to see it.
        return [f.ids if len(f.ids) <= last else [*f.ids[: last - 1], f.ids[-1]] for f in encodings]

    def _inputs(self, ids: list[list[int]], rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        width = len(ids[rows[0]])
        tokens = np.full((len(rows), width), self._pad, np.int64)
        mask = np.zeros_like(tokens)
        for line, row in enumerate(rows):
            tokens[line, : len(ids[row])] = ids[row]
            mask[line, : len(ids[row])] = 1
        by_name = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        return [by_name[name] for name in self._facts.inputs]
