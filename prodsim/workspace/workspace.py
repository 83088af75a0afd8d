"""The folder of all catalogs: build, open, list, remove."""

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from prodsim.artifacts import storage_error
from prodsim.catalog import ColumnMapping, Proposal, RawTable, header_key, propose_columns
from prodsim.encoders import Encoder, Reranker, open_encoder, open_reranker
from prodsim.encoders.adapted import adapted_version
from prodsim.errors import CatalogError, ProdsimError, QueryError
from prodsim.progress import SILENT, Progress
from prodsim.records import Records
from prodsim.settings import Settings
from prodsim.similarity import Setting
from prodsim.workspace.build import BuildReport, is_being_built, run_build
from prodsim.workspace.catalog_info import HEAD, CatalogInfo, load_head
from prodsim.workspace.mappings import recall_mapping, remember_mapping
from prodsim.workspace.open_catalog import OpenCatalog
from prodsim.workspace.request import BuildRequest, find_request, forget_request, request_of
from prodsim.workspace.storage import StorageUse, folder_mb, storage_use
from prodsim.workspace.uploads import keep_upload, unused_uploads

if TYPE_CHECKING:
    from prodsim.workspace.shoppers import Shoppers

_FORBIDDEN = set('/\\:*?"<>|')
_MAX_NAME_BYTES = 240
"""A file system allows 255; the record beside the catalog has endings of its own."""


