"""The step of a build that reads and encodes the pictures of a catalog."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from prodsim.artifacts import load_artifact, open_artifact, write_artifact
from prodsim.catalog import Catalog
from prodsim.encoders import PictureEncoder
from prodsim.errors import StaleArtifact
from prodsim.look import LookIndex, encode_pictures, open_store
from prodsim.pictures import PictureError, PictureFiles, is_address, picture_places
from prodsim.pictures.fetching import FetchedPictures
from prodsim.progress import Progress

PROBLEMS_FILE = "problems.json"
LOOK_VERSION = 3
"""Raised when the same vectors are compared or saved in another way."""


def make_look(
    catalog: Catalog,
    source: Path,
    encoder: PictureEncoder,
    stores: Path,
    folder_of: Callable[..., Path],
    progress: Progress,
    fetched: FetchedPictures | None = None,
) -> Path | None:
    """Give the products' pictures vectors, and save what compares products by them.

    Args:
        catalog: the products.
        source: the catalog's file, which pictures lie beside.
        encoder: of the pictures.
        stores: folder of the vectors that all catalogs share.
        folder_of: gives the artefact's folder by what it is made of.
        progress: advanced by pictures.
        fetched: fetches the pictures on the web; ``None`` leaves them out.

    Returns:
        The artefact's folder; ``None`` for a catalog without pictures.
    """
    places_of = picture_places(catalog)
    places = list(dict.fromkeys(place for places in places_of for place in places))
    if not places:
        return None
    if fetched is not None:
        fetched.fetch([place for place in places if is_address(place)], progress)
    store = open_store(stores, encoder)
    with PictureFiles(source) as files:
        encoded = encode_pictures(places, _reader(files, fetched), encoder, store, progress)
    mains_of = catalog.products["image"].tolist()
    digests_of = [[encoded.digests[place] for place in places if place in encoded.digests] for places in places_of]
    made_of = [[digest.hex() for digest in digests] for digests in digests_of]
    folder = folder_of(LOOK_VERSION, encoder.fingerprint, made_of, encoded.problems)
    try:
        load_artifact(folder)
    except StaleArtifact:
        distinct = list(dict.fromkeys(digest for digests in digests_of for digest in digests))
        position_of = {digest: position for position, digest in enumerate(distinct)}
        pictures_of = [[position_of[digest] for digest in dict.fromkeys(digests)] for digests in digests_of]
        mains = [position_of[encoded.digests[main]] if main in encoded.digests else -1 for main in mains_of]
        index = LookIndex.of(encoder.name, encoder.fingerprint, store.get(distinct), pictures_of, mains)
        facts: dict[str, object] = {"pictures": len(distinct)}
        with write_artifact(folder, facts) as work:
            facts.update(index.save(work))
            (work / PROBLEMS_FILE).write_text(json.dumps(encoded.problems, ensure_ascii=False), encoding="utf-8")
    return folder


def load_look(folder: Path) -> LookIndex | None:
    """Open what ``make_look`` saved; ``None`` where no picture can be compared.

    Raises:
        StaleArtifact: it is absent or damaged.
    """
    with open_artifact(folder) as params:
        return LookIndex.load(folder, params) if params["pictures"] else None


def load_problems(folder: Path) -> Mapping[str, str]:
    """Return why pictures cannot be compared, by their places; raises as ``load_look``."""
    with open_artifact(folder):
        problems: Mapping[str, str] = json.loads((folder / PROBLEMS_FILE).read_text(encoding="utf-8"))
        return problems


def _reader(files: PictureFiles, fetched: FetchedPictures | None) -> Callable[[str], bytes]:
    def read(place: str) -> bytes:
        if not is_address(place):
            return files.read(place)
        if fetched is None:
            raise PictureError("not fetched", place)
        return fetched.read(place)

    return read
