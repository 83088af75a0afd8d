"""Checks of a catalog: duplicates, variants, misfiled, odd and broken products."""

from prodsim.quality.check import Check, CheckSpec, Level, Subject
from prodsim.quality.registry import CHECKS, kinds_meant, run_checks

__all__ = ["CHECKS", "Check", "CheckSpec", "Level", "Subject", "kinds_meant", "run_checks"]
