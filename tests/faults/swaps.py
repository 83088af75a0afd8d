"""Folders where files should be, files where folders should be, and what each command says then."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from prodsim.cli.commands import app
from tests.faults.scenes import NAME, make_world

COMMANDS = (
    ("list",), ("info", NAME), ("search", "coffee mug"), ("ask", "mug under 10"), ("recommend", "--history", "M0"), ("check", NAME), ("build", "{shop}"),
    ("refresh", NAME), ("remove", NAME), ("judgements",), ("decisions",), ("histories",), ("settings",), ("rules",), ("adapted",), ("doctor",),
    ("map", "--out", "{out}"), ("neighbours", "--out", "{out}"),
)  # fmt: skip
"""A few arguments suffice: what matters is which files each of them reads and writes."""


def swap_outcomes(folder: Path, every: int) -> Iterator[tuple[str, str]]:
    """Swap every file and folder of a home, one at a time, and run every n-th command; yield what was tried and wrong.

    What is wrong is ``""`` where the command did its work or ended in words.
    """
    pristine, world = folder / "pristine", folder / "world"
    make_world(pristine)
    home = pristine / "home"
    entries = sorted(path.relative_to(home) for path in home.rglob("*") if path.suffix != ".lock")
    cases = [(entry, command) for entry in entries for command in COMMANDS]
    for entry, command in cases[::every]:
        shutil.rmtree(world, ignore_errors=True)
        shutil.copytree(pristine, world)
        _swap(world / "home" / entry)
        yield f"{entry.as_posix()}, {' '.join(command)}", _problem(world, command)


def _swap(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
        path.touch()
    else:
        path.unlink()
        path.mkdir()


def _problem(world: Path, command: tuple[str, ...]) -> str:
    """Run a command in a world; return the error that it did not put into words, ``""`` for none."""
    paths = {"shop": world / "source" / "shop.csv", "out": world / "out.csv"}
    words = [word.format(**paths) for word in command]
    result = CliRunner().invoke(app, [*words, "--home", str(world / "home")])
    if isinstance(result.exception, SystemExit | None):
        return "it speaks of something unexpected" if "unexpected went wrong" in result.output else ""
    return f"{type(result.exception).__name__}: {result.exception}"
