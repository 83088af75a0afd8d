"""The vector store: append-only, shared by all catalogs, keyed by text digest."""

import uuid
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import load_artifact, write_artifact
from prodsim.errors import StaleArtifact

Vectors = NDArray[np.float32]
Keys = NDArray[np.void]

_KEY = np.dtype("V16")


class VectorStore:
    """Vectors of one encoder, as float16. Every ``append`` is one segment, written whole or not at all.

    float16 is finer than what encoders mean: on random vectors it keeps more than 99 % of the ten nearest neighbours.
    Several processes may append at once; a text that two of them encode is stored twice, which harms nothing.

    Args:
        folder: where the segments of all encoders live; made when first written.
        encoder: fingerprint of the encoder whose vectors these are.
        dim: numbers per vector.
    """

    def __init__(self, folder: Path, encoder: str, dim: int) -> None:
        self._folder = folder / encoder
        self._params = {"encoder": encoder, "dim": dim}
        self._dim = dim
        self._segments: list[NDArray[np.float16]] = []
        self._keys: list[Keys] = []
        for segment in sorted(self._folder.glob("segment-*")):
            self._add(segment)

    def __len__(self) -> int:
        return len(self._table[0])

    def missing(self, digests: Sequence[bytes]) -> list[int]:
        """Return the positions whose digest is not stored, first occurrences only, in order."""
        keys = _keys(digests)
        _, first = np.unique(keys, return_index=True)
        first.sort()
        return [int(position) for position in first[~self._find(keys[first])[1]]]

    def append(self, digests: Sequence[bytes], vectors: Vectors) -> None:
        """Store one vector per digest.

        Raises:
            ValueError: the shapes do not fit.
            StorageError: the disk refuses.
        """
        if vectors.shape != (len(digests), self._dim):
            raise ValueError(f"vectors must have shape ({len(digests)}, {self._dim}), got {vectors.shape}")
        segment = self._folder / f"segment-{uuid.uuid4().hex}"
        with write_artifact(segment, {**self._params, "count": len(digests)}) as work:
            np.save(work / "vectors.npy", vectors.astype(np.float16))
            np.save(work / "digests.npy", _keys(digests).view(np.uint8).reshape(-1, 16))
        self._add(segment)

    def get(self, digests: Sequence[bytes]) -> Vectors:
        """Return the vectors of the digests, float32, shape (len(digests), dim), in order.

        Raises:
            KeyError: one is missing; tells which position.
        """
        places, is_stored = self._find(_keys(digests))
        if not is_stored.all():
            raise KeyError(f"the text at position {int(np.argmin(is_stored))} has no vector")
        out = np.empty((len(digests), self._dim), np.float32)
        _, segment_of, row_of = self._table
        segments, rows = segment_of[places], row_of[places]
        for number in np.unique(segments):
            mine = segments == number
            out[mine] = self._segments[number][rows[mine]]
        return out

    def _find(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return for each key its place among the sorted ones, and whether it is there."""
        known = self._table[0]
        if not len(known):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
        places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return places, known[places] == keys

    def _add(self, segment: Path) -> None:
        try:
            load_artifact(segment, self._params)
            vectors, digests = np.load(segment / "vectors.npy", mmap_mode="r"), np.load(segment / "digests.npy")
        except (StaleArtifact, ValueError, OSError):
            return  # a damaged segment counts as absent: its texts are encoded again
        self._segments.append(vectors)
        self._keys.append(np.ascontiguousarray(digests).view(_KEY).ravel())
        self.__dict__.pop("_table", None)

    @cached_property
    def _table(self) -> tuple[Keys, NDArray[np.int64], NDArray[np.int64]]:
        """Return all keys sorted, with the segment and the row of each; made anew at the first use after an append."""
        keys = np.concatenate(self._keys) if self._keys else np.empty(0, _KEY)
        known, first = np.unique(keys, return_index=True)
        counts = [len(k) for k in self._keys]
        rows = np.concatenate([np.arange(c) for c in counts]) if counts else np.empty(0, np.int64)
        return known, np.repeat(np.arange(len(counts)), counts)[first], rows[first]


def _keys(digests: Sequence[bytes]) -> Keys:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 16).view(_KEY).ravel()
