"""The command that aligns the categories of two catalogs, or of one with a taxonomy."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json
from prodsim.output.tables import write_table
from prodsim.workspace.category_alignment import (
    AlignedCategory,
    align_catalogs,
    align_with_taxonomy,
    aligned_table,
)

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
        own = workspace.open(a)
        if taxonomy is not None:
            aligned = align_with_taxonomy(workspace, own, taxonomy)
        else:
            aligned = align_catalogs(workspace, own, workspace.open(b))
        if out is not None:
            write_table(aligned_table(aligned), out)
        context.print(
            {
                "categories": [one.facts for one in aligned],
                "without": sum(not one.other for one in aligned),
                "out": None if out is None else str(out),
            },
            lambda: _text(aligned, out),
        )


def _text(aligned: list[AlignedCategory], out: Path | None) -> str:
    surest = sorted(aligned, key=lambda one: -one.proposal.certainty)
    lines = [f"{one.proposal.certainty:.2f}  {one.proposal.path}  =  {one.other or '-'}" for one in surest[:SHOWN]]
    if len(surest) > SHOWN:
        lines.append(f"and {len(surest) - SHOWN:,} more; --out FILE writes all of them.")
    if out is not None:
        lines.append(f"Wrote {len(aligned):,} categories to {out}.")
    return "\n".join(lines) or "The catalog has no categories."
