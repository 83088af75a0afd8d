"""Finding products by what names them: SKU, GTIN, MPN, brand."""

import difflib
import re
from functools import cached_property

import numpy as np

from prodsim.catalog import Catalog
from prodsim.errors import QueryError
from prodsim.index import Rows
from prodsim.search.types import Query

_SEPARATORS = re.compile(r"[\W_]+")
_NONE = np.empty(0, np.int64)


class Lookup:
    """Products by their names; built once per open catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._products = catalog.products
        self._row_of = {sku: row for row, sku in enumerate(catalog.products["sku"])}

    def row(self, sku: str) -> int:
        """The product's row.

        Raises:
            QueryError: there is none; offers near matches.
        """
        if sku in self._row_of:
            return self._row_of[sku]
        near = difflib.get_close_matches(sku, list(self._row_of)[:200_000], n=3)
        hint = f"Did you mean {', '.join(near)}?" if near else "Search for some words of its title instead."
        raise QueryError(f'There is no product with SKU "{sku}" among the {len(self._row_of):,}.', hint)

    def check(self, query: Query) -> None:
        """Refuse an empty query, and one that both likes and dislikes a product."""
        if query.is_empty:
            raise QueryError("There is nothing to search by.", "Type some words or choose a product.")
        both = set(query.like) & set(query.unlike)
        if both:
            raise QueryError(f"{', '.join(sorted(both))} is both liked and disliked.", "Take one of the two away.")

    def match(self, text: str) -> tuple[Rows, str, bool]:
        """Products that the text names exactly, whatever its case and separators.

        Returns:
            Their rows ascending, a sentence saying so, and whether the text names a single product rather than a brand.
        """
        key = _key(text)
        if not key:
            return _NONE, "", False
        for field, name in (("sku", "SKU"), ("gtin", "GTIN"), ("mpn", "model number"), ("brand", "brand")):
            rows = self._rows_by[field].get(key)
            if rows is not None:
                is_product = field != "brand"
                shown = "it is shown first, then what is like it" if is_product else "its products are shown first"
                return np.array(rows, np.int64), f'"{text.strip()}" is a {name}: {shown}.', is_product
        return _NONE, "", False

    @cached_property
    def _rows_by(self) -> dict[str, dict[str, list[int]]]:
        found: dict[str, dict[str, list[int]]] = {}
        for field in ("sku", "gtin", "mpn", "brand"):
            rows = found[field] = {}
            values = self._products[field].tolist()
            keys = {value: _key(value) for value in set(values)}
            for row, value in enumerate(values):
                if keys[value]:
                    rows.setdefault(keys[value], []).append(row)
        return found


def _key(text: str) -> str:
    folded = text.casefold()
    return folded if folded.isalnum() else _SEPARATORS.sub("", folded)
