"""From a file on disk to products with known fields, every imperfection said."""

from prodsim.catalog.changes import CatalogChanges, compare_catalogs
from prodsim.catalog.columns import (
    MAPPED_FIELDS,
    PRODUCT_FIELDS,
    ColumnMapping,
    Doubt,
    Proposal,
    header_key,
    propose_columns,
)
from prodsim.catalog.facts import BadLine, EncodingReading, RawTable, ReadFacts, ReadOptions, RepairedLine
from prodsim.catalog.gtins import comparable_gtin, normal_gtin
from prodsim.catalog.names import plain_name
from prodsim.catalog.parts import sheet_names, zip_members
from prodsim.catalog.products import Catalog, load_catalog, make_catalog, save_catalog
from prodsim.catalog.read import read_table, read_whole_table
from prodsim.catalog.summary import CatalogSummary, count_groups, summarise, title_scripts, usual_prices

__all__ = [
    "MAPPED_FIELDS",
    "PRODUCT_FIELDS",
    "BadLine",
    "Catalog",
    "CatalogChanges",
    "CatalogSummary",
    "ColumnMapping",
    "Doubt",
    "EncodingReading",
    "Proposal",
    "RawTable",
    "ReadFacts",
    "ReadOptions",
    "RepairedLine",
    "comparable_gtin",
    "compare_catalogs",
    "count_groups",
    "header_key",
    "load_catalog",
    "make_catalog",
    "normal_gtin",
    "plain_name",
    "propose_columns",
    "read_table",
    "read_whole_table",
    "save_catalog",
    "sheet_names",
    "summarise",
    "title_scripts",
    "usual_prices",
    "zip_members",
]
