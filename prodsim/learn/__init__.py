"""Weights learned from judgements, and whether they are better on held-out judgements."""

from prodsim.learn.fit import fit_weights
from prodsim.learn.folds import splits
from prodsim.learn.judgements import NAMES, Judged, Judgements, read_judgements
from prodsim.learn.weights import MIN_JUDGEMENTS, HeldOutComparison, Learned, learn_weights

__all__ = [
    "MIN_JUDGEMENTS",
    "NAMES",
    "HeldOutComparison",
    "Judged",
    "Judgements",
    "Learned",
    "fit_weights",
    "learn_weights",
    "read_judgements",
    "splits",
]
