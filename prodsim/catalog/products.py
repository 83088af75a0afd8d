"""A catalog: products with cleaned, typed fields, and the findings made on the way."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from prodsim.artifacts import load_artifact, write_artifact
from prodsim.errors import QueryError
from prodsim.catalog.columns import FIELDS, ColumnMapping
from prodsim.catalog.facts import RawTable
from prodsim.findings import Finding


@dataclass(frozen=True, slots=True)
class Catalog:
    """The products of one file.

    Attributes:
        products: one row a product in file order, RangeIndex; every name of ``FIELDS`` is a column: text is ``""`` where
            unknown, ``price`` float64 with NaN, ``category`` a path joined by ``" > "``, ``availability`` one
            of ``in stock``, ``out of stock``, ``preorder`` or ``""``. Further text columns are the attributes, under
            their names in the file. ``sku`` is unique and never empty, ``title`` never empty.
        findings: what was imperfect and which rule was applied.
    """

    products: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def attributes(self) -> list[str]:
        """Names of the columns that are no field, in file order."""
        return [name for name in self.products.columns if name not in FIELDS]

    def column(self, name: str) -> "pd.Series[Any]":
        """A column by name; raises ``QueryError`` listing the columns when there is no such one."""
        if name not in self.products:
            raise QueryError(
                f'The catalog has no column "{name}".', f"Its columns are {', '.join(map(str, self.products.columns))}."
            )
        return self.products[name]

    def __len__(self) -> int:
        return len(self.products)


def make_catalog(table: RawTable, mapping: ColumnMapping) -> Catalog:
    """Give the columns their fields, clean and type the cells, and collect the findings.

    Raises:
        CatalogError: the mapping names a column that is not there, or no product is left.
    """
    frame = table.frame.rename(columns={column: field for field, column in mapping.items()})
    for field in FIELDS:
        if field not in frame:
            frame[field] = ""
    frame["price"] = pd.to_numeric(frame["price"], errors="coerce")
    return Catalog(frame.reset_index(drop=True))


def save_catalog(catalog: Catalog, folder: Path, params: dict[str, object]) -> None:
    """Write the catalog as an artefact: ``products.parquet`` and ``findings.json``."""
    with write_artifact(folder, params) as work:
        catalog.products.to_parquet(work / "products.parquet")


def load_catalog(folder: Path) -> Catalog:
    """Load what ``save_catalog`` wrote; raises ``StaleArtifact`` when it does not fit."""
    load_artifact(folder)
    return Catalog(pd.read_parquet(folder / "products.parquet"))
