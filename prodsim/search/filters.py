"""Narrowing a search to products with certain fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from sys import float_info
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import SEPARATOR
from prodsim.index import Rows
from prodsim.search.where import find_rows
from prodsim.text import excerpt, has_half_character

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that must all hold; the default allows everything.

    Attributes:
        price_min, price_max: inclusive; a product without a price passes neither.
        brands: any of these.
        categories: any of these paths, or below one of them.
        in_stock: only products that are in stock.
        attributes: attribute name to the values allowed.
        skus: any of these products; ``None`` for all.
        where: a condition in SQL over the catalog's columns, e.g. ``price < 100 AND brand = 'Acme'``.
    """

    price_min: float | None = None
    price_max: float | None = None
    brands: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    in_stock: bool = False
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where: str = ""
    skus: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("price_min", "price_max"):
            price = getattr(self, name)
            if price is not None and not abs(price) <= float_info.max:
                raise ValueError(f"{name} must be a number, got {excerpt(str(price), 20)}")

    def rows(self, catalog: Catalog) -> Rows | None:
        """Return the rows that pass, ascending; ``None`` when there is no condition.

        Raises:
            QueryError: ``where`` cannot be understood, or a column is not there.
        """
        masks = self.masks(catalog)
        return np.flatnonzero(np.logical_and.reduce(list(masks.values()))) if masks else None

    def masks(self, catalog: Catalog) -> dict[str, Mask]:
        """Return which products pass, by the field that a condition is about; ``""`` for ``where`` and ``skus``.

        Raises:
            QueryError: as ``rows``.
        """
        products = catalog.products
        masks: dict[str, Mask] = {}

        def narrow(name: str, mask: Mask) -> None:
            masks[name] = masks[name] & mask if name in masks else mask

        if self.price_min is not None:
            narrow("price", (products["price"] >= self.price_min).to_numpy(bool))
        if self.price_max is not None:
            narrow("price", (products["price"] <= self.price_max).to_numpy(bool))
        if self.brands:
            narrow("brand", products["brand"].isin(_whole(self.brands)).to_numpy(bool))
        if self.categories:
            narrow("category", _in_categories(products["category"], self.categories))
        if self.in_stock:
            narrow("availability", (products["availability"] == "in stock").to_numpy(bool))
        for name, values in self.attributes.items():
            narrow(name, catalog.column(name).isin(_whole(values)).to_numpy(bool))
        if self.skus is not None:
            narrow("", _only([catalog.row_of[sku] for sku in self.skus if sku in catalog.row_of], len(products)))
        if self.where:
            narrow("", _only(find_rows(products, self.where), len(products)))
        return masks


def loosen(catalog: Catalog, filters: Filters) -> tuple[tuple[str, int], ...]:
    """Return each filter without which products would pass, such as "price", and how many then, most first."""
    changes: dict[str, dict[str, Any]] = {
        "price": {"price_min": None, "price_max": None},
        "brand": {"brands": ()},
        "category": {"categories": ()},
        "stock": {"in_stock": False},
        "attributes": {"attributes": {}},
        "where": {"where": ""},
    }
    options = []
    for name, change in changes.items():
        looser = replace(filters, **change)
        if looser != filters:
            rows = looser.rows(catalog)
            options.append((name, len(catalog) if rows is None else len(rows)))
    return tuple(sorted((option for option in options if option[1]), key=lambda option: -option[1]))


def _whole(values: Sequence[str]) -> list[str]:
    """Return the values that a catalog can hold; comparing with others fails."""
    return [value for value in values if not has_half_character(value)]


def _only(rows: "Rows | list[int]", n: int) -> Mask:
    """Return a mask of n in which the rows alone pass."""
    mask = np.zeros(n, bool)
    mask[rows] = True
    return mask


def _in_categories(column: "pd.Series[str]", paths: Sequence[str]) -> Mask:
    mask = np.zeros(len(column), bool)
    for path in _whole(paths):
        mask |= ((column == path) | column.str.startswith(f"{path}{SEPARATOR}")).to_numpy()
    return mask
