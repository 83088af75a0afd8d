"""The catalogs that are open: each is opened once, and again when it was built anew or its default setting changed."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prodsim.api.problems import UnknownCatalog
from prodsim.artifacts import FileStates, file_states
from prodsim.errors import QueryError
from prodsim.similarity import Setting
from prodsim.workspace import OpenCatalog, Workspace
from prodsim.workspace.catalog_info import HEAD, CatalogInfo

if TYPE_CHECKING:
    from prodsim.recommend import Recommender


@dataclass(slots=True)
class Kept:
    """An open catalog.

    Attributes:
        opened: it, with its default setting.
        default_name: of that setting; ``None`` for the catalog's own.
        head, records: the states of what it was opened by.
    """

    opened: OpenCatalog
    default_name: str | None
    default: Setting | None
    head: FileStates
    records: Hashable
    lock: threading.Lock = field(default_factory=threading.Lock)
    recommender: "tuple[str, Recommender] | None" = None


class OpenCatalogs:
    """The open catalogs of a workspace, as many as its settings allow. One object may serve many threads."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._opening = threading.Lock()

    def get(self, name: str) -> Kept:
        """Return a catalog as it is now.

        Raises:
            UnknownCatalog: there is none of that name.
            CatalogError: no catalog can have the name.
            StaleArtifact, StorageError: as ``Workspace.open``.
        """
        folder, records = self.workspace.layout.catalog(name), self.workspace.records(name)
        head = file_states(folder / HEAD)
        written = records.state()
        kept = self._kept.get(name)
        if kept is not None and (kept.head, kept.records) == (head, written):
            return kept
        with self._opening:
            default_name = records.default_name()
            default = None if default_name is None else records.setting(default_name)
            kept = self._kept.pop(name, None)
            if kept is None or (kept.head, kept.default) != (head, default):
                opened = self.workspace.open(self.info(name).name, default)
                kept = Kept(opened, default_name, default, head, written)
            kept.default_name, kept.records = default_name, written
            self._kept[name] = kept
            while len(self._kept) > self.workspace.settings.open_catalogs:
                self._kept.popitem(last=False)
        return kept

    def info(self, name: str) -> CatalogInfo:
        """Return what a catalog consists of; raises as ``get``."""
        try:
            return self.workspace.info(name)
        except QueryError as error:
            raise UnknownCatalog(error.what, error.fix) from error

    def recommender(self, name: str) -> "Recommender":
        """Return what recommends products of a catalog, as learned from the histories that are kept now."""
        kept, shoppers = self.get(name), self.workspace.shoppers(name)
        with kept.lock:
            version = shoppers.version
            if kept.recommender is None or kept.recommender[0] != version:
                kept.recommender = version, shoppers.recommender(kept.opened)
            return kept.recommender[1]

    def __len__(self) -> int:
        """Return the number of catalogs that are open."""
        return len(self._kept)
