import numpy as np
from PIL import ImageOps

from prodsim.look import hashes
from prodsim.look.sketch import N_COLOURS, lab_of, sketch
from tests.pictures.drawn import draw


def bits(image, *, is_mirrored=False):
    return np.unpackbits(hashes(sketch(np.asarray(image))[None, N_COLOURS:], is_mirrored=is_mirrored))


def test_white_red_and_black_are_where_cielab_has_them():
    lab = lab_of(np.array([[[255, 255, 255], [255, 0, 0], [0, 0, 0]]], np.uint8))

    assert np.abs(lab[0] - [[100, 0, 0], [53.2, 80.1, 67.2], [0, 0, 0]]).max() < 0.5


def test_colours_tell_colours_apart_and_not_shapes():
    red, disc, blue = (
        sketch(np.asarray(draw(*what)))[:N_COLOURS] for what in (("square", "red"), ("disc", "red"), ("square", "blue"))
    )

    assert red @ disc > 0.95
    assert red @ blue < 0.9


def test_the_hash_stays_with_size_and_knows_the_mirrored_picture():
    picture = draw("disc", "red", (300, 200))

    assert (bits(picture) != bits(picture.resize((90, 60)))).sum() <= 4
    assert (bits(ImageOps.mirror(picture)) != bits(picture, is_mirrored=True)).sum() <= 4
    assert (bits(picture) != bits(draw("bars", "blue"))).sum() > 15
