"""Groups of pairs."""

import numpy as np

from prodsim.quality.duplicates.groups import group_pairs
from prodsim.quality.duplicates.pairs import ProductPairs


def test_groups_do_not_chain():
    pairs = ProductPairs.of(np.array([0, 1, 2]), np.array([1, 2, 3]), 4)

    assert group_pairs(pairs, np.array([0.9, 0.8, 0.9])) == [[0, 1], [2, 3]]


def test_members_stay_with_their_medoid():
    pairs = ProductPairs.of(np.array([0, 0, 1]), np.array([1, 2, 2]), 3)

    assert group_pairs(pairs, np.array([0.9, 0.8, 0.7])) == [[0, 1, 2]]
