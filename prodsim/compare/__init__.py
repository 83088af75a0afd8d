"""Two settings side by side: how far their answers differ, and which one is better on what people judged."""

from prodsim.compare.judged import RELEVANT, JudgedComparison, PairedMeasure, compare_judged, queries_needed
from prodsim.compare.overlap import ComparedProduct, Comparison, Placed, compare_settings, rank_biased_overlap
from prodsim.compare.sides import N_COMPARED, Estimate, K, Side, hits_of, sample_skus

__all__ = [
    "N_COMPARED",
    "RELEVANT",
    "ComparedProduct",
    "Comparison",
    "Estimate",
    "JudgedComparison",
    "K",
    "PairedMeasure",
    "Placed",
    "Side",
    "compare_judged",
    "compare_settings",
    "hits_of",
    "queries_needed",
    "rank_biased_overlap",
    "sample_skus",
]
