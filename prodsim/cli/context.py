"""What every command shares: the program, its common options, and how it speaks."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from prodsim.cli.console import ConsoleProgress
from prodsim.errors import ProdsimError
from prodsim.settings import Settings
from prodsim.workspace import Workspace

app = typer.Typer(
    help="Find similar products in a catalog. What the dashboard does to a catalog, scripted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of all catalogs; else PRODSIM_HOME, else the user's data folder.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on standard output.")]
CatalogName = Annotated[str | None, typer.Option("--catalog", help="Which catalog; the only one there is by default.")]
NameArgument = Annotated[str | None, typer.Argument(metavar="NAME", help="The catalog; the only one by default.")]
Preset = Annotated[str | None, typer.Option("--preset", help="What similar means; a wrong name lists them all.")]
SettingName = Annotated[
    str | None,
    typer.Option(
        "--setting", help="A saved setting (`settings` lists them); the catalog's default where none is asked."
    ),
]
Across = Annotated[str | None, typer.Option("--across", help="Only neighbours with another value in this column.")]
MetricName = Annotated[
    str | None, typer.Option("--metric", help="How vectors are compared: cosine, ip or l2; as built by default.")
]
Rules = Annotated[
    str | None,
    typer.Option("--rules", help="A saved set of rules, or a YAML file; of two limits the stricter one holds."),
]
PerBrand = Annotated[int | None, typer.Option("--per-brand", help="At most so many products of a brand.")]
PerCategory = Annotated[int | None, typer.Option("--per-category", help="At most so many products of a category.")]
PerFamily = Annotated[int | None, typer.Option("--per-family", help="At most so many variants with one group_id.")]
WeightList = Annotated[str | None, typer.Option("--weights", help='Weights of parts, such as "meaning=1,words=0.5".')]


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Where a command meets the person: the workspace behind it, and how to print.

    Attributes:
        warnings: what was told by ``warn``.
    """

    workspace: Workspace
    as_json: bool
    warnings: list[str] = field(default_factory=list)

    @property
    def progress(self) -> ConsoleProgress:
        """Progress on standard error."""
        return ConsoleProgress(sys.stderr)

    def warn(self, told: str) -> None:
        """Tell a sentence on standard error, and as one of ``warnings`` in the JSON object."""
        self.warnings.append(told)
        print(told, file=sys.stderr)

    def print(self, result: Mapping[str, Any], say: Callable[[], str]) -> None:
        """Print the result as one JSON object, with the warnings if there are any, or what ``say`` returns."""
        warned = {"warnings": self.warnings} if self.warnings else {}
        print(as_json({**result, **warned}) if self.as_json else say())


@contextmanager
def open_door(home: Path | None, json_wanted: bool) -> Iterator[CommandContext]:
    """Yield a door; errors the person can act on are printed and end the program with 1, wrong usage with 2."""
    try:
        yield CommandContext(Workspace(Settings.from_environment(home)), json_wanted)
    except ProdsimError as error:
        if json_wanted:
            print(as_json({"error": {"what": error.what, "fix": error.fix}}))
        else:
            print(f"{error.what}\n{error.fix}", file=sys.stderr)
        raise typer.Exit(1) from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def as_json(result: Mapping[str, Any]) -> str:
    """The object on one line; numbers that are not finite become null, as JSON has no word for them."""
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
