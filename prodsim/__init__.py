"""prodsim finds similar products in a catalog, explains why, and keeps working offline.

Names load on first use, so that ``import prodsim`` takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from prodsim.version import __version__

if TYPE_CHECKING:
    from prodsim.errors import ProdsimError
    from prodsim.search import Filters, Hit, Query, SearchResult
    from prodsim.settings import Settings
    from prodsim.shipped import sample_path
    from prodsim.workspace import BuildRequest, OpenCatalog, Workspace

__all__ = [
    "BuildRequest",
    "Filters",
    "Hit",
    "OpenCatalog",
    "ProdsimError",
    "Query",
    "SearchResult",
    "Settings",
    "Workspace",
    "__version__",
    "sample_path",
]

_HOMES = {
    "BuildRequest": "prodsim.workspace",
    "Filters": "prodsim.search",
    "Hit": "prodsim.search",
    "OpenCatalog": "prodsim.workspace",
    "ProdsimError": "prodsim.errors",
    "Query": "prodsim.search",
    "SearchResult": "prodsim.search",
    "Settings": "prodsim.settings",
    "Workspace": "prodsim.workspace",
    "sample_path": "prodsim.shipped",
}
"""Each name, to the module that has it."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'prodsim' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