class Workspace:
    """Everything below ``settings.home``. One object may serve many threads.

    Args:
        settings: where, on which device, and whether a download is allowed.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._encoders: dict[tuple[str, Path | None, int], Encoder] = {}
        self._reranker: Reranker | None = None
        self._lock = threading.Lock()

    def catalogs(self) -> list[CatalogInfo]:
        """The finished catalogs by name; damaged ones are left out (``problems`` tells them)."""
        return [info for info in map(self._try_head, self._names()) if isinstance(info, CatalogInfo)]

    def problems(self) -> dict[str, ProdsimError]:
        """Catalogs that cannot be opened, with the reason."""
        tried = {name: self._try_head(name) for name in self._names()}
        return {name: error for name, error in tried.items() if isinstance(error, ProdsimError)}

    def info(self, name: str | None = None) -> CatalogInfo:
        """What a catalog consists of; without a name, the only one there is.

        Raises:
            QueryError: there is no such catalog, none at all, or several and no name.
        """
        return load_head(self.folder(name or self._only()))

    def open(self, name: str | None = None, setting: Setting | None = None) -> OpenCatalog:
        """Open a finished catalog; without a name, the only one there is.

        Args:
            name: of the catalog.
            setting: what similar means where a question does not say; by default the setting that its records have as
                default, else the catalog's own.

        Raises:
            QueryError: as ``info``, or the default setting cannot be used.
            StaleArtifact: something saved is damaged.
            StorageError: as ``Records``.
        """
        info = self.info(name)
        folder = self.folder(info.name)
        fitted = folder / info.artifacts["encoder"] if "encoder" in info.artifacts else None
        setting = setting or self.records(info.name).default_setting()
        get_reranker = self.reranker if self.settings.reranker else None
        return OpenCatalog(folder, info, lambda: self.encoder(info.encoder, fitted), setting, get_reranker)

    def build(
        self, request: BuildRequest, progress: Progress = SILENT, before: CatalogInfo | None = None
    ) -> BuildReport:
        """Build or update a catalog from a file; see ``run_build``."""
        return run_build(self, request, progress, before)

    def propose(self, table: RawTable) -> Proposal:
        """Columns for a file that was read: as confirmed for the same header before, else guessed."""
        remembered = recall_mapping(self.settings.home, header_key(table))
        return propose_columns(table) if remembered is None else Proposal(remembered, dict.fromkeys(remembered, 1.0))

    def remembers(self, table: RawTable) -> bool:
        """Whether a mapping was confirmed for a file with this header before."""
        return recall_mapping(self.settings.home, header_key(table)) is not None

    def confirm(self, table: RawTable, mapping: ColumnMapping) -> None:
        """Remember a mapping for the next file with the same header."""
        remember_mapping(self.settings.home, header_key(table), mapping)

    def keep_upload(self, name: str, stream: BinaryIO) -> Path:
        """Store an uploaded file under the workspace; see ``uploads.keep_upload``."""
        return keep_upload(self.settings.home, name, stream)

    def unused_uploads(self) -> list[Path]:
        """Folders of uploaded files that no catalog was built from and no begun build needs."""
        requests = [*map(request_of, self.catalogs()), *self.begun().values()]
        return unused_uploads(self.settings.home, [request.path for request in requests])

    def unfinished(self) -> dict[str, BuildRequest]:
        """Builds that were cancelled, failed or killed, by catalog; building them again goes on where they were."""
        return {name: request for name, request in self.begun().items() if not is_being_built(self.folder(name))}

    def discard(self, name: str) -> None:
        """Give an unfinished build up: what was there before it stays, a catalog never finished is deleted."""
        folder = self.folder(name)
        forget_request(folder)
        if folder.is_dir() and not (folder / HEAD).exists():
            self.remove(name)

    def remove(self, name: str) -> None:
        """Delete a catalog with its histories and its runs of adapting, but those whose encoder another catalog has.

        Vectors stay in the shared store, for the next catalog with the same texts.

        Raises:
            QueryError: there is no such catalog, or it is being built.
        """
        folder = self.folder(name)
        if not folder.is_dir():
            raise QueryError(f'There is no catalog "{name}".', "`python -m prodsim list` shows what there is.")
        if is_being_built(folder):
            raise QueryError(f'"{name}" is being built.', "Wait until the build has ended, or stop it, then remove it.")
        from prodsim.workspace.adaptations import remove_runs  # only removing pays

        try:
            (folder / HEAD).unlink(missing_ok=True)  # first: a half-deleted catalog must not be offered
            shutil.rmtree(folder)
            self.shoppers(name).remove()
            remove_runs(self, name)
        except OSError as error:
            raise storage_error(folder, error) from error

    def folder(self, name: str) -> Path:
        """The folder of a catalog's artefacts.

        Raises:
            CatalogError: the name cannot be a folder's name.
        """
        is_odd = name.startswith(".") or _FORBIDDEN & set(name) or not name.isprintable()
        if not name.strip() or is_odd or len(name) > 100 or len(name.encode()) > _MAX_NAME_BYTES:
            raise CatalogError(
                f'"{name}" cannot be the name of a catalog.',
                "Give one with --name: up to 100 letters (80 Chinese ones), digits or spaces, "
                f"none of {''.join(sorted(_FORBIDDEN))} and no leading dot.",
            )
        return self.settings.home / "catalogs" / name

    def records(self, name: str | None = None) -> Records:
        """What people decided about a catalog; it outlives rebuilding and removing it.

        Raises:
            QueryError: no name, and not exactly one catalog.
            CatalogError: the name cannot be a catalog's.
        """
        folder = self.folder(name or self._only())
        return Records(self.settings.home / "decided" / f"{folder.name}.sqlite")

    def shoppers(self, name: str | None = None) -> "Shoppers":
        """The histories of a catalog's shoppers; they outlive rebuilding it, and are deleted with it.

        Raises:
            QueryError: no name, and not exactly one catalog.
            CatalogError: the name cannot be a catalog's.
        """
        from prodsim.workspace.shoppers import Shoppers  # only recommending pays

        folder = self.folder(name or self._only())
        return Shoppers(self.settings.home, self.settings.home / "histories" / folder.name)

    def encoder(self, name: str, fitted: Path | None = None) -> Encoder:
        """The encoder of that name, opened once and shared; anew where a run of that name was made again."""
        with self._lock:
            key = (name, fitted, adapted_version(name, self.settings.home))
            if key not in self._encoders:
                self._encoders[key] = open_encoder(name, self.settings, fitted)
            return self._encoders[key]

    def reranker(self) -> Reranker:
        """The cross-encoder that the settings name, opened once and shared; raises ``EncoderError`` if it cannot be."""
        with self._lock:
            if self._reranker is None:
                self._reranker = open_reranker(self.settings.reranker, self.settings)
            return self._reranker

    def size_mb(self, name: str) -> float:
        """Disk space of a catalog's own artefacts, in megabytes; shared vectors not counted."""
        return folder_mb(self.folder(name))

    def storage(self) -> StorageUse:
        """What lies on the disk."""
        return storage_use(self.settings.home)

    def begun(self) -> dict[str, BuildRequest]:
        """Builds that began and have not ended, at work or not, by catalog."""
        folders = sorted(path for path in (self.settings.home / "catalogs").glob("*") if path.is_dir())
        found = {folder.name: find_request(folder) for folder in folders}
        return {name: request for name, request in found.items() if request is not None}

    def _names(self) -> list[str]:
        return sorted(head.parent.name for head in (self.settings.home / "catalogs").glob(f"*/{HEAD}"))

    def _only(self) -> str:
        names = self._names()
        if not names:
            raise QueryError("There is no catalog yet.", "Build one with `python -m prodsim build FILE`.")
        if len(names) > 1:
            listed = ", ".join(f'"{name}"' for name in names)
            raise QueryError(f"There are {len(names)} catalogs: {listed}.", "Say which with --catalog NAME.")
        return names[0]

    def _try_head(self, name: str) -> CatalogInfo | ProdsimError:
        try:
            return load_head(self.folder(name))
        except ProdsimError as error:
            return error
