"""Encoders adapted to a catalog: low-rank matrices beside a base model, all of its weights, or a model of their own."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from prodsim.artifacts import (
    DIGESTS,
    MANIFEST,
    RememberedDigests,
    file_digest,
    fingerprint,
    load_artifact,
    write_artifact,
)
from prodsim.encoders import transformer
from prodsim.encoders.multilingual import multilingual_folder
from prodsim.encoders.nano import E5_MULTILINGUAL
from prodsim.encoders.protocol import Encoder
from prodsim.encoders.quantised import QUANTISED, open_quantised
from prodsim.errors import EncoderError, QueryError, StaleArtifact
from prodsim.extras import optional_packages
from prodsim.phrases import phrase
from prodsim.settings import Settings

ADAPTED_PREFIX = "adapted:"
"""What the name of an adapted encoder begins with; the rest is the name of its run."""
ADAPTED_VERSION = 1
SCRATCH = "scratch"
"""The base of a model that has none."""
BUILT_IN = {transformer.MINILM.name: transformer.minilm_folder, E5_MULTILINGUAL.name: multilingual_folder}
"""The encoders of the registry that can be trained, and what gives their folders."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an adapted model is made of.

    Attributes:
        base: the encoder it begins with, or ``SCRATCH``.
        method: ``lora``: matrices beside the base's; ``full``: all of its weights.
        layers: those of the base's layers that are left; empty for all.
    """

    base: str
    method: Literal["lora", "full"]
    layers: tuple[int, ...] = ()


def adapted_folder(home: Path, run: str) -> Path:
    """Return where the model of a run lies, or of a run and one of its options, as in ``smaller/int8``."""
    name, _, option = run.partition("/")
    return home / "adapted" / name / (option or "model")


def adapted_version(name: str, home: Path) -> int:
    """Return a number that changes when a run of that name is made again; 0 for no adapted encoder, or none now."""
    manifest = adapted_folder(home, name.removeprefix(ADAPTED_PREFIX)) / MANIFEST
    return manifest.stat().st_mtime_ns if name.startswith(ADAPTED_PREFIX) and manifest.is_file() else 0


def base_folder(base: str, settings: Settings) -> Path:
    """Return the folder of a transformer that can be trained.

    Raises:
        EncoderError: there is none of that name, or it is an encoder that cannot be trained.
    """
    folder = BUILT_IN[base](settings) if base in BUILT_IN else transformer.find_folder(base, settings)
    if folder is None:
        raise EncoderError(
            phrase("“{base}” is not a transformer that can be trained on this machine.", base=base),
            phrase(
                "Start from minilm, e5-multilingual, a sentence-transformers model by name or folder, or {scratch}.",
                scratch=SCRATCH,
            ),
        )
    return folder


def load_model_of(name: str, settings: Settings, device: str = "cpu") -> Any:
    """Load the SentenceTransformer behind an encoder's name, adapted or not; raises as ``base_folder``."""
    if name.startswith(ADAPTED_PREFIX):
        return load_adapted(adapted_folder(settings.home, name.removeprefix(ADAPTED_PREFIX)), settings, device)
    return transformer.load_model(base_folder(name, settings), device)


def load_base(origin: Origin, settings: Settings, device: str = "cpu") -> Any:
    """Load the SentenceTransformer that an adaptation begins with, its remaining layers only; not for scratch."""
    model = load_model_of(origin.base, settings, device)
    if origin.layers:
        keep_layers(model, origin.layers)
    return model


def keep_layers(model: Any, layers: tuple[int, ...]) -> None:
    """Drop all but some of a SentenceTransformer's layers.

    Raises:
        EncoderError: it is not built of encoder layers.
    """
    from torch.nn import ModuleList

    inner = model[0].model
    stack = getattr(getattr(inner, "encoder", None), "layer", None)
    if stack is None:
        raise EncoderError(
            phrase("{name} has no layers that can be dropped.", name=type(inner).__name__),
            phrase("Choose another base."),
        )
    inner.encoder.layer = ModuleList([stack[number] for number in layers])
    inner.config.num_hidden_layers = len(layers)


