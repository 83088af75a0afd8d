"""Vectors of a field that some products lack."""

import numpy as np
import pytest

from prodsim.index import ExactIndex, FieldVectors, unique_vectors
from tests.worlds import fan


@pytest.fixture
def field():
    vectors, group_of = unique_vectors(np.vstack([fan(4), fan(4)[:1]]))
    return FieldVectors.of([0, 2, 3, 5, 6], 7, vectors, group_of)


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_products_are_scored_as_an_index_scores_them(field, metric):
    expected = ExactIndex(fan(4).astype(np.float16), metric).scores(fan(4)[:1].astype(np.float16), np.arange(4))[0]

    found = field.product_scores(0, np.array([0, 2, 3, 5]), metric)

    assert found == pytest.approx(expected)
    assert (np.diff(found) < 0).all()
    assert field.product_scores(0, np.array([6]), metric) == pytest.approx(expected[:1])


@pytest.mark.parametrize("metric", ["cosine", "ip", "l2"])
def test_a_product_without_the_field_counts_neither_way(field, metric):
    assert field.product_scores(1, np.arange(7), metric).tolist() == [0.0] * 7
    assert field.scores(fan(1), np.array([4, 1]), metric).tolist() == [0.0, 0.0]


def test_saved_and_loaded_alike(field, tmp_path):
    field.save(tmp_path)

    loaded = FieldVectors.load(tmp_path)

    assert (
        loaded.product_scores(2, np.arange(7), "cosine").tolist()
        == field.product_scores(2, np.arange(7), "cosine").tolist()
    )
