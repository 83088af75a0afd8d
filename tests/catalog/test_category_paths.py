"""Paths of categories."""

import pytest

from prodsim.catalog.category_paths import depth_of, is_within, leaf_of, levels_of, parent_of, path_of, with_parents

MUGS = "Kitchen > Cups > Mugs"


def test_a_path_is_taken_apart_and_put_together():
    assert path_of(levels_of(MUGS)) == MUGS
    assert (parent_of(MUGS), leaf_of(MUGS), depth_of(MUGS)) == ("Kitchen > Cups", "Mugs", 2)
    assert (parent_of("Kitchen"), leaf_of("Kitchen"), depth_of("Kitchen")) == ("", "Kitchen", 0)
    assert with_parents(MUGS) == ["Kitchen", "Kitchen > Cups", MUGS]
    assert with_parents("") == []


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [(MUGS, MUGS, True), (MUGS, "Kitchen", True), ("Kitchen", MUGS, False), ("Kitchenware", "Kitchen", False)],
)
def test_below_a_category_is_whole_levels_below(path, other, expected):
    assert is_within(path, other) is expected
