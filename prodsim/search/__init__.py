"""Searching a catalog: queries, options, rules, results."""

from prodsim.search.arrangement import Arrangement, left_out_text
from prodsim.search.calibration import ScoreCalibration, closeness_word
from prodsim.search.comparer import Comparer
from prodsim.search.crowding import Crowding
from prodsim.search.engine import SearchEngine
from prodsim.search.facets import Facet, FacetCounter
from prodsim.search.families import Families
from prodsim.search.filters import Filters, loosen
from prodsim.search.options import SearchOptions
from prodsim.search.prepared_query import EXACT_MATCH
from prodsim.search.readings import Reading, Readings, Replacement
from prodsim.search.rules import BOOST, BURIED, PINNED, Rule, Ruling, Targets
from prodsim.search.ruleset import RuleSet, rules_from_yaml, rules_to_yaml
from prodsim.search.types import Hit, Mode, Query, SearchResult, rank_moves
from prodsim.search.weights import lacking_note, lacking_parts, weights_of_mode

__all__ = [
    "BOOST",
    "BURIED",
    "EXACT_MATCH",
    "PINNED",
    "Arrangement",
    "Comparer",
    "Crowding",
    "Facet",
    "FacetCounter",
    "Families",
    "Filters",
    "Hit",
    "Mode",
    "Query",
    "Reading",
    "Readings",
    "Replacement",
    "Rule",
    "RuleSet",
    "Ruling",
    "ScoreCalibration",
    "SearchEngine",
    "SearchOptions",
    "SearchResult",
    "Targets",
    "closeness_word",
    "lacking_note",
    "lacking_parts",
    "left_out_text",
    "loosen",
    "rank_moves",
    "rules_from_yaml",
    "rules_to_yaml",
    "weights_of_mode",
]
