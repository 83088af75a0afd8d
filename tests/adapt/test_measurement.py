"""The verdict, and questions with known answers."""

import numpy as np
import pytest

from prodsim.adapt import Measured, ProbeComparison
from prodsim.adapt.measurement import quick_quality


def compared(setting, low, high, probe="labels", n=100):
    return [
        ProbeComparison(probe, setting, metric, 0.5, 0.5 + (low + high) / 2, low, high, n)
        for metric in ("recall@1", "ndcg@10")
    ]


def measured(*several):
    return Measured(tuple(one for group in several for one in group), {}, (), 80)


def test_a_sure_gain_without_harm_helped():
    found = measured(compared("meaning", 0.02, 0.2), compared("same product", -0.01, 0.01))

    assert found.is_better
    assert found.verdict.startswith(
        "The training helped. With meaning alone, the right product comes first for 50.0 % before and 61.0 % after (+11.0"
    )


@pytest.mark.parametrize(
    ("several", "told"),
    [
        ([compared("meaning", -0.02, 0.2), compared("same product", 0, 0)], "no clear difference"),
        ([compared("meaning", 0.02, 0.2), compared("same product", -0.1, -0.01)], "did harm"),
        ([compared("meaning", 0.02, 0.2, n=10), compared("same product", 0, 0, n=10)], "too few questions"),
    ],
)
def test_everything_else_does_not_offer_itself(several, told):
    found = measured(*several)

    assert not found.is_better
    assert told in found.verdict


def test_labels_decide_where_there_are_enough():
    few = measured(
        compared("meaning", 0.1, 0.2, "labels", 5),
        compared("meaning", -0.2, -0.1, "twins"),
        compared("same product", 0, 0),
    )

    assert few.of("meaning", "recall@1").probe == "twins"
    assert not few.is_better


def test_the_quick_quality_is_the_mean_reciprocal_rank():
    vectors = np.eye(4, dtype=np.float32)
    asked = np.array([[0.9, 0.5, 0, 0], [0.9, 0.5, 0, 0]], np.float32)

    assert quick_quality(vectors, asked, [[0], [1]], [-1, -1]) == pytest.approx(0.75)
    assert quick_quality(vectors, asked[:1], [[1]], [0]) == 1
