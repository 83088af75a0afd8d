"""A world in which pictures say what their products are: the first numbers of a look are those of the text, turned."""

import numpy as np
import pytest

from prodsim.artifacts import write_artifact
from prodsim.index import ExactIndex, GroupedIndex, unique_vectors
from prodsim.look import Depictions, LookIndex
from prodsim.look.sketch import N_COLOURS, N_LAYOUT

N = 120


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def world(says):
    """Products with a picture each but the last, whose looks say how much of the text; the index of their texts."""
    rng = np.random.default_rng(0)
    texts = unit(rng.normal(size=(N, 8)).astype(np.float32))
    turned = texts @ np.linalg.qr(rng.normal(size=(8, 8)))[0].astype(np.float32)
    noise = unit(rng.normal(size=(N, 8)).astype(np.float32))
    vectors = unit(says * turned + (1 - says) * noise)
    stored = np.hstack([vectors, np.ones((N, N_COLOURS + N_LAYOUT), np.float32)])
    pictures = [[row] for row in range(N - 1)] + [[]]
    look = LookIndex.of("x", "f", stored, pictures, [*range(N - 1), -1])
    unique, group_of = unique_vectors(texts)
    return look, GroupedIndex(ExactIndex(unique), group_of)


@pytest.fixture(scope="module")
def telling():
    look, index = world(says=0.9)
    return Depictions.learn(look, index), index


def test_texts_are_foretold_from_pictures_that_taught_nothing(telling):
    depictions, index = telling

    assert depictions.reliability > 0.8
    fits = depictions.fits(0, np.arange(N - 1), index)
    assert fits.argmax() == 0
    assert not np.any(depictions.foretold[N - 1])


def test_fits_are_the_same_both_ways(telling):
    depictions, index = telling

    assert depictions.fits(3, np.array([7]), index) == pytest.approx(depictions.fits(7, np.array([3]), index))


def test_pictures_that_say_nothing_of_the_texts_hardly_count():
    look, index = world(says=0.0)
    depictions = Depictions.learn(look, index)

    assert depictions is None or depictions.reliability < 0.2


def test_too_few_pictures_teach_nothing(telling):
    few = LookIndex.of("x", "f", np.eye(9, 9 + N_COLOURS + N_LAYOUT, dtype=np.float32), [[0]] * N, [0] * N)

    assert Depictions.learn(few, telling[1]) is None


def test_what_was_learned_is_saved(telling, tmp_path):
    depictions, index = telling
    facts = dict[str, object]()
    with write_artifact(tmp_path / "d", facts) as work:
        facts.update(depictions.save(work))
    loaded = Depictions.load(tmp_path / "d", facts)

    every = np.arange(N)
    assert np.array_equal(loaded.fits(1, every, index), depictions.fits(1, every, index))
    assert loaded.reliability == depictions.reliability
