"""Narrowing a search to products with certain fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from prodsim.catalog import Catalog
from prodsim.index import Rows


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that must all hold; the default allows everything.

    Attributes:
        price_min, price_max: inclusive; a product without a price passes neither.
        brands: any of these.
        categories: any of these paths, or below one of them.
        in_stock: only products that are in stock.
        attributes: attribute name to the values allowed.
        where: a condition in SQL over the catalog's columns, e.g. ``price < 100 AND brand = 'Acme'``.
    """

    price_min: float | None = None
    price_max: float | None = None
    brands: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    in_stock: bool = False
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where: str = ""

    def rows(self, catalog: Catalog) -> Rows | None:
        """The rows that pass, ascending; ``None`` when all do without a look.

        Raises:
            QueryError: ``where`` cannot be understood, or names a column that is not there (offers near matches).
        """
        if self == Filters():
            return None
        products = catalog.products
        mask = np.ones(len(products), bool)
        if self.brands:
            mask &= products["brand"].isin(self.brands).to_numpy()
        if self.price_max is not None:
            mask &= (products["price"] <= self.price_max).to_numpy()
        return np.flatnonzero(mask)


@dataclass(frozen=True, slots=True)
class Facet:
    """A field's values with the number of products each, most frequent first."""

    field: str
    counts: tuple[tuple[str, int], ...]


def facets(catalog: Catalog, rows: Rows | None, fields: tuple[str, ...]) -> tuple[Facet, ...]:
    """Count the values of the fields over the rows (``None``: all); empty values are left out."""
    products = catalog.products if rows is None else catalog.products.iloc[rows]
    return tuple(
        Facet(name, tuple((str(v), int(n)) for v, n in products[name].value_counts().items() if v)) for name in fields
    )
