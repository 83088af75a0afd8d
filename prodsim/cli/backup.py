"""The command that saves a workspace in one file."""

from pathlib import Path
from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.cli.printing import backup_facts, backup_text
from prodsim.workspace.backup import back_up


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to save it, such as prodsim.zip.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Save the workspace in one file: catalogs, decisions, histories, uploads. It may be used meanwhile."""
    with open_context(home, as_json) as context:
        with context.progress as progress:
            report = back_up(context.workspace.layout, file, progress, context.workspace.records_server)
        context.print(backup_facts(report), lambda: f"Saved {backup_text(report)} in {report.path}.")
