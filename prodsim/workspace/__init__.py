"""Builds catalogs, opens them, and keeps everything on disk right."""

from prodsim.workspace.adapting import Adaptations
from prodsim.workspace.build import BUILD_SHARES, BuildReport
from prodsim.workspace.checking import CheckReport
from prodsim.workspace.estimate import Estimate, estimate_build
from prodsim.workspace.head import CatalogInfo
from prodsim.workspace.opened import MapData, OpenCatalog
from prodsim.workspace.request import BuildRequest, exact_mapping, request_of
from prodsim.workspace.shoppers import Shoppers
from prodsim.workspace.storage import StorageUse
from prodsim.workspace.switching import go_back
from prodsim.workspace.uploads import remove_uploads
from prodsim.workspace.workspace import Workspace

__all__ = [
    "BUILD_SHARES",
    "Adaptations",
    "BuildReport",
    "BuildRequest",
    "CatalogInfo",
    "CheckReport",
    "Estimate",
    "MapData",
    "OpenCatalog",
    "Shoppers",
    "StorageUse",
    "Workspace",
    "estimate_build",
    "exact_mapping",
    "go_back",
    "remove_uploads",
    "request_of",
]
