"""Products that are listed twice, and variants of one product: never the same finding."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from prodsim.findings import Finding
from prodsim.phrases import Text, joined, phrase
from prodsim.progress import SILENT, Progress
from prodsim.quality.duplicates.explorer import Groups, find_groups
from prodsim.quality.duplicates.keeper import Cells, DuplicateGroup, KeeperCriteria, read_cells
from prodsim.quality.duplicates.matches import Matches, match_products
from prodsim.quality.duplicates.pairs import ProductPairs
from prodsim.quality.duplicates.variants import DIFFERENCES
from prodsim.quality.subject import Subject
from prodsim.text import words

MAX_DIFFERING_WORDS = 8
"""Differing words, or values, that a finding shows of each side."""
MAX_PAIRWISE = 30
"""Members up to which every pair of a group is compared; of larger groups the first with each other one."""
CODES = ("model number", "GTIN")
"""Attributes that differ between any two variants and mean nothing to a person."""

DIFFERENCE = Text("{name} ({values})")
"""How variants differ in an attribute."""

PairScores = dict[tuple[int, int], float]


def check_duplicates(subject: Subject, progress: Progress = SILENT) -> Sequence[Finding]:
    """Find groups of duplicates and groups of variants, surest first.

    Every product of a group is paired with the group's medoid; the evidence has the smallest score in the group.
    """
    matches = match_products(subject, progress)
    cells = read_cells(subject.catalog.products)
    groups = find_groups(matches, KeeperCriteria.of(cells))
    progress.check()
    scores = _scores_within(matches, groups)
    findings = []
    for group in groups.duplicates:
        findings.append(_duplicate(matches, scores, cells, group))
        progress.check()
    for rows, differing in zip(groups.variants, _differing(subject, matches, groups.variants), strict=True):
        findings.append(_variants(matches, scores, cells, rows, differing))
        progress.check()
    row_of = subject.catalog.row_of
    return sorted(findings, key=lambda finding: (-finding.score, row_of[finding.skus[0]]))


def _duplicate(matches: Matches, scores: PairScores, cells: Cells, group: DuplicateGroup) -> Finding:
    """Make the finding of a group of duplicates."""
    rows, titles = group.rows, cells["title"]
    skus = tuple(cells["sku"][row] for row in rows)
    others = [row for row in rows if row != group.medoid]
    columns = {name: [values[row] for row in rows] for name, values in cells.items() if name != "sku"}
    evidence = _evidence(matches, scores, cells, rows) | {
        "keeper": group.reason,
        "differing": {name: values for name, values in columns.items() if len(set(values)) > 1},
    }
    confidence = matches.min_confidence(group.medoid, others)
    proposal = phrase("Keep {sku}: {reason}.", sku=skus[0], reason=group.reason)
    what = _same_product([titles[row] for row in rows])
    return Finding("duplicates", what, skus, 0.8, confidence, evidence=evidence, proposal=proposal)


def _same_product(titles: Sequence[str]) -> str:
    """Return the sentence about products that are duplicates."""
    first, second, *others = titles
    if not others:
        return phrase("“{first}” and “{second}” look like the same product.", first=first, second=second)
    return phrase(
        "“{first}”, “{second}” and {n:,} more look like the same product.", first=first, second=second, n=len(others)
    )


def _variants(
    matches: Matches, scores: PairScores, cells: Cells, rows: Sequence[int], differing: Mapping[str, Sequence[str]]
) -> Finding:
    """Make the finding of a group of variants; those that the catalog groups already are certain, and a hint."""
    skus, family = tuple(cells["sku"][row] for row in rows), cells["group_id"][rows[0]]
    evidence = _evidence(matches, scores, cells, rows) | {"differing": differing, "declared": bool(family)}
    return Finding(
        "variants",
        _variants_of(cells["title"][rows[0]], len(rows), differing),
        skus,
        0.1 if family else 0.4,
        1.0 if family else matches.min_confidence(rows[0], rows[1:]),
        evidence=evidence,
        proposal=phrase("They share the group {group} already.", group=family)
        if family
        else phrase("Give them one group ID, so that they are shown as one product."),
    )


def _variants_of(title: str, n: int, differing: Mapping[str, Sequence[str]]) -> str:
    """Return the sentence about products that are variants, with the values in which they differ."""
    if not differing:
        return phrase(
            '{n:,} products look like variants of “{title}”, but no title or column shows how they differ.',
            n=n, title=title,
        )  # fmt: skip
    values_of = {
        DIFFERENCES[name]() if name in DIFFERENCES else name: list(dict.fromkeys(values))[:MAX_DIFFERING_WORDS]
        for name, values in differing.items()
    }
    differences = joined(DIFFERENCE(name=name, values=joined(values)) for name, values in values_of.items())
    return phrase(
        '{n:,} products look like variants of “{title}”. They differ in {differences}.',
        n=n, title=title, differences=differences,
    )  # fmt: skip


def _differing(subject: Subject, matches: Matches, groups: Sequence[Sequence[int]]) -> list[dict[str, list[str]]]:
    """Return for each group the attributes in which two of its products differ, with each product's value.

    Codes, which differ in any case, are left out unless nothing else differs.
    """
    attributes, names_of = matches.candidates.attributes, [list[str]() for _ in groups]
    pairs = [
        (a, b, place) for place, rows in enumerate(groups) for a, b in combinations(sorted(rows[:MAX_PAIRWISE]), 2)
    ]
    a, b, place_of = np.array(sorted(pairs), np.int64).reshape(-1, 3).T
    for name, flags in attributes.differing(subject, ProductPairs(a, b, len(subject.catalog))).items():
        for place in np.unique(place_of[flags]).tolist():
            names_of[place].append(name)
    return [
        {
            name: [attributes.value_of(name, row) for row in rows]
            for name in [name for name in names if name not in CODES] or names
        }
        for names, rows in zip(names_of, groups, strict=True)
    ]


def _scores_within(matches: Matches, groups: Groups) -> PairScores:
    """Score the pairs within groups, all at once."""
    every = [*(group.rows for group in groups.duplicates), *groups.variants]
    rows_of_pairs = np.array([pair for rows in every for pair in _compared_pairs(rows)], np.int64).reshape(-1, 2)
    pairs = ProductPairs.of(rows_of_pairs[:, 0], rows_of_pairs[:, 1], matches.pairs.n_products)
    scores = matches.candidates.scorer.scores(pairs)
    scored = zip(pairs.a.tolist(), pairs.b.tolist(), scores.tolist(), strict=True)
    return {(a, b): score for a, b, score in scored}


def _compared_pairs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return the pairs of a group that are compared; all, but in a large group the first with each other one."""
    pairs = combinations(rows, 2) if len(rows) <= MAX_PAIRWISE else ((rows[0], row) for row in rows[1:])
    return [(min(pair), max(pair)) for pair in pairs]


def _evidence(matches: Matches, scores: PairScores, cells: Cells, rows: Sequence[int]) -> dict[str, Any]:
    """Return the scores with the first product, the smallest that was compared, and the words of one side alone."""
    skus, first = cells["sku"], rows[0]
    words_of = {row: words(cells["title"][row]) for row in rows}
    return {
        "scores": {skus[row]: round(scores[min(first, row), max(first, row)], 3) for row in rows[1:]},
        "smallest_score": round(min(scores[pair] for pair in _compared_pairs(rows)), 3),
        "threshold": round(matches.threshold, 3),
        "threshold_from": matches.candidates.thresholds.origin,
        "differing_words": {
            skus[row]: [
                _words_lacking(words_of[first], words_of[row]),
                _words_lacking(words_of[row], words_of[first]),
            ]
            for row in rows[1:]
        },
    }


def _words_lacking(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return up to ``MAX_DIFFERING_WORDS`` words that the others lack."""
    return list(dict.fromkeys(word for word in some if word not in set(others)))[:MAX_DIFFERING_WORDS]
