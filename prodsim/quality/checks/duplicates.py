"""Products that are listed twice, and variants of one product: never the same finding."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import floor
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prodsim.findings import Finding
from prodsim.progress import SILENT, Progress
from prodsim.quality.duplicates.groups import group_pairs
from prodsim.quality.duplicates.matches import Candidates, Matches, find_candidates, match_products
from prodsim.quality.duplicates.pairs import Pairs
from prodsim.quality.duplicates.variants import VariantAttributes
from prodsim.quality.subject import Subject
from prodsim.text import clean_text, words

SHOWN = 8
"""Differing words that the evidence tells of each side."""
ALL_PAIRS = 30
"""Members up to which every pair of a group is compared; of larger groups the first with each other one."""
BELOW = 0.1
"""How far below the loosest level's threshold it can be moved."""

PairScores = dict[tuple[int, int], float]
Cells = dict[str, list[str]]


def check_duplicates(subject: Subject, progress: Progress = SILENT) -> Sequence[Finding]:
    """Find groups of duplicates and groups of variants, surest first.

    Every product of a group was found together with the group's medoid; the evidence tells the smallest score in it.
    """
    matches = match_products(subject, progress)
    cells = _cells(subject)
    groups = find_groups(matches, KeeperCriteria.of(cells))
    progress.check()
    scores = _scores_within(matches, groups)
    found = []
    for one in groups.duplicates:
        found.append(_duplicate(matches, scores, cells, one))
        progress.check()
    for rows, differing in zip(groups.variants, _differing(subject, matches, groups.variants), strict=True):
        found.append(_variants(matches, scores, cells, rows, differing))
        progress.check()
    row_of = subject.catalog.row_of
    return sorted(found, key=lambda finding: (-finding.score, row_of[finding.skus[0]]))


