"""The command line: every command calls the workspace and prints for people, or one JSON object with ``--json``."""

from prodsim.cli import catalogs, questions
from prodsim.cli.door import app

__all__ = ["app", "catalogs", "main", "questions"]


def main() -> None:
    """Run the command line."""
    app(prog_name="prodsim")
