"""multilingual-e5-small: a few texts by the engine of its package, many by OpenVINO or a GPU, several times faster."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from prodsim.artifacts import fingerprint, load_artifact
from prodsim.encoders import nano
from prodsim.encoders.converted import MIN_COSINE, PROBES, convert, load_converted, smallest_cosine
from prodsim.encoders.nano import E5_MULTILINGUAL, NanoEncoder
from prodsim.encoders.nano_file import WRITTEN_VERSION, read_nano, write_transformer
from prodsim.encoders.openvino_encoder import OpenVinoEncoder
from prodsim.encoders.protocol import Coverage, Encoder, TextKind, Vectors
from prodsim.encoders.torch_encoder import TorchEncoder
from prodsim.encoders.transformer import choose_device, load_model
from prodsim.errors import EncoderError, StaleArtifact
from prodsim.phrases import Text, phrase
from prodsim.progress import SILENT, Progress
from prodsim.settings import Settings

MANY = 512
"""Texts from which opening the quick way pays: it takes seconds, the first time half a minute, and half a gigabyte."""

CONVERTING = Text("The multilingual model is prepared for this machine once, which takes about half a minute.")
BY_ENGINE = Text("The texts are read by the engine of the package {package}, which is several times slower: {reason}")


def open_multilingual(settings: Settings) -> Encoder:
    """Open the encoder for the device that the settings name.

    Raises:
        MissingPackage: the package that holds the model is not installed.
        EncoderError: its weights were changed.
    """
    weights = nano.find_weights()
    device = choose_device(settings)
    if device == "cpu":
        engine = nano.open_engine(weights)
        if engine is not None:
            return MultilingualEncoder(engine, settings)
        with suppress(EncoderError, ImportError):
            return open_converted(weights, settings)
    return TorchEncoder(E5_MULTILINGUAL.name, load_model(write_out(weights, settings), device), nano.NANO_SHA256)


def multilingual_folder(settings: Settings) -> Path:
    """Return the folder of the model as sentence-transformers loads it; raises as ``open_multilingual``."""
    return write_out(nano.find_weights(), settings)


def write_out(weights: Path, settings: Settings) -> Path:
    """Return the folder of the model as sentence-transformers loads it; it is written where it is missing.

    Raises:
        StorageError: the disk refuses.
    """
    folder = settings.home / "models" / fingerprint("written out", nano.NANO_SHA256)
    try:
        load_artifact(folder, {"version": WRITTEN_VERSION})
    except StaleArtifact:
        write_transformer(read_nano(weights), folder)
    return folder


class MultilingualEncoder:
    """Reads a few texts by the engine, which opens at once, and many by OpenVINO; both give the same vectors.

    That they do is checked when the model is converted. Where it cannot be converted, or gives other vectors, the
    engine reads all texts.

    Args:
        engine: of the package.
        settings: where the conversion is kept.
    """

    name = NanoEncoder.name
    fingerprint = NanoEncoder.fingerprint

    def __init__(self, engine: NanoEncoder, settings: Settings) -> None:
        self.dim = engine.dim
        self._engine = engine
        self._settings = settings
        self._quick: Encoder | None = None
        self._lock = Lock()

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order; see ``Encoder.encode``."""
        encoder = self.quick(progress) if len(texts) >= MANY else self._quick or self._engine
        return encoder.encode(texts, kind, progress)

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how many characters no token spells; every text is read whole."""
        return self._engine.coverage(texts)

    def quick(self, progress: Progress = SILENT) -> Encoder:
        """Return what reads many texts, which is prepared at the first call; the engine where that fails."""
        with self._lock:
            if self._quick is None:
                try:
                    self._quick = open_converted(self._engine.weights, self._settings, self._engine, progress)
                except (EncoderError, ImportError) as error:
                    self._quick = self._engine
                    progress.note(BY_ENGINE(package=nano.NANO_PACKAGE, reason=error))
            return self._quick


def open_converted(
    weights: Path, settings: Settings, engine: Encoder | None = None, progress: Progress = SILENT
) -> OpenVinoEncoder:
    """Open the model converted for OpenVINO; it is converted at the first call.

    Args:
        weights: the package's file.
        settings: where the conversion is kept.
        engine: what it must agree with; ``None`` for torch.
        progress: gets a note if it takes long.

    Raises:
        ImportError: OpenVINO is not installed.
        EncoderError: the model cannot be converted, or gives other vectors then.
    """
    folder = settings.home / "models" / fingerprint("multilingual", nano.NANO_SHA256)
    key = fingerprint(nano.NANO_SHA256, WRITTEN_VERSION)
    try:
        encoder = OpenVinoEncoder(E5_MULTILINGUAL.name, folder, load_converted(folder, key), nano.NANO_SHA256)
    except StaleArtifact:
        progress.note(CONVERTING())
        source = write_out(weights, settings)
        encoder = _convert(source, folder, key, engine)
        shutil.rmtree(source, ignore_errors=True)  # a quarter of a gigabyte, which is written again in seconds
    encoder.fingerprint = NanoEncoder.fingerprint
    return encoder


def _convert(source: Path, folder: Path, key: str, engine: Encoder | None) -> OpenVinoEncoder:
    model = load_model(source, "cpu")
    facts = convert(model, folder, key, in_16_bits=True, reads_all=True)
    encoder = OpenVinoEncoder(E5_MULTILINGUAL.name, folder, facts, nano.NANO_SHA256)
    original = engine or TorchEncoder(E5_MULTILINGUAL.name, model, nano.NANO_SHA256)
    agreement = smallest_cosine(encoder.encode(PROBES), original.encode(PROBES))
    if agreement < MIN_COSINE:
        shutil.rmtree(folder, ignore_errors=True)
        raise EncoderError(
            phrase("Converted for OpenVINO, the model gives other vectors (cosine {cosine:.3f}).", cosine=agreement),
            phrase("Update OpenVINO: {command}", command="pip install --upgrade openvino"),
        )
    return encoder
