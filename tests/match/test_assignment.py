import itertools

import numpy as np

from prodsim.match import assignment
from prodsim.match.assignment import one_to_one


def worth(a, b, weights, places):
    assert len(set(a[places])) == len(set(b[places])) == len(places)
    return weights[places].sum()


def test_the_total_is_the_greatest_there_is_in_batches_of_any_size(monkeypatch):
    rng = np.random.default_rng(3)
    keys = np.sort(rng.choice(30, 14, replace=False))
    a, b, weights = keys // 6, keys % 6, rng.random(14)
    every = (np.array(c) for n in range(1, 6) for c in itertools.combinations(range(14), n))
    best = max(weights[c].sum() for c in every if len(set(a[c])) == len(set(b[c])) == len(c))

    for rows in (1, 1000):
        monkeypatch.setattr(assignment, "BATCH_ROWS", rows)
        assert np.isclose(worth(a, b, weights, one_to_one(a, b, weights)), best)


def test_two_good_pairs_go_before_the_best_one():
    a, b = np.array([0, 0, 1]), np.array([0, 1, 0])

    assert one_to_one(a, b, np.array([0.9, 0.8, 0.7])).tolist() == [1, 2]


def test_no_pairs_give_no_matches():
    none = np.empty(0, np.int64)

    assert len(one_to_one(none, none, np.empty(0))) == 0
