"""Picture encoders of other people: CLIP, SigLIP, DINO and their like, from a folder or by name."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint
from prodsim.encoders.protocol import Vectors, unit_vectors
from prodsim.encoders.transformer import choose_device, model_digest
from prodsim.errors import EncoderError
from prodsim.phrases import phrase
from prodsim.settings import Settings

PREPARATIONS = ("preprocessor_config.json", "processor_config.json")
"""Files that say how a model's pictures are prepared; the second holds the first in newer ones."""
FIRST_BATCH = {"cuda": 256, "mps": 32}
CPU_BATCH = 8


class VisionEncoder:
    """Runs a transformer that reads pictures, by torch; bfloat16 on CUDA, float32 elsewhere.

    Pictures are scaled to the model's square, height and width apart, where its own preparation would cut off their
    ends: what is sold reaches there. A model that reads texts as well projects both into one space.

    Args:
        name: what it was opened by.
        model: the loaded model, on its device.
        side: height and width in pixels that it reads.
        preparation: of pictures.
        weights: digest of the model's files.
        tokenizer: of a model that reads texts, too.
    """

    def __init__(
        self, name: str, model: Any, side: int, preparation: "Preparation", weights: str, tokenizer: Any = None
    ) -> None:
        self.name = name
        self.side = side
        self._device = model.device.type
        self._model = model.bfloat16() if self._device == "cuda" else model.float()
        self._preparation = preparation
        self._tokenizer = tokenizer
        self._batch = FIRST_BATCH.get(self._device, CPU_BATCH)
        self._lock = Lock()
        precision = "bf16" if self._device == "cuda" else "f32"
        self.fingerprint = fingerprint("vision", weights, side, asdict(preparation), precision)
        self.dim = int(self.encode([np.zeros((side, side, 3), np.uint8)]).shape[1])

    def encode(self, pictures: Iterable[NDArray[np.uint8]]) -> Vectors:
        """Encode pictures, in order; see ``PictureEncoder.encode``."""
        left = iter(pictures)
        parts: list[Vectors] = []
        while batch := list(islice(left, self._batch)):
            parts += self._encoded(np.stack(batch))
        return unit_vectors(np.vstack(parts)) if parts else np.empty((0, self.dim), np.float32)

    @property
    def reads_texts(self) -> bool:
        """Return whether it has a text's vector among those of pictures."""
        return self._tokenizer is not None

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, in order, into the space of the pictures; what is too long for the model is cut."""
        import torch

        config = self._model.config.text_config
        limit = int(config.max_position_embeddings)
        parts: list[Vectors] = []
        for start in range(0, len(texts), self._batch):
            tokens = self._tokenizer(
                [*texts[start : start + self._batch]],
                padding="max_length", truncation=True, max_length=limit, return_tensors="pt",
            ).to(self._model.device)  # fmt: skip
            with self._lock, torch.inference_mode():
                features = _pooled(self._model.get_text_features(**tokens))
                parts.append(np.asarray(features.float().cpu().numpy(), np.float32))
        return unit_vectors(np.vstack(parts)) if parts else np.empty((0, self.dim), np.float32)

    def _encoded(self, batch: NDArray[np.uint8]) -> Iterator[Vectors]:
        """Yield the vectors of a batch, which is halved where it does not fit the device's memory."""
        import torch

        try:
            yield self._run(batch)
        except torch.OutOfMemoryError as error:
            if len(batch) == 1:
                raise EncoderError(
                    phrase("One picture does not fit in the memory of {device}.", device=self._device),
                    phrase("Choose a smaller model, or set PRODSIM_DEVICE=cpu."),
                ) from error
            torch.cuda.empty_cache()
            self._batch = len(batch) // 2
            for half in np.array_split(batch, 2):
                yield from self._encoded(half)

    def _run(self, batch: NDArray[np.uint8]) -> Vectors:
        import torch

        prepared = (batch.astype(np.float32) / 255 - self._preparation.mean) / self._preparation.deviation
        pixels = torch.from_numpy(prepared.astype(np.float32).transpose(0, 3, 1, 2).copy()).to(
            self._model.device, self._model.dtype
        )
        with self._lock, torch.inference_mode():
            return np.asarray(_features(self._model, pixels).float().cpu().numpy(), np.float32)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a model's pictures are prepared.

    Attributes:
        mean, deviation: of the brightness in [0, 1] of red, green and blue, taken off and divided by.
    """

    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


def open_vision(name: str, folder: Path, settings: Settings) -> VisionEncoder:
    """Open a model that reads pictures from a folder saved by transformers or sentence-transformers.

    Weights are safetensors and the model is one that transformers knows: no code of the folder is run.

    Raises:
        EncoderError: the folder holds no such model, or its files are broken.
    """
    folder = _transformer_folder(folder)
    weights = model_digest(folder, settings)
    preparation = _preparation(folder)
    model = _load(folder, choose_device(settings))
    side = _side(model.config)
    if side is None:
        raise EncoderError(
            phrase("The model in {folder} reads no pictures; it is of the kind {kind}.", folder=folder,
                   kind=model.config.model_type),
            phrase("Choose a model of pictures, such as CLIP, SigLIP or DINO."),
        )  # fmt: skip
    tokenizer = _load_tokenizer(folder) if hasattr(model, "get_text_features") else None
    return VisionEncoder(name, model, side, preparation, weights, tokenizer)


def _transformer_folder(folder: Path) -> Path:
    """Return where the model itself lies: sentence-transformers may keep it in a folder of its own."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        first = folder / str(modules[0]["path"])
    except (OSError, ValueError, LookupError, TypeError):
        return folder
    is_within = first.resolve().is_relative_to(folder.resolve())
    return first if is_within and (first / "config.json").is_file() else folder


