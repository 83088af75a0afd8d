"""Result tables on disk."""

import uuid
from contextlib import suppress
from pathlib import Path

import pandas as pd

from prodsim.artifacts import storage_error


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as ``.csv`` (UTF-8, header first) or ``.parquet``, whole or not at all.

    Raises:
        ValueError: the path ends otherwise.
        StorageError: the folder cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise ValueError(f"--out must end in .csv or .parquet, got {path.name!r}")
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        if ending == ".csv":
            table.to_csv(temporary, index=False)
        else:
            table.to_parquet(temporary, index=False)
        temporary.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with suppress(OSError):  # gone after the rename
            temporary.unlink()
