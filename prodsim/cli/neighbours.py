"""The command that writes every product's neighbours."""

from pathlib import Path
from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Across, CatalogName, Home, Json, SettingOptions, with_groups
from prodsim.output.tables import write_table
from prodsim.progress import timed


@app.command()
@with_groups
def neighbours(
    out: Annotated[Path, typer.Option("--out", help="The table to write, .csv or .parquet.")],
    similarity: SettingOptions,
    k: Annotated[int, typer.Option("-k", min=1, help="Neighbours per product.")] = 10,
    across: Across = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write every product's nearest neighbours as a table: sku, neighbour_sku, rank, score."""
    with open_context(home, as_json) as context:
        opened, _ = similarity.open(context, catalog)
        with context.progress as progress:
            table, wall_s = timed(lambda: opened.neighbours(k, across=across, progress=progress))
        write_table(table, out)
        facts = {"rows": len(table), "wall_s": wall_s, "out": str(out)}
        context.print(facts, lambda: f"Wrote {len(table):,} rows to {out}.")
