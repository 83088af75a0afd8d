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
        windows, firsts = self._windows([prompt + text for text in texts])
        out = self._run(windows, np.isin(np.arange(len(windows)), firsts), kind, progress)
        if len(windows) > len(texts):
            tokens = np.array([len(window) for window in windows], np.float32)
            out = np.add.reduceat(out * tokens[:, None], firsts)  # its length is mended below
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.maximum(lengths, 1e-9), np.float32)

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how many characters the vocabulary lacks, and how many texts are longer than the model reads."""
        unknown = total = truncated = 0
        for start in range(0, len(texts), 4096):
            for encoding in self._tokenizer.encode_batch(self._readable(texts[start : start + 4096])):
                truncated += len(encoding.ids) > self._facts.max_tokens and not self._facts.reads_all
                spans = encoding.offsets
                total += sum(end - begin for begin, end in spans)
                if self._unk in encoding.ids:
                    unknown += sum(e - b for i, (b, e) in zip(encoding.ids, spans, strict=True) if i == self._unk)
        return Coverage(unknown / total if total else 0.0, truncated, len(texts))

    def inputs_of(self, texts: Sequence[str]) -> list[list[NDArray[np.int64]]]:
        """Return what the model is given for each product's text alone."""
        windows, firsts = self._windows([self._facts.prompts["product"] + text for text in texts])
        return [self._inputs(windows, firsts[row : row + 1]) for row in range(len(texts))]

    @cached_property
    def _queue(self) -> Any:
        return self._openvino.AsyncInferQueue(self._model)

    @cached_property
    def _request(self) -> Any:
        return self._model.create_infer_request()

    def _run(self, ids: list[list[int]], is_first: NDArray[np.bool_], kind: TextKind, progress: Progress) -> Vectors:
        """Return what the model gives for each window; counts the texts, of which it is told the first windows."""
        out = np.empty((len(ids), self.dim), np.float32)
        order = np.argsort([-len(i) for i in ids], kind="stable")
        batches = [order[start : start + TEXTS_PER_INFERENCE] for start in range(0, len(order), TEXTS_PER_INFERENCE)]
        if kind == "query":
            with self._asking:
                for rows in batches:
                    self._request.infer(self._inputs(ids, rows))
                    out[rows] = self._request.get_output_tensor().data
                    progress.advance(int(is_first[rows].sum()))
            return out

        def keep(request: Any, rows: NDArray[np.int64]) -> None:
            out[rows] = request.get_output_tensor().data

        with self._bulk:
            self._queue.set_callback(keep)
            try:
                for rows in batches:
                    self._queue.start_async(self._inputs(ids, rows), rows)
                    progress.advance(int(is_first[rows].sum()))
            finally:
                self._queue.wait_all()
        return out

    def _windows(self, texts: Sequence[str]) -> tuple[list[list[int]], NDArray[np.int64]]:
        """Return the tokens of each text, in windows where it is longer than the model reads, and each text's first.

        A text that is not read whole has one window.
        """
        last = self._facts.max_tokens
        windows: list[list[int]] = []
        firsts = []
        for encoding in self._tokenizer.encode_batch_fast(self._readable(texts)):
            ids = encoding.ids
            firsts.append(len(windows))
            if len(ids) <= last:
                windows.append(ids)
                continue
            # Each window has the opening and the closing token, as the model was trained to see them.
            (first, *inner), step = ids, last - 2
            starts = range(0, len(inner) - 1, step) if self._facts.reads_all else (0,)
            windows += [[first, *inner[start:-1][:step], inner[-1]] for start in starts]
        return windows, np.array(firsts)

    def _readable(self, texts: Sequence[str]) -> Sequence[str]:
        return texts if self._facts.reads_all else clipped(texts, self._facts.max_tokens)

    def _inputs(self, ids: list[list[int]], rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        width = len(ids[rows[0]])
        tokens = np.full((len(rows), width), self._pad, np.int64)
        mask = np.zeros_like(tokens)
        for line, row in enumerate(rows):
            tokens[line, : len(ids[row])] = ids[row]
            mask[line, : len(ids[row])] = 1
        by_name = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        return [by_name[name] for name in self._facts.inputs]
