"""The command line: every command calls the workspace and prints for people, or one JSON object with ``--json``."""

import io
import sys
from importlib import import_module

ALONE = {"search": "questions", "list": "catalogs", "info": "catalogs"}
"""Commands that answer in a second, to the module that has them: it is imported without those of all others."""


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):  # a file's name, or a title in a narrow console, may be beyond its encoding
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    import_module(f"prodsim.cli.{ALONE.get(asked, 'commands')}")
    import_module("prodsim.cli.context").app(prog_name="prodsim")
