"""The command that aligns the categories of two catalogs, or of one with a taxonomy."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.match import Alignment, Shelf, align_categories, shelves_of
from prodsim.output.tables import write_table
from prodsim.workspace import OpenCatalog
from prodsim.workspace.knowledge import taxonomy_of

SHOWN = 30
"""Categories that are printed; the table has all of them."""


class Action(StrEnum):
    """What to do with categories."""

    ALIGN = "align"


@app.command()
def categories(
    action: Annotated[Action, typer.Argument(help="What to do.")],
    a: Annotated[str, typer.Argument(metavar="A", help="A catalog: yours.")],
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="Another catalog.")] = None,
    taxonomy: Annotated[
        str | None,
        typer.Option("--taxonomy", help="Instead of B: a taxonomy's file, or its name in `knowledge list`."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The table to write, .csv or .parquet.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Propose for each category of a catalog the same one of another catalog or of a taxonomy, with how sure it is."""
    with open_context(home, as_json) as context:
        if (b is None) == (taxonomy is None):
            raise ValueError("give a second catalog B, or --taxonomy FILE")
        workspace = context.workspace
        own = _shelves(workspace.open(a))
        if taxonomy is not None:
            others = [Shelf(node.name) for node in taxonomy_of(workspace.layout, taxonomy).nodes]
        else:
            others = _shelves(workspace.open(b))
        aligned = align_categories(own, others, workspace.knowledge())
        if out is not None:
            write_table(_table(aligned), out)
        context.print(
            {
                "categories": [_facts(one) for one in aligned],
                "without": sum(not one.other for one in aligned),
                "out": None if out is None else str(out),
            },
            lambda: _text(aligned, out),
        )


def _shelves(opened: OpenCatalog) -> list[Shelf]:
    products = opened.catalog.products
    return shelves_of(products["category"].tolist(), products["title"].tolist())


def _facts(one: Alignment) -> dict[str, Any]:
    return {
        "category": one.path, "other": one.other, "certainty": round(one.certainty, 3), "rival": one.rival,
        "examples": list(one.examples), "other_examples": list(one.other_examples),
    }  # fmt: skip


def _table(aligned: list[Alignment]) -> pd.DataFrame:
    rows = [{**_facts(one), "examples": " | ".join(one.examples), "other_examples": " | ".join(one.other_examples)}
            for one in aligned]  # fmt: skip
    return pd.DataFrame(rows)


def _text(aligned: list[Alignment], out: Path | None) -> str:
    surest = sorted(aligned, key=lambda one: -one.certainty)
    lines = [f"{one.certainty:.2f}  {one.path}  =  {one.other or '-'}" for one in surest[:SHOWN]]
    if len(surest) > SHOWN:
        lines.append(f"and {len(surest) - SHOWN:,} more; --out FILE writes all of them.")
    if out is not None:
        lines.append(f"Wrote {len(aligned):,} categories to {out}.")
    return "\n".join(lines) or "The catalog has no categories."
