import numpy as np
import pytest

from prodsim.look import ExpectedLook


def test_the_look_expected_follows_the_line_from_the_mean_on():
    meaning = np.array([0.0, 0.2, 0.4, 0.6, 0.9])
    expected = ExpectedLook.of(meaning, np.array([0.1, 0.2, 0.3, 0.4, np.nan]))

    assert expected.mean == pytest.approx(0.25)
    assert expected.by_meaning(np.array([-0.5, 0.6, 0.8, 3.0])).tolist() == pytest.approx([0.25, 0.4, 0.5, 1.0])


def test_without_pictures_nothing_is_expected():
    assert ExpectedLook.of(np.array([0.5]), np.array([np.nan])) == ExpectedLook()
