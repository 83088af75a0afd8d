"""What every command shares: the program, the workspace, and how results, warnings and errors are printed."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import typer

from prodsim.artifacts import storage_error
from prodsim.cli.console import ConsoleProgress
from prodsim.errors import ProdsimError
from prodsim.records import Records
from prodsim.settings import Settings
from prodsim.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def program() -> None:
    """Find similar products in a catalog. Everything the dashboard can do, for scripts."""
    # With a callback, a command that is imported alone keeps its name; Typer would take it for the whole program.


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What a command works with: the workspace, and how to print.

    Attributes:
        warnings: sentences of ``warn``.
    """

    workspace: Workspace
    as_json: bool
    warnings: list[str] = field(default_factory=list)

    @property
    def progress(self) -> ConsoleProgress:
        """Return progress on standard error."""
        return ConsoleProgress(sys.stderr)

    def records(self, catalog: str | None) -> Records:
        """Return what people decided about a catalog, which must be there or have been: a typing error makes no file.

        Raises:
            QueryError: there is no such catalog.
        """
        records = self.workspace.records(catalog)
        if not records.exists():
            self.workspace.info(catalog)
        return records

    def warn(self, sentence: str) -> None:
        """Print a sentence to standard error, and keep it for the ``warnings`` of the JSON object."""
        self.warnings.append(sentence)
        print(sentence, file=sys.stderr)

    def print(self, facts: Mapping[str, Any], text: Callable[[], str]) -> None:
        """Print the facts as one JSON object, with the warnings if there are any, or what ``text`` returns."""
        warned = {"warnings": self.warnings} if self.warnings else {}
        print(as_json({**facts, **warned}) if self.as_json else text())


@contextmanager
def open_context(home: Path | None, json_wanted: bool) -> Iterator[CommandContext]:
    """Yield a context; errors the person can act on are printed and end the program with 1, wrong usage with 2."""
    try:
        yield CommandContext(Workspace(Settings.from_environment(home)), json_wanted)
    except ProdsimError as error:
        _print_error(error, json_wanted)
        raise typer.Exit(1) from error
    except BrokenPipeError:
        raise  # whoever read the output has enough
    except OSError as error:
        _print_error(storage_error(Settings.from_environment(home).home, error), json_wanted)
        raise typer.Exit(1) from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _print_error(error: ProdsimError, json_wanted: bool) -> None:
    if json_wanted:
        print(as_json({"error": {"what": error.what, "fix": error.fix}}))
    else:
        print(f"{error.what}\n{error.fix}", file=sys.stderr)


def as_json(result: Mapping[str, Any]) -> str:
    """Return the object on one line; numbers that are not finite become null, as JSON has no word for them."""
    return json.dumps(_plain(result), ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
