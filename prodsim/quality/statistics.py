"""What is usual in a catalog, and how far from it a value is."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.quality.subject import Level

Numbers = NDArray[np.float64]

LEVEL_FACTOR: Mapping[Level, float] = {"strict": 1.5, "usual": 1.0, "loose": 0.7}
"""What a threshold in deviations is multiplied by."""
MAD_TO_SIGMA = 1.4826
"""Standard deviations of a normal distribution in its median absolute deviation (Rousseeuw and Croux 1993)."""
MIN_MEMBERS = 10
"""Products that a category, or a column, must have to show what is usual."""
MIN_SHARED = 100
"""From so many products, and ``MIN_SHARED_SHARE`` of the catalog, a fault is one of the catalog, reported once."""
MIN_SHARED_SHARE = 0.05


def deviations(values: Numbers, groups: "pd.Series[str]", min_members: int, min_sigma: float) -> Numbers:
    """Return how many robust standard deviations each value is above its group's median; below it is negative.

    Args:
        values: shape (n,); NaN where unknown.
        groups: a name per value; ``""`` belongs to none.
        min_members: values that a group must have to show what is usual.
        min_sigma: the smallest standard deviation that is believed, in the values' unit.

    Returns:
        Shape (n,), NaN where the value is unknown or its group too small.
    """
    known = pd.Series(values).where((groups != "").to_numpy())
    keys = groups.to_numpy()
    from_median = known - known.groupby(keys).transform("median")
    sigma = MAD_TO_SIGMA * from_median.abs().groupby(keys).transform("median")
    is_enough = known.groupby(keys).transform("count") >= min_members
    return np.asarray((from_median / sigma.clip(lower=min_sigma)).where(is_enough), np.float64)


def confidence(value: float, threshold: float) -> float:
    """Return how sure a finding is by how far its value is beyond the threshold: from 0.5 at it towards 1."""
    return 1.0 - 0.5 * (threshold / max(value, threshold)) ** 2


def surest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by their score, highest first; equal ones stay in order."""
    return sorted(findings, key=lambda finding: -finding.score)


def is_shared_by_many(n: int, catalog: Catalog) -> bool:
    """Return whether so many products have a fault that it is one of the catalog."""
    return n >= MIN_SHARED and n >= MIN_SHARED_SHARE * len(catalog)


def is_structured(text: str) -> bool:
    """Return whether a cell holds JSON or a link, which is not for people to read."""
    return text.lstrip().startswith(("[", "{", "http://", "https://"))
