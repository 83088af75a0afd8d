"""Half floats widened quickly: an index holds float16 and computes in float32."""

import numpy as np
from numpy.typing import NDArray

from prodsim.index.protocol import Vectors

SIGN_AND_VALUE = np.uint32(0x8FFFE000).view(np.int32)
"""The bits of a float32 that a float16, moved to its place, fills."""
EXPONENTS_APART = np.float32(2.0**112)
"""A float32 counts its exponent from -127, a float16 from -15."""


def as_float32(vectors: NDArray[np.floating]) -> Vectors:
    """Return finite numbers as float32, exactly; a new array where they are float16, else as ``numpy.asarray``.

    numpy widens one number at a time; whole vectors of integers take a third of the time or less.
    """
    if vectors.dtype != np.float16:
        return np.asarray(vectors, np.float32)
    bits = np.ascontiguousarray(vectors).view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= SIGN_AND_VALUE
    wide: Vectors = bits.view(np.float32)
    wide *= EXPONENTS_APART
    return wide
