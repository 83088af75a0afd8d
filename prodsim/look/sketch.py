"""What a few numbers say of a picture beside its vector: which colours it has, and how light and dark are laid out."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from prodsim.pictures import Pixels

LIGHTNESS_BINS, AXIS_BINS = 5, 7
N_COLOURS = LIGHTNESS_BINS * AXIS_BINS * AXIS_BINS
"""Bins of the histogram of colours, in CIELAB, where equal distances look equally large."""
MAX_LIGHTNESS, MAX_AXIS = 100.0, 70.0
"""Ends of the scales; colours further from grey are in the last bins."""
MIN_CHROMA = 30.0
"""Distance from grey from which a colour has a hue that people name; skin is nearer to grey."""
SIDE = 32
"""Pixels in height and width that colours and layout are read of."""
EDGE = 1 / 16
"""Share of the height and of the width that is a picture's edge, on each side."""
MIDDLE = 0.3
"""Standard deviation, in heights and widths, of how much less colours count away from the middle."""
FREQUENCIES = 8
N_HUES = 36
N_LAYOUT = FREQUENCIES * FREQUENCIES - 1
"""Numbers of a layout; that of the mean brightness is left out."""

Sketch = NDArray[np.float32]

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32)
_WHITE = np.array([0.9505, 1.0, 1.089], np.float32)


def sketch(pixels: Pixels) -> Sketch:
    """Return the colours and the layout of a picture of any size, shape (``N_COLOURS`` + ``N_LAYOUT``,)."""
    from PIL import Image

    small = np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX))
    return np.concatenate([colours(small), layout(small)])


def colours(pixels: Pixels) -> Sketch:
    """Return how much of a picture has each colour, as square roots (Hellinger): shape (245,), of length 1.

    Places count by how much they stand out: see ``prominence``.
    """
    lab = lab_of(pixels)
    weights = prominence(lab).ravel()
    lab = lab.reshape(-1, 3)
    lightness = _bins(lab[:, 0] / MAX_LIGHTNESS, LIGHTNESS_BINS)
    red, yellow = (_bins((lab[:, axis] / MAX_AXIS + 1) / 2, AXIS_BINS) for axis in (1, 2))
    amounts = np.bincount((lightness * AXIS_BINS + red) * AXIS_BINS + yellow, weights, minlength=N_COLOURS)
    return np.asarray(np.sqrt(amounts / weights.sum()), np.float32)


def prominence(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each place of a picture counts for its colours, shape (height, width), above 0.

    What is sold stands in the middle, and in another colour than what surrounds it: a place counts by its distance in
    CIELAB from the median of the picture's edge, and less the further it is from the middle.
    """
    apart = np.linalg.norm(lab - edge_colour(lab), axis=-1)
    height, width = lab.shape[:2]
    return np.asarray((1 + apart) * np.outer(_nearness_to_middle(height), _nearness_to_middle(width)), np.float32)


def lab_of(pixels: Pixels) -> NDArray[np.float32]:
    """Return sRGB pixels in CIELAB (D65), of the same shape: lightness, green to red, blue to yellow."""
    values = pixels.astype(np.float32) / 255
    linear = np.where(values > 0.04045, ((values + 0.055) / 1.055) ** 2.4, values / 12.92)
    xyz = linear @ _TO_XYZ.T / _WHITE
    x, y, z = np.moveaxis(np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def edge_colour(values: Pixels | NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the median of a picture's edge, shape (3,): what surrounds a thing that is sold."""
    height, width = values.shape[:2]
    rows, columns = max(int(EDGE * height), 1), max(int(EDGE * width), 1)
    sides = values[:rows], values[-rows:], values[:, :columns], values[:, -columns:]
    return np.asarray(np.median(np.concatenate([side.reshape(-1, 3) for side in sides]), axis=0), np.float64)


def layout(pixels: Pixels) -> Sketch:
    """Return the lowest frequencies of the brightness (DCT) of a picture of 32 x 32 pixels: shape (63,), of length 1.

    Their signs are a perceptual hash. Mirroring a picture changes the sign of every odd horizontal frequency.
    """
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    frequencies = (_waves() @ grey @ _waves().T).ravel()[1:]
    return np.asarray(frequencies / max(float(np.linalg.norm(frequencies)), 1e-9), np.float32)


def hue_shares(colours: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return how much of each picture has each hue, shape (n, ``N_HUES``): bin 0 is from 0 to 10 degrees in CIELAB.

    Greys, and colours near to them, have no hue: the shares of a picture add up to at most 1.

    Args:
        colours: of the pictures, as ``colours`` gives them, shape (n, ``N_COLOURS``).
    """
    return np.asarray(np.square(colours, dtype=np.float32) @ _hue_of_bins(), np.float32)


def hashes(layouts: NDArray[np.floating], *, is_mirrored: bool = False) -> NDArray[np.uint8]:
    """Return the perceptual hash of each layout, shape (n, 8): 63 bits, whether each frequency is above the median.

    Args:
        layouts: shape (n, 63).
        is_mirrored: of the mirrored pictures instead.
    """
    signed = np.asarray(layouts, np.float32) * (_mirror() if is_mirrored else 1)
    return np.packbits(signed > np.median(signed, axis=1, keepdims=True), axis=1)


def _bins(values: NDArray[np.floating], n: int) -> NDArray[np.int64]:
    """Return which of n equal bins of [0, 1] each value is in, the ends taking what is beyond."""
    return np.clip((values * n).astype(np.int64), 0, n - 1)


@cache
def _nearness_to_middle(n: int) -> NDArray[np.float32]:
    """Return 1 in the middle of n places and less towards both ends."""
    away = ((np.arange(n) + 0.5) / n - 0.5) / MIDDLE
    return np.exp(-(away**2) / 2).astype(np.float32)


@cache
def _hue_of_bins() -> NDArray[np.float32]:
    """Return a 1 where a bin of colours has a hue, shape (``N_COLOURS``, ``N_HUES``)."""
    steps = (np.arange(AXIS_BINS) + 0.5) / AXIS_BINS * 2 * MAX_AXIS - MAX_AXIS
    red, yellow = np.meshgrid(steps, steps, indexing="ij")
    hue = np.degrees(np.arctan2(yellow, red)) % 360 // (360 / N_HUES)
    matrix = np.zeros((AXIS_BINS, AXIS_BINS, N_HUES), np.float32)
    for hue_bin in range(N_HUES):
        matrix[:, :, hue_bin] = (hue == hue_bin) & (np.hypot(red, yellow) > MIN_CHROMA)
    return np.tile(matrix.reshape(-1, N_HUES), (LIGHTNESS_BINS, 1))


@cache
def _waves() -> NDArray[np.float32]:
    """Return the lowest cosine waves over 32 points (DCT-II), one per row."""
    places = (np.arange(SIDE) + 0.5) / SIDE
    return np.cos(np.pi * np.arange(FREQUENCIES)[:, None] * places).astype(np.float32)


@cache
def _mirror() -> NDArray[np.float32]:
    """Return the factor that mirroring changes each number of a layout by."""
    signs = np.tile((-1.0) ** np.arange(FREQUENCIES), FREQUENCIES)
    return signs[1:].astype(np.float32)
