"""Finding products by what names them: SKU, GTIN, MPN, brand."""

import difflib
from bisect import bisect_left
from functools import cached_property
from unicodedata import category

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from prodsim.catalog import Catalog
from prodsim.errors import QueryError
from prodsim.index import Rows
from prodsim.search.types import Query
from prodsim.text import clean_text

NAMING = {"sku": "SKU", "gtin": "GTIN", "mpn": "model number", "brand": "brand"}
"""Fields that name a product, or several, and what they are called; the first that fits is meant."""
_SEPARATORS = r"[^\p{L}\p{N}]+"
_NONE = np.empty(0, np.int64)
_AROUND = 200
"""SKUs looked at on each side of a mistyped one; comparing with all takes seconds in a large catalog."""


class Lookup:
    """Products by their names; built once per open catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._products = catalog.products
        self._skus: list[str] = catalog.products["sku"].tolist()
        self._row_of = {sku: row for row, sku in enumerate(self._skus)}

    def row(self, sku: str) -> int:
        """The product's row; its SKU may be written as in the file, before it was cleaned.

        Raises:
            QueryError: there is none; offers near matches.
        """
        for written in (sku, clean_text(sku)):
            if written in self._row_of:
                return self._row_of[written]
        near = self._near(sku)
        hint = f"Did you mean {', '.join(near)}?" if near else "Search for some words of its title instead."
        raise QueryError(f'There is no product with SKU "{sku}" among the {len(self._row_of):,}.', hint)

    def __contains__(self, sku: str) -> bool:
        """Whether a product has just this SKU."""
        return sku in self._row_of

    def check(self, query: Query) -> None:
        """Refuse an empty query, and one that both likes and dislikes a product."""
        if query.is_empty:
            raise QueryError("There is nothing to search by.", "Type some words or choose a product.")
        both = set(query.like) & set(query.unlike)
        if both:
            raise QueryError(f"{', '.join(sorted(both))} is both liked and disliked.", "Take one of the two away.")

    def match(self, text: str) -> tuple[Rows, str]:
        """Products that the text names exactly, whatever its case and separators.

        Returns:
            Their rows ascending, and what the text is: ``"SKU"``, ``"GTIN"``, ``"model number"``, ``"brand"``; or
            none and ``""``.
        """
        key = _key(text)
        for field, name in NAMING.items() if key else ():
            rows = self._rows_by(field, key)
            if len(rows):
                return rows, name
        return _NONE, ""

    def resolve(self, query: Query) -> tuple[list[int], str]:
        """Rows of the products to be close to, and the text; a text that names a product counts as that product."""
        rows, typed = [self.row(sku) for sku in query.like], query.text.strip()
        named, kind = self.match(typed)
        return ([*rows, int(named[0])], "") if kind not in ("", "brand") else (rows, typed)

    def _near(self, sku: str) -> list[str]:
        """Up to three SKUs like a mistyped one, equal but for case and separators, else beginning or ending alike."""
        same = [self._skus[row] for row in self._rows_by("sku", _key(sku)).tolist()]
        if same:
            return same[:3]
        forward, backward = self._sorted
        place, place_back = bisect_left(forward, sku), bisect_left(backward, sku[::-1])
        alike = set(forward[max(place - _AROUND, 0) : place + _AROUND])
        alike |= {name[::-1] for name in backward[max(place_back - _AROUND, 0) : place_back + _AROUND]}
        return difflib.get_close_matches(sku, sorted(alike), n=3)

    @cached_property
    def _sorted(self) -> tuple[list[str], list[str]]:
        return sorted(self._skus), sorted(sku[::-1] for sku in self._skus)

    def _rows_by(self, field: str, key: str) -> Rows:
        """Rows with that key, ascending."""
        keys, known = self._keys[field]
        return np.flatnonzero(keys == key) if key in known else _NONE

    @cached_property
    def _keys(self) -> dict[str, tuple[NDArray[np.object_], frozenset[str]]]:
        """Field to the key of each product, and all keys there are: most texts name no product."""
        keys = {field: _keys(self._products[field]) for field in NAMING}
        return {field: (np.array(own, object), frozenset(own)) for field, own in keys.items()}


def _key(text: str) -> str:
    """One text as ``_keys`` has it; that compiles its expression at each call, which takes over a millisecond."""
    return "".join(lower for written in text for lower in written.lower() if category(lower)[0] in "LN")


def _keys(texts: pd.Series) -> list[str]:
    """Texts in lower case without separators, all at once."""
    lower = pc.utf8_lower(pa.array(texts, pa.string()))
    return list(pc.replace_substring_regex(lower, _SEPARATORS, "").to_pylist())
