"""Long columns of text, a chunk at a time: what does not change is shared, so that it stands in memory once."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

_TEXT = pd.StringDtype(na_value=np.nan)
_CHUNK_ROWS = 4096
Change = Callable[[list[str]], list[str]]
"""Gives as many cells as it takes, each changed."""


def each_cell(cells: "pd.Series[str]") -> Iterator[str]:
    """Yield the cells of a column of text, without a list of all."""
    for chunk in _chunks(cells):
        yield from chunk.to_pylist()


def changed_cells(cells: "pd.Series[str]", change: Change) -> "pd.Series[str]":
    """Return the cells changed, equal ones near each other once; chunks in which nothing changes are shared."""
    return text_series([_changed(chunk, change) for chunk in _chunks(cells)], cells.index)


def one_by_one(change: Callable[[str], str]) -> Change:
    """Return what changes many cells, from what changes one."""
    return lambda cells: list(map(change, cells))


def change_column(frame: pd.DataFrame, name: str, change: Change) -> None:
    """Change a column's cells in place, as ``changed_cells`` does.

    Each chunk goes as its changed one comes, so that a column nobody else holds never stands in memory twice.
    """
    place, index = list(frame.columns).index(name), frame.index
    chunks = _chunks(frame.pop(name))[::-1]
    changed = []
    while chunks:
        changed.append(_changed(chunks.pop(), change))
    frame.insert(place, name, text_series(changed, index))


def kept_rows(frame: pd.DataFrame, keep: NDArray[np.bool_]) -> pd.DataFrame:
    """Return some rows of a table, numbered from 0; chunks of text of which all rows are kept are shared.

    Args:
        frame: text columns, and any others.
        keep: shape (n_rows,): which rows.
    """
    index = pd.RangeIndex(int(keep.sum()))
    columns = {}
    for name in frame.columns:
        cells = frame[name]
        if cells.dtype == _TEXT:
            columns[name] = text_series(_kept(_chunks(cells), keep), index)
        else:
            columns[name] = cells[keep].set_axis(index)
    return pd.DataFrame(columns, index=index)


def text_series(chunks: Sequence[pa.Array], index: "pd.Index[int] | None" = None) -> "pd.Series[str]":
    """Return chunks of large_string as one column, which shares their memory."""
    table = pa.table([pa.chunked_array(chunks, pa.large_string())], ["cells"])
    series: pd.Series[str] = table.to_pandas(types_mapper={pa.large_string(): _TEXT}.get)["cells"]
    return (series if index is None else series.set_axis(index)).rename(None)


def _chunks(cells: "pd.Series[str]") -> list[pa.Array]:
    """Return a column's chunks, none longer than some thousand rows."""
    whole = pa.array(cells.array, pa.large_string())
    chunks = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    return [chunk.slice(start, _CHUNK_ROWS) for chunk in chunks for start in range(0, len(chunk), _CHUNK_ROWS)]


def _changed(chunk: pa.Array, change: Change) -> pa.Array:
    before: list[str] = chunk.to_pylist()
    distinct = list(dict.fromkeys(before))
    changed = change(distinct)
    if changed == distinct:
        return chunk
    known = dict(zip(distinct, changed, strict=True))
    return pa.array([known[cell] for cell in before], pa.large_string())


def _kept(chunks: list[pa.Array], keep: NDArray[np.bool_]) -> list[pa.Array]:
    kept, start = [], 0
    for chunk in chunks:
        own = keep[start : start + len(chunk)]
        kept.append(chunk if own.all() else chunk.filter(pa.array(own)))
        start += len(chunk)
    return kept
