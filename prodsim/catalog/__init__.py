"""From a file on disk to products with known fields, every imperfection said.

Names load on first use: opening a catalog must not wait for what reads files.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prodsim.catalog.ages import ages_in_days, date_column
    from prodsim.catalog.changes import CatalogChanges, compare_catalogs
    from prodsim.catalog.columns import propose_columns
    from prodsim.catalog.facts import BadLine, EncodingReading, RawTable, ReadFacts, ReadOptions, RepairedLine
    from prodsim.catalog.gtins import comparable_gtin, normal_gtin
    from prodsim.catalog.kinds import mapping_by_profile, recognise_profile
    from prodsim.catalog.make import make_catalog
    from prodsim.catalog.mapping import MAPPED_FIELDS, PRODUCT_FIELDS, ColumnMapping, Doubt, Proposal, header_key
    from prodsim.catalog.parts import sheet_names, zip_members
    from prodsim.catalog.plain_names import plain_name
    from prodsim.catalog.products import Catalog, load_catalog, save_catalog
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
    "ages_in_days",
    "comparable_gtin",
    "compare_catalogs",
    "count_groups",
    "date_column",
    "header_key",
    "load_catalog",
    "make_catalog",
    "mapping_by_profile",
    "normal_gtin",
    "plain_name",
    "propose_columns",
    "read_table",
    "read_whole_table",
    "recognise_profile",
    "save_catalog",
    "sheet_names",
    "summarise",
    "title_scripts",
    "usual_prices",
    "zip_members",
]

_MODULES = {
    "ages": ("ages_in_days", "date_column"),
    "changes": ("CatalogChanges", "compare_catalogs"),
    "columns": ("propose_columns",),
    "facts": ("BadLine", "EncodingReading", "RawTable", "ReadFacts", "ReadOptions", "RepairedLine"),
    "gtins": ("comparable_gtin", "normal_gtin"),
    "kinds": ("mapping_by_profile", "recognise_profile"),
    "make": ("make_catalog",),
    "mapping": ("MAPPED_FIELDS", "PRODUCT_FIELDS", "ColumnMapping", "Doubt", "Proposal", "header_key"),
    "names": ("plain_name",),
    "parts": ("sheet_names", "zip_members"),
    "products": ("Catalog", "load_catalog", "save_catalog"),
    "read": ("read_table", "read_whole_table"),
    "summary": ("CatalogSummary", "count_groups", "summarise", "title_scripts", "usual_prices"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'prodsim.catalog' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"prodsim.catalog.{_HOMES[name]}"), name)
    return value
