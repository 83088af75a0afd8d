"""Groups of duplicates and variants at a threshold, and at any other one at once."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Self

from prodsim.progress import SILENT, Progress
from prodsim.quality.duplicates.groups import group_pairs
from prodsim.quality.duplicates.keeper import DuplicateGroup, KeeperCriteria, choose_keeper, read_cells
from prodsim.quality.duplicates.matches import CandidatePairs, Matches, find_candidates
from prodsim.quality.duplicates.variants import VariantAttributes
from prodsim.quality.subject import Subject
from prodsim.text import clean_text

BELOW_LOOSEST = 0.1
"""How far below the loosest level's threshold it can be moved."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of duplicates, and groups of variants by their rows."""

    duplicates: Sequence[DuplicateGroup]
    variants: Sequence[Sequence[int]]

    @property
    def repeated(self) -> int:
        """Count the products that repeat one that is kept."""
        return sum(len(group.rows) - 1 for group in self.duplicates)


@dataclass(frozen=True, slots=True)
class ThresholdExplorer:
    """All that a threshold's groups are made from, so that it can be moved at once.

    Attributes:
        candidates: pairs that some threshold from ``lowest`` on finds.
        criteria: which of several products to keep.
        lowest: the threshold from which on it can be moved, in whole hundredths.
    """

    candidates: CandidatePairs
    criteria: KeeperCriteria
    lowest: float

    @classmethod
    def of(cls, subject: Subject, progress: Progress = SILENT) -> Self:
        """Compare all candidates once; advances the progress by products."""
        candidates = find_candidates(subject, progress)
        lowest = max(floor(100 * (min(candidates.thresholds.of_level.values()) - BELOW_LOOSEST)) / 100, 0.0)
        criteria = KeeperCriteria.of(read_cells(subject.catalog.products))
        return cls(candidates.from_threshold(lowest), criteria, lowest)

    def groups(self, threshold: float) -> Groups:
        """Return what the check finds at a threshold.

        Raises:
            ValueError: it is below the lowest one.
        """
        if threshold < self.lowest:
            raise ValueError(f"a threshold can be moved from {self.lowest:g} on, got {threshold:g}")
        return find_groups(self.candidates.at(threshold), self.criteria)


def find_groups(matches: Matches, criteria: KeeperCriteria) -> Groups:
    """Find groups of duplicates, by their strongest pair; the catalog's own families, then groups of other variants.

    Of a group of duplicates only the one that is kept can be in a group of variants.
    """
    is_duplicate, attributes = matches.is_duplicate, matches.candidates.attributes
    strength = matches.confidence[is_duplicate] + matches.candidates.relative[is_duplicate]
    groups = _joined(
        group_pairs(matches.pairs.only(is_duplicate), strength),
        lambda row: (_title_key(attributes, row), *(values[row] for values in attributes.values.values())),
    )
    duplicates = [choose_keeper(criteria, rows) for rows in groups]
    repeated = {row for group in duplicates for row in group.rows[1:]}
    return Groups(duplicates, _variant_groups(matches, criteria, repeated))


def _variant_groups(matches: Matches, criteria: KeeperCriteria, repeated: set[int]) -> list[Sequence[int]]:
    """Return the catalog's own families and the groups of other variants, without products that repeat others."""
    pairs, in_family = matches.pairs, criteria.in_family
    chosen = matches.is_variant & ~in_family[pairs.a] & ~in_family[pairs.b]
    attributes = matches.candidates.attributes
    groups = group_pairs(pairs.only(chosen), matches.confidence[chosen])
    every = [*criteria.families, *_joined(groups, lambda row: _title_key(attributes, row))]
    kept = [rows if repeated.isdisjoint(rows) else [row for row in rows if row not in repeated] for rows in every]
    return [rows for rows in kept if len(rows) > 1]


def _joined(groups: Sequence[Sequence[int]], key: Callable[[int], Hashable]) -> list[list[int]]:
    """Join groups whose medoids have the same key: of many with one title only the next few were candidates."""
    joined: dict[Hashable, list[int]] = {}
    for rows in groups:
        joined.setdefault(key(rows[0]), []).extend(rows)
    return [[rows[0], *sorted(rows[1:])] for rows in joined.values()]


def _title_key(attributes: VariantAttributes, row: int) -> str:
    """Return a title as it is compared, whatever the case."""
    return clean_text(attributes.titles[row]).casefold()
