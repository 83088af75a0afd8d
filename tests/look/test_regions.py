import numpy as np

from prodsim.encoders.colour_grid import ColourGridEncoder
from prodsim.look import LookIndex, region_amounts, sketched_vectors
from prodsim.look.regions import CELLS
from tests.pictures.drawn import draw


def test_the_region_that_two_pictures_share_makes_them_alike():
    encoder = ColourGridEncoder()
    other = np.full((96, 96, 3), 255, np.uint8)
    other[8:40, 8:40] = (200, 30, 30)
    picture = other.copy()
    picture[60:90, 60:90] = (30, 30, 200)
    stored = sketched_vectors([np.asarray(draw("bars", "green", (96, 96))), other], encoder)
    index = LookIndex.of("", "", stored, [[0], [1]], [0, 1])

    amounts = region_amounts(
        picture, index.looks_of(1)[0], lambda pictures: index.centre.looks(sketched_vectors(pictures, encoder))
    )

    assert amounts.shape == (CELLS, CELLS)
    assert np.unravel_index(amounts.argmax(), amounts.shape)[0] <= 2
    assert amounts[:3, :3].mean() > 0 > amounts[4:, 4:].mean()
