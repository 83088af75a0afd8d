"""The command for judgements of pairs."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import CatalogName, Home, Json
from prodsim.cli.printing import findings_lines
from prodsim.output.tables import write_table


@app.command()
def judgements(
    import_from: Annotated[
        Path | None,
        typer.Option("--import", help="Table with sku_a (or query), sku_b, grade or label; optional who, when."),
    ] = None,
    export_to: Annotated[
        Path | None, typer.Option("--export", help="The table to write, .csv or .parquet; --import reads it.")
    ] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Import or export judgements of pairs, or count them."""
    with open_context(home, as_json) as context:
        records = context.records(catalog)
        taken, findings = records.import_file(import_from) if import_from else (0, [])
        table = records.judgements_table()
        if export_to:
            write_table(table, export_to)
        facts = {"judgements": len(table), "taken": taken, "left_out": len(findings)}
        head = f"{len(table):,} judgements; {taken:,} imported, {len(findings):,} rows left out"
        text = "\n".join([head, *findings_lines(findings)])
        context.print({**facts, "findings": [asdict(finding) for finding in findings]}, lambda: text)
