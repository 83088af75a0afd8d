"""The fields of products as numbers that compare quickly."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import levels_of, path_of
from prodsim.index import Rows
from prodsim.traits.quantities import UNIT_DIMENSIONS, find_quantities

Scores = NDArray[np.float32]
Codes = NDArray[np.int32]

NO_CODE = -1
"""The code of a value that is not there."""
ARRAYS = ("brand", "category", "price", "attributes", "quantities")
MAX_LEVELS = 8
"""Levels of a category path that are compared."""
PER_DIMENSION = 3
"""Quantities of one dimension that are kept of a product; a title rarely has more."""
SAME_AMOUNT = 0.02
"""Two amounts this close, relative to the larger, are the same: rounding between units, 12 fl oz and 355 ml."""
MAX_ATTRIBUTES = 64
_BRAND_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class TraitIndex:
    """Brand, category, price, attributes and quantities of every product; ``NO_CODE`` or NaN where not given.

    A part is 1 where two products agree, -1 where they differ, 0 where either has no value. A part that no product
    of the catalog has a value for is left out, so that the others get its weight.

    Attributes:
        brand: int32, shape (n,).
        category: int32, shape (n, MAX_LEVELS): a code per level, equal where the whole path down to it is.
        price: float32, shape (n,): the natural logarithm.
        attributes: int32, shape (n, columns): the catalog's other columns in which values repeat, at most 64.
        quantities: float32, shape (n, dimensions * PER_DIMENSION): natural logarithms.
        names: of the columns of ``attributes``.
    """

    brand: Codes
    category: Codes
    price: Scores
    attributes: Codes
    quantities: Scores
    names: tuple[str, ...] = ()

    @classmethod
    def build(cls, catalog: Catalog) -> Self:
        """Read the fields of a catalog."""
        products = catalog.products
        names, attributes = _attribute_codes(products, catalog.attributes)
        return cls(
            _codes(products["brand"].map(fold_brand)),
            _levels(products["category"]),
            _logarithms(pd.to_numeric(products["price"], errors="coerce").to_numpy(np.float64)),
            attributes,
            np.array([_row(find_quantities(title)) for title in products["title"]], np.float32).reshape(
                len(products), len(UNIT_DIMENSIONS) * PER_DIMENSION
            ),
            names,
        )

    def save(self, folder: Path) -> None:
        """Write one ``.npy`` file per array, and the names."""
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        (folder / "names.json").write_text(json.dumps(self.names), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote into memory."""
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS}
        return cls(**arrays, names=tuple(json.loads((folder / "names.json").read_text(encoding="utf-8"))))

    def __len__(self) -> int:
        return len(self.brand)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Return the parts that at least one product has a value for."""
        given = {
            "quantities": np.isfinite(self.quantities).any(),
            "category": (self.category[:, 0] != NO_CODE).any(),
            "brand": (self.brand != NO_CODE).any(),
            "price": np.isfinite(self.price).any(),
            "attributes": (self.attributes != NO_CODE).any(),
        }
        return tuple(name for name, is_given in given.items() if is_given)

    def product_parts(self, row: int, rows: Rows) -> dict[str, Scores]:
        """Return each part between a product and others, in [-1, 1], shape (len(rows),)."""
        return {name: _COMPARE[name](getattr(self, name)[row], getattr(self, name)[rows]) for name in self.parts}

    def text_parts(self, text: str, rows: Rows) -> dict[str, Scores]:
        """Return the part that a text has values for: its quantities, if it names some."""
        amounts = find_quantities(text) if "quantities" in self.parts else []
        own = np.array(_row(amounts), np.float32)
        return {"quantities": _agreement_of_quantities(own, self.quantities[rows])} if amounts else {}


def _agreement(own: Any, others: Codes) -> Scores:
    same = np.where(others == own, 1.0, -1.0)
    return np.asarray(np.where((others == NO_CODE) | (own == NO_CODE), 0.0, same), np.float32)


def _agreement_of_paths(own: Codes, others: Codes) -> Scores:
    """Return the levels in common over the mean depth, from -1 for none to 1 for the same path (Wu and Palmer 1994)."""
    depth = (others != NO_CODE).sum(axis=1)
    own_depth = int((own != NO_CODE).sum())
    common = np.logical_and.accumulate((others == own) & (others != NO_CODE), axis=1).sum(axis=1)
    share = 2.0 * common / np.maximum(depth + own_depth, 1)
    return np.asarray(np.where((depth == 0) | (own_depth == 0), 0.0, 2.0 * share - 1.0), np.float32)


def _agreement_of_prices(own: np.floating, others: Scores) -> Scores:
    """Return 1 for the same price, 0 for one half or double, -1 from four times on."""
    apart = np.abs(others - own) / np.log(2.0)
    return np.asarray(np.nan_to_num(np.clip(1.0 - apart, -1.0, 1.0), nan=0.0), np.float32)


def _agreement_of_attributes(own: Codes, others: Codes) -> Scores:
    """Score from -1 to 1 by the share of agreeing values among the attributes that both give."""
    known = (others != NO_CODE) & (own != NO_CODE)
    n = known.sum(axis=1)
    share = ((others == own) & known).sum(axis=1) / np.maximum(n, 1)
    return np.asarray(np.where(n == 0, 0.0, 2.0 * share - 1.0), np.float32)


def _agreement_of_quantities(own: Scores, others: Scores) -> Scores:
    """Return the mean over dimensions that both give: 1 where any amount is the same, -1 where none is."""
    shape = (len(UNIT_DIMENSIONS), PER_DIMENSION)
    mine, theirs = own.reshape(shape), others.reshape(len(others), *shape)
    dimensions = np.flatnonzero(np.isfinite(mine[:, 0]))
    if not len(dimensions):
        return np.zeros(len(others), np.float32)
    mine, theirs = mine[dimensions], theirs[:, dimensions]
    same = (np.abs(theirs[:, :, :, None] - mine[None, :, None, :]) < SAME_AMOUNT).any(axis=(2, 3))
    known = np.isfinite(theirs[:, :, 0])
    n = known.sum(axis=1)
    return np.asarray(np.where(known, np.where(same, 1.0, -1.0), 0.0).sum(axis=1) / np.maximum(n, 1), np.float32)


_COMPARE: Mapping[str, Callable[[Any, Any], Scores]] = {
    "quantities": _agreement_of_quantities,
    "category": _agreement_of_paths,
    "brand": _agreement,
    "price": _agreement_of_prices,
    "attributes": _agreement_of_attributes,
}


def _row(quantities: Sequence[tuple[int, float]]) -> list[float]:
    """Return a product's quantities in their places, NaN where there are none."""
    row = [np.nan] * (len(UNIT_DIMENSIONS) * PER_DIMENSION)
    taken = [0] * len(UNIT_DIMENSIONS)
    for dimension, amount in quantities:
        if taken[dimension] < PER_DIMENSION:
            row[dimension * PER_DIMENSION + taken[dimension]] = float(np.log(amount))
            taken[dimension] += 1
    return row


