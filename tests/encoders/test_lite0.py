import numpy as np

from prodsim.encoders import open_picture_encoder
from prodsim.settings import Settings
from tests.pictures.drawn import draw


def test_the_network_tells_shapes_apart_whatever_the_batch(tmp_path_factory):
    encoder = open_picture_encoder("lite0", Settings(tmp_path_factory.mktemp("home")))
    shapes = [
        np.asarray(draw(shape, colour, (224, 224)))
        for shape in ("disc", "bars")
        for colour in ("red", "navy", "green", "orange", "black")
    ]

    vectors = encoder.encode(shapes)
    alone = encoder.encode(shapes[7:8])

    assert vectors.shape == (10, 1280)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[7] @ alone[0] > 0.999
    closeness = vectors @ vectors.T
    assert closeness[:5, :5].mean() > closeness[:5, 5:].mean()
    assert encoder.encode([]).shape == (0, 1280)
