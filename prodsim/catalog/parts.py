"""What of a file can be chosen before it is read: files of a zip, sheets of a workbook."""

import zipfile
from pathlib import Path

from prodsim.catalog.content import catalog_members, read_content
from prodsim.catalog.tabular import sheets_of
from prodsim.errors import CatalogError


def zip_members(path: Path) -> tuple[str, ...]:
    """List the files in a zip that may be a catalog, in its order; empty for anything else, a workbook included."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in catalog_members(archive)]
    except (OSError, zipfile.BadZipFile):
        return ()
    return () if "xl/workbook.xml" in names else tuple(names)


def sheet_names(path: Path, member: str | None = None) -> tuple[str, ...]:
    """List the sheets of a workbook, also of one in a zip; empty for all else, and where reading will say why not."""
    try:
        content = read_content(path, member)
        return sheets_of(content.data, content.budget) if content.held[:4] == b"PK\x03\x04" else ()
    except CatalogError:
        return ()
