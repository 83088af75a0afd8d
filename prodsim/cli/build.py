"""The command that builds a catalog."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from prodsim.catalog import ReadOptions
from prodsim.cli.context import app, open_context
from prodsim.cli.options import Home, Json, with_groups
from prodsim.cli.parsing import parse_mapping, parse_one_of, parse_profile
from prodsim.cli.printing import report_facts, report_text
from prodsim.encoders import AUTO_ENCODER
from prodsim.encoders.text_recipe import DescriptionUse, TextRecipe
from prodsim.index import Metric
from prodsim.phrases import retold
from prodsim.profiles import profiles
from prodsim.progress import Progress
from prodsim.similarity import Setting
from prodsim.sources import File, Origin, TypedSource, read_source
from prodsim.workspace import BuildRequest, Workspace

SourceText = Annotated[
    str,
    typer.Argument(
        help="CSV, TSV, XLSX, JSON, JSON lines, Parquet, XML or HTML; also .gz or in a .zip. Or where one is: a "
        "folder (its newest file), a pattern such as exports/*.csv, an https address, a link to a Google Sheet, a file "
        "in object storage such as s3://bucket/shop.parquet, or the address of a database such as sqlite:///shop.db."
    ),
]
Query = Annotated[str, typer.Option("--query", help="Of a database: a SELECT, or the name of a table.")]


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How the file is read."""

    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Text encoding of the file. Default: detected.")
    ] = None
    separator: Annotated[
        str | None, typer.Option("--separator", help="Separator between cells. Default: detected.")
    ] = None
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook. Default: the first.")] = None
    member: Annotated[str | None, typer.Option("--member", help="Name of the file inside a zip.")] = None
    locale: Annotated[
        str | None,
        typer.Option(
            "--locale",
            help="Language of the texts, such as de_DE, where the file has several. Default: your own, else English.",
        ),
    ] = None

    @property
    def read(self) -> ReadOptions:
        """Return the options for reading the file."""
        return ReadOptions(self.encoding, self.separator, self.sheet, self.member, self.locale)


@app.command()
@with_groups
def build(
    file: SourceText,
    reading: FileOptions,
    name: Annotated[str, typer.Option("--name", help="The catalog's name. Default: the file's name.")] = "",
    query: Query = "",
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="The column of a field; repeatable.")
    ] = None,
    encoder: Annotated[
        str,
        typer.Option("--encoder", help="auto, minilm, e5-multilingual, lsa, hashing, or a model by name or folder."),
    ] = AUTO_ENCODER,
    picture_encoder: Annotated[
        str,
        typer.Option(
            "--picture-encoder",
            help="auto, lite0, colour-grid, a CLIP, SigLIP or DINO model by name or folder, or none.",
        ),
    ] = AUTO_ENCODER,
    read_pictures: Annotated[
        bool, typer.Option("--read-pictures", help="Read the text on pictures, too: part of a second for each.")
    ] = False,
    profile: Annotated[
        str, typer.Option("--profile", help=f"The kind of catalog: {', '.join(profiles())}. Default: recognised.")
    ] = "",
    metric: Annotated[str, typer.Option("--metric", help="cosine, ip (inner product) or l2 (Euclidean).")] = "cosine",
    description: Annotated[
        str, typer.Option("--description", help="Encode descriptions too: short (with short titles), always or never.")
    ] = "short",
    workers: Annotated[
        str,
        typer.Option(
            "--workers", metavar="ADDRESS", help="Encode on the workers of a Dask scheduler, such as tcp://host:8786."
        ),
    ] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Build or update a catalog from a file: read it, encode what is new, index it, draw the map."""
    with open_context(home, as_json) as context:
        typed = read_source(file, query)
        context.workspace.layout.catalog(name or "catalog")  # a name that cannot be one is refused before all work
        with context.progress as progress:
            path, suggested, origin = fetch_typed(context.workspace, typed, progress)
        if typed.advice:
            context.warn(typed.advice)
        request = BuildRequest(
            path=path,
            name=name or suggested,
            origin=origin,
            mapping=parse_mapping(columns or []),
            options=reading.read,
            encoder=encoder,
            metric=parse_one_of("--metric", Metric, metric),
            picture_encoder=picture_encoder,
            read_pictures=read_pictures,
            profile=parse_profile(profile),
            recipe=TextRecipe(description=parse_one_of("--description", DescriptionUse, description)),
        )
        with context.progress as progress:
            report = context.workspace.build(request, progress, workers=workers)
        if "reading" in report.info.findings:
            built = context.workspace.open(report.info.name, Setting(report.info.weights))
            for finding in built.catalog.findings:
                if finding.kind == "reading":
                    context.warn(retold(finding.what))
        context.print(report_facts(report), lambda: report_text(report))


def fetch_typed(workspace: Workspace, typed: TypedSource, progress: Progress) -> tuple[Path, str, Origin | None]:
    """Return the file to build from, a name for the catalog, and where it was fetched from: ``None`` for a file."""
    if isinstance(typed.source, File):
        return typed.source.path, "", None
    fetched = workspace.fetch(typed.source, progress, secrets=typed.secrets)
    if fetched.path is None:
        raise ValueError("a source that was never fetched cannot be unchanged")
    return fetched.path, fetched.catalog_name, fetched.origin
