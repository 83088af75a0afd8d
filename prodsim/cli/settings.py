"""The command for saved settings."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import CatalogName, Home, Json, MetricName, Preset, WeightList
from prodsim.cli.parsing import parse_one_of, parse_weights
from prodsim.index import Metric
from prodsim.learn import Learned
from prodsim.records import Records
from prodsim.similarity import Setting
from prodsim.workspace.learning import learn_from_judgements, save_learned


@app.command()
def settings(
    save: Annotated[
        str | None, typer.Option("--save", metavar="NAME", help="Save --preset, --weights and --metric as NAME.")
    ] = None,
    preset: Preset = None,
    weights: WeightList = None,
    metric: MetricName = None,
    learn: Annotated[
        str | None,
        typer.Option("--learn", metavar="NAME", help="Learn weights from judgements; save as NAME if they are better."),
    ] = None,
    default: Annotated[
        str | None, typer.Option("--default", metavar="NAME", help='Use NAME by default; "" for no default.')
    ] = None,
    delete: Annotated[str | None, typer.Option("--delete", metavar="NAME", help="Delete the setting NAME.")] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the saved settings of a catalog; save, learn or delete one, or choose the default."""
    with open_context(home, as_json) as context:
        if save is None and (preset or weights or metric):
            raise ValueError("--preset, --weights and --metric need --save NAME")
        records = context.records(catalog)
        if save is not None:
            info = context.workspace.info(catalog)
            compared = parse_one_of("--metric", Metric, metric or info.metric)
            records.save_setting(save, Setting(parse_weights(preset, weights, info.weights, info), compared))
        learned = _learn(context, catalog, records, learn) if learn is not None else None
        if default is not None:
            records.set_default(default or None)
        if delete is not None:
            records.delete_setting(delete)
        saved, chosen, problems = records.settings(), records.default_name(), records.setting_problems()
        facts: dict[str, Any] = {"settings": {name: asdict(setting) for name, setting in saved.items()}}
        facts |= {"default": chosen, "problems": problems}
        if learned is not None:
            facts["learned"] = {**asdict(learned), "is_better": learned.is_better, "verdict": learned.verdict}
        context.print(facts, lambda: _settings_text(saved, chosen, problems, learned))


def _learn(context: CommandContext, catalog: str | None, records: Records, name: str) -> Learned:
    opened = context.workspace.open(catalog)
    with context.progress as progress:
        learned = learn_from_judgements(opened.engine, records, progress=progress)
    save_learned(records, name, learned, opened.engine)
    return learned


def _settings_text(
    saved: Mapping[str, Setting], default: str | None, problems: Mapping[str, str], learned: Learned | None
) -> str:
    lines = [] if learned is None else [f"From {learned.n:,} judgements: {learned.verdict}."]
    for name, setting in saved.items():
        parts = ", ".join(f"{part} {weight:g}" for part, weight in setting.weights.as_dict().items() if weight)
        lines.append(f"{name}{' (default)' if name == default else ''}: {parts}; {setting.metric}")
    lines += [f"{name}: {problem}" for name, problem in problems.items()]
    return "\n".join(lines if saved or problems else [*lines, "No settings are saved."])
