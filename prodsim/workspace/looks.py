"""The step of a build that reads and encodes the pictures of a catalog."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from prodsim.artifacts import load_artifact, open_artifact, write_artifact
from prodsim.catalog import Catalog
from prodsim.encoders import PictureEncoder
from prodsim.errors import StaleArtifact
from prodsim.index import GroupedIndex
from prodsim.look import Depictions, LookIndex, Read, encode_pictures, open_store, reading_of
from prodsim.pictures import PictureError, PictureFiles, is_address, main_picture, picture_places
from prodsim.pictures.decoding import open_picture
from prodsim.pictures.fetching import FetchedPictures
from prodsim.progress import Progress
from prodsim.vectors import VectorStore

PROBLEMS_FILE = "problems.json"
LOOK_VERSION = 5
"""Raised when the same vectors are compared or saved in another way."""


def make_look(
    catalog: Catalog,
    source: Path,
    get_encoder: Callable[[], PictureEncoder],
    stores: Path,
    folder_of: Callable[..., Path],
    progress: Progress,
    fetched: FetchedPictures | None = None,
) -> Path | None:
    """Give the products' pictures vectors, and save what compares products by them.

    Args:
        catalog: the products.
        source: the catalog's file, which pictures lie beside.
        get_encoder: opens the encoder of the pictures; called where one of them can be read.
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
    with PictureFiles(source) as files:
        read = picture_reader(files, fetched.read if fetched else None)
        problems = _problems_until_one_opens(places, read, progress)
        if len(problems) == len(places):
            return _save(folder_of(LOOK_VERSION, problems), problems)
        encoder = get_encoder()
        store = open_store(stores, encoder)
        encoded = encode_pictures(places, read, encoder, store, progress)
    digests_of = [[encoded.digests[place] for place in places if place in encoded.digests] for places in places_of]
    mains = [encoded.digests.get(main_picture(image), b"") for image in catalog.products["image"].tolist()]
    made_of = [[digest.hex() for digest in digests] for digests in (*digests_of, mains)]
    folder = folder_of(LOOK_VERSION, reading_of(encoder), made_of, encoded.problems)
    return _save(folder, encoded.problems, lambda: _index_of(encoder, store, digests_of, mains))


def _problems_until_one_opens(places: Sequence[str], read: Read, progress: Progress) -> dict[str, str]:
    """Return why pictures cannot be opened, up to the first one that can: there may be none to load an encoder for."""
    problems = {}
    for place in places:
        progress.check()
        try:
            with open_picture(read(place)):
                break
        except PictureError as error:
            problems[place] = error.problem
    return problems


def _index_of(
    encoder: PictureEncoder, store: VectorStore, digests_of: Sequence[Sequence[bytes]], mains: Sequence[bytes]
) -> LookIndex:
    distinct = list(dict.fromkeys(digest for digests in digests_of for digest in digests))
    position_of = {digest: position for position, digest in enumerate(distinct)}
    pictures_of = [[position_of[digest] for digest in dict.fromkeys(digests)] for digests in digests_of]
    main_of = [position_of.get(digest, -1) for digest in mains]
    return LookIndex.of(encoder.name, reading_of(encoder), store.get(distinct), pictures_of, main_of)


def _save(folder: Path, problems: Mapping[str, str], make_index: Callable[[], LookIndex] | None = None) -> Path:
    """Save the problems, and the index where there is one, unless they are saved already; return the folder."""
    try:
        load_artifact(folder)
    except StaleArtifact:
        index = make_index() if make_index is not None else None
        facts: dict[str, object] = {"pictures": 0 if index is None else len(index.looks)}
        with write_artifact(folder, facts) as work:
            if index is not None:
                facts.update(index.save(work))
            (work / PROBLEMS_FILE).write_text(json.dumps(problems, ensure_ascii=False), encoding="utf-8")
    return folder


def load_look(folder: Path) -> LookIndex | None:
    """Open what ``make_look`` saved; ``None`` where no picture can be compared.

    Raises:
        StaleArtifact: it is absent or damaged.
    """
    with open_artifact(folder) as params:
        return LookIndex.load(folder, params) if params["pictures"] else None


def make_depictions(look: Path, index: GroupedIndex, folder: Path) -> Path:
    """Learn what the pictures that ``make_look`` saved say of the texts, unless that is done; return the folder."""
    try:
        load_artifact(folder)
    except StaleArtifact:
        pictures = load_look(look)
        learned = Depictions.learn(pictures, index) if pictures is not None else None
        facts: dict[str, object] = {"reliability": 0.0}
        with write_artifact(folder, facts) as work:
            if learned is not None:
                facts.update(learned.save(work))
    return folder


def load_depictions(folder: Path) -> Depictions | None:
    """Open what ``make_depictions`` saved; ``None`` where pictures say nothing; raises as ``load_look``."""
    with open_artifact(folder) as params:
        return Depictions.load(folder, params) if params["reliability"] > 0 else None


def load_problems(folder: Path) -> Mapping[str, str]:
    """Return why pictures cannot be compared, by their places; raises as ``load_look``."""
    with open_artifact(folder):
        problems: Mapping[str, str] = json.loads((folder / PROBLEMS_FILE).read_text(encoding="utf-8"))
        return problems


def picture_reader(files: PictureFiles, read_fetched: Read | None) -> Read:
    """Return what gives the bytes of a catalog's pictures, of those on the web by ``read_fetched`` or not at all."""

    def read(place: str) -> bytes:
        if not is_address(place):
            return files.read(place)
        if read_fetched is None:
            raise PictureError("not fetched", place)
        return read_fetched(place)

    return read
