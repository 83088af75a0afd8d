"""Paths of categories, such as *Kitchen > Mugs*."""

import pandas as pd

from prodsim.catalog.category_paths import is_within, levels_of, parent_of

MIN_JUDGED_CATEGORY = 4
"""Products that a category needs for others to be judged by it; a smaller one counts as its parent."""


def judged_paths(paths: "pd.Series[str]") -> "pd.Series[str]":
    """Return each product's category, or the nearest one above it that is large enough; ``""`` where none is."""
    while True:
        sizes = paths.value_counts()
        small = sizes.index[(sizes < MIN_JUDGED_CATEGORY) & (sizes.index != "")]
        if not len(small):
            return paths
        above = {path: parent_of(path) for path in small}
        paths = paths.replace(above)


def path_agreement(a: str, b: str) -> float:
    """Return the levels in common over the mean depth of two category paths, 0 to 1 (Wu and Palmer 1994)."""
    first, second = levels_of(a), levels_of(b)
    common = next(
        (i for i, (x, y) in enumerate(zip(first, second, strict=False)) if x != y), min(len(first), len(second))
    )
    return 2 * common / (len(first) + len(second))


def is_on_path(a: str, b: str) -> bool:
    """Return whether one of two paths is the other, or lies above it."""
    return is_within(a, b) or is_within(b, a)
