"""The command that starts the API."""

from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home


@app.command()
def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on. Any other than this machine's needs keys.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8600,
    per_minute: Annotated[
        int, typer.Option("--per-minute", min=1, help="Requests that each key may send in a minute.")
    ] = 6000,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Searches that are done at the same time.")] = 2,
    home: Home = None,
) -> None:
    """Serve the catalogs to other programs over HTTP; /docs describes how. Ctrl-C ends it."""
    with open_context(home, json_wanted=False) as context:
        from prodsim.api.limits import ServerLimits  # only serving pays
        from prodsim.api.server import serve as serve_api

        serve_api(context.workspace, host, port, ServerLimits(per_minute=per_minute, short_threads=threads))
