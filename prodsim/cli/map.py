"""The command that writes the map."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from prodsim.artifacts import write_text_atomically
from prodsim.cli.context import app, open_context
from prodsim.cli.options import CatalogName, Home, Json
from prodsim.output.chart_labels import label_places
from prodsim.output.charts import colour_by_kind, map_figure
from prodsim.output.export import map_page
from prodsim.output.tables import write_table
from prodsim.workspace import OpenCatalog


@app.command(name="map")
def write_map(
    out: Annotated[Path, typer.Option("--out", help="The table or page to write: .csv, .parquet or .html.")],
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the map as a table (sku, x, y, cluster, label), or as one self-contained page."""
    with open_context(home, as_json) as context:
        opened = context.workspace.open(catalog)
        table = opened.map_table()
        if out.suffix.lower() == ".html":
            write_text_atomically(out, map_as_page(opened, table))
        else:
            write_table(table, out)
        clusters = int(table["cluster"].max()) + 1
        facts = {"rows": len(table), "clusters": clusters, "out": str(out)}
        context.print(facts, lambda: f"Wrote {len(table):,} products in {clusters} clusters to {out}.")


def map_as_page(opened: OpenCatalog, table: pd.DataFrame) -> str:
    """Return the map as one self-contained page, coloured by cluster."""
    data = opened.map
    colouring = colour_by_kind(table["label"])
    figure = map_figure(data.xy, colouring, label_places(data.xy, data.cluster, data.labels))
    listed = opened.catalog.products[["sku", "title", "brand", "category", "price"]].assign(label=table["label"])
    return map_page(figure, listed, f"{opened.name}: {len(listed):,} products")
