"""Weights learned from a person's judgements, and whether they are better on judgements they had not seen."""

from prodsim.learn.fit import fit_weights
from prodsim.learn.folds import splits
from prodsim.learn.judgements import NAMES, Judged, Judgements, read_judgements
from prodsim.learn.weights import FEWEST, Compared, Learned, learn_weights

__all__ = [
    "FEWEST",
    "NAMES",
    "Compared",
    "Judged",
    "Judgements",
    "Learned",
    "fit_weights",
    "learn_weights",
    "read_judgements",
    "splits",
]
