"""Which regions make one picture look like another, by covering them."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from prodsim.encoders.protocol import Vectors
from prodsim.look.sketch import edge_colour
from prodsim.pictures import Pixels

CELLS = 7
"""Regions in each direction; lite0's last features have as many."""
COVERED = 2
"""Cells in each direction that are covered at a time: a single one hides little of what is next to it."""

See = Callable[[Iterable[Pixels]], Vectors]
"""Gives the looks of pictures, shape (n, dim), each of length 1."""


def region_amounts(pixels: Pixels, other: Vectors, see: See) -> NDArray[np.float32]:
    """Return what each region of a picture adds to how alike it and another look (occlusion, Zeiler and Fergus 2014).

    A window is put over each part of the picture, in the colour of its edge, and the picture is encoded anew. A region
    has the mean of what is lost under the windows that cover it.

    Args:
        pixels: of the picture, shape (side, side, 3).
        other: look of the other picture, shape (dim,).
        see: of the catalog that the other picture is from.

    Returns:
        Shape (``CELLS``, ``CELLS``), the top row first; below 0 where the pictures are more alike without the region.
    """
    corners = [(row, column) for row in range(CELLS - COVERED + 1) for column in range(CELLS - COVERED + 1)]
    closeness = see([pixels, *(_covered(pixels, *corner) for corner in corners)]) @ other
    lost = np.zeros((CELLS, CELLS), np.float32)
    windows = np.zeros((CELLS, CELLS), np.float32)
    for (row, column), left in zip(corners, closeness[1:].tolist(), strict=True):
        window = slice(row, row + COVERED), slice(column, column + COVERED)
        lost[window] += closeness[0] - left
        windows[window] += 1
    return lost / windows


def _covered(pixels: Pixels, row: int, column: int) -> Pixels:
    """Return a copy with the window from this cell on in the colour of the picture's edge."""
    ends = np.linspace(0, len(pixels), CELLS + 1).round().astype(int)
    copy = pixels.copy()
    copy[ends[row] : ends[row + COVERED], ends[column] : ends[column + COVERED]] = edge_colour(pixels)
    return copy
