"""The command that puts a saved workspace back."""

from pathlib import Path
from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.cli.printing import backup_facts, backup_text
from prodsim.workspace.backup import restore_workspace


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `prodsim backup` saved.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put a saved workspace back, into a folder that holds none (--home): all of it, or nothing."""
    with open_context(home, as_json) as context:
        layout = context.workspace.layout
        with context.progress as progress:
            report = restore_workspace(file, layout, progress)
        if context.workspace.settings.records:
            context.warn(
                "Decisions, judgements and the like were restored as files; `prodsim records move` moves them."
            )
        context.print(backup_facts(report), lambda: f"Restored {backup_text(report)} into {layout.home}.")
