"""Pictures with the regions coloured that make them look like another."""

import base64
import io

import numpy as np
from numpy.typing import NDArray

from prodsim.pictures.decoding import flattened, open_picture

SIDE = 360
"""Pixels of the longer side."""
MOST_COLOUR = 0.85
"""Share of colour over the region that adds most; the picture beneath is grey, so that colour says only this."""
STOPS = np.array([[250, 204, 21], [234, 88, 12], [190, 24, 93]], np.float32)
"""From a region that adds half as much as the strongest, over three quarters, to the strongest."""


def heat_map(data: bytes, regions: NDArray[np.floating], most: float) -> str:
    """Return a picture in grey with its regions coloured by what they add, as a ``data:`` address.

    Args:
        data: bytes of the picture's file.
        regions: what each region adds, the top row first, shape (rows, columns); what takes away stays grey.
        most: what the strongest region adds, of all pictures that are shown together; 0 colours nothing.

    Raises:
        PictureError: the file cannot be read.
    """
    from PIL import Image

    with open_picture(data) as image:
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        picture = flattened(image)
    picture.thumbnail((SIDE, SIDE))
    grey = np.asarray(picture.convert("L").convert("RGB"), np.float32)
    amounts = np.clip(regions / most if most > 0 else np.zeros_like(regions), 0, 1).astype(np.float32)
    smooth = np.asarray(Image.fromarray(amounts).resize(picture.size, Image.Resampling.BICUBIC))
    heat = np.clip(smooth, 0, 1)[..., None]
    mixed = grey + (_colours(heat[..., 0]) - grey) * heat * MOST_COLOUR
    stream = io.BytesIO()
    Image.fromarray(mixed.round().astype(np.uint8)).save(stream, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"


def _colours(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the colour of each amount in [0, 1], shape (height, width, 3)."""
    places = np.linspace(0.5, 1, len(STOPS))
    return np.stack([np.interp(heat, places, channel) for channel in STOPS.T], axis=-1).astype(np.float32)
