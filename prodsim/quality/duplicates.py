"""Products that are listed twice, and variants of one product: never the same finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from prodsim.findings import Finding
from prodsim.progress import SILENT, Progress
from prodsim.quality.check import Subject
from prodsim.quality.groups import group_pairs
from prodsim.quality.matches import Matches, match_products
from prodsim.quality.pairs import Pairs, pair_scores
from prodsim.text import words

SHOWN = 8
"""Differing words that the evidence tells of each side."""
ALL_PAIRS = 30
"""Members up to which every pair of a group is compared; of larger groups the first with each other one."""

PairScores = dict[tuple[int, int], float]
Cells = dict[str, list[str]]


def check_duplicates(subject: Subject, progress: Progress = SILENT) -> Sequence[Finding]:
    """Find groups of duplicates and groups of variants, surest first.

    Every product of a group was found together with the group's medoid; the evidence tells the smallest score in it.
    """
    matches = match_products(subject, progress)
    same = matches.is_same
    strength = matches.sure[same] + matches.relative[same]
    cells = _cells(subject)
    kept = [choose_keeper(cells, rows) for rows in group_pairs(matches.pairs.only(same), strength)]
    variants = _variant_groups(subject, matches, {row for one in kept for row in one.rows[1:]})
    scores = _scores_within(subject, [*(one.rows for one in kept), *variants])
    found = []
    for one in kept:
        found.append(_duplicate(matches, scores, cells, one))
        progress.check()
    for rows in variants:
        found.append(_variants(subject, matches, scores, cells, rows))
        progress.check()
    row_of = subject.catalog.row_of
    return sorted(found, key=lambda finding: (-finding.score, row_of[finding.skus[0]]))


@dataclass(frozen=True, slots=True)
class Kept:
    """A group of duplicates: the one to keep first, then the others in their order; and why that one."""

    rows: tuple[int, ...]
    reason: str
    medoid: int


def choose_keeper(cells: Cells, rows: Sequence[int]) -> Kept:
    """Which of several products to keep: more fields filled, a picture, in stock, earlier in the file, in this order.

    Args:
        cells: the catalog's columns, an unknown value as "".
        rows: the group, its medoid first.
    """
    filled = [sum(values[row] != "" for values in cells.values()) for row in rows]
    image, stock = (
        [cells["image"][row] != "" for row in rows],
        [cells["availability"][row] == "in stock" for row in rows],
    )
    best = max(range(len(rows)), key=lambda place: (filled[place], image[place], stock[place], -rows[place]))
    others = [place for place in range(len(rows)) if place != best]
    told = {
        f"more complete ({filled[best]} fields filled)": all(filled[best] > filled[place] for place in others),
        "has a picture": image[best] and not any(image[place] for place in others),
        "in stock": stock[best] and not any(stock[place] for place in others),
    }
    reason = ", ".join(reason for reason, holds in told.items() if holds)
    ordered = (rows[best], *(rows[place] for place in others))
    return Kept(ordered, reason or "the others tell no more, and no other comes earlier", rows[0])


def _variant_groups(subject: Subject, matches: Matches, repeated: set[int]) -> list[list[int]]:
    """The catalog's own families, then groups of others; a duplicate is in none but by its keeper."""
    family = subject.catalog.products["group_id"].to_numpy()
    members: dict[str, list[int]] = {}
    for row in np.flatnonzero(family != "").tolist():
        members.setdefault(family[row], []).append(row)
    chosen = matches.is_variant & (family[matches.pairs.a] == "") & (family[matches.pairs.b] == "")
    found = [*members.values(), *group_pairs(matches.pairs.only(chosen), matches.sure[chosen])]
    kept = [[row for row in rows if row not in repeated] for rows in found]
    return [rows for rows in kept if len(rows) > 1]


def _cells(subject: Subject) -> Cells:
    """Column to values; lists, because an Arrow column takes its time for each cell."""
    products = subject.catalog.products
    return {str(name): ["" if pd.isna(v) else str(v) for v in products[name].tolist()] for name in products.columns}


def _duplicate(matches: Matches, scores: PairScores, cells: Cells, one: Kept) -> Finding:
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


def _variants(subject: Subject, matches: Matches, scores: PairScores, cells: Cells, rows: list[int]) -> Finding:
    skus, family = tuple(cells["sku"][row] for row in rows), cells["group_id"][rows[0]]
    differing = _differing(subject, matches, rows)
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


def _differing(subject: Subject, matches: Matches, rows: Sequence[int]) -> dict[str, list[str]]:
    """Attribute to what each product says of it, of those in which two of the products differ."""
    each = np.array([*combinations(rows[:ALL_PAIRS], 2)], np.int64)
    pairs = Pairs.of(each[:, 0], each[:, 1], len(subject.catalog))
    codes = ("model number", "GTIN")  # they differ in any case and say nothing to a person, unless they are all
    found = [name for name, flags in matches.telling.differing(subject, pairs).items() if flags.any()]
    names = [name for name in found if name not in codes] or found
    return {name: [matches.telling.told(subject, name, row) for row in rows] for name in names}


def _scores_within(subject: Subject, groups: Sequence[Sequence[int]]) -> PairScores:
    """Scores of the pairs within groups, all at once."""
    found = np.array([pair for rows in groups for pair in _pairs_of(rows)], np.int64).reshape(-1, 2)
    pairs = Pairs.of(found[:, 0], found[:, 1], len(subject.catalog))
    each = zip(pairs.a.tolist(), pairs.b.tolist(), pair_scores(subject, pairs).tolist(), strict=True)
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
        "threshold": round(matches.thresholds.value, 3),
        "differing_words": {
            skus[row]: [_left(said[first], said[row]), _left(said[row], said[first])] for row in rows[1:]
        },
    }


def _left(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Up to ``SHOWN`` words of the one that the other has not."""
    return list(dict.fromkeys(word for word in one if word not in set(other)))[:SHOWN]
