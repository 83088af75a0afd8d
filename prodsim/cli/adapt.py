"""The command that adapts an encoder to a catalog."""

from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from prodsim.adapt import (
    MEANING_ALONE,
    METRICS,
    PAIR_SOURCES,
    RECIPES,
    Kind,
    Measured,
    Outcome,
    RunFolder,
    TrainingRecipe,
)
from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import Home, Json, NameArgument, with_groups
from prodsim.errors import QueryError
from prodsim.phrases import phrase
from prodsim.progress import duration, timed
from prodsim.similarity import SAME_PRODUCT
from prodsim.workspace import OpenCatalog
from prodsim.workspace.adaptations import Adaptations, offered_options

EXAMPLES_PER_SOURCE = 3
"""Pairs of each source that a dry run shows."""


@dataclass(frozen=True, slots=True)
class RecipeOptions:
    """What a run does."""

    recipe: Annotated[
        str, typer.Option("--recipe", help=f"{', '.join(RECIPES)}, or a YAML file: your own or that of an earlier run.")
    ] = "language"
    base: Annotated[
        str | None, typer.Option("--base", help="The encoder to start from: a transformer, or scratch.")
    ] = None
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of everything random.")] = None
    batches: Annotated[int | None, typer.Option("--batches", help="The most batches of pairs to train on.")] = None

    partners: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="CATALOG", help="With `federated`: a catalog that learns along; repeat it."),
    ] = None
    epsilon: Annotated[
        float | None,
        typer.Option("--epsilon", help="With `federated`: the limit of what the model tells about any training pair."),
    ] = None

    def choose(self, usual_base: str) -> TrainingRecipe:
        """Lay the options over the recipe; ``usual_base`` is the base where nothing else says one.

        Raises:
            QueryError: there is no such recipe.
        """
        options = {"base": self.base, "seed": self.seed, "batches": self.batches, "epsilon": self.epsilon}
        given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        if self.partners:
            given["partners"] = tuple(self.partners)
        if self.recipe in RECIPES:
            return TrainingRecipe(kind=cast("Kind", self.recipe), **{"base": usual_base, **given})
        if not Path(self.recipe).is_file():
            raise QueryError(
                phrase("There is no recipe “{name}”.", name=self.recipe),
                phrase("Choose one of {recipes}, or a YAML file.", recipes=", ".join(RECIPES)),
            )
        return replace(TrainingRecipe.load(Path(self.recipe)), **given)


@app.command()
@with_groups
def adapt(
    chosen: RecipeOptions,
    name: NameArgument = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            "--pairs",
            help="Known pairs or clusters, besides judgements and decisions; `language` uses them only to measure.",
        ),
    ] = None,
    run: Annotated[str | None, typer.Option("--run", help="Continue this run, or give a new run this name.")] = None,
    track: Annotated[
        str, typer.Option("--track", help="tensorboard, wandb or mlflow (if installed); several with commas.")
    ] = "tensorboard",
    use: Annotated[bool, typer.Option("--use", help="If it is better, make it the catalog's encoder.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what it would learn from and how long it would take.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Adapt an encoder to a catalog on this machine, and measure before and after on products it was not trained on."""
    with open_context(home, as_json) as context:
        adaptations = Adaptations(context.workspace)
        with adaptations.note_where_started(run):
            opened = context.workspace.open(name)
            recipe = chosen.choose(adaptations.base_of(opened))
        if dry_run:
            return _print_plan(context, adaptations, opened, recipe, pairs)
        run_name = run or adaptations.new_name(recipe)
        trackers = tuple(filter(None, track.split(",")))
        with context.progress as progress:
            work = partial(adaptations.adapt, opened, run_name, recipe, pairs, trackers=trackers, progress=progress)
            folder, wall_s = timed(work)
            outcome = folder.outcome
            if outcome is None:  # under torchrun, another process prints it
                return
            is_used = use and outcome.is_better
            if is_used:
                fastest = offered_options(outcome)[-1:]
                adaptations.use(folder, fastest[0].name if fastest else "", progress)
        facts = {
            "run": folder.name, "recipe": recipe.kind, **before_and_after(outcome.measured),
            "n_pairs": sum(outcome.n_pairs.values()), "pairs": dict(outcome.n_pairs), "wall_s": wall_s,
            "is_better": outcome.is_better, "verdict": outcome.verdict, "is_used": is_used,
            "options": [asdict(one) for one in outcome.options],
            "compared": [asdict(one) for one in outcome.measured.compared], "facts": dict(outcome.facts),
        }  # fmt: skip
        context.print(facts, lambda: _outcome_text(folder, outcome))


def _print_plan(
    context: CommandContext, adaptations: Adaptations, opened: OpenCatalog, recipe: TrainingRecipe, truth: Path | None
) -> None:
    """Print what a run would use and take; nothing is kept."""
    with context.progress as progress:
        plan = adaptations.plan(opened, recipe, truth, progress=progress)
        progress.step("estimate")
        estimate_s = adaptations.estimate_s(opened, recipe, plan)
    is_read = recipe.kind != "smaller"
    counts = plan.pairs.counts() if is_read else {}
    examples = plan.pairs.table(opened.catalog).groupby("source", sort=False).head(EXAMPLES_PER_SOURCE * is_read)
    facts = {
        "recipe": recipe.kind, "n_pairs": sum(counts.values()), "pairs": counts, "n_kept_out": len(plan.kept_out),
        "n_questions": len(plan.probes), "estimate_s": estimate_s, "examples": examples.to_dict("records"),
    }  # fmt: skip
    lines = [
        *(f"{n:>9,} × {PAIR_SOURCES[source]()}" for source, n in counts.items()),
        *(f"{one.text_a}  ↔  {one.text_b}" for one in examples.itertuples()),
        f"{len(plan.kept_out):,} products are set aside for measuring; takes about {duration(estimate_s)} here.",
    ]
    context.print(facts, lambda: "\n".join(lines))


def before_and_after(measured: Measured) -> dict[str, dict[str, float]]:
    """Return the metrics that decide, by name."""
    metrics: dict[str, dict[str, float]] = {"before": {}, "after": {}}
    for setting in (MEANING_ALONE, SAME_PRODUCT):
        for metric in METRICS:
            one = measured.of(setting, metric)
            metrics["before"][f"{setting} {metric}"] = one.before
            metrics["after"][f"{setting} {metric}"] = one.after
    return metrics


def _outcome_text(run: RunFolder, outcome: Outcome) -> str:
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
