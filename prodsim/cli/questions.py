"""Commands that ask a catalog something."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from prodsim.artifacts import write_text_atomically
from prodsim.cli.context import (
    Across,
    CatalogName,
    Home,
    Json,
    MetricName,
    PerBrand,
    PerCategory,
    PerFamily,
    Preset,
    Rules,
    SettingName,
    WeightList,
    app,
    open_door,
)
from prodsim.cli.values import choose_rules, choose_setting, open_chosen, parse_truth, say_evaluation, say_hits, timed
from prodsim.doctor import examine
from prodsim.evaluation.evaluate import Evaluation, evaluate
from prodsim.evaluation.failures import failures_table
from prodsim.output.charts import colour_by_kind, label_places, map_figure
from prodsim.output.export import map_page, to_csv, to_page
from prodsim.output.tables import write_table
from prodsim.search import Arrangement, Query, SearchOptions
from prodsim.workspace import OpenCatalog


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="Words, a SKU or a model number.")] = "",
    sku: Annotated[list[str] | None, typer.Option("--sku", help="Find products like this one; repeatable.")] = None,
    like: Annotated[list[str] | None, typer.Option("--like", help="A product to be close to; repeatable.")] = None,
    unlike: Annotated[list[str] | None, typer.Option("--unlike", help="A product to be far from; repeatable.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 10,
    where: Annotated[
        str, typer.Option("--where", help="A condition in SQL, such as \"price<100 and brand='Acme'\".")
    ] = "",
    setting: SettingName = None,
    preset: Preset = None,
    weights: WeightList = None,
    metric: MetricName = None,
    per_brand: PerBrand = None,
    per_family: PerFamily = None,
    diversity: Annotated[float, typer.Option("--diversity", help="0 closest first, 1 as unlike as can be.")] = 0.0,
    min_closeness: Annotated[
        float, typer.Option("--min-closeness", help="Closer than this share of random pairs; 0.99 for 99 of 100.")
    ] = 0.0,
    same_category: Annotated[
        bool, typer.Option("--same-category", help="Only the category of the product asked by.")
    ] = False,
    price_band: Annotated[
        float | None,
        typer.Option("--price-band", help="Only prices within this share of that product's; 0.2 for 20 %."),
    ] = None,
    per_category: PerCategory = None,
    rules: Rules = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Compare with every product instead of using the index.")
    ] = False,
    queries: Annotated[
        Path | None, typer.Option("--queries", help="CSV with query_id and query or sku: answer all of them.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --queries: the table to write, .csv or .parquet.")
    ] = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find similar products by words, by SKU, or by liked and disliked products."""
    with open_door(home, as_json) as door:
        chosen = choose_setting(door.workspace, catalog, setting, preset, weights, metric)
        opened = open_chosen(door, catalog, chosen)
        arrangement = Arrangement(
            per_brand, per_family, diversity, min_closeness, same_category, price_band, per_category
        )
        ruled = choose_rules(door.workspace, catalog, rules).over(where, arrangement)
        options = SearchOptions(filters=ruled.filters, arrangement=ruled.arrangement, exact=exact)
        if queries:
            if out is None:
                raise ValueError("--queries needs --out FILE for the answers")
            answer = partial(opened.search_file, queries, k, options)
            with door.progress as progress:
                table, wall_s = timed(lambda: answer(progress=progress))
            write_table(table, out)
            found: dict[str, Any] = {"rows": len(table), "queries": table["query_id"].nunique(), "wall_s": wall_s}
            door.print(
                {**found, "setting": chosen.as_dict(), "out": str(out)}, lambda: f"Wrote {len(table):,} rows to {out}."
            )
            return
        query = Query(text, tuple([*(sku or []), *(like or [])]), tuple(unlike or []))
        result = opened.search(query, k, options)
        door.print({**asdict(result), "setting": chosen.as_dict()}, lambda: say_hits(result))


