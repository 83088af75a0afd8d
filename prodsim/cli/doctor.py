"""The command that examines this machine."""

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.doctor import examine


@app.command()
def doctor(home: Home = None, as_json: Json = False) -> None:
    """Show versions, device, encoders and free space, and what could be faster."""
    with open_context(home, as_json) as context:
        diagnosis = examine(context.workspace.settings)
        context.print(diagnosis.as_dict(), lambda: diagnosis.as_text())
