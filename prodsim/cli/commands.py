"""All commands of the program."""

from importlib import import_module

from prodsim.cli import MODULES
from prodsim.cli.context import app

for _module in MODULES.values():
    import_module(f"prodsim.cli.{_module}")

__all__ = ["app"]
