"""The command for the place where people's decisions are kept."""

from collections.abc import Mapping
from typing import Annotated, Literal

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.cli.parsing import parse_one_of
from prodsim.workspace.moving import kept_records, move_records

Task = Literal["show", "move"]


@app.command()
def records(
    task: Annotated[str, typer.Argument(metavar="show|move", help="What to do.")] = "show",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show where decisions, judgements, rules and settings are kept, or move them to the server in PRODSIM_RECORDS."""
    with open_context(home, as_json) as context:
        chosen: Task = parse_one_of("the first word", Task, task)
        kept = move_records(context.workspace) if chosen == "move" else kept_records(context.workspace)
        if kept.left:
            names = ", ".join(kept.left)
            context.warn(f"Still in files, and not used: {names}. `prodsim records move` moves them.")
        heading = f"Moved to {kept.place}:" if chosen == "move" else f"Kept in {kept.place}:"
        lines = [f"{name}: {_counts_text(counts)}" for name, counts in kept.counts.items()]
        facts = {"place": kept.place, "catalogs": kept.counts, "left": kept.left}
        context.print(facts, lambda: "\n".join([heading, *(lines or ["nothing"])]))


def _counts_text(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {kind}" for kind, n in counts.items() if n) or "nothing"
