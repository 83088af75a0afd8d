"""Builds catalogs, opens them, and keeps everything on disk right."""

from prodsim.workspace.build import BUILD_SHARES, BuildReport, BuildRequest
from prodsim.workspace.head import CatalogInfo
from prodsim.workspace.opened import MapData, OpenCatalog
from prodsim.workspace.workspace import Workspace

__all__ = ["BUILD_SHARES", "BuildReport", "BuildRequest", "CatalogInfo", "MapData", "OpenCatalog", "Workspace"]
