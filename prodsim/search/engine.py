"""Answering a query: candidates from the indexes, exact scores, hits."""

import time
from collections.abc import Callable

import numpy as np

from prodsim.catalog import Catalog
from prodsim.encoders import Encoder
from prodsim.errors import QueryError
from prodsim.index import Index
from prodsim.search.filters import Filters
from prodsim.search.types import Hit, Query, SearchResult


class SearchEngine:
    """Answers queries over one built catalog; safe to use from several threads.

    Args:
        catalog: the products.
        index: over the products' vectors, in product rows.
        get_encoder: called when a text must be encoded for the first time, never for a search by SKU.
    """

    def __init__(self, catalog: Catalog, index: Index, get_encoder: Callable[[], Encoder]) -> None:
        self._catalog = catalog
        self._index = index
        self._get_encoder = get_encoder
        self._row_of = {sku: row for row, sku in enumerate(catalog.products["sku"])}

    def search(
        self, query: Query, k: int = 10, filters: Filters = Filters(), *, exact: bool = False  # noqa: B008
    ) -> SearchResult:
        """Find the k products closest to the query; the products of ``like`` and ``unlike`` are left out.

        Raises:
            QueryError: the query is empty or names an unknown SKU (offers near matches).
        """
        started = time.perf_counter()
        if query.is_empty:
            raise QueryError("There is nothing to search by.", "Type some words or choose a product.")
        vector = self._get_encoder().encode([query.text], "query")
        rows = filters.rows(self._catalog)
        found = self._index.search(vector, k, rows, exact=exact)
        products = self._catalog.products
        hits = tuple(
            Hit(products["sku"].iat[r], int(r), products["title"].iat[r], float(s), {"meaning": float(s)})
            for r, s in zip(found.rows[0], found.scores[0], strict=True)
        )
        took_ms = (time.perf_counter() - started) * 1000
        n = len(self._catalog)
        return SearchResult(hits, exact, took_ms, n, n if rows is None else len(rows), n)
