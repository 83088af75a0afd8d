"""How a catalog stands: its health and the trend of it, what would gain most, and the worst categories."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from prodsim.catalog import CatalogSummary
from prodsim.findings import Finding
from prodsim.output.health import Health, Which
from prodsim.phrases import reader_profile
from prodsim.records import CheckSummary


@dataclass(frozen=True, slots=True)
class Opportunity:
    """The open findings of one kind.

    Attributes:
        kind: of the findings.
        n_products: that they call faulty.
        n_findings: how many there are.
        severity: summed over these products, each with its most severe finding.
        example: the surest of the findings.
    """

    kind: str
    n_products: int
    n_findings: int
    severity: float
    example: Finding


@dataclass(frozen=True, slots=True)
class HealthPoint:
    """The health at one upload.

    Attributes:
        when: it was last checked; an ISO time.
        products: how many there were.
        share: of products without an open issue, 0 to 1.
    """

    when: str
    products: int
    share: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What the open findings say of a catalog as a whole.

    Attributes:
        share: of products without an open issue, 0 to 1.
        n_faulty: products with one.
        n_open: findings to decide.
        trend: the health at each upload that was checked, oldest first; the newest as it is now.
        opportunities: what is worth most first, by summed severity; kinds that are hints are left out.
        worst: categories, worst first; see ``Health.worst_categories``.
    """

    share: float
    n_faulty: int
    n_open: int
    trend: tuple[HealthPoint, ...]
    opportunities: tuple[Opportunity, ...]
    worst: pd.DataFrame

    @classmethod
    def of(cls, health: Health, which: Which, summaries: Sequence[CheckSummary]) -> Self:
        """Look at the open findings.

        Args:
            health: of the catalog by all findings.
            which: of them are open.
            summaries: of all checks at each version of the catalog, oldest first; the newest is of this one.
        """
        share, n_faulty = health.share(which), health.n_faulty(which)
        earlier = [
            HealthPoint(summary.when, summary.products, 1 - summary.faulty / max(summary.products, 1))
            for summary in summaries[:-1]
            if summary.faulty is not None
        ]
        now = [HealthPoint(summary.when, summary.products, share) for summary in summaries[-1:]]
        worst = health.worst_categories(which)
        return cls(share, n_faulty, int(which.sum()), (*earlier, *now), opportunities(health, which), worst)


def opportunities(health: Health, which: Which) -> tuple[Opportunity, ...]:
    """Rank the kinds of some findings by the severity that they add up to; equal ones in the order of the findings."""
    kinds = np.array([finding.kind for finding in health.findings], np.str_)
    ranked = []
    for kind in dict.fromkeys(kinds[which].tolist()):
        own = which & (kinds == kind)
        worst = health.worst(own)
        if n_products := int(np.count_nonzero(worst)):
            example = health.findings[int(np.argmax(own))]  # findings come surest first
            ranked.append(Opportunity(kind, n_products, int(own.sum()), float(worst.sum()), example))
    return tuple(sorted(ranked, key=lambda each: -each.severity))


def missing_values(summary: CatalogSummary, n_products: int) -> list[tuple[str, int]]:
    """Return the fields wanted of the reader's kind that some products lack, and how many do, most first."""
    filled = dict(summary.filled)
    counts = [(field, n_products - filled.get(field, 0)) for field in reader_profile().wanted]
    return sorted((each for each in counts if each[1]), key=lambda each: -each[1])
