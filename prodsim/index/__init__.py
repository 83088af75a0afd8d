"""Indexes find the rows whose vectors are closest to a query; they know rows and numbers, not products."""

from prodsim.index.exact import ExactIndex, top
from prodsim.index.field_vectors import FieldVectors
from prodsim.index.float16 import as_float32
from prodsim.index.grouped import GroupedIndex, rows_before, unique_vectors
from prodsim.index.hnsw import HnswIndex, HnswParams
from prodsim.index.opening import SearchedIndex, open_index, open_server
from prodsim.index.protocol import Index, Metric, Neighbours, Rows, Vectors
from prodsim.index.server import ServerIndex, VectorServer

__all__ = [
    "ExactIndex",
    "FieldVectors",
    "GroupedIndex",
    "HnswIndex",
    "HnswParams",
    "Index",
    "Metric",
    "Neighbours",
    "Rows",
    "SearchedIndex",
    "ServerIndex",
    "VectorServer",
    "Vectors",
    "as_float32",
    "open_index",
    "open_server",
    "rows_before",
    "top",
    "unique_vectors",
]
