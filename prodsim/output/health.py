"""How healthy a catalog is: the products that something is wrong with, and the categories that fare worst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.records import WAITING, State

MAX_HINT = 0.1
"""Severity up to which a finding is a hint rather than a fault."""
MIN_RANKED_CATEGORY = 5
"""Products that a category must have to be called one of the worst."""

Which = NDArray[np.bool_]
"""For each finding whether it counts."""


def concerned(finding: Finding) -> list[str]:
    """Return the SKUs that something is wrong with; those that a finding names only to prove it are left out."""
    neighbours = set(named_neighbours(finding))
    return [sku for sku in finding.skus if sku not in neighbours] or list(finding.skus)


def named_neighbours(finding: Finding) -> list[str]:
    """Return the SKUs of the neighbours that prove a finding, nearest first."""
    neighbours = finding.evidence.get("neighbours", ())
    return [neighbour["sku"] if isinstance(neighbour, Mapping) else neighbour for neighbour in neighbours]


def waiting(states: Sequence[State]) -> Which:
    """Return which findings somebody should decide about."""
    return np.fromiter((state in WAITING for state in states), bool, len(states))


@dataclass(frozen=True)
class Health:
    """What findings say about the products of a catalog; a mask picks those that count, such as the open ones.

    Attributes:
        catalog: the products.
        findings: of the checks.
    """

    catalog: Catalog
    findings: Sequence[Finding]

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return places of findings, and beside each the row of a product concerned; gone products are left out."""
        row_of = self.catalog.row_of
        pairs = [
            (place, row_of.get(sku, -1)) for place, finding in enumerate(self.findings) for sku in concerned(finding)
        ]
        places, rows = np.array(pairs, np.int64).reshape(-1, 2).T
        return places[rows >= 0], rows[rows >= 0]

    @cached_property
    def severity(self) -> NDArray[np.float64]:
        """Return the severity of each finding; 0 for hints, such as variants that share a group already."""
        severity = np.array([finding.severity for finding in self.findings], np.float64)
        return np.where(severity > MAX_HINT, severity, 0.0)

    def n_products(self, which: Which) -> int:
        """Count the products that some findings concern."""
        places, rows = self._pairs
        return len(np.unique(rows[which[places]]))

    def worst(self, which: Which) -> NDArray[np.float64]:
        """Return the severity of the most severe of some findings about each product, 0 where there is none."""
        places, rows = self._pairs
        counts, worst = which[places], np.zeros(len(self.catalog))
        np.maximum.at(worst, rows[counts], self.severity[places[counts]])
        return worst

    def n_faulty(self, which: Which) -> int:
        """Count the products that some findings call faulty; hints do not."""
        return int(np.count_nonzero(self.worst(which)))

    def share(self, which: Which) -> float:
        """Return the share of products that none of some findings calls faulty, 0 to 1; 1 of an empty catalog."""
        return 1.0 - self.n_faulty(which) / max(len(self.catalog), 1)

    def worst_categories(self, which: Which) -> pd.DataFrame:
        """Rank categories by how severe some findings are for a product on average, worst first; ties by name.

        A product counts with its most severe finding, and with 0 where it has none or only hints: many of these are
        not worse than some products that cannot be used.

        Returns:
            A table ``category, products, faulty, severity`` of categories with a faulty product and with at least
            ``MIN_RANKED_CATEGORY`` products.
        """
        codes, names = self._categories
        worst, filed = self.worst(which), codes >= 0
        products = np.bincount(codes[filed], minlength=len(names))
        faulty = np.bincount(codes[filed & (worst > 0)], minlength=len(names))
        total = np.bincount(codes[filed], worst[filed], len(names))
        table = pd.DataFrame(
            {"category": names, "products": products, "faulty": faulty, "severity": total / np.maximum(products, 1)}
        )
        kept = table[(table["products"] >= MIN_RANKED_CATEGORY) & (table["faulty"] > 0)]
        return kept.sort_values(["severity", "category"], ascending=[False, True], ignore_index=True)

    @cached_property
    def _categories(self) -> tuple[NDArray[np.int64], list[str]]:
        """Return a category's number per product, -1 for none, and the categories' paths."""
        column = self.catalog.products["category"]
        codes, names = pd.factorize(column.where(column != ""))
        return np.asarray(codes, np.int64), [str(name) for name in names]
