"""Column mappings a person confirmed, remembered for the next file with the same header."""

import json
from pathlib import Path

from prodsim.artifacts import write_text_atomically
from prodsim.catalog import ColumnMapping, RawTable, header_key, propose_columns

MAPPINGS_FILE = "mappings.json"


def recall_mapping(home: Path, header: str) -> ColumnMapping | None:
    """Find the mapping confirmed for this header, or ``None``."""
    return _load(home).get(header)


def mapping_of(home: Path, table: RawTable, chosen: ColumnMapping) -> ColumnMapping:
    """Return the mapping of a table: the remembered or guessed one, with ``chosen`` laid over it.

    ``""`` as column leaves a field out.
    """
    guessed = recall_mapping(home, header_key(table)) or propose_columns(table).mapping
    return {field: column for field, column in {**guessed, **chosen}.items() if column}


def remember_mapping(home: Path, header: str, mapping: ColumnMapping) -> None:
    """Keep a confirmed mapping; a newer one replaces it."""
    known = {**_load(home), header: dict(mapping)}
    write_text_atomically(home / MAPPINGS_FILE, json.dumps(known, ensure_ascii=False, indent=1))


def _load(home: Path) -> dict[str, ColumnMapping]:
    """Load what is remembered; a damaged file counts as empty, because everything in it can be confirmed again."""
    try:
        saved = json.loads((home / MAPPINGS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return saved if isinstance(saved, dict) else {}
