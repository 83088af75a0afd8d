"""What every encoder of pictures offers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from prodsim.encoders.protocol import Vectors
from prodsim.phrases import Text


@dataclass(frozen=True, slots=True)
class PictureEncoderSpec:
    """A row of the registry of picture encoders.

    Attributes:
        name: what it is opened by.
        summary: one sentence: what it is good for.
        dim: numbers per vector.
        size_mb: size of the weights.
        licence: of the weights.
    """

    name: str
    summary: Text
    dim: int
    size_mb: float
    licence: str


class PictureEncoder(Protocol):
    """Turns pictures into vectors; safe to call from several threads."""

    @property
    def name(self) -> str:
        """Return the name it was opened by."""

    @property
    def dim(self) -> int:
        """Return the count of numbers in a vector."""

    @property
    def side(self) -> int:
        """Return the height and width in pixels that it reads."""

    @property
    def fingerprint(self) -> str:
        """Return a digest of everything that changes a vector: weights, preparation, precision."""

    def encode(self, pictures: Iterable[NDArray[np.uint8]]) -> Vectors:
        """Encode pictures, in order.

        Args:
            pictures: red, green and blue, each of shape (side, side, 3). They are taken one after the other while
                earlier ones are encoded, so that reading them may overlap with it.

        Returns:
            float32, shape (number of pictures, dim), each of length 1.
        """


@runtime_checkable
class TextReader(Protocol):
    """What an encoder of pictures offers that may read texts, too."""

    @property
    def reads_texts(self) -> bool:
        """Return whether it does."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, in order, into the space of the pictures: float32, shape (len(texts), dim), of length 1."""
