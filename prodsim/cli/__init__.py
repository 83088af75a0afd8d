"""The command line: every command calls the workspace and prints for people, or one JSON object with ``--json``."""

import io
import sys

from prodsim.cli import adapt, ask, catalogs, check, compare, explain, questions, recommend, records
from prodsim.cli.door import app

__all__ = [
    "adapt",
    "app",
    "ask",
    "catalogs",
    "check",
    "compare",
    "explain",
    "main",
    "questions",
    "recommend",
    "records",
]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):  # a file's name, or a title in a narrow console, may be beyond its encoding
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="prodsim")
