"""The command for the histories of shoppers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from prodsim.cli.context import app, open_context
from prodsim.cli.options import CatalogName, Columns, Home, Json
from prodsim.cli.parsing import check_suffix, parse_mapping
from prodsim.output.tables import write_table
from prodsim.recommend import shown_count, unknown_shopper


@app.command()
def histories(
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FILE", help="Read and keep shoppers' events; user IDs are hashed."),
    ] = None,
    columns: Columns = None,
    export: Annotated[
        str | None, typer.Option("--export", metavar="USER", help="Write everything kept about a shopper to --out.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="With --export or --release: .csv or .parquet.")] = None,
    release: Annotated[
        float | None,
        typer.Option(
            "--release",
            metavar="EPSILON",
            help="Write to --out how many shoppers had each product and pair, with differential privacy.",
        ),
    ] = None,
    erase: Annotated[str | None, typer.Option("--erase", metavar="USER", help="Erase all about a shopper.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Delete all histories of the catalog.")] = False,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Keep the histories of a catalog's shoppers, export or erase a shopper's data, or count them."""
    with open_context(home, as_json) as context:
        shoppers, facts = context.workspace.shoppers(catalog), dict[str, Any]()
        if keep is not None:
            shoppers.keep(shoppers.read(keep, context.workspace.open(catalog), parse_mapping(columns or [])))
        if export is not None:
            if out is None:
                raise ValueError("--export needs --out FILE")
            events = shoppers.events_of(export)
            if not len(events):
                raise unknown_shopper()
            write_table(events.drop(columns=["user", "basket"]), out)
            facts["exported"] = len(events)
        if release is not None:
            if out is None:
                raise ValueError("--release needs --out FILE")
            check_suffix("--out", out, (".csv", ".parquet"))  # what is refused must not spend anything
            opened = context.workspace.open(catalog)
            counts = shoppers.release(opened, release)
            write_table(counts.table(opened.catalog), out)
            facts |= {
                "products_released": int((counts.shoppers > 0).sum()),
                "pairs_released": len(counts.pairs),
                "least_for_pairs": counts.least,
                "epsilon": counts.epsilon,
                "delta": counts.delta,
                "epsilon_spent": shoppers.epsilon_spent,
            }
        if erase is not None:
            facts["erased"] = shoppers.erase(erase)
        if remove:
            shoppers.remove()
        kept = shoppers.histories() if shoppers.exists else None
        facts |= {"events": 0 if kept is None else len(kept.events), "findings": []}
        facts["shoppers"] = shown_count(0 if kept is None else kept.n_users)
        if kept is not None:
            facts["findings"] = [asdict(finding) for finding in kept.findings]
        context.print(facts, lambda: _histories_text(facts))


def _histories_text(facts: Mapping[str, Any]) -> str:
    findings: Sequence[Mapping[str, Any]] = facts["findings"]
    lines = [f"{facts['events']:,} events of {facts['shoppers']} shoppers"]
    lines += [f"{facts['exported']:,} events written."] if "exported" in facts else []
    lines += [f"{facts['erased']:,} events erased."] if "erased" in facts else []
    if "epsilon" in facts:
        lines.append(
            f"Counts of {facts['products_released']:,} products and {facts['pairs_released']:,} pairs written, with ε "
            f"{facts['epsilon']:g} and δ {facts['delta']:.1g}; pairs of fewer than about {facts['least_for_pairs']:,} "
            f"shoppers are left out. All releases so far: ε {facts['epsilon_spent']:g}."
        )
    return "\n".join([*lines, *(str(finding["what"]) for finding in findings)])
