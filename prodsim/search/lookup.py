"""Products by what names them: SKU, GTIN, MPN, brand."""

import difflib
from bisect import bisect_left
from functools import cached_property
from unicodedata import category

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from prodsim.catalog import Catalog, comparable_gtin
from prodsim.errors import QueryError
from prodsim.index import Rows
from prodsim.phrases import phrase
from prodsim.search.types import Query
from prodsim.text import clean_text, excerpt

NAME_FIELDS = ("sku", "gtin", "mpn", "brand")
"""Fields that name a product, or several; the first that fits is meant."""
MAX_CHARACTERS = 10_000
"""Of a query's text: encoders read the first few hundred words."""
MAX_PRODUCTS = 100
"""Liked and disliked products of a query; each is compared with every candidate."""
_NOT_IN_NAMES = r"[^\p{L}\p{N}]+"
_NONE = np.empty(0, np.int64)
MAX_SKU_CHARACTERS = 200
"""Up to which near matches are looked for; comparing takes time with the square of the length."""
_NAMES_AROUND = 200
"""SKUs compared on each side of a mistyped one; comparing with all takes seconds in a large catalog."""


class Lookup:
    """Products by their names; built once per open catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._products = catalog.products
        self._skus: list[str] = catalog.products["sku"].tolist()
        self._row_of = {sku: row for row, sku in enumerate(self._skus)}

    def row(self, sku: str) -> int:
        """Return the product's row; its SKU may be written as in the file, before it was cleaned.

        Raises:
            QueryError: there is none; offers near matches.
        """
        for written in (sku, clean_text(sku)):
            if written in self._row_of:
                return self._row_of[written]
        near = self._near(sku) if len(sku) <= MAX_SKU_CHARACTERS else []
        if near:
            fix = phrase("Did you mean {skus}?", skus=", ".join(near))
        else:
            fix = phrase("Search for words of its title instead.")
        raise QueryError(
            phrase("None of the {n:,} products has the SKU “{sku}”.", n=len(self._row_of), sku=excerpt(sku)), fix
        )

    def __contains__(self, sku: str) -> bool:
        """Return whether a product has just this SKU."""
        return sku in self._row_of

    def check(self, query: Query) -> None:
        """Refuse an empty query, one beyond a limit, and one that both likes and dislikes a product."""
        if query.is_empty:
            raise QueryError(phrase("The query is empty."), phrase("Type some words or choose a product."))
        if len(query.text) > MAX_CHARACTERS:
            raise QueryError(
                phrase(
                    "The text has {n:,} characters, and the limit is {limit:,}.",
                    n=len(query.text),
                    limit=MAX_CHARACTERS,
                ),
                phrase("Search for a shorter text."),
            )
        n_products = len(query.like) + len(query.unlike)
        if n_products > MAX_PRODUCTS:
            raise QueryError(
                phrase("The query names {n:,} products, and the limit is {limit:,}.", n=n_products, limit=MAX_PRODUCTS),
                phrase("Name the most typical ones."),
            )
        both = set(query.like) & set(query.unlike)
        if both:
            raise QueryError(
                phrase("Liked and disliked at the same time: {skus}.", skus=", ".join(sorted(both))),
                phrase("Remove it from one of the two lists."),
            )

    def match(self, text: str) -> tuple[Rows, str]:
        """Return the products that the text names exactly, whatever its case and separators, and the form of a GTIN.

        Returns:
            Their rows ascending, and the field of ``NAME_FIELDS`` that the text is; or none and ``""``.
        """
        key, gtin = _key(text), comparable_gtin(text)
        for field in NAME_FIELDS if key else ():
            rows = self._rows_by(field, (gtin or key) if field == "gtin" else key)
            if len(rows):
                return rows, field
        return _NONE, ""

    def resolve(self, query: Query) -> tuple[list[int], str]:
        """Return rows of the products to be close to, and the text; one that names a product counts as that product."""
        rows, typed = [self.row(sku) for sku in query.like], query.text.strip()
        named, field = self.match(typed)
        return ([*rows, int(named[0])], "") if field not in ("", "brand") else (rows, typed)

    def _near(self, sku: str) -> list[str]:
        """Return up to three SKUs near a mistyped one: equal but for case and separators, else by start and end."""
        same = [self._skus[row] for row in self._rows_by("sku", _key(sku)).tolist()]
        if same:
            return same[:3]
        # What shares a long beginning, or a long end, stands close in one of the two sorted lists.
        forward, backward = self._sorted
        place, place_back = bisect_left(forward, sku), bisect_left(backward, sku[::-1])
        near = set(forward[max(place - _NAMES_AROUND, 0) : place + _NAMES_AROUND])
        near |= {name[::-1] for name in backward[max(place_back - _NAMES_AROUND, 0) : place_back + _NAMES_AROUND]}
        return difflib.get_close_matches(sku, sorted(near), n=3)

    @cached_property
    def _sorted(self) -> tuple[list[str], list[str]]:
        return sorted(self._skus), sorted(sku[::-1] for sku in self._skus)

    def _rows_by(self, field: str, key: str) -> Rows:
        """Return rows with that key, ascending."""
        keys, known = self._keys[field]
        return np.flatnonzero(keys == key) if key in known else _NONE

    @cached_property
    def _keys(self) -> dict[str, tuple[NDArray[np.object_], frozenset[str]]]:
        """Map each field to the key of each product, and to all keys: most texts name no product."""
        keys = {field: _keys(self._products[field]) for field in NAME_FIELDS}
        gtins = map(comparable_gtin, self._products["gtin"])
        keys["gtin"] = [gtin or key for gtin, key in zip(gtins, keys["gtin"], strict=True)]
        return {field: (np.array(own, object), frozenset(own)) for field, own in keys.items()}


def _key(text: str) -> str:
    """Return one text as ``_keys`` has it; that compiles its expression at each call, which takes a millisecond."""
    return "".join(lower for written in text for lower in written.lower() if category(lower)[0] in "LN")


def _keys(texts: pd.Series) -> list[str]:
    """Return texts in lower case without separators, all at once."""
    lower = pc.utf8_lower(pa.array(texts, pa.string()))
    return list(pc.replace_substring_regex(lower, _NOT_IN_NAMES, "").to_pylist())
