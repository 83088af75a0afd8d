"""A catalog without a query: in which order its products stand."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.index import Rows
from prodsim.search.families import Families

Order = Literal["complete", "price", "-price", "title"]
"""Those with most fields first, the cheapest first, the dearest first, by title."""
SHOWN_FIELDS = ("image", "description", "category", "brand", "availability")
"""A product that shows well has these, and a price."""
GOLDEN = (5**0.5 - 1) / 2


def places_in(catalog: Catalog, order: Order) -> Rows:
    """Return each product's place in an order, 0 first, shape (n_products,); equal ones keep their order.

    Products without a price above 0 come last by price. Those that are equally complete are taken from all over the
    catalog in turn, since a file often begins with hundreds of one kind.
    """
    if order == "title":
        ordered = np.argsort(catalog.products["title"].str.casefold().to_numpy(str), kind="stable")
    elif order == "complete":
        ordered = np.lexsort((_spread(len(catalog)), -_filled(catalog)))
    else:
        prices = catalog.products["price"].to_numpy(np.float64)
        sign = -1 if order == "-price" else 1
        ordered = np.argsort(np.where(prices > 0, sign * prices, np.inf), kind="stable")
    places = np.empty(len(ordered), np.int64)
    places[ordered] = np.arange(len(ordered))
    return places


def browse(places: Rows, allowed: Rows, families: Families | None = None) -> Rows:
    """Return the allowed rows in an order; with families the first of each, which stands for the others.

    Args:
        places: as ``places_in`` gives them.
        allowed: rows, ascending.
        families: of which one product each is shown; ``None`` for every product.
    """
    ordered = allowed[np.argsort(places[allowed])]
    if families is None:
        return ordered
    return ordered[np.sort(np.unique(families.number_of[ordered], return_index=True)[1])]


def _filled(catalog: Catalog) -> NDArray[np.int64]:
    """Count the fields of each product that are filled; a price counts as much as all others.

    A card without a price looks unfinished.
    """
    products = catalog.products
    filled = np.sum([(products[field] != "").to_numpy(bool) for field in SHOWN_FIELDS], axis=0)
    return np.asarray(filled + len(SHOWN_FIELDS) * (products["price"].to_numpy(np.float64) > 0), np.int64)


def _spread(n: int) -> NDArray[np.float64]:
    """Return a number per row by which the first few of any length are spread evenly over all (Weyl's sequence)."""
    return np.asarray((np.arange(n) * GOLDEN) % 1.0, np.float64)
