"""Families: products that are variants of one, and in what they differ."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.catalog.products import MORE_IMAGES
from prodsim.index import Rows
from prodsim.phrases import Plural, Text, joined

OPTION_NAMES: tuple[tuple[re.Pattern[str], Plural], ...] = tuple(
    (re.compile(names, re.IGNORECASE), count)
    for names, count in (
        (r"colou?r|farbe|couleur|kleur|shade|颜色|色号", Plural("{n:,} colour", "{n:,} colours")),
        (r"\bsize|grö(ß|ss)e|taille|talla|taglia|\bmaat|尺码|尺寸", Plural("{n:,} size", "{n:,} sizes")),
        (r"length|länge|longueur|长度", Plural("{n:,} length", "{n:,} lengths")),
        (r"width|breite|largeur|宽度", Plural("{n:,} width", "{n:,} widths")),
        (r"capacity|volume|storage|memory|inhalt|容量|净含量|内存", Plural("{n:,} capacity", "{n:,} capacities")),
        (r"\bpack|multipack", Plural("{n:,} pack", "{n:,} packs")),
        (r"flavou?r|taste|geschmack|口味", Plural("{n:,} flavour", "{n:,} flavours")),
        (r"scent|fragrance|duft|香型", Plural("{n:,} scent", "{n:,} scents")),
        (r"material|stoff|mati(è|e)re|材质", Plural("{n:,} material", "{n:,} materials")),
        (r"pattern|muster|图案", Plural("{n:,} pattern", "{n:,} patterns")),
        (r"weight|gewicht|poids|\bpeso|重量|毛重|净重", Plural("{n:,} weight", "{n:,} weights")),
    )
)
"""Headers of columns in which variants usually differ, and their values counted; of a product's columns they come
first."""
COLUMN_VALUES = Text("{column} ({n:,})")
IN_DIFFERENCES = Text("in {differences}")
IN_VARIANTS = Plural("in {n:,} variant", "in {n:,} variants")


@dataclass(frozen=True, eq=False)
class Families:
    """Which products of a catalog are variants of one.

    Attributes:
        number_of: shape (n_products,), the same number for all of a family; a product without variants is a family.
    """

    number_of: Rows

    def __post_init__(self) -> None:
        sizes = np.bincount(self.number_of)
        object.__setattr__(self, "_order", np.argsort(self.number_of, kind="stable"))
        object.__setattr__(self, "_ends", np.cumsum(sizes))

    @classmethod
    def of(cls, catalog: Catalog, joined_skus: Iterable[Sequence[str]] = ()) -> "Families":
        """Return the families that ``group_id`` names.

        Args:
            catalog: the products.
            joined_skus: further products that are variants of each other; families that have one in common are one.
                SKUs that the catalog lacks are ignored.
        """
        groups = catalog.products["group_id"].tolist()
        first: dict[str, int] = {}
        root = [first.setdefault(group, row) if group else row for row, group in enumerate(groups)]
        for skus in joined_skus:
            rows = [catalog.row_of[sku] for sku in skus if sku in catalog.row_of]
            roots = [_root(root, row) for row in rows]
            for other in roots:
                root[other] = min(roots)
        number = np.unique([_root(root, row) for row in range(len(root))], return_inverse=True)[1]
        return cls(number.astype(np.int64))

    def members(self, row: int) -> Rows:
        """Return the rows of a product's family, itself included, ascending."""
        number = int(self.number_of[row])
        ends: Rows = self._ends  # type: ignore[attr-defined]
        order: Rows = self._order  # type: ignore[attr-defined]
        return order[ends[number - 1] if number else 0 : ends[number]]

    def without(self, own: Sequence[int], rows: Rows) -> Rows:
        """Return those of the rows that are no variants of those own products that are not among the rows."""
        absent = np.setdiff1d(np.array(own, np.int64), rows)
        return rows[~np.isin(self.number_of[rows], self.number_of[absent])]

    def represented(self, listed: Sequence[int], allowed: Rows) -> list[Rows]:
        """Return for each listed row the allowed ones that it stands for beside itself, ascending.

        The first listed of a family stands for all of it that is not listed itself.
        """
        is_free = np.zeros(len(self.number_of), bool)
        is_free[allowed] = True
        is_free[list(listed)] = False
        represented = []
        for row in listed:
            members = self.members(row)
            represented.append(members[is_free[members]])
            is_free[members] = False
        return represented

    def count(self, rows: Rows) -> int:
        """Return how many families the rows are of."""
        return int(np.count_nonzero(np.bincount(self.number_of[rows])))


