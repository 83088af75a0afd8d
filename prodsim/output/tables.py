"""Result tables: the names of their columns, and tables on disk."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd

from prodsim.artifacts import storage_error
from prodsim.spreadsheets import write_csv


def column_names(own: Sequence[str], parts: Sequence[str] = (), fields: Sequence[str] = ()) -> list[str]:
    """Return names for the columns of a table that is exported, no two of them the same.

    A part of a score can have the name of a field, as the description and the price have, and a catalog may have any
    column of its own. So parts are headed ``score: part``, and a name that came before is numbered: ``rank (2)``.

    Args:
        own: names that the table gives itself.
        parts: of the score.
        fields: columns of the products.
    """
    names: dict[str, None] = {}
    for wanted in (*own, *(f"score: {part}" for part in parts), *fields):
        name, number = wanted, 2
        while name in names:
            name, number = f"{wanted} ({number})", number + 1
        names[name] = None
    return list(names)


def check_names(table: pd.DataFrame) -> None:
    """Raise ``ValueError`` where two columns have one name; who reads the file would lose one of them."""
    double = table.columns[table.columns.duplicated()].unique()
    if len(double):
        raise ValueError(f"two columns of the table are called {', '.join(map(repr, map(str, double)))}")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as ``.csv`` (UTF-8, header first, formulas made text) or ``.parquet``, whole or not at all.

    Raises:
        ValueError: the path ends otherwise, or two columns have one name.
        StorageError: the folder cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise ValueError(f"--out must end in .csv or .parquet, got {path.name!r}")
    check_names(table)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        if ending == ".csv":
            write_csv(table, temporary)
        else:
            table.to_parquet(temporary, index=False)
        temporary.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with suppress(OSError):  # gone after the rename
            temporary.unlink()
