"""The command that reads a file into products, without building a catalog of them."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.catalog import Catalog, ColumnMapping, RawTable, count_groups, make_catalog, read_table
from prodsim.cli.build import FileOptions, Query, SourceText, fetch_typed
from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json, with_groups
from prodsim.cli.parsing import parse_mapping
from prodsim.output.tables import write_table
from prodsim.pictures import can_be_seen
from prodsim.profiles import PRODUCTS
from prodsim.sources import read_source


@app.command()
@with_groups
def read(
    file: SourceText,
    reading: FileOptions,
    query: Query = "",
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="The column of a field; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Save the products here, as .csv or .parquet.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show how a file is read: its kind, the column of each field, and what was imperfect. Nothing is built or kept."""
    with open_context(home, as_json) as context:
        typed = read_source(file, query)
        with context.progress as progress:
            path, _, _ = fetch_typed(context.workspace, typed, progress)
            try:
                table = read_table(path, reading.read, progress)
            finally:
                context.workspace.forget_upload(path)
        mapping, profile = context.workspace.mapping_of(table, parse_mapping(columns or []))
        catalog = make_catalog(table, mapping, release=True, can_be_seen=partial(can_be_seen, path))
        if out is not None:
            write_table(catalog.products, out)
        facts = read_facts(table, mapping, catalog, profile)
        context.print(facts, lambda: read_text(facts))


def read_facts(table: RawTable, mapping: ColumnMapping, catalog: Catalog, profile: str) -> dict[str, Any]:
    """Return what was read and how, as the JSON of ``read``."""
    facts = table.facts
    return {
        "products": len(catalog),
        "profile": profile,
        "groups": count_groups(catalog),
        "mapping": dict(mapping),
        "findings": dict(Counter(finding.kind for finding in catalog.findings)),
        "examples": {finding.kind: finding.what for finding in reversed(catalog.findings) if finding.kind != "reading"},
        "notes": [finding.what for finding in catalog.findings if finding.kind == "reading"],
        "source": {
            "kind": facts.format,
            "encoding": facts.encoding,
            "separator": facts.separator,
            "sheet": facts.sheet,
            "header_row": facts.header_row,
            "platform": facts.platform,
            "locale": facts.locale,
        },
        "readings": [{"encoding": each.encoding, "example": each.example} for each in facts.readings],
        "repaired": [{"line": each.line, "repair": each.repair, "text": each.text} for each in facts.repaired],
        "left_out": [{"line": bad.line, "reason": bad.reason, "text": bad.text} for bad in facts.bad_lines],
    }


def read_text(facts: dict[str, Any]) -> str:
    """Return the facts of ``read`` for people."""
    source, groups, products = facts["source"], facts["groups"], facts["products"]
    counted = f"{products:,} products" if groups == products else f"{groups:,} products in {products:,} variants"
    about = [source["platform"] and f"{source['platform']} export", source["kind"], source["encoding"], source["sheet"]]
    lines = [" · ".join([counted, *filter(None, about)])]
    if facts["profile"] != PRODUCTS:
        lines.append(f"kind: {facts['profile']}")
    if source["locale"]:
        lines.append(f"texts in {source['locale']}")
    lines += [f"{field}: {column}" for field, column in facts["mapping"].items()]
    if facts["readings"]:
        lines.append("The encoding is doubtful; choose one with --encoding:")
        lines += [f"  {reading['encoding']}: {reading['example']}" for reading in facts["readings"]]
    counts = [f"{facts['findings'][kind]:,} × {kind}: {example}" for kind, example in facts["examples"].items()]
    counts += [f"{len(facts['repaired']):,} × line repaired"] if facts["repaired"] else []
    return "\n".join([*lines, *facts["notes"], *counts])
