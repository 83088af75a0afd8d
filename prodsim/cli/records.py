"""Commands for what people decide about a catalog."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.artifacts import write_text_atomically
from prodsim.cli.context import CatalogName, CommandContext, Home, Json, MetricName, Preset, WeightList, app, open_door
from prodsim.cli.values import parse_one_of, parse_weights, read_rules
from prodsim.findings import Finding
from prodsim.index import Metric
from prodsim.learn import Judged, Learned, learn_weights
from prodsim.output.tables import write_table
from prodsim.records import Records, SavedRules
from prodsim.search import Targets, rules_to_yaml
from prodsim.similarity import Setting

N_SAID = 10


@app.command()
def judgements(
    import_from: Annotated[
        Path | None, typer.Option("--import", help="Table sku_a (or query), sku_b, grade or label; maybe who, when.")
    ] = None,
    export_to: Annotated[
        Path | None, typer.Option("--export", help="The table to write, .csv or .parquet; --import reads it.")
    ] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take judgements of pairs in from a file, write them to one, or count them."""
    with open_door(home, as_json) as door:
        records = _records(door, catalog)
        taken, findings = records.import_file(import_from) if import_from else (0, [])
        table = records.judgements_table()
        if export_to:
            write_table(table, export_to)
        counts = {"judgements": len(table), "taken": taken, "left_out": len(findings)}
        found = [asdict(finding) for finding in findings]
        door.print({**counts, "findings": found}, lambda: _say_judgements(len(table), taken, findings))


@app.command()
def settings(
    save: Annotated[
        str | None, typer.Option("--save", metavar="NAME", help="Keep --preset, --weights and --metric as NAME.")
    ] = None,
    preset: Preset = None,
    weights: WeightList = None,
    metric: MetricName = None,
    learn: Annotated[
        str | None,
        typer.Option(
            "--learn", metavar="NAME", help="Learn weights from the judgements; kept as NAME where they are better."
        ),
    ] = None,
    default: Annotated[
        str | None, typer.Option("--default", metavar="NAME", help='Use NAME where none is asked for; "" for none.')
    ] = None,
    delete: Annotated[str | None, typer.Option("--delete", metavar="NAME", help="Forget the setting NAME.")] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the catalog's named settings, after saving, learning, choosing or deleting one."""
    with open_door(home, as_json) as door:
        if save is None and (preset or weights or metric):
            raise ValueError("--preset, --weights and --metric need --save NAME")
        records = _records(door, catalog)
        if save is not None:
            records.save_setting(save, _setting(door, catalog, preset, weights, metric))
        learned = _learn(door, catalog, records, learn) if learn is not None else None
        if default is not None:
            records.set_default(default or None)
        if delete is not None:
            records.delete_setting(delete)
        saved, chosen, problems = records.settings(), records.default_name(), records.setting_problems()
        facts: dict[str, Any] = {"settings": {name: asdict(setting) for name, setting in saved.items()}}
        facts |= {"default": chosen, "problems": problems}
        if learned is not None:
            facts["learned"] = {**asdict(learned), "is_better": learned.is_better, "verdict": learned.verdict}
        door.print(facts, lambda: _say_settings(saved, chosen, problems, learned))


@app.command()
def rules(
    save: Annotated[
        Path | None, typer.Option("--save", help="A YAML file to keep as the next version of its name, or of --name.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Of the rules; the file's by default.")] = None,
    version: Annotated[int | None, typer.Option("--version", help="With --name: not the newest.")] = None,
    export_to: Annotated[Path | None, typer.Option("--export", help="With --name: the YAML file to write.")] = None,
    delete: Annotated[str | None, typer.Option("--delete", metavar="NAME", help="Forget the rules NAME.")] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the catalog's sets of rules, after saving, exporting or deleting one; --name shows one."""
    with open_door(home, as_json) as door:
        records = _records(door, catalog)
        if save is not None:
            read = read_rules(save)
            read.check(Targets(door.workspace.open(catalog).catalog))
            records.save_rules(name or save.stem, read)
        if delete is not None:
            records.delete_rules(delete)
        if save is None and name is not None:
            shown = records.rules(name, version)
            if export_to is not None:
                write_text_atomically(export_to, rules_to_yaml(shown.rules))
            door.print({**_rules_facts(shown), "text": rules_to_yaml(shown.rules)}, lambda: rules_to_yaml(shown.rules))
            return
        if export_to is not None:
            raise ValueError("--export needs --name NAME")
        kept = [records.rules(known) for known in records.rule_names()]
        door.print({"rules": [*map(_rules_facts, kept)]}, lambda: _say_rules(kept))


def _rules_facts(saved: SavedRules) -> dict[str, Any]:
    return {"name": saved.name, "version": saved.version, "when": saved.when, "who": saved.who}


def _say_rules(kept: Sequence[SavedRules]) -> str:
    lines = [f"{saved.name}: version {saved.version} of {saved.when[:16].replace('T', ' ')} UTC" for saved in kept]
    return "\n".join(lines) or "No rules are saved."


def _records(door: CommandContext, catalog: str | None) -> Records:
    """Of that catalog, which must be there, or have been: a mistyped name must not start a file."""
    records = door.workspace.records(catalog)
    if not records.path.exists():
        door.workspace.info(catalog)
    return records


def _setting(
    door: CommandContext, catalog: str | None, preset: str | None, weights: str | None, metric: str | None
) -> Setting:
    """What the options say, over what the catalog does by itself."""
    info = door.workspace.info(catalog)
    chosen = parse_weights(preset, weights, info.weights)
    return Setting(chosen, parse_one_of("--metric", Metric, metric or info.metric))


def _learn(door: CommandContext, catalog: str | None, records: Records, name: str) -> Learned:
    """Weights from all judgements, kept under a name where they are better than the present ones."""
    opened = door.workspace.open(catalog)
    with door.progress as progress:
        learned = learn_weights(opened.engine, [*map(Judged.of, records.judgements())], progress=progress)
    if learned.is_better:
        records.save_setting(name, Setting(learned.weights, opened.engine.comparer.metric))
    return learned


def _say_judgements(n: int, taken: int, findings: Sequence[Finding]) -> str:
    lines = [f"{n:,} judgements, {taken:,} taken in, {len(findings):,} rows left out"]
    lines += [finding.what for finding in findings[:N_SAID]]
    lines += [f"and {len(findings) - N_SAID:,} more; --json tells all"] if len(findings) > N_SAID else []
    return "\n".join(lines)


def _say_settings(
    saved: dict[str, Setting], default: str | None, problems: dict[str, str], learned: Learned | None
) -> str:
    lines = [] if learned is None else [f"From {learned.n:,} judgements: {learned.verdict}."]
    for name, setting in saved.items():
        parts = ", ".join(f"{part} {weight:g}" for part, weight in setting.weights.as_dict().items() if weight)
        lines.append(f"{name}{' (default)' if name == default else ''}: {parts}; {setting.metric}")
    lines += [f"{name}: {problem}" for name, problem in problems.items()]
    return "\n".join(lines if saved or problems else [*lines, "No setting is saved."])
