"""Indexes find the rows whose vectors are closest to a query; they know rows and numbers, not products."""

from prodsim.index.exact import ExactIndex, top
from prodsim.index.field_vectors import FieldVectors
from prodsim.index.float16 import as_float32
from prodsim.index.grouped import GroupedIndex, rows_before, unique_vectors
from prodsim.index.hnsw import HnswIndex, HnswParams
from prodsim.index.protocol import Index, Metric, Neighbours, Rows, Vectors

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
    "Vectors",
    "as_float32",
    "rows_before",
    "top",
    "unique_vectors",
]
