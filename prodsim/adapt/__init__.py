"""Adapting an encoder to a catalog, and telling honestly whether it helped."""

from prodsim.adapt.cards import write_card
from prodsim.adapt.estimate import estimate_run
from prodsim.adapt.measuring import MEANING, METRICS, PROBES, Changed, Compared, Measured, exactly
from prodsim.adapt.pairs import SAME_PRODUCT, SOURCES, Labels, Pairs
from prodsim.adapt.plan import FEWEST, Plan, Struck, make_plan
from prodsim.adapt.recipes import RECIPES, Kind, Method, TrainingRecipe
from prodsim.adapt.running import help_training, run_training
from prodsim.adapt.runs import Option, Outcome, RunFolder, Status
from prodsim.adapt.smaller import run_smaller

__all__ = [
    "FEWEST",
    "MEANING",
    "METRICS",
    "PROBES",
    "RECIPES",
    "SAME_PRODUCT",
    "SOURCES",
    "Changed",
    "Compared",
    "Kind",
    "Labels",
    "Measured",
    "Method",
    "Option",
    "Outcome",
    "Pairs",
    "Plan",
    "RunFolder",
    "Status",
    "Struck",
    "TrainingRecipe",
    "estimate_run",
    "exactly",
    "help_training",
    "make_plan",
    "run_smaller",
    "run_training",
    "write_card",
]
