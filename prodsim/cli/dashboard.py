"""The command that starts the dashboard."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home
from prodsim.errors import MissingPackage
from prodsim.extras import is_installed
from prodsim.shipped import APP, dashboard_folder


@app.command()
def dashboard(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[
        str,
        typer.Option("--host", help="Address to listen on. By default only this machine can open the dashboard."),
    ] = "127.0.0.1",
    home: Home = None,
) -> None:
    """Start the dashboard and open it in a browser; Ctrl-C ends it."""
    with open_context(home, json_wanted=False) as context:
        command = streamlit_command(dashboard_folder() / APP, host, port)
        environment = {**os.environ, "PRODSIM_HOME": str(context.workspace.settings.home.absolute())}
    _replace_process(command, environment)


def streamlit_command(app_file: Path, host: str, port: int) -> list[str]:
    """Return the command that serves an app; Streamlit reads the theme from ``.streamlit`` beside the file.

    Raises:
        MissingPackage: Streamlit is not installed.
    """
    if not is_installed("streamlit"):
        raise MissingPackage(
            "The dashboard needs the package streamlit, which is not installed.", "Install it: pip install streamlit"
        )
    return [
        sys.executable, "-m", "streamlit", "run", str(app_file), f"--server.address={host}", f"--server.port={port}",
        "--server.showEmailPrompt=false",  # a first start would wait at the terminal for an address
    ]  # fmt: skip


def _replace_process(command: list[str], environment: dict[str, str]) -> NoReturn:
    """Become another program, so that signals reach it; on Windows, which cannot, run it and end as it ends."""
    if os.name != "nt":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(command[0], command, environment)
    with subprocess.Popen(command, env=environment) as process:
        while process.poll() is None:
            with suppress(KeyboardInterrupt):  # the console sends Ctrl-C to both; the server takes a moment to end
                process.wait()
    raise typer.Exit(process.returncode)
