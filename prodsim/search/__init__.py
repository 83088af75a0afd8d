"""Questions to a catalog and their answers."""

from prodsim.search.arrangement import Arrangement, left_out_in_words
from prodsim.search.calibration import ScoreCalibration, closeness_word
from prodsim.search.engine import SearchEngine
from prodsim.search.filters import Facet, Filters, facets, loosen
from prodsim.search.prepared_query import Comparer, lacking, of_mode, told_lacking
from prodsim.search.rules import BOOST, BURIED, PINNED, Rule, Ruling, Targets
from prodsim.search.ruleset import RuleSet, rules_from_yaml, rules_to_yaml
from prodsim.search.types import Hit, Mode, Query, SearchResult, rank_moves

__all__ = [
    "BOOST",
    "BURIED",
    "PINNED",
    "Arrangement",
    "Comparer",
    "Facet",
    "Filters",
    "Hit",
    "Mode",
    "Query",
    "Rule",
    "RuleSet",
    "Ruling",
    "ScoreCalibration",
    "SearchEngine",
    "SearchResult",
    "Targets",
    "closeness_word",
    "facets",
    "lacking",
    "left_out_in_words",
    "loosen",
    "of_mode",
    "rank_moves",
    "rules_from_yaml",
    "rules_to_yaml",
    "told_lacking",
]
