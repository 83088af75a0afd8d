"""Tables that are uploaded on several pages: their formats, and the file on disk while it is read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FORMATS = ("csv", "tsv", "xlsx", "json", "parquet")
"""Of tables that are read."""


@contextmanager
def on_disk(name: str, data: bytes) -> Iterator[Path]:
    """Yield the path of a file with this data and the ending of ``name``, which is deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        yield path
