"""How good a setting is: against known truth, beside another setting, by judgements; and how good the index is."""

from prodsim.evaluation.evaluate import K
from prodsim.evaluation.judged import RELEVANT, JudgedComparison, PairedMeasure, compare_judged, queries_needed
from prodsim.evaluation.overlap import ComparedProduct, Comparison, RankedHit, compare_settings, rank_biased_overlap
from prodsim.evaluation.robustness import RobustnessReport, measure_robustness
from prodsim.evaluation.sides import N_COMPARED, Estimate, Side, hits_of, sample_skus

__all__ = [
    "N_COMPARED",
    "RELEVANT",
    "ComparedProduct",
    "Comparison",
    "Estimate",
    "JudgedComparison",
    "K",
    "PairedMeasure",
    "RankedHit",
    "RobustnessReport",
    "Side",
    "compare_judged",
    "compare_settings",
    "hits_of",
    "measure_robustness",
    "queries_needed",
    "rank_biased_overlap",
    "sample_skus",
]
