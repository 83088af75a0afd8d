"""Questions to a catalog and their answers."""

from prodsim.search.engine import SearchEngine
from prodsim.search.filters import Facet, Filters, facets, loosen
from prodsim.search.types import Hit, Mode, Query, SearchResult, rank_moves

__all__ = ["Facet", "Filters", "Hit", "Mode", "Query", "SearchEngine", "SearchResult", "facets", "loosen", "rank_moves"]
