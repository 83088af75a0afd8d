"""Column mappings a person confirmed, remembered for the next file with the same header."""

import json
from pathlib import Path

from prodsim.artifacts import write_text_atomically
from prodsim.catalog import ColumnMapping, Proposal, RawTable, header_key

MAPPINGS_FILE = "mappings.json"


def recall_mapping(home: Path, header: str) -> ColumnMapping | None:
    """Find the mapping confirmed for this header, or ``None``."""
    return _load(home).get(header)


def propose_mapping(home: Path, table: RawTable) -> Proposal:
    """Propose columns for a table: as confirmed for the same header before, else guessed."""
    from prodsim.catalog import propose_columns  # opening a catalog must not wait for what reads files

    remembered = recall_mapping(home, header_key(table))
    return propose_columns(table) if remembered is None else Proposal(remembered, dict.fromkeys(remembered, 1.0))


def mapping_of(home: Path, table: RawTable, chosen: ColumnMapping) -> ColumnMapping:
    """Return the mapping of a table: the proposed one, with ``chosen`` laid over it; ``""`` leaves a field out."""
    return {field: column for field, column in {**propose_mapping(home, table).mapping, **chosen}.items() if column}


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
