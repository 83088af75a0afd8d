"""Adapting an encoder to a catalog, and measuring whether it helped."""

from prodsim.adapt.compression import run_smaller
from prodsim.adapt.estimate import estimate_run
from prodsim.adapt.execution import help_training, run_training
from prodsim.adapt.measurement import MEANING_ALONE, METRICS, PROBES, Changed, Measured, ProbeComparison, exactly
from prodsim.adapt.model_card import write_card
from prodsim.adapt.pairs import PAIR_SOURCES, Labels, TrainingPairs
from prodsim.adapt.plan import MIN_PAIRS, ExcludedPairs, Plan, make_plan
from prodsim.adapt.recipes import RECIPES, Kind, Method, TrainingRecipe
from prodsim.adapt.runs import Option, Outcome, RunFolder, Status

__all__ = [
    "MEANING_ALONE",
    "METRICS",
    "MIN_PAIRS",
    "PAIR_SOURCES",
    "PROBES",
    "RECIPES",
    "Changed",
    "ExcludedPairs",
    "Kind",
    "Labels",
    "Measured",
    "Method",
    "Option",
    "Outcome",
    "Plan",
    "ProbeComparison",
    "RunFolder",
    "Status",
    "TrainingPairs",
    "TrainingRecipe",
    "estimate_run",
    "exactly",
    "help_training",
    "make_plan",
    "run_smaller",
    "run_training",
    "write_card",
]
