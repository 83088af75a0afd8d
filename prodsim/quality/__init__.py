"""Checks of a catalog: duplicates, variants, misfiled, unusual and broken products."""

from prodsim.quality.checks.registry import CHECKS, expand_kinds, kind_title, run_checks
from prodsim.quality.subject import LEVEL_TITLES, Check, CheckSpec, Level, Subject

__all__ = [
    "CHECKS",
    "LEVEL_TITLES",
    "Check",
    "CheckSpec",
    "Level",
    "Subject",
    "expand_kinds",
    "kind_title",
    "run_checks",
]
