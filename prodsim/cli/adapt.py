"""Commands about adapting an encoder: a run, and what became of all of them."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from prodsim.adapt import (
    MEANING,
    METRICS,
    RECIPES,
    SAME_PRODUCT,
    SOURCES,
    Kind,
    Measured,
    Outcome,
    RunFolder,
    TrainingRecipe,
)
from prodsim.cli.context import CommandContext, Home, Json, NameArgument, app, open_door
from prodsim.cli.values import timed
from prodsim.errors import QueryError
from prodsim.workspace import OpenCatalog, go_back
from prodsim.workspace.adaptations import Adaptations

N_EXAMPLES = 3
"""Pairs of each source that a dry run shows."""


@app.command()
def adapt(
    name: NameArgument = None,
    recipe: Annotated[
        str, typer.Option("--recipe", help=f"{', '.join(RECIPES)}, or a YAML file, an earlier run's or your own.")
    ] = "language",
    pairs: Annotated[
        Path | None,
        typer.Option(
            "--pairs",
            help="Known pairs or clusters, beside judgements and decisions; with `language` they only measure.",
        ),
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", help="The encoder to begin with: a transformer, or scratch.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of everything random.")] = None,
    batches: Annotated[int | None, typer.Option("--batches", help="Batches of pairs to read, at most.")] = None,
    run: Annotated[str | None, typer.Option("--run", help="Go on with this run, or give a new one this name.")] = None,
    track: Annotated[
        str, typer.Option("--track", help="tensorboard, wandb or mlflow, several with commas; the latter if installed.")
    ] = "tensorboard",
    use: Annotated[bool, typer.Option("--use", help="If it helped, make it the catalog's encoder.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what it would learn from, and how long it would take.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Adapt an encoder to a catalog, on this machine, and measure before and after on products kept out."""
    with open_door(home, as_json) as door:
        adaptations = Adaptations(door.workspace)
        with adaptations.told_where_started(run):
            opened = door.workspace.open(name)
            chosen = _recipe(recipe, adaptations.base_of(opened), base=base, seed=seed, batches=batches)
        if dry_run:
            return _tell_plan(door, adaptations, opened, chosen, pairs)
        run_name = run or adaptations.new_name(chosen)
        with door.progress as progress:
            found, wall_s = timed(
                lambda: adaptations.adapt(
                    opened, run_name, chosen, pairs, trackers=tuple(filter(None, track.split(","))), progress=progress
                )
            )
            outcome = found.outcome
            if outcome is None:  # another process of torchrun tells of it
                return
            is_used = use and outcome.is_better
            if is_used:
                adaptations.use(found, _fastest(outcome), progress)
        facts = {
            "run": found.name, "recipe": chosen.kind, **before_and_after(outcome.measured),
            "n_pairs": sum(outcome.n_pairs.values()), "pairs": dict(outcome.n_pairs), "wall_s": wall_s,
            "is_better": outcome.is_better, "verdict": outcome.verdict, "is_used": is_used,
            "options": [asdict(one) for one in outcome.options],
            "compared": [asdict(one) for one in outcome.measured.compared], "facts": dict(outcome.facts),
        }  # fmt: skip
        door.print(facts, lambda: _say(found, outcome))


