"""Paths of categories."""

import pandas as pd

from prodsim.quality.categories.paths import is_on_path, judged_paths, path_agreement


def test_small_categories_count_as_their_parent():
    paths = pd.Series(["A > B > C"] * 2 + ["A > B > D"] * 3 + ["E > F"] * 5 + ["G"] + [""])

    assert judged_paths(paths).tolist() == ["A > B"] * 5 + ["E > F"] * 5 + ["", ""]


def test_paths_agree_as_far_as_their_levels_do():
    assert path_agreement("Shoes > Running", "Shoes > Trail") == 0.5
    assert path_agreement("鞋", "鞋") == 1.0
    assert is_on_path("Shoes", "Shoes > Trail")
    assert not is_on_path("Shoes", "Shoes and bags")
