"""The command that serves an assistant."""

import os

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home


@app.command()
def mcp(home: Home = None) -> None:
    """Serve an assistant by the Model Context Protocol, over standard input and output.

    It may only read, unless PRODSIM_KEY holds a key whose role allows more.
    """
    with open_context(home, json_wanted=False) as context:
        from prodsim.api.assistant import READER, run_assistant  # only serving pays

        secret = os.environ.get("PRODSIM_KEY", "")
        actor = context.workspace.keys.find(secret).actor if secret else READER
        run_assistant(context.workspace, actor)