@app.command()
def adapted(
    name: NameArgument = None,
    use: Annotated[str | None, typer.Option("--use", help="Make this run's model the catalog's encoder.")] = None,
    option: Annotated[str, typer.Option("--option", help="With --use: which option of a smaller encoder.")] = "",
    back: Annotated[bool, typer.Option("--back", help="Go back to the encoder before; nothing is encoded.")] = False,
    stop: Annotated[str | None, typer.Option("--stop", help="End this run early, and keep its best so far.")] = None,
    throw_away: Annotated[str | None, typer.Option("--throw-away", help="Delete this run.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the runs of `adapt`, use one, go back, stop or delete one."""
    with open_door(home, as_json) as door:
        if sum(map(bool, (use, back, stop, throw_away))) > 1:
            raise ValueError("give one of --use, --back, --stop and --throw-away")
        adaptations = Adaptations(door.workspace)
        with door.progress as progress:
            if use:
                adaptations.use(adaptations.run(use), option, progress)
            if back:
                go_back(door.workspace, door.workspace.info(name).name, progress)
        if stop:
            adaptations.run(stop).ask_to_stop()
        if throw_away:
            adaptations.throw_away(adaptations.run(throw_away))
        runs = [_told_run(adaptations, run) for run in adaptations.runs(name)]
        door.print({"runs": runs}, lambda: _say_runs(runs))


def _tell_plan(
    door: CommandContext, adaptations: Adaptations, opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None
) -> None:
    """Print what a run would use and take; nothing is kept."""
    with door.progress as progress:
        plan = adaptations.plan(opened, recipe, truth, progress=progress)
        progress.step("estimate")
        estimate_s = adaptations.estimate_s(opened, recipe, plan)
    is_read = recipe.kind != "smaller"
    counts = plan.pairs.counts() if is_read else {}
    examples = plan.pairs.table(opened.catalog).groupby("source", sort=False).head(N_EXAMPLES * is_read)
    facts = {
        "recipe": recipe.kind, "n_pairs": sum(counts.values()), "pairs": counts, "n_kept_out": len(plan.kept_out),
        "n_questions": len(plan.probes), "estimate_s": estimate_s, "examples": examples.to_dict("records"),
    }  # fmt: skip
    lines = [
        *(f"{n:>9,} × {SOURCES[source]}" for source, n in counts.items()),
        *(f"{one.text_a}  ↔  {one.text_b}" for one in examples.itertuples()),
        f"{len(plan.kept_out):,} products are kept out; about {estimate_s / 60:.1f} minutes on this machine.",
    ]
    door.print(facts, lambda: "\n".join(lines))


def before_and_after(measured: Measured) -> dict[str, dict[str, float]]:
    """The metrics that decide, by name."""
    found: dict[str, dict[str, float]] = {"before": {}, "after": {}}
    for setting in (MEANING, SAME_PRODUCT):
        for metric in METRICS:
            one = measured.of(setting, metric)
            found["before"][f"{setting} {metric}"] = one.before
            found["after"][f"{setting} {metric}"] = one.after
    return found


def _recipe(text: str, usual_base: str, **changes: Any) -> TrainingRecipe:
    given = {name: value for name, value in changes.items() if value is not None}
    if text in RECIPES:
        return TrainingRecipe(kind=cast("Kind", text), **{"base": usual_base, **given})
    if not Path(text).is_file():
        raise QueryError(f'There is no recipe "{text}".', f"Give one of {', '.join(RECIPES)}, or a YAML file.")
    return replace(TrainingRecipe.load(Path(text)), **given)


def _told_run(adaptations: Adaptations, run: RunFolder) -> dict[str, Any]:
    status, outcome = run.status, run.find_outcome()
    assert status is not None  # only those are listed
    return {
        "run": run.name, "catalog": run.catalog, "recipe": run.recipe.kind,
        "started": status.started, "state": adaptations.state(run),
        "seconds": status.seconds, "is_better": None if outcome is None else outcome.is_better,
        "verdict": "" if outcome is None else outcome.verdict, "error": " ".join(filter(None, status.error)),
    }  # fmt: skip


def _fastest(outcome: Outcome) -> str:
    """The fastest option that is offered; "" for a run without options."""
    offered = [one for one in outcome.options if one.is_offered]
    return max(offered, key=lambda one: one.texts_per_s).name if offered else ""


def _say(run: RunFolder, outcome: Outcome) -> str:
    rows = [
        f"{one.probe:<14} {one.setting:<13} {one.metric:<9} {one.before:.3f} → {one.after:.3f}  "
        f"{one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f})  n {one.n:,}"
        for one in outcome.measured.compared
    ]
    rows += [
        f"{one.told:<40} meaning {one.meaning:.3f}  same product {one.same_product:.3f}  "
        f"{one.texts_per_s:>7,.0f} texts/s  {one.model_mb:>6.1f} MB  {one.dim:>4} numbers{'  *' if one.is_best else ''}"
        for one in outcome.options
    ]
    return "\n".join([f"{run.name}: {outcome.verdict}", "", *rows])


def _say_runs(runs: list[dict[str, Any]]) -> str:
    if not runs:
        return "There are no runs yet; `python -m prodsim adapt` makes one."
    return "\n".join(
        f"{one['run']}  {one['catalog']}  {one['state']}  {one['verdict'] or one['error']}" for one in runs
    )
