"""Groups of products out of pairs, without chains."""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from prodsim.quality.duplicates.pairs import Pairs

SHARE = 0.5
"""Two groups become one when at least this share of the pairs between them were found."""


def group_pairs(pairs: Pairs, strength: NDArray[np.floating]) -> list[list[int]]:
    """Put products into groups whose members all were found together with the group's medoid.

    Pairs are looked at from the strongest; two groups grow together once half of the pairs between them have been
    looked at. Then members that were not paired with the medoid, the member that most others were paired with, leave.

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
        one, other = (group_of.setdefault(row, row) for row in (a, b))
        if one != other:
            links[one][other] += 1
            links[other][one] += 1
            sizes = len(members.setdefault(one, [one])) * len(members.setdefault(other, [other]))
            if links[one][other] >= SHARE * sizes:
                _merge(one, other, group_of, members, links)
    found = [_around_medoid(rows, paired) for rows in members.values()]
    return [rows for rows in found if len(rows) > 1]


def _merge(
    one: int, other: int, group_of: dict[int, int], members: dict[int, list[int]], links: dict[int, Counter[int]]
) -> None:
    """Move all of the other group into the first one."""
    for row in members[other]:
        group_of[row] = one
    members[one] += members.pop(other)
    for group, n in links.pop(other).items():
        del links[group][other]
        if group != one:
            links[one][group] += n
            links[group][one] += n


def _around_medoid(rows: list[int], paired: dict[int, set[int]]) -> list[int]:
    own = set(rows)
    medoid = min(rows, key=lambda row: (-len(paired[row] & own), row))
    return [medoid, *sorted(paired[medoid] & own)]
