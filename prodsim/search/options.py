"""How a search is done, whatever is searched for."""

from dataclasses import dataclass

from prodsim.search.arrangement import Arrangement
from prodsim.search.filters import Filters
from prodsim.search.types import Mode
from prodsim.similarity import Weights


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The options of a search; the defaults search the whole catalog by its own weights.

    Attributes:
        weights: how much each part of the score counts; ``None`` for the catalog's own.
        filters: only products that pass are results.
        arrangement: limits per brand and the like, diversity, and rules that pin, bury or boost products.
        mode: which of the weighted parts are compared.
        exact: whether every product that passes is scored, instead of the candidates of the indexes.
    """

    weights: Weights | None = None
    filters: Filters = Filters()
    arrangement: Arrangement = Arrangement()
    mode: Mode = "both"
    exact: bool = False