def save_adapted(model: Any, origin: Origin, folder: Path, settings: Settings) -> None:
    """Save what training changed, with the digest of the base.

    Raises:
        StorageError: the disk refuses.
    """
    params = {"version": ADAPTED_VERSION, "weights": base_digest(origin.base, settings), **asdict(origin)}
    with write_artifact(folder, {**params, "layers": list(origin.layers)}) as work:
        inner = model[0].model
        if origin.base == SCRATCH:
            inner.save_pretrained(work)
            model.tokenizer.save_pretrained(work)
        elif origin.method == "lora":
            inner.save_pretrained(work)
            (work / "README.md").unlink(missing_ok=True)  # its model card; the run has one of its own
        else:
            from safetensors.torch import save_file

            save_file(
                {name: tensor.contiguous() for name, tensor in model.state_dict().items()}, work / "all.safetensors"
            )


def load_adapted(folder: Path, settings: Settings, device: str = "cpu") -> Any:
    """Load the SentenceTransformer of an adaptation, low-rank matrices merged into its weights.

    Raises:
        StaleArtifact: it is absent or damaged.
        EncoderError: its base is not here, or another one by now.
    """
    origin, weights = _origin(folder)
    if origin.base == SCRATCH:
        return transformer.load_model(folder, device)
    if weights != base_digest(origin.base, settings) and weights != _digest_before(origin.base, settings):
        raise EncoderError(
            phrase("The files of “{base}” have changed since the model was adapted.", base=origin.base),
            phrase("Adapt the catalog again, or restore the base model."),
        )
    model = load_base(origin, settings, device)
    if origin.method == "lora":
        with optional_packages():
            from peft import PeftModel

        model[0].model = PeftModel.from_pretrained(model[0].model, str(folder)).merge_and_unload()
    else:
        from safetensors.torch import load_file

        model.load_state_dict(load_file(folder / "all.safetensors"))
    return model.to(device).eval()


def open_adapted(name: str, settings: Settings) -> Encoder:
    """Open the encoder of a run, by its whole name.

    Raises:
        QueryError: there is no such run, or it has no model.
        EncoderError: as ``load_adapted``.
    """
    folder = adapted_folder(settings.home, name.removeprefix(ADAPTED_PREFIX))
    try:
        saved = load_artifact(folder, {"version": ADAPTED_VERSION})
    except StaleArtifact as error:
        raise QueryError(
            phrase("The encoder “{name}” is missing or damaged: {what}", name=name, what=error.what),
            phrase("Adapt the catalog again, or build it with another encoder."),
        ) from error
    digest = _whole_digest(folder)
    if QUANTISED in saved:
        return open_quantised(name, folder, digest)
    return transformer.open_model(name, digest, "adapted", partial(load_adapted, folder, settings), settings)


def forget_conversions(settings: Settings, run: str) -> None:
    """Delete what was converted of a run's models for OpenVINO; it is made again when one of them is opened."""
    for folder in (settings.home / "adapted" / run).iterdir():
        if (folder / MANIFEST).is_file():
            with suppress(ValueError, LookupError):  # of a damaged one it cannot be told which it was
                transformer.forget_conversion(settings, _whole_digest(folder), "adapted")


def _whole_digest(folder: Path) -> str:
    """Return a digest that changes with a model and with its base."""
    weights = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["params"].get("weights")
    digests = RememberedDigests(folder, folder / DIGESTS)
    return fingerprint(weights, [digests.of(path) for path in sorted(folder.iterdir()) if path.name != DIGESTS])


def _origin(folder: Path) -> tuple[Origin, str]:
    """Return what an adapted model is made of, and the digest of its base."""
    saved: Mapping[str, Any] = load_artifact(folder, {"version": ADAPTED_VERSION})
    return Origin(saved["base"], saved["method"], tuple(saved["layers"])), saved["weights"]


def base_digest(base: str, settings: Settings) -> str:
    """Return a digest that changes with the files of a base; "" for none."""
    if base == SCRATCH:
        return ""
    if base.startswith(ADAPTED_PREFIX):
        manifest = adapted_folder(settings.home, base.removeprefix(ADAPTED_PREFIX)) / MANIFEST
        if not manifest.is_file():
            raise EncoderError(
                phrase("The encoder “{base}”, which this one is based on, is missing.", base=base),
                phrase("Adapt the catalog again."),
            )
        return file_digest(manifest)
    return transformer.model_digest(base_folder(base, settings), settings)


def _digest_before(base: str, settings: Settings) -> str:
    """Return the digest that adaptations of before 0.3.0 name their base by: of its weights alone."""
    named = base == SCRATCH or base.startswith(ADAPTED_PREFIX)
    return "" if named else transformer.weights_digest(base_folder(base, settings))
