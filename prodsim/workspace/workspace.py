"""The folder of all catalogs: build, open, list."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from prodsim.catalog import ColumnMapping, Proposal, RawTable, header_key
from prodsim.encoders import Encoder
from prodsim.errors import ProdsimError, QueryError
from prodsim.index import VectorServer, open_server
from prodsim.knowledge import Knowledge
from prodsim.phrases import phrase
from prodsim.pictures.decoding import MAX_PICTURE_BYTES
from prodsim.pictures.fetching import FetchedPictures
from prodsim.profiles import profile_of
from prodsim.progress import SILENT, Progress
from prodsim.records import Records
from prodsim.roles import require_role
from prodsim.settings import Settings
from prodsim.similarity import Setting
from prodsim.sources import Fetched, FetchFacts, FetchRules, SecretLookup, Source, fetch, find_secret, with_written
from prodsim.workspace.build import BuildReport, is_being_built, locked, run_build
from prodsim.workspace.catalog_info import CatalogInfo, load_head, save_head
from prodsim.workspace.encoder_pool import EncoderPool
from prodsim.workspace.keys import Keys
from prodsim.workspace.layout import Layout
from prodsim.workspace.mappings import mapping_of, propose_mapping, recall_mapping, remember_mapping
from prodsim.workspace.open_catalog import OpenCatalog
from prodsim.workspace.request import BuildRequest, find_request, request_of
from prodsim.workspace.storage import StorageUse, folder_mb, storage_use
from prodsim.workspace.uploads import UPLOADS_FOLDER, keep_upload, remove_uploads, unused_uploads

if TYPE_CHECKING:
    from prodsim.records.server import RecordsServer
    from prodsim.workspace.shoppers import Shoppers

NO_SECRETS: Mapping[str, str] = MappingProxyType({})


class Workspace:
    """Everything below ``settings.home``. One object may serve many threads.

    Args:
        settings: where, on which device, and whether a download is allowed.
        find_secret: gives the secrets that sources name.

    Attributes:
        layout: where everything lies.
        encoders: the models that are open.
        keys: of other programs.
    """

    def __init__(self, settings: Settings, find_secret: SecretLookup = find_secret) -> None:
        self.settings = settings
        self.find_secret = find_secret
        self.layout = Layout(settings.home)
        self.encoders = EncoderPool(settings)
        self.keys = Keys(self.layout.keys)

    def catalogs(self) -> list[CatalogInfo]:
        """Return the finished catalogs by name; damaged ones are left out (``problems`` has them)."""
        return [info for info in map(self._try_head, self.layout.finished()) if isinstance(info, CatalogInfo)]

    def problems(self) -> dict[str, ProdsimError]:
        """Return the catalogs that cannot be opened, each with the reason."""
        tried = {name: self._try_head(name) for name in self.layout.finished()}
        return {name: error for name, error in tried.items() if isinstance(error, ProdsimError)}

    def info(self, name: str | None = None) -> CatalogInfo:
        """Return what a catalog consists of; without a name, of the only one there is.

        Raises:
            QueryError: there is no such catalog, none at all, or several and no name.
        """
        return load_head(self.layout.catalog(name or self._only()))

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
        folder = self.layout.catalog(info.name)
        setting = setting or self.records(info.name).default_setting()
        get_encoder = lambda: self.open_encoder(info)  # noqa: E731 - opened by the first text
        get_reranker = self.encoders.reranker if self.settings.reranker else None
        get_server = lambda: self.index_server  # noqa: E731 - opened by the first search by vectors
        return OpenCatalog(
            folder,
            info,
            get_encoder,
            self.encoders.open_pictures,
            setting,
            get_reranker,
            get_server=get_server,
            get_knowledge=self.knowledge,
            read_fetched=FetchedPictures(self.layout.pictures, FetchRules()).read,
        )

    @cached_property
    def index_server(self) -> VectorServer | None:
        """Return the server that has the graphs of vectors; ``None`` where each catalog's folder has its own.

        Raises:
            StorageError: the setting cannot be understood.
        """
        return open_server(self.settings.index)

    @cached_property
    def records_server(self) -> "RecordsServer | None":
        """Return the server that has what people decided; ``None`` where files have it.

        Raises:
            StorageError: the setting cannot be understood.
        """
        if not self.settings.records:
            return None
        from prodsim.records.server import RecordsServer  # files need no SQLAlchemy

        return RecordsServer(self.settings.records)

    def knowledge(self) -> Knowledge:
        """Return the thesauri that searches use: those that people added, then the built-in one."""
        from prodsim.workspace.knowledge import load_knowledge  # it reads open catalogs

        return load_knowledge(self.layout)

    def open_encoder(self, info: CatalogInfo) -> Encoder:
        """Return the encoder that a catalog was built with; raises as ``EncoderPool.open``."""
        folder, fitted = self.layout.catalog(info.name), info.artifacts.get("encoder")
        return self.encoders.open(info.encoder, folder / fitted if fitted else None)

    def build(
        self,
        request: BuildRequest,
        progress: Progress = SILENT,
        before: CatalogInfo | None = None,
        workers: str = "",
    ) -> BuildReport:
        """Build or update a catalog from a file; see ``run_build``, also for the address of ``workers``.

        Raises:
            AccessDenied: as all that changes something; see ``prodsim.roles.require_role``.
        """
        require_role("build")
        own = self.settings
        rules = (
            FetchRules(own.source_hosts, MAX_PICTURE_BYTES, read_s=15.0, total_s=60.0) if own.fetch_pictures else None
        )
        return run_build(self.layout, self.encoders, request, progress, before, rules, self.index_server, workers)

    def fetch(
        self,
        source: Source,
        progress: Progress = SILENT,
        *,
        secrets: Mapping[str, str] = NO_SECRETS,
        previous: FetchFacts | None = None,
        folders: tuple[Path, ...] | None = None,
    ) -> Fetched:
        """Fetch a file, the newest of a folder, an address, a sheet or a query, to build from; see ``sources.fetch``.

        Args:
            source: what ``read_source`` made of what a person typed.
            progress: gets the step ``fetch``.
            secrets: those that were typed with it; they are used and not kept.
            previous: the state when it was last fetched.
            folders: where files and SQLite databases must lie; ``None`` for anywhere.
        """
        require_role("build")
        rules = FetchRules(self.settings.source_hosts, int(self.settings.source_max_mb * 1e6), folders=folders)
        lookup = with_written(secrets, self.find_secret)
        return fetch(source, self.settings.home / UPLOADS_FOLDER, previous, rules, lookup, progress)

    def propose(self, table: RawTable, profile: str = "") -> Proposal:
        """Propose columns for a file that was read: as confirmed for the same header before, else guessed.

        The kind of catalog is the given one, or recognised from the file.
        """
        return propose_mapping(self.settings.home, table, profile)

    def remembers(self, table: RawTable) -> bool:
        """Return whether a mapping was confirmed for a file with this header before."""
        return recall_mapping(self.settings.home, header_key(table)) is not None

    def mapping_of(self, table: RawTable, chosen: ColumnMapping) -> tuple[ColumnMapping, str]:
        """Return the mapping and the kind a build would use: the remembered or guessed ones, with ``chosen`` laid over.

        ``""`` as column leaves a field out.
        """
        return mapping_of(self.settings.home, table, chosen)

    def set_profile(self, name: str, profile: str) -> None:
        """Say of a finished catalog what kind it is; its products and their fields stay as they were read."""
        require_role("build")
        folder = self.layout.catalog(name)
        with locked(folder):
            save_head(folder, replace(load_head(folder), profile=profile_of(profile).name))

    def confirm(self, table: RawTable, mapping: ColumnMapping) -> None:
        """Remember a mapping for the next file with the same header."""
        remember_mapping(self.settings.home, header_key(table), mapping)

    def keep_upload(self, name: str, stream: BinaryIO) -> Path:
        """Store an uploaded file under the workspace; see ``uploads.keep_upload``."""
        require_role("build")
        return keep_upload(self.settings.home, name, stream)

    def unused_uploads(self) -> list[Path]:
        """Return folders of uploaded files that no catalog was built from and no unfinished build needs."""
        requests = [*map(request_of, self.catalogs()), *self.begun().values()]
        return unused_uploads(self.settings.home, [request.path for request in requests])

    def forget_upload(self, path: Path | None) -> None:
        """Delete an uploaded or fetched file unless a catalog or an unfinished build needs it; any other file stays."""
        if path is not None:
            with suppress(ProdsimError):  # the next one who looks for unused files finds it
                remove_uploads(each for each in self.unused_uploads() if each.resolve() == path.resolve().parent)

    def unfinished(self) -> dict[str, BuildRequest]:
        """Return builds that were cancelled, failed or killed, by catalog; building again resumes them."""
        return {
            name: request for name, request in self.begun().items() if not is_being_built(self.layout.catalog(name))
        }

    def is_being_built(self, name: str) -> bool:
        """Return whether a process, this or another, builds or updates the catalog now."""
        folder = self.layout.catalog(name)
        return find_request(folder) is not None and is_being_built(folder)

    def records(self, name: str | None = None) -> Records:
        """Return what people decided about a catalog; it outlives rebuilding and removing it.

        Raises:
            QueryError: no name, and not exactly one catalog.
            CatalogError: the name cannot be a catalog's.
        """
        file = self.layout.records(name or self._only())
        server = self.records_server
        return Records(file if server is None else server.records_of(file.stem, file))

    def shoppers(self, name: str | None = None) -> "Shoppers":
        """Return the histories of a catalog's shoppers; they outlive rebuilding it, and are deleted with it.

        Raises:
            QueryError: no name, and not exactly one catalog.
            CatalogError: the name cannot be a catalog's.
        """
        from prodsim.workspace.shoppers import Shoppers  # only recommending pays

        return Shoppers(self.settings.home, self.layout.histories(name or self._only()))

    def size_mb(self, name: str) -> float:
        """Return the disk space of a catalog's own artefacts, in megabytes; shared vectors not counted."""
        return folder_mb(self.layout.catalog(name))

    def storage(self) -> StorageUse:
        """Measure what lies on the disk."""
        return storage_use(self.layout)

    def begun(self) -> dict[str, BuildRequest]:
        """Return the builds that began and have not finished, running or not, by catalog."""
        requests = {folder.name: find_request(folder) for folder in self.layout.catalog_folders()}
        return {name: request for name, request in requests.items() if request is not None}

    def _only(self) -> str:
        names = self.layout.finished()
        if not names:
            raise QueryError(
                phrase("There is no catalog yet."),
                phrase("Open one on the Catalog page, or build one with `prodsim build FILE`."),
            )
        if len(names) > 1:
            listed = ", ".join(f"“{name}”" for name in names)
            raise QueryError(
                phrase("There are {n} catalogs: {names}.", n=len(names), names=listed),
                phrase("Name one of them, with --catalog NAME or, where --help shows it, with NAME alone."),
            )
        return names[0]

    def _try_head(self, name: str) -> CatalogInfo | ProdsimError:
        try:
            return load_head(self.layout.catalog(name))
        except ProdsimError as error:
            return error
