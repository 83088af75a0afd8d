"""All commands of the program."""

from prodsim.cli import adapt, ask, catalogs, check, compare, dashboard, explain, questions, recommend, records
from prodsim.cli.context import app

__all__ = [
    "adapt",
    "app",
    "ask",
    "catalogs",
    "check",
    "compare",
    "dashboard",
    "explain",
    "questions",
    "recommend",
    "records",
]
