"""Half floats widened."""

import numpy as np

from prodsim.index.float16 import as_float32


def test_every_finite_half_float_is_widened_exactly():
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)].reshape(-1, 2)

    wide = as_float32(finite)

    assert wide.dtype == np.float32
    assert np.array_equal(wide.view(np.uint32), finite.astype(np.float32).view(np.uint32))  # -0.0 is not 0.0


def test_other_numbers_and_other_strides_are_widened_too():
    vectors = np.linspace(-1, 1, 24).reshape(4, 6)

    assert np.array_equal(as_float32(vectors), vectors.astype(np.float32))
    halves = vectors.astype(np.float16)[::2, ::3]
    assert np.array_equal(as_float32(halves), halves.astype(np.float32))
