"""What to build; kept on disk until it is built, so that a stopped build can go on tomorrow."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from prodsim.artifacts import write_text_atomically
from prodsim.catalog import MAPPED_FIELDS, ColumnMapping, ReadOptions
from prodsim.encoders import AUTO_ENCODER
from prodsim.encoders.text_recipe import TextRecipe
from prodsim.index import Metric
from prodsim.roles import actor, is_own
from prodsim.sources import File, Origin
from prodsim.workspace.catalog_info import CatalogInfo

REQUEST_FILE = "request.json"


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build.

    Attributes:
        path: the catalog file.
        name: the catalog's name; the file's name without its endings if empty.
        mapping: field to column, laid over the remembered or guessed mapping; ``""`` as column leaves a field out.
        options: how to read the file.
        encoder: see ``prodsim.encoders.ENCODERS``; ``auto`` lets the catalog's texts decide.
        metric: how vectors are compared.
        recipe: what the encoder reads of a product.
        picture_encoder: see ``prodsim.encoders.PICTURE_ENCODERS``; ``auto`` takes the best one that is installed, and
            ``none`` leaves pictures out.
        read_pictures: whether the text on pictures is read, too.
        profile: the kind of catalog, see ``prodsim.profiles``; recognised from the file if empty.
        origin: where the file was fetched from; ``None`` where it is what was chosen.
        who: began it; empty where nobody is told apart.
    """

    path: Path
    name: str = ""
    mapping: ColumnMapping = field(default_factory=dict)
    options: ReadOptions = ReadOptions()
    encoder: str = AUTO_ENCODER
    metric: Metric = "cosine"
    recipe: TextRecipe = TextRecipe()
    origin: Origin | None = None
    picture_encoder: str = AUTO_ENCODER
    read_pictures: bool = False
    profile: str = ""
    who: str = ""

    @property
    def is_shown(self) -> bool:
        """Return whether who acts now sees a build that was not finished: it is their own, or they are an admin."""
        return is_own(self.who)

    @property
    def catalog_name(self) -> str:
        """Return the name, or the file's name up to its first dot; letters with accents as Unicode composes them."""
        return normalize("NFC", self.name or self.path.name.split(".")[0])


def exact_mapping(mapping: ColumnMapping) -> ColumnMapping:
    """Return the mapping with every field named, so that none is guessed where a person left it out."""
    return {**dict.fromkeys(MAPPED_FIELDS, ""), **mapping}


def request_of(info: CatalogInfo) -> BuildRequest:
    """Return the request that builds a finished catalog again, from the same file read in the same way."""
    saved = {
        "path": str(Path(info.base) / info.source),
        "name": info.name,
        "mapping": exact_mapping(info.mapping),
        "options": info.options,
        "encoder": info.encoder,
        "metric": info.metric,
        "recipe": info.recipe,
        "origin": info.origin,
        "picture_encoder": info.picture_encoder,
        "read_pictures": info.read_pictures,
        "profile": info.profile,
    }
    return _from_saved(saved)


def origin_of(info: CatalogInfo) -> Origin:
    """Return where a catalog comes from; of one that does not say so, the file that it was built from."""
    return request_of(info).origin or Origin(File(Path(info.base) / info.source))


def save_request(folder: Path, request: BuildRequest) -> None:
    """Note in a catalog's folder that this is being built."""
    saved = {
        **asdict(request),
        "path": str(request.path.resolve()),
        "name": request.catalog_name,
        "who": request.who or actor().name,
        "origin": request.origin.to_json() if request.origin else {},
    }
    write_text_atomically(folder / REQUEST_FILE, json.dumps(saved, indent=1))


def find_request(folder: Path) -> BuildRequest | None:
    """Find the build of this catalog that is not finished; ``None`` also when the note is damaged."""
    try:
        return _from_saved(json.loads((folder / REQUEST_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def forget_request(folder: Path) -> None:
    """Take the note away: what it asked for is built."""
    (folder / REQUEST_FILE).unlink(missing_ok=True)


def _from_saved(saved: Mapping[str, Any]) -> BuildRequest:
    return BuildRequest(
        path=Path(saved["path"]),
        name=saved["name"],
        mapping=dict(saved["mapping"]),
        options=ReadOptions(**saved["options"]),
        encoder=saved["encoder"],
        metric=saved["metric"],
        recipe=TextRecipe(**saved["recipe"]),
        origin=Origin.from_json(saved.get("origin")),
        picture_encoder=saved.get("picture_encoder", AUTO_ENCODER),
        read_pictures=saved.get("read_pictures", False),
        profile=saved.get("profile", ""),
        who=saved.get("who", ""),
    )