@dataclass(frozen=True, slots=True)
class KeeperCriteria:
    """What groups are made by beside pairs, each shape (n_products,).

    Attributes:
        filled: how many of its fields are.
        image, stock: whether it has a picture, and is in stock.
        in_family: whether it has a ``group_id``.
        families: rows of each of the catalog's own families, ascending.
    """

    filled: Sequence[int]
    image: Sequence[bool]
    stock: Sequence[bool]
    in_family: NDArray[np.bool_]
    families: Sequence[Sequence[int]]

    @classmethod
    def of(cls, cells: Cells) -> Self:
        """Of the catalog's columns, an unknown value as ""."""
        filled = np.sum([[value != "" for value in values] for values in cells.values()], axis=0).tolist()
        image, stock = [value != "" for value in cells["image"]], [v == "in stock" for v in cells["availability"]]
        members: dict[str, list[int]] = {}
        for row, family in enumerate(cells["group_id"]):
            members.setdefault(family, []).append(row)
        in_family = np.array([family != "" for family in cells["group_id"]], bool)
        return cls(filled, image, stock, in_family, [rows for family, rows in members.items() if family])


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """A group of duplicates: the one to keep first, then the others in their order; and why that one."""

    rows: tuple[int, ...]
    reason: str
    medoid: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Products that are one, and products that are variants of one, in groups."""

    duplicates: Sequence[DuplicateGroup]
    variants: Sequence[Sequence[int]]

    @property
    def repeated(self) -> int:
        """Products that repeat one that is kept."""
        return sum(len(one.rows) - 1 for one in self.duplicates)


@dataclass(frozen=True, slots=True)
class ThresholdExplorer:
    """All that a threshold's groups are made from, so that it can be moved at once.

    Attributes:
        candidates: pairs that some threshold from ``lowest`` on finds.
        worth: of the products.
        lowest: the threshold from which on it can be moved, in whole hundredths.
    """

    candidates: Candidates
    worth: KeeperCriteria
    lowest: float

    @classmethod
    def of(cls, subject: Subject, progress: Progress = SILENT) -> Self:
        """Compare all candidates once; advances the progress by products."""
        candidates = find_candidates(subject, progress)
        lowest = max(floor(100 * (min(candidates.thresholds.of_level.values()) - BELOW)) / 100, 0.0)
        return cls(candidates.from_threshold(lowest), KeeperCriteria.of(_cells(subject)), lowest)

    def groups(self, threshold: float) -> Groups:
        """What the check finds at a threshold.

        Raises:
            ValueError: it is below the lowest one.
        """
        if threshold < self.lowest:
            raise ValueError(f"a threshold can be moved from {self.lowest:g} on, got {threshold:g}")
        return find_groups(self.candidates.at(threshold), self.worth)


def find_groups(matches: Matches, worth: KeeperCriteria) -> Groups:
    """Groups of duplicates, by their strongest pair; the catalog's own families, then groups of other variants.

    A duplicate is in no group of variants but by its keeper.
    """
    same, telling = matches.is_same, matches.candidates.telling
    strength = matches.sure[same] + matches.candidates.relative[same]
    groups = _joined(group_pairs(matches.pairs.only(same), strength), lambda row: _said(telling, row))
    kept = [choose_keeper(worth, rows) for rows in groups]
    return Groups(kept, _variant_groups(matches, worth, {row for one in kept for row in one.rows[1:]}))


def choose_keeper(worth: KeeperCriteria, rows: Sequence[int]) -> DuplicateGroup:
    """Which of several products to keep: more fields filled, a picture, in stock, earlier in the file, in this order.

    Args:
        worth: of the products.
        rows: the group, its medoid first.
    """
    told = {
        "more complete ({} fields filled)": worth.filled,
        "has a picture": worth.image,
        "in stock": worth.stock,
    }
    best = max(rows, key=lambda row: (*(values[row] for values in told.values()), -row))
    others = [row for row in rows if row != best]
    reason = ", ".join(
        name.format(values[best]) for name, values in told.items() if all(values[best] > values[row] for row in others)
    )
    return DuplicateGroup((best, *others), reason or "it comes first, and the others tell no more", rows[0])


def _variant_groups(matches: Matches, worth: KeeperCriteria, repeated: set[int]) -> list[Sequence[int]]:
    chosen = matches.is_variant & ~worth.in_family[matches.pairs.a] & ~worth.in_family[matches.pairs.b]
    telling = matches.candidates.telling
    groups = group_pairs(matches.pairs.only(chosen), matches.sure[chosen])
    found = [*worth.families, *_joined(groups, lambda row: _title(telling, row))]
    kept = [rows if repeated.isdisjoint(rows) else [row for row in rows if row not in repeated] for rows in found]
    return [rows for rows in kept if len(rows) > 1]


def _joined(groups: Sequence[Sequence[int]], said: Callable[[int], Hashable]) -> list[list[int]]:
    """Groups whose medoids say the same, as one: of many with one title only the next few were candidates."""
    joined: dict[Hashable, list[int]] = {}
    for rows in groups:
        joined.setdefault(said(rows[0]), []).extend(rows)
    return [[rows[0], *sorted(rows[1:])] for rows in joined.values()]


def _title(telling: VariantAttributes, row: int) -> str:
    return clean_text(telling.titles[row]).casefold()


def _said(telling: VariantAttributes, row: int) -> tuple[str, ...]:
    """All by which duplicates are told apart, whatever their scores."""
    return _title(telling, row), *(values[row] for values in telling.values.values())


def _cells(subject: Subject) -> Cells:
    """Column to values; lists, because an Arrow column takes its time for each cell."""
    products = subject.catalog.products
    known = {str(name): zip(products[name].tolist(), products[name].notna().tolist(), strict=True) for name in products}
    return {name: [str(value) if is_known else "" for value, is_known in each] for name, each in known.items()}


def _duplicate(matches: Matches, scores: PairScores, cells: Cells, one: DuplicateGroup) -> Finding:
    rows, titles = one.rows, cells["title"]
    skus = tuple(cells["sku"][row] for row in rows)
    others = [row for row in rows if row != one.medoid]
    quoted = " and ".join(f'"{titles[row]}"' for row in rows[:2])
    what = f"{len(skus)} products are one: {quoted}" + (f" and {len(skus) - 2:,} more." if len(skus) > 2 else ".")
    told = {name: [values[row] for row in rows] for name, values in cells.items() if name != "sku"}
    evidence = _evidence(matches, scores, cells, rows) | {
        "keeper": one.reason,
        "differing": {name: values for name, values in told.items() if len(set(values)) > 1},
    }
    sure, proposal = matches.least_sure(one.medoid, others), f"Keep {skus[0]}: {one.reason}."
    return Finding("duplicates", what, skus, 0.8, sure, evidence=evidence, proposal=proposal)


def _variants(
    matches: Matches, scores: PairScores, cells: Cells, rows: Sequence[int], differing: Mapping[str, list[str]]
) -> Finding:
    skus, family = tuple(cells["sku"][row] for row in rows), cells["group_id"][rows[0]]
    named = " and ".join(differing) or "nothing that its columns or titles tell"
    values = "; ".join(f"{name}: {', '.join(list(dict.fromkeys(told))[:SHOWN])}" for name, told in differing.items())
    what = f'{len(skus)} products are variants of "{cells["title"][rows[0]]}", apart by {named}'
    proposal = (
        f"They share the group {family} already."
        if family
        else "Give them one group id, so that they are shown as one."
    )
    evidence = _evidence(matches, scores, cells, rows) | {"differing": differing, "declared": bool(family)}
    return Finding(
        "variants",
        what + (f" ({values})." if values else "."),
        skus,
        0.1 if family else 0.4,
        1.0 if family else matches.least_sure(rows[0], rows[1:]),
        evidence=evidence,
        proposal=proposal,
    )


def _differing(subject: Subject, matches: Matches, groups: Sequence[Sequence[int]]) -> list[dict[str, list[str]]]:
    """For each group attribute to what each product says of it, of those in which two of the products differ."""
    telling, found = matches.candidates.telling, [list[str]() for _ in groups]
    each = [(a, b, place) for place, rows in enumerate(groups) for a, b in combinations(sorted(rows[:ALL_PAIRS]), 2)]
    a, b, place_of = np.array(sorted(each), np.int64).reshape(-1, 3).T
    for name, flags in telling.differing(subject, Pairs(a, b, len(subject.catalog))).items():
        for place in np.unique(place_of[flags]).tolist():
            found[place].append(name)
    return [
        {name: [telling.told(name, row) for row in rows] for name in _worth_naming(names)}
        for names, rows in zip(found, groups, strict=True)
    ]


def _worth_naming(names: list[str]) -> list[str]:
    """Without codes, which differ in any case and say nothing to a person, unless they are all."""
    return [name for name in names if name not in ("model number", "GTIN")] or names


def _scores_within(matches: Matches, groups: Groups) -> PairScores:
    """Scores of the pairs within groups, all at once."""
    every = [*(one.rows for one in groups.duplicates), *groups.variants]
    found = np.array([pair for rows in every for pair in _pairs_of(rows)], np.int64).reshape(-1, 2)
    pairs = Pairs.of(found[:, 0], found[:, 1], matches.pairs.n_products)
    scores = matches.candidates.scorer.scores(pairs)
    each = zip(pairs.a.tolist(), pairs.b.tolist(), scores.tolist(), strict=True)
    return {(a, b): score for a, b, score in each}


def _pairs_of(rows: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of a group that are compared; all, but in a large group the first with each other one."""
    each = combinations(rows, 2) if len(rows) <= ALL_PAIRS else ((rows[0], row) for row in rows[1:])
    return [(min(pair), max(pair)) for pair in each]


def _evidence(matches: Matches, scores: PairScores, cells: Cells, rows: Sequence[int]) -> dict[str, Any]:
    """Scores with the first product, the smallest that was compared, and the words that only one side has."""
    skus, first = cells["sku"], rows[0]
    said = {row: words(cells["title"][row]) for row in rows}
    return {
        "scores": {skus[row]: round(scores[min(first, row), max(first, row)], 3) for row in rows[1:]},
        "smallest_score": round(min(scores[pair] for pair in _pairs_of(rows)), 3),
        "threshold": round(matches.threshold, 3),
        "threshold_from": matches.candidates.thresholds.origin,
        "differing_words": {
            skus[row]: [_left(said[first], said[row]), _left(said[row], said[first])] for row in rows[1:]
        },
    }


def _left(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Up to ``SHOWN`` words of the one that the other has not."""
    return list(dict.fromkeys(word for word in one if word not in set(other)))[:SHOWN]
