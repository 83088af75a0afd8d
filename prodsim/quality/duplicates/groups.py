"""Groups of products out of pairs, without chains."""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from prodsim.quality.duplicates.pairs import ProductPairs

MIN_LINKED = 0.5
"""Two groups become one when at least this share of the pairs between them are there."""


def group_pairs(pairs: ProductPairs, strength: NDArray[np.floating]) -> list[list[int]]:
    """Put products into groups whose members are all paired with the group's medoid.

    Pairs are taken from the strongest on; two groups merge once half of the pairs between them have been taken. Then
    members that are not paired with the medoid, the member that is paired with most others, leave.

    Returns:
        Rows of each group of two or more, the medoid first, the others ascending; groups by their strongest pair.
        A product is in one group at most.
    """
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    links: dict[int, Counter[int]] = defaultdict(Counter)
    paired: dict[int, set[int]] = defaultdict(set)
    for place in np.argsort(-strength, kind="stable").tolist():
        a, b = int(pairs.a[place]), int(pairs.b[place])
        paired[a].add(b)
        paired[b].add(a)
        first, second = (group_of.setdefault(row, row) for row in (a, b))
        if first != second:
            links[first][second] += 1
            links[second][first] += 1
            n_possible = len(members.setdefault(first, [first])) * len(members.setdefault(second, [second]))
            # One link alone would chain groups whose other members have nothing in common.
            if links[first][second] >= MIN_LINKED * n_possible:
                _merge(first, second, group_of, members, links)
    groups = [_around_medoid(rows, paired) for rows in members.values()]
    return [rows for rows in groups if len(rows) > 1]


def _merge(
    first: int, second: int, group_of: dict[int, int], members: dict[int, list[int]], links: dict[int, Counter[int]]
) -> None:
    """Move all members and links of the second group to the first."""
    for row in members[second]:
        group_of[row] = first
    members[first] += members.pop(second)
    for group, n in links.pop(second).items():
        del links[group][second]
        if group != first:
            links[first][group] += n
            links[group][first] += n


def _around_medoid(rows: list[int], paired: dict[int, set[int]]) -> list[int]:
    """Return the medoid of a group's rows, then the members that are paired with it."""
    members = set(rows)
    medoid = min(rows, key=lambda row: (-len(paired[row] & members), row))
    return [medoid, *sorted(paired[medoid] & members)]
