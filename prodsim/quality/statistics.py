"""What is usual in a catalog, and how far from it something is."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.quality.subject import Level

Numbers = NDArray[np.float64]

FACTOR: Mapping[Level, float] = {"strict": 1.5, "usual": 1.0, "loose": 0.7}
"""What a threshold in deviations is multiplied by."""
SIGMA = 1.4826
"""Standard deviations of a normal distribution in its median absolute deviation (Rousseeuw and Croux 1993)."""
MEMBERS = 10
"""Products that a category, or a column, must have to tell what is usual."""
EVERYTHING = "the catalog"
"""What products without a category belong to."""
MANY = 100
"""From so many products on, and from ``MANY_SHARE`` of the catalog, a fault is one of the catalog, told once."""
MANY_SHARE = 0.05


def deviations(values: Numbers, groups: "pd.Series[str]", least: int, floor: float) -> Numbers:
    """How many robust standard deviations each value is above its group's median; below it is negative.

    Args:
        values: shape (n,); NaN where unknown.
        groups: a name per value; ``""`` belongs to none.
        least: values that a group must have to tell what is usual.
        floor: the smallest standard deviation that is believed, in the values' unit.

    Returns:
        Shape (n,), NaN where the value is unknown or its group too small.
    """
    known = pd.Series(values).where((groups != "").to_numpy())
    keys = groups.to_numpy()
    apart = known - known.groupby(keys).transform("median")
    spread = SIGMA * apart.abs().groupby(keys).transform("median")
    enough = known.groupby(keys).transform("count") >= least
    return np.asarray((apart / spread.clip(lower=floor)).where(enough), np.float64)


def sureness(value: float, threshold: float) -> float:
    """How sure a finding is by how far its value is beyond the threshold: from 0.5 at it towards 1."""
    return 1.0 - 0.5 * (threshold / max(value, threshold)) ** 2


def surest_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by their score, highest first; equal ones stay in order."""
    return sorted(findings, key=lambda finding: -finding.score)


def is_shared_by_many(n: int, catalog: Catalog) -> bool:
    """Whether so many products have a fault that it is one of the catalog."""
    return n >= MANY and n >= MANY_SHARE * len(catalog)


def is_structured(text: str) -> bool:
    """Whether a cell holds JSON or a link, which is not for people to read."""
    return text.lstrip().startswith(("[", "{", "http://", "https://"))


def cell(products: pd.DataFrame, row: int, column: str) -> str:
    """The text of a product's field or attribute."""
    return str(products[column].iat[row])


def quoted(text: str, most: int = 60) -> str:
    """A text in quotes, cut for a sentence."""
    return f'"{text}"' if len(text) <= most else f'"{text[: most - 1].rstrip()}…"'


def amount(number: float) -> str:
    """An amount of money for a sentence: *12.50*, *1,595*."""
    return f"{number:,.0f}" if number >= 1_000 else f"{number:,.2f}"


def counted(n: int) -> str:
    """A number of products for a sentence."""
    return f"{n:,} product{'' if n == 1 else 's'}"
