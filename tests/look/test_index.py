import numpy as np
import pytest

from prodsim.artifacts import write_artifact
from prodsim.encoders.colour_grid import ColourGridEncoder
from prodsim.look import LookIndex, sketched_vectors
from prodsim.look.index import COLOUR_SHARE
from tests.pictures.drawn import draw

SHAPES = [("disc", "red"), ("disc", "crimson"), ("square", "blue"), ("bars", "green"), ("square", "navy")]


@pytest.fixture(scope="module")
def stored():
    pixels = (np.asarray(draw(*shape, (64, 64))) for shape in SHAPES)
    return sketched_vectors(pixels, ColourGridEncoder())


@pytest.fixture(scope="module")
def index(stored):
    """Products with one picture, two pictures and none."""
    return LookIndex.of("colour-grid", "f", stored, [[0], [1], [2, 3], [], [4]], [0, 1, 2, -1, 4])


def test_alike_pictures_make_products_alike(index):
    scores = index.product_scores(0, np.arange(5))

    assert scores[0] == pytest.approx(1, abs=1e-3)
    assert scores[1] > max(scores[2], scores[4]) + 0.2
    assert np.isnan(scores[3])
    assert np.isnan(index.product_scores(3, np.arange(5))).all()


def test_several_pictures_count_by_the_best_and_the_mean(index):
    looks = np.asarray(index.looks, np.float32)
    pairs = looks[[4]] @ looks[[2, 3]].T

    assert index.product_scores(4, np.array([2]))[0] == pytest.approx((pairs.max() + pairs.mean()) / 2, abs=1e-3)
    assert index.closest_pictures(looks[[4]], 2) == (0, 0)
    assert np.isnan(index.scores(looks[:0], np.array([2]))).all()


def test_scores_are_the_same_both_ways(index):
    every = np.arange(5)
    matrix = np.array([index.product_scores(row, every) for row in every])

    assert np.allclose(matrix, matrix.T, atol=1e-3, equal_nan=True)


def test_a_search_gives_products_of_near_pictures(index, stored):
    looks = index.centre.looks(stored[[3]])

    assert index.search(looks, 1, np.arange(5)).tolist() == [2]
    assert index.search(looks, 5, np.array([0, 4])).tolist() == [0, 4]


def test_a_picture_that_many_products_share_brings_no_more_than_were_asked_for(stored):
    index = LookIndex.of("colour-grid", "f", stored, [[0]] * 30 + [[1]] * 30 + [[4]], [0] * 30 + [1] * 30 + [4])
    looks = index.looks_of(2)

    assert index.search(looks, 10).tolist() == [*range(10)]
    assert index.search(looks, 10, np.arange(25, 61)).tolist() == [*range(25, 35)]
    assert 60 in index.search(index.looks_of(60), 3)


def test_a_saved_index_is_the_same(index, tmp_path):
    params = dict[str, object]()
    with write_artifact(tmp_path / "look", params) as work:
        params.update(index.save(work))
    loaded = LookIndex.load(tmp_path / "look", params)

    assert np.array_equal(loaded.product_scores(0, np.arange(5)), index.product_scores(0, np.arange(5)), equal_nan=True)
    assert loaded.has_pictures.tolist() == [True, True, True, False, True]


def test_how_alike_two_look_is_told_by_shapes_and_by_colours(index):
    shapes, colours = index.shares(index.looks_of(0), 1)

    assert (1 - COLOUR_SHARE) * shapes + COLOUR_SHARE * colours == pytest.approx(
        index.product_scores(0, np.array([1]))[0], abs=1e-3
    )
