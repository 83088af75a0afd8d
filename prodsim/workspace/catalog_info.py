"""What a catalog consists of right now: one small file that points to finished artefacts."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from prodsim.artifacts import seal, storage_error, unseal, write_text_atomically
from prodsim.encoders import AUTO_ENCODER, find_spec
from prodsim.errors import QueryError, StaleArtifact, did_you_mean
from prodsim.phrases import phrase
from prodsim.profiles import PRODUCTS
from prodsim.similarity import Weights, suited_weights

HEAD = "current.json"
BEFORE = "before.json"
"""What the catalog was with the encoder that it had before it was adapted."""
INFO_FORMAT = 2
LATER = frozenset(
    (
        "origin",
        "program",
        "picture_encoder",
        "pictures",
        "read_pictures",
        "languages",
        "previous",
        "built_by",
        "profile",
    )
)
"""What catalogs of earlier versions do not say."""


@dataclass(frozen=True, slots=True)
class CatalogInfo:
    """A built catalog in numbers.

    Attributes:
        name: what the person calls it.
        source: the file it was built from.
        built: when, as an ISO time with zone.
        products, vectors: products, and distinct vectors among them.
        encoder, encoder_fingerprint, dim, metric: how texts became vectors and are compared.
        recall, ef: share of an exact search's answers the index returns (recall@10 on a sample), and its search width.
        unknown_share, n_truncated: how well the encoder reads the texts.
        findings: number of findings per kind.
        mapping, options, recipe: how the file was read.
        base: folder of the source file, where relative picture paths start.
        artifacts: step to folder name; a step that is absent is not built yet.
        origin: where the file was fetched from and in what state, as ``Origin.to_json``; empty where the file is it.
        program: the version of prodsim that built it.
        picture_encoder: that was asked for; see ``BuildRequest``.
        pictures: distinct ones that are compared.
        read_pictures: whether the text on pictures is read.
        languages: of the texts, as ``catalog_languages`` gives them; empty where the encoder did not depend on them.
        previous: folder of the products as they were before the newest upload that changed them; "" for a first one.
        built_by: who built it; empty where nobody was told apart.
        profile: the kind of catalog; see ``prodsim.profiles``.
    """

    name: str
    source: str
    built: str
    products: int
    vectors: int
    encoder: str
    encoder_fingerprint: str
    dim: int
    metric: str
    recall: float
    ef: int
    unknown_share: float
    n_truncated: int
    findings: Mapping[str, int]
    mapping: Mapping[str, str]
    options: Mapping[str, str | None]
    recipe: Mapping[str, Any]
    base: str = ""
    artifacts: Mapping[str, str] = field(default_factory=dict)
    origin: Mapping[str, Any] = field(default_factory=dict)
    program: str = ""
    picture_encoder: str = AUTO_ENCODER
    pictures: int = 0
    read_pictures: bool = False
    languages: Mapping[str, float] = field(default_factory=dict)
    previous: str = ""
    built_by: str = ""
    profile: str = PRODUCTS

    @property
    def weights(self) -> Weights:
        """Return the default weights: the preset *overall*."""
        return self.preset("overall")

    def preset(self, name: str) -> Weights:
        """Return a preset as it suits the encoder, how well it reads the texts, and the pictures.

        Raises:
            ValueError: there is no such preset; lists them.
        """
        spec = find_spec(self.encoder)
        return suited_weights(name, self.unknown_share, spec.baseline if spec else 0.0, has_pictures=self.pictures > 0)

    @property
    def has_map(self) -> bool:
        """Return whether the map is built."""
        return "map" in self.artifacts


def save_head(folder: Path, info: CatalogInfo, file: str = HEAD) -> None:
    """Make ``info`` what the catalog is from now on, or with ``BEFORE`` was; all at once."""
    write_text_atomically(folder / file, seal({"format": INFO_FORMAT, **asdict(info)}))


def head_before(folder: Path) -> CatalogInfo | None:
    """Load what the catalog was before it was adapted; ``None`` where it was not, or that cannot be read."""
    before, now = find_head(folder, BEFORE), find_head(folder)
    return None if before is None or now is None or before.encoder == now.encoder else before


def find_head(folder: Path, file: str = HEAD) -> CatalogInfo | None:
    """Load as ``load_head``; ``None`` where there is no finished catalog, or what it is cannot be told."""
    try:
        return load_head(folder, file)
    except (QueryError, StaleArtifact):
        return None


def load_head(folder: Path, file: str = HEAD) -> CatalogInfo:
    """Read what the catalog in ``folder`` is, or with ``BEFORE`` was.

    Raises:
        QueryError: there is no finished catalog there.
        StaleArtifact: the file is damaged, of another format or of another catalog.
        StorageError: the disk refuses to read it.
    """
    try:
        saved = unseal((folder / file).read_text(encoding="utf-8"), INFO_FORMAT)
        del saved["format"]
        names = {f.name for f in fields(CatalogInfo)}
        misfits = (set(saved) ^ names) - (LATER - set(saved))
        if misfits:
            raise ValueError(f"fields {sorted(misfits)} do not fit")
        if not _is_name(saved["name"], folder.name):
            raise ValueError(f"it is that of {saved['name']}")
        return CatalogInfo(**saved)
    except FileNotFoundError:
        raise no_catalog(folder) from None
    except OSError as error:
        raise storage_error(folder / file, error) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StaleArtifact(
            phrase(
                'The catalog “{name}” cannot be opened: its {file} does not fit ({error}).',
                name=folder.name, file=file, error=error,
            ),
            phrase("Build it again from its file; finished parts are reused."),
        ) from error  # fmt: skip


def _is_name(name: str, of_folder: str) -> bool:
    """Return whether a folder is called so; some systems take no account of case or of how accents are written."""
    return len({unicodedata.normalize("NFC", each).casefold() for each in (name, of_folder)}) == 1


def no_catalog(folder: Path) -> QueryError:
    """Return the error for a folder that holds no catalog; it names the catalog beside it whose name is nearest."""
    near = did_you_mean(folder.name, [head.parent.name for head in folder.parent.glob(f"*/{HEAD}")])
    hint = phrase("`prodsim list` lists the catalogs.")
    return QueryError(phrase("There is no catalog “{name}”.", name=folder.name), f"{near} {hint}".strip())
