"""How long a build takes and what it leaves on disk, before it is started."""

from dataclasses import dataclass

START_S = 30.0
"""Opening the encoder and compiling the map's code."""

TEXTS_PER_S = {"hashing": 20_000.0, "e5-multilingual": 250.0}
"""Texts encoded a second, where it is not ``OTHER_TEXTS_PER_S``."""

OTHER_TEXTS_PER_S = 500.0
"""minilm and lsa, measured on two cores of a laptop; a GPU is many times faster."""

MAPPED_PER_S = 500.0
"""Products indexed and mapped a second, measured there too."""

MB_PER_PRODUCT = 0.006
"""Measured with minilm: 48 MB of artefacts and 8 MB of vectors for 10,000 products."""


@dataclass(frozen=True, slots=True)
class BuildEstimate:
    """A rough guess for a laptop without a GPU."""

    seconds: float
    size_mb: float


def estimate_build(n_products: int, encoder: str) -> BuildEstimate:
    """Guess the time and the disk space of a first build; texts encoded before take no time again."""
    rate = TEXTS_PER_S.get(encoder, OTHER_TEXTS_PER_S)
    return BuildEstimate(START_S + n_products / rate + n_products / MAPPED_PER_S, 1 + n_products * MB_PER_PRODUCT)