def _preparation(folder: Path) -> Preparation:
    """Read how pictures are prepared; raises ``EncoderError`` where no file says so."""
    for name in PREPARATIONS:
        try:
            saved = json.loads((folder / name).read_text(encoding="utf-8"))
            saved = saved.get("image_processor", saved)
            mean, deviation = (np.array(saved[key], np.float32) for key in ("image_mean", "image_std"))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
        if mean.shape == deviation.shape == (3,) and (deviation > 0).all():
            return Preparation(tuple(mean.tolist()), tuple(deviation.tolist()))
    raise EncoderError(
        phrase(
            "The model in {folder} does not say how pictures are prepared: {file} is missing, or has no image_mean "
            "and image_std of three colours.",
            folder=folder, file=PREPARATIONS[0],
        ),
        phrase("Choose a model of pictures, such as CLIP, SigLIP or DINO, with all of its files."),
    )  # fmt: skip


def _load(folder: Path, device: str) -> Any:
    """Load a model that transformers knows, for use alone."""
    from safetensors import SafetensorError
    from transformers import AutoModel

    try:
        model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, trust_remote_code=False)
        return model.eval().to(device)
    except (OSError, ValueError, KeyError, RuntimeError, AttributeError, TypeError, SafetensorError) as error:
        raise EncoderError(
            phrase("The model in {folder} cannot be loaded: {reason}", folder=folder, reason=error),
            phrase("Choose another model, or download it again."),
        ) from error


def _load_tokenizer(folder: Path) -> Any:
    """Load the tokenizer of a model's texts; ``None`` where the folder has none: pictures are compared all the same."""
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, RuntimeError, AttributeError, TypeError):
        return None


def _side(config: Any) -> int | None:
    """Return the height and width that a model reads; ``None`` for one that reads no pictures."""
    side = getattr(getattr(config, "vision_config", config), "image_size", None)
    if side is None and hasattr(config, "num_channels"):  # convolutions take any size
        side = 224
    side = side[0] if isinstance(side, (list, tuple)) else side
    return side if isinstance(side, int) and side > 0 else None


def _features(model: Any, pixels: Any) -> Any:
    """Return a vector per picture, shape (n, dim).

    Models of pictures and texts project both; of others it is the token that stands for the whole (as DINO's authors
    take it), or the mean over all places where there is none.
    """
    if hasattr(model, "get_image_features"):
        features = model.get_image_features(pixel_values=pixels)
        return _pooled(features)
    hidden = model(pixel_values=pixels).last_hidden_state
    return hidden.mean((2, 3)) if hidden.ndim == 4 else hidden[:, 0]


def _pooled(features: Any) -> Any:
    """Return the vectors that a model gives, which newer versions of transformers wrap."""
    return getattr(features, "pooler_output", features)
