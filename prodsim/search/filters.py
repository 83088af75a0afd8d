"""Narrowing a search to products with certain fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from sys import float_info
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import Catalog
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
        if self == Filters():
            return None
        products = catalog.products
        mask = np.ones(len(products), bool)
        if self.price_min is not None:
            mask &= (products["price"] >= self.price_min).to_numpy()
        if self.price_max is not None:
            mask &= (products["price"] <= self.price_max).to_numpy()
        if self.brands:
            mask &= products["brand"].isin(_whole(self.brands)).to_numpy()
        if self.categories:
            mask &= _in_categories(products["category"], self.categories)
        if self.in_stock:
            mask &= (products["availability"] == "in stock").to_numpy()
        for name, values in self.attributes.items():
            mask &= catalog.column(name).isin(_whole(values)).to_numpy()
        if self.skus is not None:
            keep = np.zeros(len(products), bool)
            keep[[catalog.row_of[sku] for sku in self.skus if sku in catalog.row_of]] = True
            mask &= keep
        if self.where:
            keep = np.zeros(len(products), bool)
            keep[find_rows(products, self.where)] = True
            mask &= keep
        return np.flatnonzero(mask)


@dataclass(frozen=True, slots=True)
class Facet:
    """A field's values with the number of products each, most frequent first, equal counts by value."""

    field: str
    counts: tuple[tuple[str, int], ...]


def facets(catalog: Catalog, rows: Rows | None, fields: Sequence[str]) -> tuple[Facet, ...]:
    """Count the values of the fields over the rows (``None``: all); empty values are left out.

    A category counts for every path above it too: "Shoes" counts the products of "Shoes > Running".
    """
    products = catalog.products if rows is None else catalog.products.iloc[rows]
    return tuple(Facet(name, _counts(products[name], name == "category")) for name in fields)


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


def _in_categories(column: "pd.Series[str]", paths: Sequence[str]) -> Mask:
    mask = np.zeros(len(column), bool)
    for path in _whole(paths):
        mask |= ((column == path) | column.str.startswith(f"{path} > ")).to_numpy()
    return mask


def _counts(column: "pd.Series[str]", is_path: bool) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for value, count in column.value_counts().items():
        parts = str(value).split(" > ") if is_path else [str(value)]
        for depth in range(1, len(parts) + 1):
            path = " > ".join(parts[:depth])
            if path:
                counts[path] = counts.get(path, 0) + int(count)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
