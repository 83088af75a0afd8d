"""The command for what came of adapting."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from prodsim.adapt import RunFolder
from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json, NameArgument
from prodsim.workspace import go_back
from prodsim.workspace.adaptations import Adaptations


@app.command()
def adapted(
    name: NameArgument = None,
    use: Annotated[str | None, typer.Option("--use", help="Make this run's model the catalog's encoder.")] = None,
    option: Annotated[str, typer.Option("--option", help="With --use: the size, where a run offers several.")] = "",
    back: Annotated[bool, typer.Option("--back", help="Go back to the encoder before; needs no encoding.")] = False,
    stop: Annotated[str | None, typer.Option("--stop", help="End this run early; keep its best model so far.")] = None,
    throw_away: Annotated[str | None, typer.Option("--throw-away", help="Delete this run.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the runs of `adapt`; use, stop or delete one, or go back to the encoder before."""
    with open_context(home, as_json) as context:
        if sum(map(bool, (use, back, stop, throw_away))) > 1:
            raise ValueError("give one of --use, --back, --stop and --throw-away")
        adaptations = Adaptations(context.workspace)
        with context.progress as progress:
            if use:
                adaptations.use(adaptations.run(use), option, progress)
            if back:
                go_back(context.workspace, context.workspace.info(name).name, progress)
        if stop:
            adaptations.run(stop).ask_to_stop()
        if throw_away:
            adaptations.throw_away(adaptations.run(throw_away))
        runs = [_run_facts(adaptations, run) for run in adaptations.runs(name)]
        context.print({"runs": runs}, lambda: _runs_text(runs))


def _run_facts(adaptations: Adaptations, run: RunFolder) -> dict[str, Any]:
    status, outcome = run.status, run.find_outcome()
    assert status is not None  # only those are listed
    return {
        "run": run.name, "catalog": run.catalog, "recipe": run.recipe.kind,
        "started": status.started, "state": adaptations.state(run),
        "seconds": status.seconds, "is_better": None if outcome is None else outcome.is_better,
        "verdict": "" if outcome is None else outcome.verdict, "error": " ".join(filter(None, status.error)),
    }  # fmt: skip


def _runs_text(runs: Sequence[dict[str, Any]]) -> str:
    if not runs:
        return "There are no runs yet; `prodsim adapt` starts one."
    return "\n".join(
        f"{one['run']}  {one['catalog']}  {one['state']}  {one['verdict'] or one['error']}" for one in runs
    )
