"""Checks of a catalog: duplicates, variants, misfiled, odd and broken products."""

from prodsim.quality.checks.registry import CHECKS, kinds_meant, run_checks
from prodsim.quality.subject import Check, CheckSpec, Level, Subject

__all__ = ["CHECKS", "Check", "CheckSpec", "Level", "Subject", "kinds_meant", "run_checks"]
