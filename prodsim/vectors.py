"""The vector store: append-only, shared by all catalogs, keyed by text digest."""

import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import load_artifact, write_artifact
from prodsim.errors import StaleArtifact

Vectors = NDArray[np.float32]


class VectorStore:
    """Vectors of one encoder. Every ``append`` is one segment, written whole or not at all.

    Args:
        folder: where segments live; made when first written.
        encoder: fingerprint of the encoder whose vectors these are.
        dim: numbers per vector.
    """

    def __init__(self, folder: Path, encoder: str, dim: int) -> None:
        self._folder = folder / encoder
        self._params = {"encoder": encoder, "dim": dim}
        self._dim = dim
        self._segments: dict[str, NDArray[np.float16]] = {}
        self._places: dict[bytes, tuple[str, int]] = {}
        self._load()

    def __len__(self) -> int:
        return len(self._places)

    def missing(self, digests: Sequence[bytes]) -> list[int]:
        """Positions whose digest is not stored, first occurrences only, in order."""
        seen: set[bytes] = set()
        wanted = []
        for position, digest in enumerate(digests):
            if digest not in self._places and digest not in seen:
                seen.add(digest)
                wanted.append(position)
        return wanted

    def append(self, digests: Sequence[bytes], vectors: Vectors) -> None:
        """Store one vector per digest, as float16.

        Raises:
            ValueError: the shapes do not fit.
        """
        if vectors.shape != (len(digests), self._dim):
            raise ValueError(f"vectors must have shape ({len(digests)}, {self._dim}), got {vectors.shape}")
        name = f"segment-{uuid.uuid4().hex}"
        with write_artifact(self._folder / name, {**self._params, "count": len(digests)}) as work:
            np.save(work / "vectors.npy", vectors.astype(np.float16))
            np.save(work / "digests.npy", np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 16))
        self._add(name)

    def get(self, digests: Sequence[bytes]) -> Vectors:
        """The vectors of the digests, float32, in order; raises ``KeyError`` for one that is missing."""
        out = np.empty((len(digests), self._dim), np.float32)
        for row, digest in enumerate(digests):
            segment, place = self._places[digest]
            out[row] = self._segments[segment][place]
        return out

    def _load(self) -> None:
        for folder in sorted(self._folder.glob("segment-*")):
            self._add(folder.name)

    def _add(self, name: str) -> None:
        folder = self._folder / name
        try:
            load_artifact(folder, self._params)
        except StaleArtifact:
            return  # a damaged segment counts as absent: its texts are encoded again
        self._segments[name] = np.load(folder / "vectors.npy", mmap_mode="r")
        for place, digest in enumerate(np.load(folder / "digests.npy")):
            self._places.setdefault(digest.tobytes(), (name, place))
