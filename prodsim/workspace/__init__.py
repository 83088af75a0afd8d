"""Builds catalogs, opens them, and keeps everything on disk right.

``adaptations``, ``checks``, ``matches``, ``refresh``, ``removal`` and ``shoppers`` are imported by those who use them:
a search must not wait for them.
"""

from prodsim.workspace.build import BUILD_SHARES, BuildReport, build_key, is_build_key
from prodsim.workspace.catalog_info import CatalogInfo
from prodsim.workspace.encoder_switch import go_back
from prodsim.workspace.estimate import BuildEstimate, estimate_build
from prodsim.workspace.open_catalog import MapData, OpenCatalog
from prodsim.workspace.request import BuildRequest, exact_mapping, request_of
from prodsim.workspace.storage import StorageUse
from prodsim.workspace.uploads import remove_uploads
from prodsim.workspace.workspace import Workspace

__all__ = [
    "BUILD_SHARES",
    "BuildEstimate",
    "BuildReport",
    "BuildRequest",
    "CatalogInfo",
    "MapData",
    "OpenCatalog",
    "StorageUse",
    "Workspace",
    "build_key",
    "estimate_build",
    "exact_mapping",
    "go_back",
    "is_build_key",
    "remove_uploads",
    "request_of",
]
