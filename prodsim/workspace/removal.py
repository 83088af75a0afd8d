"""Deleting a catalog, with everything that no other catalog needs."""

import shutil
from contextlib import suppress

from prodsim.artifacts import disk_errors_told
from prodsim.errors import ProdsimError, QueryError
from prodsim.phrases import phrase
from prodsim.roles import require_role
from prodsim.workspace.adaptations import Adaptations
from prodsim.workspace.build import is_being_built
from prodsim.workspace.catalog_info import HEAD, no_catalog
from prodsim.workspace.index_tables import drop_unused
from prodsim.workspace.request import forget_request
from prodsim.workspace.workspace import Workspace


def remove_catalog(workspace: Workspace, name: str) -> None:
    """Delete a catalog with its histories and its runs of adapting, but those whose encoder another catalog has.

    Vectors stay in the shared store, for the next catalog with the same texts.

    Raises:
        QueryError: there is no such catalog, or it is being built.
        StorageError: the disk refuses.
        AccessDenied: the role of whoever acts is not enough.
    """
    require_role("delete")
    _remove(workspace, name)


def discard_build(workspace: Workspace, name: str) -> None:
    """Forget an unfinished build: what was there before it stays, a catalog never finished is deleted."""
    require_role("build")
    folder = workspace.layout.catalog(name)
    forget_request(folder)
    if folder.is_dir() and not (folder / HEAD).exists():
        _remove(workspace, name)


def _remove(workspace: Workspace, name: str) -> None:
    folder = workspace.layout.catalog(name)
    with disk_errors_told(folder):
        if not folder.is_dir():
            raise no_catalog(folder)
        if is_being_built(folder):
            raise QueryError(
                phrase("“{name}” is being built.", name=name),
                phrase("Wait for the build to finish or cancel it, then remove the catalog."),
            )
        (folder / HEAD).unlink(missing_ok=True)  # first: a half-deleted catalog must not be offered
        forget_request(folder)
        workspace.shoppers(name).remove()
        _remove_runs(workspace, name)
        shutil.rmtree(folder)  # while it is there, removing the catalog again completes what was stopped
    with suppress(ProdsimError):  # noted, and removed by the next build that reaches the server
        drop_unused(workspace.layout, workspace.index_server, name)


def _remove_runs(workspace: Workspace, catalog: str) -> None:
    """Delete a catalog's runs that nobody needs any more; one that is running is asked to stop and stays."""
    adaptations = Adaptations(workspace)
    for run in adaptations.runs(catalog):
        run.ask_to_stop()
        with suppress(QueryError):
            adaptations.throw_away(run)
