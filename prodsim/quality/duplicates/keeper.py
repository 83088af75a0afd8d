"""Which of several duplicates to keep, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.phrases import joined, phrase

Cells = Mapping[str, Sequence[str]]
"""Column to its values as texts, ``""`` where unknown."""


@dataclass(frozen=True, slots=True)
class KeeperCriteria:
    """What decides which of several products to keep, and which are grouped already; each shape (n_products,).

    Attributes:
        filled: how many of its fields have a value.
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
        """Read the criteria from the catalog's columns."""
        filled = np.sum([[value != "" for value in values] for values in cells.values()], axis=0).tolist()
        image, stock = [value != "" for value in cells["image"]], [v == "in stock" for v in cells["availability"]]
        members: dict[str, list[int]] = {}
        for row, family in enumerate(cells["group_id"]):
            members.setdefault(family, []).append(row)
        in_family = np.array([family != "" for family in cells["group_id"]], bool)
        return cls(filled, image, stock, in_family, [rows for family, rows in members.items() if family])


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """A group of duplicates.

    Attributes:
        rows: the one to keep first, then the others in their order.
        reason: why that one, as the end of a sentence.
        medoid: the row that all others are paired with.
    """

    rows: tuple[int, ...]
    reason: str
    medoid: int


def choose_keeper(criteria: KeeperCriteria, rows: Sequence[int]) -> DuplicateGroup:
    """Choose which of several products to keep: more fields filled, a picture, in stock, earlier in the file.

    Args:
        criteria: of the products.
        rows: the group, its medoid first.
    """
    values = (criteria.filled, criteria.image, criteria.stock)
    best = max(rows, key=lambda row: (*(of[row] for of in values), -row))
    others = [row for row in rows if row != best]
    reasons = (
        phrase("most complete ({n} fields filled)", n=criteria.filled[best]),
        phrase("has a picture"),
        phrase("in stock"),
    )
    is_ahead = (all(of[best] > of[row] for row in others) for of in values)
    reason = joined(reason for reason, counts in zip(reasons, is_ahead, strict=True) if counts)
    return DuplicateGroup(
        (best, *others), reason or phrase("it is listed first, and they are otherwise equal"), rows[0]
    )


def read_cells(products: pd.DataFrame) -> dict[str, list[str]]:
    """Read all columns as texts; into lists, because an Arrow column takes its time for each cell."""
    columns = {
        str(name): zip(products[name].tolist(), products[name].notna().tolist(), strict=True) for name in products
    }
    return {name: [str(value) if is_known else "" for value, is_known in cells] for name, cells in columns.items()}
