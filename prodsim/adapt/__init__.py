"""Adapting an encoder to a catalog, and measuring whether it helped."""

from prodsim.adapt.aggregation import Update
from prodsim.adapt.compression import run_smaller
from prodsim.adapt.estimate import estimate_run
from prodsim.adapt.execution import adopt_weights, help_training, open_common_model, run_training
from prodsim.adapt.federated import Client, put_weights, weights_of
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
    "Client",
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
    "Update",
    "adopt_weights",
    "estimate_run",
    "exactly",
    "help_training",
    "make_plan",
    "open_common_model",
    "put_weights",
    "run_smaller",
    "run_training",
    "weights_of",
    "write_card",
]
