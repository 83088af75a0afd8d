"""Where everything lies below the workspace's folder."""

from dataclasses import dataclass
from pathlib import Path

from prodsim.artifacts import FORBIDDEN_CHARACTERS
from prodsim.errors import CatalogError
from prodsim.phrases import phrase
from prodsim.workspace.catalog_info import HEAD

_MAX_NAME_LENGTH = 100
_MAX_NAME_BYTES = 240
"""A file system allows 255; the record beside the catalog has endings of its own."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of a workspace; nothing is made by asking for one.

    Attributes:
        home: the workspace's folder.
    """

    home: Path

    @property
    def vectors(self) -> Path:
        """Return the vectors that all catalogs share."""
        return self.home / "vectors"

    @property
    def adapted(self) -> Path:
        """Return the runs of adapting of all catalogs."""
        return self.home / "adapted"

    def catalog(self, name: str) -> Path:
        """Return the folder of a catalog's artefacts.

        Raises:
            CatalogError: the name cannot be a folder's name.
        """
        return self.home / "catalogs" / _checked(name)

    def records(self, name: str) -> Path:
        """Return the file of what people decided about a catalog; raises as ``catalog``."""
        return self.home / "decided" / f"{_checked(name)}.sqlite"

    def histories(self, name: str) -> Path:
        """Return the folder of the histories of a catalog's shoppers; raises as ``catalog``."""
        return self.home / "histories" / _checked(name)

    def catalog_folders(self) -> list[Path]:
        """Return the folders of all catalogs, finished or not, by name."""
        return sorted(path for path in (self.home / "catalogs").glob("*") if path.is_dir())

    def finished(self) -> list[str]:
        """Return the names of the catalogs that can be opened, or could if nothing of them were damaged."""
        return [folder.name for folder in self.catalog_folders() if (folder / HEAD).exists()]


def _checked(name: str) -> str:
    is_odd = name.startswith(".") or FORBIDDEN_CHARACTERS & set(name) or not name.isprintable()
    if not name.strip() or is_odd or len(name) > _MAX_NAME_LENGTH or len(name.encode()) > _MAX_NAME_BYTES:
        raise CatalogError(
            phrase('A catalog cannot be named "{name}".', name=name),
            phrase(
                "Choose another name (--name): up to 100 letters (80 Chinese characters), digits or spaces, "
                "without {forbidden} and without a dot at the beginning.",
                forbidden=" ".join(sorted(FORBIDDEN_CHARACTERS)),
            ),
        )
    return name
