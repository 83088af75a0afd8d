"""Column mappings a person confirmed, remembered for the next file with the same header."""

import json
from dataclasses import replace
from pathlib import Path

from prodsim.artifacts import write_text_atomically
from prodsim.catalog import ColumnMapping, Proposal, RawTable, header_key
from prodsim.profiles import profile_of

MAPPINGS_FILE = "mappings.json"


def recall_mapping(home: Path, header: str) -> ColumnMapping | None:
    """Find the mapping confirmed for this header, or ``None``."""
    return _load(home).get(header)


def propose_mapping(home: Path, table: RawTable, profile: str = "") -> Proposal:
    """Propose columns for a table: as confirmed for the same header before, else guessed.

    Args:
        home: of the workspace.
        table: the file.
        profile: the kind of catalog; ``""`` recognises it.
    """
    from prodsim.catalog import (  # opening a catalog must not wait for what reads files
        mapping_by_profile,
        propose_columns,
        recognise_profile,
    )

    remembered = recall_mapping(home, header_key(table))
    proposed = propose_columns(table) if remembered is None else Proposal(remembered, dict.fromkeys(remembered, 1.0))
    kind = profile_of(profile) if profile else recognise_profile(table, proposed.mapping)
    if remembered is not None:
        return replace(proposed, profile=kind.name)
    mapping = mapping_by_profile(table, proposed.mapping, kind)
    confidence = {
        field: proposed.confidence[field] if proposed.mapping.get(field) == column else 1.0
        for field, column in mapping.items()
    }
    doubts = tuple(doubt for doubt in proposed.doubts if mapping.get(doubt.field) in doubt.columns)
    return replace(proposed, mapping=mapping, confidence=confidence, doubts=doubts, profile=kind.name)


def mapping_of(home: Path, table: RawTable, chosen: ColumnMapping, profile: str = "") -> tuple[ColumnMapping, str]:
    """Return the mapping of a table and its kind: the proposed one, with ``chosen`` laid over it.

    ``""`` as column leaves a field out.
    """
    proposed = propose_mapping(home, table, profile)
    laid_over = {**proposed.mapping, **chosen}
    return {field: column for field, column in laid_over.items() if column}, proposed.profile


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
