"""Colours by place, without a model: the last resort among picture encoders, and the tests' one."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint
from prodsim.encoders.picture_protocol import PictureEncoderSpec
from prodsim.encoders.protocol import Vectors, unit_vectors
from prodsim.phrases import Text

CELLS = 8
"""Cells in each direction."""
COLOUR_GRID = PictureEncoderSpec(
    name="colour-grid",
    summary=Text("The mean colours of 64 parts of a picture; needs no model and knows no shapes."),
    dim=CELLS * CELLS * 3,
    size_mb=0,
    licence="Apache-2.0",
)


class ColourGridEncoder:
    """Gives the mean colour of each cell of a grid, as a difference from middle grey."""

    name = COLOUR_GRID.name
    dim = COLOUR_GRID.dim
    side = 8 * CELLS
    fingerprint = fingerprint("colour grid", CELLS)

    def encode(self, pictures: Iterable[NDArray[np.uint8]]) -> Vectors:
        """Encode pictures, in order; see ``PictureEncoder.encode``."""
        vectors = np.array([_grid(picture) for picture in pictures], np.float32).reshape(-1, self.dim)
        return unit_vectors(vectors)


def _grid(picture: NDArray[np.uint8]) -> Vectors:
    side = len(picture) // CELLS
    cells = picture.reshape(CELLS, side, CELLS, side, 3).mean(axis=(1, 3), dtype=np.float32)
    return np.asarray(cells.ravel() - 127.5, np.float32)
