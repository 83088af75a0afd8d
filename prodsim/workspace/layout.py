"""Where everything lies below the workspace's folder."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from prodsim.artifacts import FORBIDDEN_CHARACTERS, storage_error
from prodsim.errors import CatalogError
from prodsim.phrases import phrase
from prodsim.text import excerpt
from prodsim.workspace.catalog_info import HEAD
from prodsim.workspace.uploads import UPLOADS_FOLDER

_MAX_NAME_LENGTH = 100
_MAX_NAME_BYTES = 240
"""A file system allows 255; the record beside the catalog has endings of its own."""
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, also with an ending."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of a workspace; nothing is made by asking for one.

    A catalog has one name however its letters with accents are written (Unicode's NFC and NFD). One that was built
    under a name which is refused today keeps it.

    Attributes:
        home: the workspace's folder.
    """

    home: Path

    @property
    def vectors(self) -> Path:
        """Return the vectors that all catalogs share."""
        return self.home / "vectors"

    @property
    def pictures(self) -> Path:
        """Return the pictures that were fetched from the web, of all catalogs."""
        return self.home / "pictures"

    @property
    def lettering(self) -> Path:
        """Return what was read on pictures, of all catalogs."""
        return self.home / "lettering"

    @property
    def index_tables(self) -> Path:
        """Return the notes of the tables that catalogs have on a server."""
        return self.home / "index_tables"

    @property
    def uploads(self) -> Path:
        """Return the files that were uploaded or fetched."""
        return self.home / UPLOADS_FOLDER

    @property
    def adapted(self) -> Path:
        """Return the runs of adapting of all catalogs."""
        return self.home / "adapted"

    @property
    def keys(self) -> Path:
        """Return the file of the keys that other programs ask with."""
        return self.home / "keys.sqlite"

    @property
    def knowledge(self) -> Path:
        """Return the thesauri and taxonomies that people added."""
        return self.home / "knowledge"

    def catalog(self, name: str) -> Path:
        """Return the folder of a catalog's artefacts.

        Raises:
            CatalogError: the name cannot be a folder's name.
        """
        return self.home / "catalogs" / self._spelled(name)

    @property
    def decided(self) -> Path:
        """Return the folder of what people decided about all catalogs."""
        return self.home / "decided"

    def records(self, name: str) -> Path:
        """Return the file of what people decided about a catalog; raises as ``catalog``."""
        return self.decided / f"{self._spelled(name)}.sqlite"

    def records_files(self) -> list[Path]:
        """Return the files of what people decided that there are, by catalog."""
        return sorted(self.decided.glob("*.sqlite"))

    def histories(self, name: str) -> Path:
        """Return the folder of the histories of a catalog's shoppers; raises as ``catalog``."""
        return self.home / "histories" / self._spelled(name)

    def catalog_folders(self) -> list[Path]:
        """Return the folders of all catalogs, finished or not, by name.

        Raises:
            StorageError: the disk refuses to read them.
        """
        folder = self.home / "catalogs"
        try:
            return sorted(path for path in folder.iterdir() if path.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise storage_error(folder, error) from error

    def finished(self) -> list[str]:
        """Return the names of the catalogs that can be opened, or could if nothing of them were damaged or locked."""
        return [folder.name for folder in self.catalog_folders() if _has_head(folder)]

    def _spelled(self, name: str) -> str:
        """Return a name as it is on the disk, or as it would be."""
        _check_safe(name)
        composed = normalize("NFC", name)
        for spelling in (name, composed, normalize("NFD", name)):
            if os.path.lexists(self.home / "catalogs" / spelling):
                return spelling
        _check_portable(composed)
        return composed


def _has_head(folder: Path) -> bool:
    try:
        return (folder / HEAD).exists()
    except OSError:  # nobody may look: opening the catalog says why
        return True


def _check_safe(name: str) -> None:
    """Refuse a name that could leave its folder or hide there, or is longer than a file's name may be."""
    is_odd = name.startswith(".") or FORBIDDEN_CHARACTERS & set(name) or not name.isprintable()
    if not name.strip() or is_odd or len(name) > _MAX_NAME_LENGTH or len(name.encode()) > _MAX_NAME_BYTES:
        raise CatalogError(
            phrase("A catalog cannot be named “{name}”.", name=excerpt(name)),
            phrase(
                "Choose another name (--name): up to 100 letters (80 Chinese characters), digits or spaces, "
                "without {forbidden} and without a dot at the beginning.",
                forbidden=" ".join(sorted(FORBIDDEN_CHARACTERS)),
            ),
        )


def _check_portable(name: str) -> None:
    """Refuse a name that a folder cannot have on Windows, where copying the workspace would lose it."""
    proposed = name.strip().rstrip(". ")
    if _RESERVED.fullmatch(proposed):
        proposed = f"catalog {proposed}"
    if proposed != name:
        raise CatalogError(
            phrase("A catalog cannot be named “{name}”: Windows allows no such folder.", name=name),
            phrase("Name it “{name}”.", name=proposed),
        )
