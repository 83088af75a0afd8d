"""The command that deletes a catalog."""

from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.workspace.removal import remove_catalog


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The catalog.")], home: Home = None, as_json: Json = False
) -> None:
    """Delete a catalog. What people decided about it, and the vectors that catalogs share, are kept."""
    with open_context(home, as_json) as context:
        remove_catalog(context.workspace, name)
        context.print({"removed": name}, lambda: f"Removed {name}.")
