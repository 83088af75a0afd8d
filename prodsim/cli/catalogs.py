"""Commands that make, list and remove catalogs."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from prodsim.catalog import ReadOptions
from prodsim.cli.context import Home, Json, NameArgument, app, open_door
from prodsim.cli.values import catalog_facts, parse_mapping, parse_one_of, report_facts, say_report
from prodsim.encoders import AUTO
from prodsim.encoders.text_recipe import DescriptionUse, TextRecipe
from prodsim.evaluation.index_recall import measure_index_recall, measure_search_recall
from prodsim.index import Metric
from prodsim.similarity import Setting
from prodsim.workspace import BuildRequest


@app.command()
def build(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX, JSON, JSON lines or Parquet; also .gz or in a .zip.")],
    name: Annotated[str, typer.Option("--name", help="The catalog's name; the file's name by default.")] = "",
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; repeatable.")
    ] = None,
    encoder: Annotated[
        str, typer.Option("--encoder", help="auto, minilm, e5-multilingual, lsa, hashing, a model's name or folder.")
    ] = AUTO,
    metric: Annotated[str, typer.Option("--metric", help="cosine, ip (inner product) or l2 (Euclidean).")] = "cosine",
    description: Annotated[
        str, typer.Option("--description", help="Encode descriptions too: short (with short titles), always or never.")
    ] = "short",
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Text encoding of the file; guessed if not given.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="Separator of cells; guessed if not given.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook; the first by default.")] = None,
    member: Annotated[str | None, typer.Option("--member", help="File inside a zip.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Build or update a catalog from a file: read, encode what is new, index, map."""
    with open_door(home, as_json) as door:
        request = BuildRequest(
            path=file,
            name=name,
            mapping=parse_mapping(columns or []),
            options=ReadOptions(encoding, separator, sheet, member),
            encoder=encoder,
            metric=parse_one_of("--metric", Metric, metric),
            recipe=TextRecipe(description=parse_one_of("--description", DescriptionUse, description)),
        )
        with door.progress as progress:
            report = door.workspace.build(request, progress)
        if "reading" in report.info.findings:
            built = door.workspace.open(report.info.name, Setting(report.info.weights))
            for finding in built.catalog.findings:
                if finding.kind == "reading":
                    door.warn(finding.what)
        door.print(report_facts(report), lambda: say_report(report))


@app.command(name="list")
def list_catalogs(home: Home = None, as_json: Json = False) -> None:
    """List the catalogs there are."""
    with open_door(home, as_json) as door:
        catalogs = [catalog_facts(door.workspace, info) for info in door.workspace.catalogs()]
        problems = {name: {"what": e.what, "fix": e.fix} for name, e in door.workspace.problems().items()}
        lines = [f"{c['name']}: {c['products']:,} products, built {c['built']}" for c in catalogs]
        lines += [f"{name}: {problem['what']} {problem['fix']}" for name, problem in problems.items()]
        door.print({"catalogs": catalogs, "problems": problems}, lambda: "\n".join(lines) or "There is no catalog yet.")


@app.command()
def info(
    name: NameArgument = None,
    recall: Annotated[
        bool, typer.Option("--recall", help="Measure what share of an exact search's answers is found; takes seconds.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Tell what a catalog consists of: columns, encoder, sizes, measured recall."""
    with open_door(home, as_json) as door:
        facts = catalog_facts(door.workspace, door.workspace.info(name))
        lines = [f"{key}: {value}" for key, value in facts.items()]
        if recall:
            opened = door.workspace.open(name)
            with door.progress as progress:
                search = measure_search_recall(opened.engine, opened.catalog, progress=progress)
                index = measure_index_recall(opened.index, opened.catalog, progress=progress)
            facts["trust"] = {"search": asdict(search), "index": asdict(index)}
            lines += [f"search returns {search.sentence}", f"index returns {index.overall.sentence}"]
        door.print(facts, lambda: "\n".join(lines))


@app.command()
def remove(name: Annotated[str, typer.Argument(metavar="NAME")], home: Home = None, as_json: Json = False) -> None:
    """Delete a catalog; its vectors stay in the shared store."""
    with open_door(home, as_json) as door:
        from prodsim.workspace.removal import remove_catalog  # only removing pays

        remove_catalog(door.workspace, name)
        door.print({"removed": name}, lambda: f"Removed {name}.")
