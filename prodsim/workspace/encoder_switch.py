"""A catalog's encoder exchanged for one adapted to it, and back at once."""

from dataclasses import replace

from prodsim.artifacts import load_artifact, same_files
from prodsim.encoders.adapted import ADAPTED_PREFIX
from prodsim.errors import QueryError, StaleArtifact
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.roles import require_role
from prodsim.workspace.build import BuildReport, locked
from prodsim.workspace.catalog_info import BEFORE, CatalogInfo, head_before, load_head, save_head
from prodsim.workspace.request import request_of
from prodsim.workspace.workspace import Workspace


def use_encoder(workspace: Workspace, catalog: str, encoder: str, progress: Progress = SILENT) -> BuildReport:
    """Build a catalog anew with an adapted encoder.

    What it was with the encoder before any adaptation is kept, its artefacts too, until it goes back.

    Raises:
        EncoderError, QueryError: the encoder cannot be opened; nothing is changed.
        CatalogError: the catalog's file is gone.
    """
    info = workspace.info(catalog)
    workspace.encoders.open(encoder)  # one that cannot be opened is refused before anything changes
    before = None if info.encoder.startswith(ADAPTED_PREFIX) else info
    return workspace.build(replace(request_of(info), encoder=encoder), progress, before=before)


def go_back(workspace: Workspace, catalog: str, progress: Progress = SILENT) -> CatalogInfo:
    """Give a catalog the encoder that it had before it was adapted.

    At once, or by a build where its file was read anew or its build was changed since, or something of before is
    damaged.

    Raises:
        QueryError: it was not adapted.
    """
    require_role("build")
    folder = workspace.layout.catalog(catalog)
    with locked(folder, progress):
        before, now = head_before(folder), load_head(folder)
        if before is None:
            raise QueryError(
                phrase("“{name}” still has its first encoder.", name=catalog), phrase("There is nothing to go back to.")
            )
        pair = [folder / info.artifacts["catalog"] for info in (before, now)]
        is_same = (before.recipe, before.metric) == (now.recipe, now.metric) and same_files(*pair)
        if is_same and _is_whole(workspace, before):
            save_head(folder, before)
            (folder / BEFORE).unlink()
            return before
    return workspace.build(replace(request_of(now), encoder=before.encoder), progress).info


def _is_whole(workspace: Workspace, info: CatalogInfo) -> bool:
    try:
        for artifact in info.artifacts.values():
            load_artifact(workspace.layout.catalog(info.name) / artifact)
    except StaleArtifact:
        return False
    return True
