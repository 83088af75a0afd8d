"""Parquet as a table of text."""

import io
from typing import TYPE_CHECKING, Any

import pandas as pd

from prodsim.catalog.budget import FileBudget
from prodsim.catalog.chunks import text_series
from prodsim.catalog.headers import unique_names
from prodsim.catalog.row_columns import text_array
from prodsim.catalog.rows import PIECE
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

if TYPE_CHECKING:
    import pyarrow as pa


def read_parquet(data: bytes, name: str, budget: FileBudget) -> tuple[pd.DataFrame, list[int]]:
    """Read a Parquet file, some thousand rows at a time; numbers and nested values become text.

    Raises:
        CatalogError: it is damaged, or larger than its budget.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(data), read_dictionary=_text_columns(data))
        _check_parquet(file.metadata, budget)
        names = unique_names([str(column) for column in file.schema_arrow.names])
        pieces: list[list[pyarrow.Array]] = []
        n_bytes = 0
        for batch in file.iter_batches(PIECE):
            piece = []
            for column in batch.columns:
                n_bytes += _n_text_bytes(column)
                budget.check_text(n_bytes)
                piece.append(_as_text(column))
            pieces.append(piece)
    except (pyarrow.ArrowException, OSError, UnicodeError) as error:
        raise CatalogError(
            phrase("{name} is a damaged Parquet file: {reason}.", name=name, reason=error), phrase("Export it again.")
        ) from error
    frame = pd.DataFrame({own: text_series([piece[i] for piece in pieces]) for i, own in enumerate(names)})
    return frame, list(range(1, len(frame) + 1))


def _text_columns(data: bytes) -> list[str]:
    """Return the columns of text, of which equal cells are then held once until it is known how long all are."""
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(io.BytesIO(data))
    return [field.name for field in schema if field.type in (pyarrow.string(), pyarrow.large_string())]


def _check_parquet(metadata: Any, budget: FileBudget) -> None:
    """Refuse a Parquet file by what it says of itself; raises ``CatalogError``."""
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    chunks = [group.column(i) for group in groups for i in range(group.num_columns)]
    budget.check_table(metadata.num_rows, metadata.num_columns)
    budget.check_cells(sum(chunk.num_values for chunk in chunks))
    budget.check_text(sum(chunk.total_uncompressed_size for chunk in chunks))


def _n_text_bytes(column: "pa.Array") -> int:
    """Return the bytes of a column's texts, also where equal ones are held once."""
    import pyarrow.compute as pc

    if not hasattr(column, "dictionary"):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary).take(column.indices)
    return int(pc.sum(pc.cast(lengths, "int64")).as_py() or 0)


def _as_text(column: "pa.Array") -> "pa.Array":
    """Return the cells of a column as text."""
    import pyarrow

    if hasattr(column, "dictionary") and column.dictionary.type == pyarrow.string():
        return column.cast(pyarrow.large_string()).fill_null("")
    try:
        return text_array(column.to_pylist())
    except (ValueError, OverflowError):  # times that Python has no value for
        return text_array(column.cast("string").to_pylist())
