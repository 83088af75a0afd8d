import numpy as np

from prodsim.look import common_colours
from prodsim.look.sketch import colours
from tests.pictures.drawn import draw


def colours_of(shape, colour):
    return colours(np.asarray(draw(shape, colour)))


def test_colours_in_common_are_named_and_white_is_not():
    assert common_colours(colours_of("disc", "red"), colours_of("bars", "red")) == ("red",)
    assert common_colours(colours_of("disc", "red"), colours_of("disc", "blue")) == ()
