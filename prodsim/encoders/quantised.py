"""A converted model with 8-bit weights: a quarter of the size, and faster where the processor multiplies int8."""

import shutil
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import load_artifact, write_artifact
from prodsim.encoders.converted import facts_of, import_openvino
from prodsim.encoders.openvino_encoder import OpenVinoEncoder
from prodsim.encoders.protocol import Coverage, Encoder, TextKind, Vectors, unit_vectors
from prodsim.extras import optional_packages
from prodsim.progress import SILENT, Progress

QUANTISED = "quantised"
"""A parameter of the artefact that only such models have."""
PROJECTION_FILE = "shorter.npy"


def quantise(encoder: OpenVinoEncoder, texts: Sequence[str], folder: Path, version: int) -> None:
    """Save an encoder's model with weights and activations as int8 (post-training quantisation by NNCF).

    Args:
        encoder: runs the model as it is.
        texts: by whose activations the numbers are scaled; a few hundred are enough.
        folder: of the new model, an artefact.
        version: kept with it.

    Raises:
        StorageError: the disk refuses.
    """
    openvino = import_openvino()
    with redirect_stdout(sys.stderr):  # where it logs from the first import on
        with optional_packages():
            import nncf  # only making such a model pays

        return _quantise(openvino, nncf, encoder, texts, folder, version)


def _quantise(
    openvino: Any, nncf: Any, encoder: OpenVinoEncoder, texts: Sequence[str], folder: Path, version: int
) -> None:
    params = load_artifact(encoder.folder)
    model = openvino.Core().read_model(encoder.folder / "model.xml")
    data = nncf.Dataset(encoder.inputs_of(texts))
    small = nncf.quantize(model, data, model_type=nncf.ModelType.TRANSFORMER, subset_size=len(texts))
    with write_artifact(folder, {"facts": params["facts"], "version": version, QUANTISED: "int8"}) as work:
        openvino.save_model(small, work / "model.xml", compress_to_fp16=False)
        for name in ("tokenizer.json", "special.json"):
            shutil.copy(encoder.folder / name, work / name)


def shorten(folder: Path, shorter: NDArray[np.float32], into: Path) -> None:
    """Save a quantised model anew so that its vectors come out multiplied with ``shorter``, shape (dim, fewer)."""
    with write_artifact(into, load_artifact(folder)) as work:
        for path in folder.iterdir():
            if path.suffix in (".xml", ".bin", ".json") and path.name != "manifest.json":
                shutil.copy(path, work / path.name)
        np.save(work / PROJECTION_FILE, shorter)


def open_quantised(name: str, folder: Path, digest: str) -> Encoder:
    """Open the encoder of a folder that was checked."""
    inner = OpenVinoEncoder(name, folder, facts_of(load_artifact(folder)), digest)
    return ShortEncoder(inner, np.load(folder / PROJECTION_FILE)) if (folder / PROJECTION_FILE).is_file() else inner


class ShortEncoder:
    """An encoder whose vectors are made shorter by a matrix; see ``Encoder``.

    Args:
        inner: makes the long ones.
        shorter: float32, shape (its dim, fewer).
    """

    def __init__(self, inner: Encoder, shorter: NDArray[np.float32]) -> None:
        self._inner = inner
        self._shorter = shorter
        self.name = inner.name
        self.dim = shorter.shape[1]
        self.fingerprint = inner.fingerprint  # the digest of the folder holds the matrix, too

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order; see ``Encoder.encode``."""
        vectors = self._inner.encode(texts, kind, progress) @ self._shorter
        return unit_vectors(vectors)

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how well the texts can be read."""
        return self._inner.coverage(texts)


def principal_axes(vectors: Vectors, dim: int) -> NDArray[np.float32]:
    """Return the ``dim`` directions in which vectors differ most, not centred, shape (their dim, dim).

    Multiplied with them, vectors keep as much of their inner products as so few numbers can (Eckart and Young 1936).
    """
    _, axes = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)
    return np.asarray(axes[:, ::-1][:, :dim], np.float32)
