"""Tables that the catalogs of a workspace have on servers: noted before they are made, removed when none needs them.

A note is a small file beside the catalogs. So a table is found again whatever happened: its build was killed, its
catalog was deleted while the server was down, or its artefact was swept.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prodsim.artifacts import MANIFEST, MANIFEST_FORMAT, unseal, write_text_atomically
from prodsim.errors import ProdsimError
from prodsim.index import VectorServer
from prodsim.workspace.layout import Layout


def name_table(layout: Layout, place: str, artifact: Path) -> str:
    """Return a new name for the table of an index on the server at a place, and note it."""
    name = f"prodsim_{artifact.name.rpartition('-')[2]}_{secrets.token_hex(4)}"
    note = {"server": place, "catalog": artifact.parent.name}
    write_text_atomically(layout.index_tables / f"{name}.json", json.dumps(note))
    return name


def drop_unused(layout: Layout, server: VectorServer | None, catalog: str) -> None:
    """Remove the tables on a server that a catalog no longer uses, and those of catalogs that are no more.

    Called by whoever holds the catalog's lock. What cannot be removed now is removed by a later build.
    """
    if server is None:
        return
    used = set(_used(layout.catalog(catalog)))
    for path in sorted(layout.index_tables.glob("*.json")):
        with suppress(ProdsimError, OSError, ValueError, KeyError):
            note = json.loads(path.read_text(encoding="utf-8"))
            is_ours = note["catalog"] == catalog or not layout.catalog(note["catalog"]).exists()
            if is_ours and note["server"] == server.place and path.stem not in used:
                server.table(path.stem).drop()
                path.unlink()


def _used(folder: Path) -> Iterator[str]:
    """Yield the tables that the artefacts in a catalog's folder name."""
    for manifest in folder.glob(f"index-*/{MANIFEST}"):
        with suppress(ValueError, OSError):
            table = unseal(manifest.read_text(encoding="utf-8"), MANIFEST_FORMAT)["params"].get("table")
            if table:
                yield table
