"""What every encoder offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress

Vectors = NDArray[np.float32]
"""Shape (n, dim)."""

TextKind = Literal["product", "query"]
"""Some models read a stored product and a person's question with different prompts."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well an encoder reads some texts.

    Attributes:
        unknown_share: share of the words' characters the model has no token for, in [0, 1].
        n_truncated: texts longer than the model reads; their end is ignored.
        n_texts: texts looked at.
    """

    unknown_share: float
    n_truncated: int
    n_texts: int


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """A row of the registry: what a person wants to know before choosing.

    Attributes:
        name: what ``--encoder`` takes.
        summary: one sentence: what it is good for.
        dim: numbers per vector.
        max_tokens: tokens read of a text; ``None`` for all.
        languages: what it reads, in words.
        size_mb: size of the weights.
        licence: of the weights.
        is_fitted: whether it is fitted on the catalog's texts before it can encode.
        baseline: cosine of texts that have nothing in common. Where it is high, little of the scale is left to tell
            products apart, and *meaning* gets more weight for it.
    """

    name: str
    summary: Text
    dim: int
    max_tokens: int | None
    languages: Text
    size_mb: float
    licence: str
    is_fitted: bool = False
    baseline: float = 0.0


class Encoder(Protocol):
    """Turns texts into vectors; safe to call from several threads."""

    @property
    def name(self) -> str:
        """Return the name it was opened by."""

    @property
    def dim(self) -> int:
        """Return the count of numbers in a vector."""

    @property
    def fingerprint(self) -> str:
        """Return a digest of everything that changes a vector: weights, prompts, pooling, precision, text rules."""

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order.

        Args:
            texts: cleaned texts, in any number; an empty text gets a vector too.
            kind: what the texts are.
            progress: advanced by the number of texts done; ``Cancelled`` from it passes through.

        Returns:
            float32, shape (len(texts), dim), each of length 1 (an empty text may give zeros).
        """

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how well the texts can be read."""


def unit_vectors(vectors: Vectors) -> Vectors:
    """Scale vectors to length 1; one of zeros stays."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)
