"""Encoders and the re-ranker, each opened once and shared while it is used."""

import threading
from pathlib import Path

from prodsim.encoders import (
    Encoder,
    PictureEncoder,
    Reranker,
    open_encoder,
    open_picture_encoder,
    open_reranker,
)
from prodsim.encoders.adapted import adapted_version
from prodsim.encoders.probe import under_its_vectors
from prodsim.settings import Settings
from prodsim.workspace.layout import Layout


class EncoderPool:
    """Opens models at their first use, and keeps as many as catalogs stay open. One object may serve many threads.

    Args:
        settings: where models lie, on which device they run, and whether a download is allowed.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._encoders: dict[tuple[str, Path | None, int], Encoder] = {}
        self._picture_encoders: dict[str, PictureEncoder] = {}
        self._reranker: Reranker | None = None
        self._lock = threading.Lock()

    def open(self, name: str, fitted: Path | None = None) -> Encoder:
        """Return the encoder of that name; it is opened again where an adapted one was trained again.

        Args:
            name: see ``prodsim.encoders``.
            fitted: folder of what the encoder learned from a catalog's texts, if it is of that kind.

        Raises:
            EncoderError: it cannot be opened.
            StaleArtifact: ``fitted`` is damaged or not there.
        """
        with self._lock:
            key = (name, fitted, adapted_version(name, self._settings.home))
            encoder = self._encoders.pop(key, None) or self._opened(name, fitted)
            self._encoders[key] = encoder  # the last one is the one used last
            while len(self._encoders) > self._settings.open_catalogs:
                del self._encoders[next(iter(self._encoders))]
            return encoder

    def _opened(self, name: str, fitted: Path | None) -> Encoder:
        encoder = open_encoder(name, self._settings, fitted)
        return under_its_vectors(encoder, Layout(self._settings.home).vectors)

    def open_pictures(self, name: str) -> PictureEncoder:
        """Return the picture encoder of that name; raises as ``open_picture_encoder``."""
        with self._lock:
            if name not in self._picture_encoders:
                self._picture_encoders[name] = open_picture_encoder(name, self._settings)
            return self._picture_encoders[name]

    def reranker(self) -> Reranker:
        """Return the cross-encoder that the settings name; raises ``EncoderError`` where it cannot be opened."""
        with self._lock:
            if self._reranker is None:
                self._reranker = open_reranker(self._settings.reranker, self._settings)
            return self._reranker
