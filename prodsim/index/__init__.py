"""Indexes find the rows whose vectors are closest to a query; they know rows and numbers, not products."""

from prodsim.index.exact import ExactIndex
from prodsim.index.protocol import Index, Metric, Neighbours, Rows, Vectors

__all__ = ["ExactIndex", "Index", "Metric", "Neighbours", "Rows", "Vectors"]
