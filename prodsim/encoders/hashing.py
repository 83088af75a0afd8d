"""Deterministic word hashing: no model, any language; for tests and as the last resort."""

import hashlib
from collections.abc import Sequence

import numpy as np

from prodsim.artifacts import fingerprint
from prodsim.encoders.protocol import Coverage, EncoderSpec, TextKind, Vectors
from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress
from prodsim.text import RULES_VERSION, segmentation, words

HASHING = EncoderSpec(
    name="hashing",
    summary=Text("Counts words and knows no synonyms; fast, always available."),
    dim=256,
    max_tokens=None,
    languages=Text("any language"),
    size_mb=0.0,
    licence="Apache-2.0",
)


class HashingEncoder:
    """Adds up one fixed random direction per word, so texts sharing words are close."""

    name = HASHING.name
    dim = HASHING.dim

    def __init__(self) -> None:
        self.fingerprint = fingerprint("hashing", HASHING.dim, RULES_VERSION, *segmentation())

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode each text as the normalised sum of its words' directions."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                vectors[row] += _direction(word, self.dim)
            progress.advance()
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Return 1 for all: every text is read whole."""
        return Coverage(0.0, 0, len(texts))


def _direction(word: str, dim: int) -> Vectors:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
    return np.random.default_rng(seed).standard_normal(dim).astype(np.float32)
