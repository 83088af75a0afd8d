"""The command that finds similar products."""

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from prodsim.cli.context import CommandContext, app, open_context
from prodsim.cli.options import (
    CatalogName,
    Home,
    Json,
    ListOptions,
    QueryOptions,
    SettingOptions,
    with_groups,
)
from prodsim.cli.printing import hits_text
from prodsim.output.tables import write_table
from prodsim.progress import timed
from prodsim.search import Families, SearchOptions
from prodsim.workspace import OpenCatalog
from prodsim.workspace.chosen_setting import ChosenSetting


@app.command()
@with_groups
def search(
    searched: QueryOptions,
    similarity: SettingOptions,
    listed: ListOptions,
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 10,
    exact: Annotated[
        bool, typer.Option("--exact", help="Compare with every product instead of using the index.")
    ] = False,
    variants_as_one: Annotated[
        bool, typer.Option("--variants-as-one", help="Of each family of variants only the best match, with the others.")
    ] = False,
    queries: Annotated[
        Path | None, typer.Option("--queries", help="Run all queries of a CSV with query_id, and query or sku.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --queries: the table to write, .csv or .parquet.")
    ] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find similar products by words, by SKU, or by products to be like and unlike."""
    with open_context(home, as_json) as context:
        opened, chosen = similarity.open(context, catalog)
        opened = searched.read(opened)
        ruled = listed.choose(context.workspace, catalog)
        families = _families(context, opened) if variants_as_one else None
        options = SearchOptions(None, ruled.filters, replace(ruled.arrangement, families=families), exact=exact)
        if queries:
            _run_queries(context, opened, chosen, queries, k, options, out)
        else:
            result = opened.search(searched.query, k, options)
            context.print({**asdict(result), "setting": chosen.as_dict()}, lambda: hits_text(result))


def _families(context: CommandContext, opened: OpenCatalog) -> Families:
    from prodsim.workspace.families import families_of  # only those who want families wait for the checks

    return families_of(opened, context.workspace.records(opened.name))


def _run_queries(
    context: CommandContext,
    opened: OpenCatalog,
    chosen: ChosenSetting,
    queries: Path,
    k: int,
    options: SearchOptions,
    out: Path | None,
) -> None:
    """Write the results of all queries of a file."""
    if out is None:
        raise ValueError("--queries needs --out FILE for the results")
    with context.progress as progress:
        table, wall_s = timed(partial(opened.search_file, queries, k, options, progress=progress))
    write_table(table, out)
    facts = {
        "rows": len(table), "queries": table["query_id"].nunique(), "wall_s": wall_s,
        "setting": chosen.as_dict(), "out": str(out),
    }  # fmt: skip
    context.print(facts, lambda: f"Wrote {len(table):,} rows to {out}.")
