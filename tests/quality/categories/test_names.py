"""Names of categories."""

import pytest

from prodsim.quality.categories.names import name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("T-Shirts", "Tshirts"),
        ("T恤", "T恤类"),
        ("Hats & Caps", "hat and cap"),
        ("香水类", "香水"),
        ("Berries", "berry"),
    ],
)
def test_names_that_differ_in_spelling_only_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("面霜", "面膜"), ("Mugs", "Rugs"), ("Glass", "Gla"), ("Men", "Women")])
def test_names_of_different_things_have_different_keys(one, other):
    assert name_key(one) != name_key(other)
