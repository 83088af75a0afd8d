"""The command line: every command calls the workspace and prints for people, or one JSON object with ``--json``."""

import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module

from prodsim.phrases import ENGLISH, nearest_language, read_language_from

MODULES: Mapping[str, str] = {
    "adapt": "adapt",
    "adapted": "adapted",
    "ask": "ask",
    "backup": "backup",
    "build": "build",
    "categories": "categories",
    "check": "check",
    "compare": "compare",
    "dashboard": "dashboard",
    "decisions": "decisions",
    "doctor": "doctor",
    "evaluate": "evaluate",
    "explain": "explain",
    "histories": "histories",
    "info": "info",
    "judgements": "judgements",
    "keys": "keys",
    "knowledge": "knowledge",
    "list": "catalogs",
    "map": "map",
    "match": "match",
    "mcp": "mcp",
    "neighbours": "neighbours",
    "read": "read",
    "recommend": "recommend",
    "records": "records",
    "refresh": "refresh",
    "remove": "remove",
    "restore": "restore",
    "rules": "rules",
    "search": "search",
    "serve": "serve",
    "settings": "settings",
}
"""Each command to its module, which is imported without those of all others: a search waits for nothing else."""


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):  # a file's name, or a title in a narrow console, may be beyond its encoding
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    language = nearest_language(os.environ.get("PRODSIM_LANGUAGE", ENGLISH))
    read_language_from(lambda: language)
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    import_module(f"prodsim.cli.{MODULES.get(command, 'commands')}")
    import_module("prodsim.cli.context").app(prog_name="prodsim")
