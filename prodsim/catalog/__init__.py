"""From a file on disk to products with known fields, every imperfection said."""

from prodsim.catalog.changes import CatalogChanges, compare_catalogs
from prodsim.catalog.columns import FIELDS, ColumnMapping, Proposal, header_key, propose_columns
from prodsim.catalog.facts import BadLine, RawTable, ReadFacts, ReadOptions
from prodsim.catalog.products import Catalog, load_catalog, make_catalog, save_catalog
from prodsim.catalog.read import read_table
from prodsim.catalog.summary import CatalogSummary, summarise, title_scripts

__all__ = [
    "FIELDS",
    "BadLine",
    "Catalog",
    "CatalogChanges",
    "CatalogSummary",
    "ColumnMapping",
    "Proposal",
    "RawTable",
    "ReadFacts",
    "ReadOptions",
    "compare_catalogs",
    "header_key",
    "load_catalog",
    "make_catalog",
    "propose_columns",
    "read_table",
    "save_catalog",
    "summarise",
    "title_scripts",
]
