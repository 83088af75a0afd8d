"""Vectors of a few texts, kept with an encoder's store: they tell whether it still gives the vectors that lie there."""

import copy
from contextlib import suppress
from pathlib import Path

import numpy as np

from prodsim.artifacts import fingerprint, seal, unseal, write_text_atomically
from prodsim.encoders.converted import MIN_COSINE, PROBES
from prodsim.encoders.protocol import Encoder, Vectors
from prodsim.errors import StorageError

PROBE_FILE = "probe.json"
PROBE_FORMAT = 1


def under_its_vectors(encoder: Encoder, stores: Path) -> Encoder:
    """Return the encoder under a fingerprint whose store holds vectors as it gives them now.

    A fingerprint covers all that is known to change a vector, but a library of another version may change one, too.
    Such an encoder gets another fingerprint, always the same, so that nothing is compared with what was encoded before;
    with the earlier version it has its earlier fingerprint, and store, again.

    Args:
        encoder: as it was opened.
        stores: holds a folder per fingerprint; the first encoder of a fingerprint leaves its vectors there, if it can.
    """
    vectors, key = encoder.encode(PROBES), encoder.fingerprint
    while (kept := _find_kept(stores / key / PROBE_FILE)) is not None and not agree(kept, vectors):
        key = fingerprint(key, "other vectors")
    if kept is None:
        with suppress(StorageError):
            text = seal({"format": PROBE_FORMAT, "vectors": vectors.astype(np.float64).round(6).tolist()})
            write_text_atomically(stores / key / PROBE_FILE, text)
    if key == encoder.fingerprint:
        return encoder
    renamed = copy.copy(encoder)
    vars(renamed)["fingerprint"] = key
    return renamed


def _find_kept(path: Path) -> Vectors | None:
    """Return the vectors in a file; ``None`` where it is absent or damaged."""
    try:
        return np.array(unseal(path.read_text(encoding="utf-8"), PROBE_FORMAT)["vectors"], np.float32)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def agree(kept: Vectors, vectors: Vectors) -> bool:
    """Return whether each vector points where the one kept does; one without any known word is zero in both."""
    if kept.shape != vectors.shape:
        return False
    lengths = np.linalg.norm(kept, axis=1) * np.linalg.norm(vectors, axis=1)
    return bool(((kept * vectors).sum(axis=1) >= MIN_COSINE * lengths).all())
