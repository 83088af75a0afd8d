"""Building a catalog again from where it comes from."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from prodsim.artifacts import load_artifact
from prodsim.catalog import Catalog, CatalogChanges, compare_catalogs, load_catalog
from prodsim.errors import Cancelled, ProdsimError, StaleArtifact
from prodsim.progress import SILENT, Progress
from prodsim.sources import Origin
from prodsim.version import __version__
from prodsim.workspace.build import BuildReport, locked
from prodsim.workspace.catalog_info import CatalogInfo, load_head, save_head
from prodsim.workspace.request import BuildRequest, forget_request, origin_of, request_of
from prodsim.workspace.workspace import Workspace

REFRESH_SHARES: Mapping[str, float] = {
    "fetch": 0.1, "read": 0.02, "encode": 0.3, "index": 0.04, "words": 0.04, "graph": 0.05, "crowding": 0.01,
    "map": 0.12, "look": 0.1, "describe": 0.22,
}  # fmt: skip
"""Rough share of a refresh's time per step, for the progress bar."""

_ALWAYS_BUILT = frozenset(("catalog", "index", "words", "traits", "chance", "graph", "crowding", "map"))


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What refreshing a catalog did.

    Attributes:
        build: the catalog as it is now, and what was built; nothing where the source had not changed.
        changes: against the catalog as it was; ``None`` where that could not be read any more.
        origin: where it comes from, and the state that it has now.
        is_rebuilt: whether anything was built.
    """

    build: BuildReport
    changes: CatalogChanges | None
    origin: Origin
    is_rebuilt: bool


def refresh_catalog(workspace: Workspace, name: str | None = None, progress: Progress = SILENT) -> RefreshReport:
    """Fetch a catalog's source again, read it in the same way, and build it again if anything changed.

    A catalog that is damaged or was built by another version is built again, too. Without a name, the only catalog
    there is.

    Raises:
        ProdsimError: any step failed; the catalog is as it was, and what was fetched is deleted.
        Cancelled: the progress asked to stop.
    """
    started = time.perf_counter()
    info = workspace.info(name)
    folder = workspace.layout.catalog(info.name)
    request, origin = request_of(info), origin_of(info)
    fetched = workspace.fetch(origin.source, progress, previous=origin.facts if request.path.is_file() else None)
    is_same = origin.facts is not None and origin.facts.digest == fetched.facts.digest
    if is_same and info.program == __version__ and _is_intact(folder, info):
        info = replace(info, origin=fetched.origin.to_json())
        with locked(folder, progress):
            save_head(folder, info)
        build = BuildReport(info, 0, 0, 0, {}, time.perf_counter() - started)
        workspace.forget_upload(fetched.path)
        return RefreshReport(build, CatalogChanges((), (), (), info.products), fetched.origin, False)
    before = _catalog(folder, info)
    build = _build(
        workspace, info, replace(request, path=fetched.path or request.path, origin=fetched.origin), progress
    )
    workspace.forget_upload(request.path)
    after = _catalog(folder, build.info)
    changes = compare_catalogs(before, after) if before is not None and after is not None else None
    return RefreshReport(build, changes, fetched.origin, True)


def _build(workspace: Workspace, info: CatalogInfo, request: BuildRequest, progress: Progress) -> BuildReport:
    folder = workspace.layout.catalog(info.name)
    try:
        return workspace.build(request, progress)
    except ProdsimError as error:
        if load_head(folder) == info and not isinstance(error, Cancelled):
            forget_request(folder)  # nothing to go on with: the next refresh fetches again
            workspace.forget_upload(request.path)
        raise


def _is_intact(folder: Path, info: CatalogInfo) -> bool:
    if not info.artifacts.keys() >= _ALWAYS_BUILT:
        return False
    try:
        for name in info.artifacts.values():
            load_artifact(folder / name)
    except StaleArtifact:
        return False
    return True


def _catalog(folder: Path, info: CatalogInfo) -> Catalog | None:
    try:
        return load_catalog(folder / info.artifacts["catalog"])
    except (StaleArtifact, KeyError):
        return None
