"""What lies on the disk below the workspace's folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prodsim.workspace.layout import Layout


@dataclass(frozen=True, slots=True)
class StorageUse:
    """Megabytes on disk.

    Attributes:
        catalogs: of each catalog's own artefacts, finished or not, by name.
        vectors: of the vectors that all catalogs share.
        models: of converted models.
        adapted: of runs that adapted an encoder, by all catalogs.
        uploads: of files that were uploaded.
        pictures: of pictures that were fetched.
    """

    catalogs: Mapping[str, float]
    vectors: float
    models: float
    adapted: float
    uploads: float
    pictures: float = 0.0

    @property
    def total(self) -> float:
        """Return the megabytes of all of it."""
        return sum(self.catalogs.values()) + self.vectors + self.models + self.adapted + self.uploads + self.pictures


def storage_use(layout: Layout) -> StorageUse:
    """Measure a workspace; an absent folder counts as empty."""
    return StorageUse(
        catalogs={folder.name: folder_mb(folder) for folder in layout.catalog_folders()},
        vectors=folder_mb(layout.vectors),
        models=folder_mb(layout.home / "models"),
        adapted=folder_mb(layout.adapted),
        uploads=folder_mb(layout.home / "uploads"),
        pictures=folder_mb(layout.pictures),
    )


def folder_mb(folder: Path) -> float:
    """Measure all files below a folder; one that a build deletes at this moment counts as nothing."""
    return sum(_size(path) for path in folder.rglob("*")) / 1e6


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
