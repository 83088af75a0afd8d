import base64
import io

import numpy as np
from PIL import Image

from prodsim.output.heat_maps import heat_map
from tests.pictures.drawn import draw, saved


def test_only_the_region_that_adds_something_is_coloured():
    regions = np.zeros((7, 7), np.float32)
    regions[:2, :2], regions[5:, 5:] = 0.2, -0.2

    address = heat_map(saved(draw("disc", "blue", (500, 300))), regions, 0.2)

    image = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
    pixels = np.asarray(image).astype(int)
    spread = np.ptp(pixels, axis=2)
    assert image.size == (360, 216)
    assert spread[:40, :60].min() > 60
    assert spread[120:, 200:].max() < 12
