"""Latent semantic analysis: character n-grams and a truncated SVD, fitted on the catalog; any language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint, load_artifact, write_artifact
from prodsim.encoders.protocol import Coverage, EncoderSpec, TextKind, Vectors
from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress
from prodsim.text import RULES_VERSION, has_chinese, segmentation, words

LSA = EncoderSpec(
    name="lsa",
    summary=Text(
        "Learns from the catalog which spellings belong together; for languages that no other model here reads."
    ),
    dim=256,
    max_tokens=None,
    languages=Text("any language"),
    size_mb=0.0,
    licence="Apache-2.0",
    is_fitted=True,
)
N_FEATURES = 2**18
MAX_FIT = 50_000
"""Texts the SVD is fitted on, evenly spread; more change its directions little."""
CHUNK_TEXTS = 4096


class LsaEncoder:
    """Character n-gram TF-IDF projected onto the fitted directions.

    Args:
        idf: shape (n_features,), 0 where a feature was never seen.
        directions: float32, shape (n_features kept, dim).
        kept: the features that have a direction, ascending.
        digest: of what was fitted.
    """

    name = LSA.name

    def __init__(self, idf: NDArray[np.float32], directions: Vectors, kept: NDArray[np.int64], digest: str) -> None:
        self._idf, self._directions, self._kept = idf, directions, kept
        self.dim = directions.shape[1]
        self.fingerprint = fingerprint("lsa", digest, RULES_VERSION, *segmentation())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load what ``fit`` saved; raises ``StaleArtifact`` when it does not fit."""
        digest = load_artifact(folder, {"rules": RULES_VERSION})["digest"]
        idf, directions, kept = (np.load(folder / f"{name}.npy") for name in ("idf", "directions", "kept"))
        return cls(idf, directions, kept, digest)

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order; see ``Encoder.encode``."""
        out = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), CHUNK_TEXTS):
            counts = _counts(texts[start : start + CHUNK_TEXTS])
            vectors = counts.multiply(self._idf).tocsc()[:, self._kept] @ self._directions
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            out[start : start + CHUNK_TEXTS] = vectors / np.maximum(lengths, 1e-9)
            progress.advance(counts.shape[0])
        return out

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Return 1 for all: every text is read whole."""
        return Coverage(0.0, 0, len(texts))


def fit(texts: Sequence[str], folder: Path) -> None:
    """Fit on distinct texts (a fixed spread of at most 50,000) and save the artefact."""
    from sklearn.utils.extmath import randomized_svd

    chosen = list(dict.fromkeys(texts))
    chosen = chosen[:: max(1, -(-len(chosen) // MAX_FIT))]
    counts = _counts(chosen)
    frequency = np.bincount(counts.indices, minlength=N_FEATURES)
    idf = np.where(frequency > 0, np.log((1 + len(chosen)) / (1 + frequency)) + 1, 0).astype(np.float32)
    weighted = counts.multiply(idf).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)))
    weighted = weighted.multiply(1 / np.maximum(lengths, 1e-9)).tocsc()
    kept = np.flatnonzero(frequency >= (2 if len(chosen) > 1000 else 1))  # in few texts each spelling counts
    dim = min(LSA.dim, max(1, len(chosen) - 1), len(kept))
    _, _, directions = randomized_svd(weighted[:, kept].tocsr(), dim, n_iter=4, random_state=0)
    directions = np.ascontiguousarray(directions.T, np.float32)
    digest = fingerprint(directions[:: max(1, len(directions) // 5000)].round(4).tolist(), len(chosen))
    with write_artifact(folder, {"rules": RULES_VERSION, "digest": digest}) as work:
        for name, array in (("idf", idf), ("directions", directions), ("kept", kept)):
            np.save(work / f"{name}.npy", array)


def _counts(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    hashed = HashingVectorizer(
        analyzer=_grams, n_features=N_FEATURES, norm=None, alternate_sign=False, dtype=np.float32
    )
    counts = hashed.transform(texts).tocsr()
    counts.data = 1 + np.log(counts.data)
    return counts


def _grams(text: str) -> list[str]:
    grams = []
    for word in words(text):
        sizes, padded = ((1, 2, 3), word) if has_chinese(word) else ((3, 4, 5), f" {word} ")
        grams += [padded[i : i + size] for size in sizes for i in range(len(padded) - size + 1)]
    return grams
