"""The step of a build that reads the text on the pictures of a catalog, where it is asked for."""

import json
from pathlib import Path

from prodsim.artifacts import load_artifact, open_artifact, write_artifact
from prodsim.catalog import Catalog
from prodsim.errors import StaleArtifact
from prodsim.look import Read
from prodsim.pictures import PictureFiles, picture_places
from prodsim.pictures.lettering import KeptLettering, LetteringReader, Line, lines_on
from prodsim.progress import Progress
from prodsim.workspace.looks import picture_reader

FILE = "lettering.json"


def make_lettering(
    catalog: Catalog, source: Path, kept: Path, artifact: Path, progress: Progress, fetched: Read | None
) -> Path:
    """Read the text on all pictures of a catalog, unless that is done; return the folder ``artifact``.

    Args:
        catalog: the products.
        source: the catalog's file, which pictures lie beside.
        kept: folder of what was read of pictures, of all catalogs; a stopped build goes on there.
        artifact: where the lines of this catalog go.
        progress: advanced by pictures.
        fetched: gives pictures on the web.
    """
    try:
        load_artifact(artifact)
        return artifact
    except StaleArtifact:
        reader = KeptLettering(kept, LetteringReader())
    places = list(dict.fromkeys(place for places in picture_places(catalog) for place in places))
    progress.step("lettering", len(places), "pictures")
    lines = {}
    with PictureFiles(source) as files:
        read = picture_reader(files, fetched)
        for place in places:
            progress.check()
            lines[place] = [(line.text, line.share) for line in lines_on(place, read, reader)]
            progress.advance()
    with write_artifact(artifact, {}) as work:
        (work / FILE).write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    return artifact


def load_lettering(folder: Path) -> dict[str, tuple[Line, ...]]:
    """Return the lines on each picture, by its place; raises ``StaleArtifact`` where it is absent or damaged."""
    with open_artifact(folder):
        saved = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return {place: tuple(Line(text, share) for text, share in lines) for place, lines in saved.items()}


def texts_on_pictures(catalog: Catalog, folder: Path | None) -> list[str]:
    """Return what stands on each product's pictures, ``""`` for nothing, in catalog order."""
    if folder is None:
        return [""] * len(catalog)
    lines = load_lettering(folder)
    return [
        "\n".join(dict.fromkeys(line.text for place in places for line in lines.get(place, ())))
        for places in picture_places(catalog)
    ]