def places(scores: NDArray[np.float64], family_of: Rows | None) -> Rows:
    """Return each score's place from the highest, 0 first; equal ones keep their order.

    With the families of the scored products, all of a family have the place that its best takes among families.
    """
    order = np.argsort(-scores, kind="stable")
    counted = np.arange(len(scores)) if family_of is None else family_of
    families, first = np.unique(counted[order], return_index=True)
    place_of = np.empty(len(families), np.int64)
    place_of[np.argsort(first)] = np.arange(len(families))
    return place_of[np.searchsorted(families, counted)]


def _root(root: list[int], row: int) -> int:
    while root[row] != row:
        row = root[row]
    return row


def differing_values(catalog: Catalog, families: Sequence[Sequence[int]]) -> list[dict[str, list[str]]]:
    """Return for each family in which columns its products differ, and their values there, in the order of its rows.

    Columns are taken until they tell the products apart: those in which variants usually differ first, then the
    others in the catalog's order. ``""`` where a product has no value.

    Args:
        catalog: the products.
        families: their rows; all are read at once, because a column takes as long to give one value as hundreds.
    """
    rows = [row for family in families for row in family]
    names = sorted((name for name in catalog.attributes if name != MORE_IMAGES), key=_place)
    cells: Mapping[str, list[str]] = {
        str(name): values.tolist() for name, values in catalog.products[names].iloc[rows].items()
    }
    ends = itertools.accumulate(len(family) for family in families)
    parts = [slice(end - len(family), end) for family, end in zip(families, ends, strict=True)]
    return [_told_apart({name: values[part] for name, values in cells.items()}) for part in parts]


def _told_apart(cells: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return those of the columns that tell the products of a family apart, in their order."""
    taken: dict[str, list[str]] = {}
    seen: list[tuple[str, ...]] = [() for _ in next(iter(cells.values()), [])]
    for name, values in cells.items():
        longer = [(*own, value) for own, value in zip(seen, values, strict=True)]
        if len({*filter(None, values)}) > 1 and len({*longer}) > len({*seen}):
            taken[name], seen = values, longer
    return taken


def family_texts(catalog: Catalog, families: Sequence[Sequence[int]]) -> list[str]:
    """Say for each family in what its variants differ, counted: "in 6 sizes, 3 colours".

    "in 4 variants" where no column says it; ``""`` for a product alone.
    """
    differing = differing_values(catalog, families)
    return [
        _differences(values, len(family)) if len(family) > 1 else ""
        for family, values in zip(families, differing, strict=True)
    ]


def _differences(values: Mapping[str, list[str]], n: int) -> str:
    counts = {name: len({*filter(None, own)}) for name, own in values.items()}
    if not counts:
        return IN_VARIANTS(n)
    return IN_DIFFERENCES(differences=joined(_counted(name, n_values) for name, n_values in counts.items()))


def _place(column: str) -> int:
    """Return the place of a column's name among ``OPTION_NAMES``; their number for another."""
    return next((place for place, (names, _) in enumerate(OPTION_NAMES) if names.search(column)), len(OPTION_NAMES))


def _counted(column: str, n: int) -> str:
    place = _place(column)
    return OPTION_NAMES[place][1](n) if place < len(OPTION_NAMES) else COLUMN_VALUES(column=column, n=n)
