"""The command for decisions on findings."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import CatalogName, Home, Json
from prodsim.cli.parsing import check_suffix
from prodsim.cli.printing import scored_lines
from prodsim.output.export import to_csv, to_xlsx, write_file
from prodsim.workspace.imports import DecisionsPreview, preview_decisions, read_decisions_file


@app.command()
def decisions(
    import_from: Annotated[
        Path | None, typer.Option("--import", help="A table of decisions to import, as --export writes it.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --import: only show what the file would change.")
    ] = False,
    export_to: Annotated[
        Path | None, typer.Option("--export", help="The table to write, .csv or .xlsx: one row per product.")
    ] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Import or export decisions on findings, or count them."""
    with open_context(home, as_json) as context:
        check_suffix("--export", export_to, (".csv", ".xlsx"))
        if dry_run and import_from is None:
            raise ValueError("--dry-run needs --import FILE")
        records = context.records(catalog)
        preview = preview_decisions(read_decisions_file(import_from), records) if import_from else None
        taken = records.import_decisions(import_from)[0] if import_from and not dry_run else 0
        kept, table = records.decisions(), records.decisions_table()
        if export_to is not None:
            write_file(to_xlsx(table) if export_to.suffix.lower() == ".xlsx" else to_csv(table), export_to)
        left_out = list(preview.left_out) if preview else []
        facts: dict[str, Any] = {
            "decisions": len(kept), "actions": dict(Counter(one.action for one in kept.values())),
            "taken": taken, "left_out": len(left_out), "findings": [asdict(finding) for finding in left_out],
        }  # fmt: skip
        lines = [f"{len(kept):,} decisions; {taken:,} imported, {len(left_out):,} left out"]
        if preview is not None:
            facts |= {"new": len(preview.incoming.new), "known": len(preview.incoming.known)}
            facts["older"] = len(preview.incoming.older)
            lines.append(_preview_text(preview))
        context.print(facts, lambda: "\n".join([*lines, *scored_lines(left_out)]))


def _preview_text(preview: DecisionsPreview) -> str:
    incoming = preview.incoming
    return (
        f"in the file: {len(incoming.new):,} new, {len(incoming.known):,} already here, "
        f"{len(incoming.older):,} older than the decision that is here"
    )
