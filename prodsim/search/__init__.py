"""Questions to a catalog and their answers."""

from prodsim.search.engine import SearchEngine, of_mode
from prodsim.search.filters import Facet, Filters, facets, loosen
from prodsim.search.types import Hit, Mode, Query, SearchResult, rank_moves

__all__ = [
    "Facet",
    "Filters",
    "Hit",
    "Mode",
    "Query",
    "SearchEngine",
    "SearchResult",
    "facets",
    "loosen",
    "of_mode",
    "rank_moves",
]
