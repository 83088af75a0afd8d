"""All that is kept of a catalog, read from one place and written to another."""

from collections.abc import Mapping, Sequence
from typing import Any

from prodsim.records.decisions import STEP
from prodsim.records.place import Connection

Dump = Mapping[str, Sequence[tuple[Any, ...]]]
"""The rows of each table, in the order in which they came."""

_COLUMNS = {
    "judgement": 'sku_a, sku_b, query, grade, who, "when"',
    "setting": 'name, value, is_default, who, "when"',
    "decided": 'key, kind, skus, action, keep, note, who, "when", looked, session, step',
    "checked": 'version, level, "when", products, counts, faulty',
    "ruled": 'name, version, text, who, "when"',
    "chosen": "words, sku, times",
    "matched": 'other, sku_a, sku_b, verdict, note, who, "when", session',
    "aligned": 'other, category, other_category, who, "when"',
    "viewed": 'name, page, params, who, "when"',
    "shortlisted": 'list, sku, is_on, note, who, "when", session, step',
}
_ORDER = {"judgement": "rowid", "checked": "rowid", "decided": "id", "matched": "id", "shortlisted": "id"}
NAMES = {
    "judgement": "judgements",
    "setting": "settings",
    "decided": "decisions",
    "checked": "checks",
    "ruled": "rules",
    "chosen": "choices",
    "matched": "matches",
    "aligned": "categories",
    "viewed": "views",
    "shortlisted": "shortlisted",
}
"""What the rows of a table are called where they are counted."""


def dump_records(connection: Connection) -> Dump:
    """Read everything; equal records give equal dumps, wherever they are kept."""
    return {table: _read(connection, table) for table in _COLUMNS}


def load_records(connection: Connection, dump: Dump) -> None:
    """Write a dump into tables that are empty."""
    for table, rows in dump.items():
        places = ", ".join("?" * (_COLUMNS[table].count(",") + 1))
        connection.executemany(f"INSERT INTO {table} ({_COLUMNS[table]}) VALUES ({places})", rows)


def count_records(dump: Dump) -> dict[str, int]:
    """Return how many rows of each kind there are, by ``NAMES``."""
    return {name: len(dump[table]) for table, name in NAMES.items()}


def _read(connection: Connection, table: str) -> list[tuple[Any, ...]]:
    columns = _COLUMNS[table].replace("step", f"{STEP} AS step")
    order = _ORDER.get(table, _COLUMNS[table])
    rows = [tuple(row) for row in connection.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")]
    return _counted_steps(rows) if columns.endswith("step") else rows


def _counted_steps(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Name each step, the last of a row's values, by its first row, counted from 1: ids are others in another place."""
    first: dict[int, int] = {}
    return [(*row[:-1], first.setdefault(row[-1], number)) for number, row in enumerate(rows, 1)]