@app.command()
def neighbours(
    out: Annotated[Path, typer.Option("--out", help="The table to write, .csv or .parquet.")],
    k: Annotated[int, typer.Option("-k", min=1, help="Neighbours per product.")] = 10,
    across: Across = None,
    setting: SettingName = None,
    preset: Preset = None,
    weights: WeightList = None,
    metric: MetricName = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write every product's nearest neighbours: sku, neighbour_sku, rank, score."""
    with open_door(home, as_json) as door:
        chosen = choose_setting(door.workspace, catalog, setting, preset, weights, metric)
        opened = open_chosen(door, catalog, chosen)
        with door.progress as progress:
            table, wall_s = timed(lambda: opened.neighbours(k, across=across, progress=progress))
        write_table(table, out)
        door.print(
            {"rows": len(table), "wall_s": wall_s, "out": str(out)}, lambda: f"Wrote {len(table):,} rows to {out}."
        )


@app.command(name="evaluate")
def evaluate_similarity(
    pairs: Annotated[Path | None, typer.Option("--pairs", help="Table sku_a, sku_b, label.")] = None,
    clusters: Annotated[Path | None, typer.Option("--clusters", help="Table sku, cluster_id.")] = None,
    queries: Annotated[Path | None, typer.Option("--queries", help="Table query_id, query; with --qrels.")] = None,
    qrels: Annotated[Path | None, typer.Option("--qrels", help="Table query_id, sku, grade.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The worst failures, explained: .html or .csv.")] = None,
    across: Across = None,
    setting: SettingName = None,
    preset: Preset = None,
    weights: WeightList = None,
    metric: MetricName = None,
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure how well the similarity finds what is known to belong together."""
    with open_door(home, as_json) as door:
        chosen = choose_setting(door.workspace, catalog, setting, preset, weights, metric)
        opened = open_chosen(door, catalog, chosen)
        if out is not None and out.suffix.lower() not in (".html", ".csv"):
            raise ValueError(f"--out must end in .html or .csv, got {out.name!r}")
        truth = parse_truth(opened.catalog, pairs, clusters, queries, qrels)
        with door.progress as progress:
            used = chosen.setting.weights
            work = partial(evaluate, opened.engine, opened.catalog, truth, used, across=across, progress=progress)
            found, wall_s = timed(work)
        settings = {**chosen.as_dict(), "encoder": opened.info.encoder}
        facts = {
            **asdict(found),
            "settings": {**settings, "across": across, "best_grade": truth.best},
            "wall_s": wall_s,
        }
        if out is not None:
            write_failures(found, opened.name, out)
            facts["out"] = str(out)
        door.print(facts, lambda: say_evaluation(found))


def write_failures(found: Evaluation, name: str, out: Path) -> None:
    """The worst failures of an evaluation as one self-contained page, or as a table."""
    table = failures_table(found.failures)
    subtitle = f"{len(table)} worst of {found.n:,} queries: what was found first, and why the wanted one was not"
    page = to_page(table, f"{name}: failures", subtitle) if out.suffix.lower() == ".html" else to_csv(table)
    write_text_atomically(out, page.decode())


@app.command(name="map")
def write_map(
    out: Annotated[Path, typer.Option("--out", help="The table or page to write: .csv, .parquet or .html.")],
    catalog: CatalogName = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the map: sku, x, y, cluster, label; or one self-contained page."""
    with open_door(home, as_json) as door:
        opened = door.workspace.open(catalog)
        table = opened.map_table()
        if out.suffix.lower() == ".html":
            write_text_atomically(out, opened_page(opened, table))
        else:
            write_table(table, out)
        clusters = int(table["cluster"].max()) + 1
        facts = {"rows": len(table), "clusters": clusters, "out": str(out)}
        door.print(facts, lambda: f"Wrote {len(table):,} products in {clusters} clusters to {out}.")


def opened_page(opened: OpenCatalog, table: pd.DataFrame) -> str:
    """The map as one self-contained page, coloured by cluster."""
    data = opened.map
    colouring = colour_by_kind(table["label"])
    figure = map_figure(data.xy, colouring, label_places(data.xy, data.cluster, data.labels))
    listed = opened.catalog.products[["sku", "title", "brand", "category", "price"]].assign(label=table["label"])
    return map_page(figure, listed, f"{opened.name}: {len(listed):,} products")


@app.command()
def doctor(home: Home = None, as_json: Json = False) -> None:
    """Tell versions, device, encoder and free space, and what is slow and why."""
    with open_door(home, as_json) as door:
        diagnosis = examine(door.workspace.settings)
        door.print(diagnosis.as_dict(), lambda: diagnosis.as_text())
