"""A catalog: products with typed fields, and the findings made on the way."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from prodsim.artifacts import open_artifact, write_artifact
from prodsim.catalog.mapping import PRODUCT_FIELDS
from prodsim.errors import QueryError
from prodsim.findings import Finding
from prodsim.phrases import phrase

MORE_IMAGES = "more images"
"""The attribute that holds a product's further pictures, separated by spaces."""
WRITTEN_ROWS = 131_072
"""Rows of a catalog's file that lie in one piece."""


@dataclass(frozen=True)
class Catalog:
    """The products of one file.

    Attributes:
        products: one row a product in file order, RangeIndex; every name of ``PRODUCT_FIELDS`` is a column: text is
            ``""`` where unknown, ``price`` float64 with NaN, ``category`` a path joined by ``" > "``,
            ``availability`` one of ``in stock``, ``out of stock``, ``preorder`` or ``""``. Further text columns are
            the attributes, under
            their names in the file. ``sku`` is unique and never empty, ``title`` never empty.
        findings: what was imperfect and which rule was applied.
    """

    products: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def attributes(self) -> list[str]:
        """Return the names of the columns that are no field, in file order."""
        return [name for name in self.products.columns if name not in PRODUCT_FIELDS]

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Map SKUs to rows."""
        return {sku: row for row, sku in enumerate(self.products["sku"])}

    def column(self, name: str) -> "pd.Series[Any]":
        """Return a column by name; raises ``QueryError`` listing the columns when there is no such one."""
        if name not in self.products:
            raise QueryError(
                phrase("The catalog has no column “{name}”.", name=name),
                phrase("Its columns are {columns}.", columns=", ".join(map(str, self.products.columns))),
            )
        return self.products[name]

    def __len__(self) -> int:
        return len(self.products)


def save_catalog(catalog: Catalog, folder: Path, params: dict[str, Any]) -> None:
    """Write the catalog as an artefact: ``products.arrow`` and ``findings.json``."""
    table = pa.Table.from_pandas(catalog.products, preserve_index=False)
    with write_artifact(folder, params) as work:
        with pa.OSFile(str(work / "products.arrow"), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
            for start in range(0, max(len(table), 1), WRITTEN_ROWS):  # all in one piece would take the memory twice
                out.write_table(table.slice(start, WRITTEN_ROWS).combine_chunks())
        findings = [finding.saved() for finding in catalog.findings]
        (work / "findings.json").write_text(json.dumps(findings, ensure_ascii=False), encoding="utf-8")


def load_catalog(folder: Path) -> Catalog:
    """Map what ``save_catalog`` wrote into memory: only what is used is read from the disk.

    Raises:
        StaleArtifact: the artefact does not fit.
    """
    with open_artifact(folder):
        table = pa.ipc.open_file(pa.memory_map(str(folder / "products.arrow"))).read_all()
        table.validate()
        products = table.to_pandas()
        findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        return Catalog(products, tuple(map(Finding.of_saved, findings)))
