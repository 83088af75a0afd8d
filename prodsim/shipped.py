"""Where that lies which ships beside the library: the dashboard and the sample catalogs."""

from pathlib import Path

from prodsim.errors import StorageError
from prodsim.phrases import phrase

PACKAGE_FOLDER = Path(__file__).resolve().parent
"""The folder of the library."""
APP = "app.py"


def dashboard_folder() -> Path:
    """Return the folder of ``app.py``, ``pages`` and ``sample_data``.

    An installed prodsim has it inside the package, a checkout has it around.

    Raises:
        StorageError: neither has it.
    """
    for folder in (PACKAGE_FOLDER / "dashboard", PACKAGE_FOLDER.parent):
        if (folder / APP).is_file() and (folder / "pages" / "shared").is_dir():
            return folder
    raise StorageError(
        phrase("The dashboard's files are not in {folder}.", folder=PACKAGE_FOLDER), phrase("Install prodsim again.")
    )


def sample_path(name: str) -> Path:
    """Return the path of a file of ``sample_data``, such as ``outdoor.csv``."""
    return dashboard_folder() / "sample_data" / name
