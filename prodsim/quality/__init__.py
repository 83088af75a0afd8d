"""Checks of a catalog: duplicates, variants, misfiled, odd and broken products."""

from prodsim.quality.check import Check, CheckSpec, Level, Subject

__all__ = ["Check", "CheckSpec", "Level", "Subject"]
