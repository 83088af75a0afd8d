"""The command for saved rule sets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.artifacts import write_text_atomically
from prodsim.cli.context import app, open_context
from prodsim.cli.options import CatalogName, Home, Json
from prodsim.cli.parsing import read_rules
from prodsim.records import SavedRules
from prodsim.search import Targets, rules_to_yaml


@app.command()
def rules(
    save: Annotated[
        Path | None, typer.Option("--save", help="A YAML file to save as the next version of --name, or of its name.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The rule set. Default: the name of the file.")] = None,
    version: Annotated[int | None, typer.Option("--version", help="With --name: this version, not the newest.")] = None,
    export_to: Annotated[Path | None, typer.Option("--export", help="With --name: the YAML file to write.")] = None,
    delete: Annotated[str | None, typer.Option("--delete", metavar="NAME", help="Delete the rule set NAME.")] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the rule sets of a catalog; save, export or delete one, or show one with --name."""
    with open_context(home, as_json) as context:
        records = context.records(catalog)
        if save is not None:
            read = read_rules(save)
            read.check(Targets(context.workspace.open(catalog).catalog))
            records.save_rules(name or save.stem, read)
        if delete is not None:
            records.delete_rules(delete)
        if save is None and name is not None:
            shown = records.rules(name, version)
            text = rules_to_yaml(shown.rules)
            if export_to is not None:
                write_text_atomically(export_to, text)
            context.print({**_rules_facts(shown), "text": text}, lambda: text)
            return
        if export_to is not None:
            raise ValueError("--export needs --name NAME")
        kept = [records.rules(known) for known in records.rule_names()]
        context.print({"rules": [*map(_rules_facts, kept)]}, lambda: _rules_text(kept))


def _rules_facts(saved: SavedRules) -> dict[str, Any]:
    return {"name": saved.name, "version": saved.version, "when": saved.when, "who": saved.who}


def _rules_text(kept: Sequence[SavedRules]) -> str:
    lines = [f"{saved.name}: version {saved.version}, {saved.when[:16].replace('T', ' ')} UTC" for saved in kept]
    return "\n".join(lines) or "No rule sets are saved."