def _codes(values: "pd.Series[str]") -> Codes:
    codes, _ = pd.factorize(values.where(values != ""))
    return codes.astype(np.int32)


def _levels(paths: "pd.Series[str]") -> Codes:
    known: Mapping[str, list[str]] = {path: [part.casefold() for part in levels_of(path)] for path in paths.unique()}
    levels = [
        _codes(paths.map({p: path_of(parts[: d + 1]) if d < len(parts) else "" for p, parts in known.items()}))
        for d in range(MAX_LEVELS)
    ]
    return np.column_stack(levels)


def _attribute_codes(products: pd.DataFrame, names: Sequence[str]) -> tuple[tuple[str, ...], Codes]:
    """Return codes of the attributes that can agree: those with some repeated values and more than one."""
    columns: dict[str, Codes] = {}
    for name in names:
        codes = _codes(products[name].astype(str).str.casefold())
        n_known, n_values = int((codes != NO_CODE).sum()), int(codes.max(initial=NO_CODE)) + 1
        if 1 < n_values <= n_known / 2 and len(columns) < MAX_ATTRIBUTES:
            columns[name] = codes
    stacked = np.column_stack([*columns.values()]) if columns else np.empty((len(products), 0), np.int32)
    return tuple(columns), stacked


def _logarithms(amounts: NDArray[np.float64]) -> Scores:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(amounts > 0, np.log(amounts), np.nan).astype(np.float32)


def fold_brand(brand: str) -> str:
    """Return a brand as it is compared: without case and signs."""
    return _BRAND_PUNCTUATION.sub("", brand.casefold())
