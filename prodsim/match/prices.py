"""What matched products cost in the two catalogs."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.index import Rows

SAME_PRICE = 0.005
"""Relative difference up to which two prices count as the same: half of a hundredth."""


@dataclass(frozen=True, slots=True)
class PriceComparison:
    """The prices of matched products, a place for each match.

    Attributes:
        a, b: the prices, float64, shape (n,); NaN where unknown.
        is_comparable: whether both are known, above 0, and in one currency as far as the catalogs say.
        n_other_currency: matches with two prices in different currencies, which are not compared.
    """

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    is_comparable: NDArray[np.bool_]
    n_other_currency: int

    @classmethod
    def of(cls, a: Catalog, b: Catalog, rows_a: Rows, rows_b: Rows) -> Self:
        """Look up the prices of ``rows_a[i]`` and ``rows_b[i]``."""
        own, theirs = a.products.iloc[rows_a], b.products.iloc[rows_b]
        prices_a, prices_b = own["price"].to_numpy(np.float64), theirs["price"].to_numpy(np.float64)
        currency_a, currency_b = own["currency"].to_numpy(), theirs["currency"].to_numpy()
        is_known = (prices_a > 0) & (prices_b > 0)
        is_other = (currency_a != currency_b) & (currency_a != "") & (currency_b != "")
        comparable = np.asarray(is_known & ~is_other, np.bool_)
        return cls(prices_a, prices_b, comparable, int((is_known & is_other).sum()))

    @property
    def differences(self) -> NDArray[np.float64]:
        """Return how much dearer A is than B, relative to B: 0.1 for a tenth; NaN where not comparable."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.is_comparable, self.a / self.b - 1, np.nan)

    def index(self, which: NDArray[np.bool_]) -> "PriceIndex":
        """Sum up the prices of some matches."""
        differences = self.differences[which & self.is_comparable]
        if not len(differences):
            return PriceIndex(0, 0, 0, None)
        n_dearer, n_cheaper = int((differences > SAME_PRICE).sum()), int((differences < -SAME_PRICE).sum())
        return PriceIndex(len(differences), n_dearer, n_cheaper, float(np.median(differences)))


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """How A's prices stand to B's.

    Attributes:
        n: matches whose prices are compared.
        n_dearer, n_cheaper: of them, on how many A is dearer or cheaper by more than ``SAME_PRICE``.
        median_difference: of A to B, relative to B; ``None`` where nothing is compared.
    """

    n: int
    n_dearer: int
    n_cheaper: int
    median_difference: float | None

    @property
    def n_same(self) -> int:
        """Return on how many both cost the same."""
        return self.n - self.n_dearer - self.n_cheaper
