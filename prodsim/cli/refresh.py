"""The command that builds a catalog again from where it comes from."""

import sys
import threading
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from prodsim.cli import context as output
from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import Home, Json, NameArgument
from prodsim.cli.parsing import parse_interval
from prodsim.cli.printing import changes_facts, changes_text, report_facts
from prodsim.errors import ProdsimError
from prodsim.workspace.refresh import RefreshReport, refresh_catalog


@app.command()
def refresh(
    name: NameArgument = None,
    every: Annotated[
        str | None,
        typer.Option(
            "--every",
            help="Refresh again and again, such as every 30m, 12h or 1d; Ctrl-C ends it. With --json it prints one "
            "object on a line each time.",
        ),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Fetch a catalog's file, address or database again, build what changed, and say what changed."""
    with open_context(home, as_json) as context:
        if every is None:
            report = _refresh(context, name)
            context.print(_facts(report), lambda: _text(report))
        else:
            seconds = parse_interval("--every", every)
            _repeat(context, context.workspace.info(name).name, seconds)


def _refresh(context: CommandContext, name: str | None) -> RefreshReport:
    with context.progress as progress:
        return refresh_catalog(context.workspace, name, progress)


def _repeat(context: CommandContext, name: str, seconds: float) -> None:
    """Refresh until Ctrl-C; what goes wrong is printed, and tried again at the next time."""
    pause = threading.Event()
    try:
        while True:
            _refresh_once(context, name)
            then = datetime.now() + timedelta(seconds=seconds)
            print(f"Next refresh of {name}: {then:%Y-%m-%d %H:%M}. Ctrl-C ends.", file=sys.stderr, flush=True)
            pause.wait(seconds)
    except KeyboardInterrupt:
        print("Ended.", file=sys.stderr)


def _refresh_once(context: CommandContext, name: str) -> None:
    now = f"{datetime.now():%Y-%m-%d %H:%M}"
    try:
        report = _refresh(context, name)
        print(output.as_json(_facts(report)) if context.as_json else f"{now}  {_text(report)}", flush=True)
    except ProdsimError as error:
        if context.as_json:
            print(output.as_json({"error": {"what": error.what, "fix": error.fix}}), flush=True)
        else:
            print(f"{now}  {error.what}\n{error.fix}", file=sys.stderr, flush=True)


def _facts(report: RefreshReport) -> dict[str, Any]:
    changed = changes_facts(report.changes)
    return {**report_facts(report.build), "rebuilt": report.is_rebuilt, "changed": changed}


def _text(report: RefreshReport) -> str:
    info = report.build.info
    if not report.is_rebuilt:
        return f'"{info.name}": nothing changed at {report.origin.source.label}; {info.products:,} products'
    changes = changes_text(report.changes) if report.changes else "it is not known what changed"
    return f'"{info.name}": {info.products:,} products in {report.build.wall_s:.1f} s\n{changes}'
