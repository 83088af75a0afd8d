"""Questions to a catalog and their answers."""

from prodsim.search.engine import SearchEngine
from prodsim.search.filters import Filters
from prodsim.search.types import Hit, Query, SearchResult

__all__ = ["Filters", "Hit", "Query", "SearchEngine", "SearchResult"]
