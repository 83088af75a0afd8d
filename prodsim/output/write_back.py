"""Decisions as a file that a shop system imports: the cells that accepted proposals change, under the system's names.

Columns as Shopify's and WooCommerce's product CSV and Akeneo's product file name them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.records import Decision


@dataclass(frozen=True, slots=True)
class Platform:
    """What a shop system's import calls things.

    Attributes:
        title: of the system.
        columns: its names of each field, the usual one first; an attribute keeps its own.
        identifying: fields that every row must have for the system to find the product.
        removed: the column and the value that take a product out of the shop without deleting it.
        removes_groups: whether that takes out all products that share a variant group.
        separator: of the cells of its file.
    """

    title: str
    columns: Mapping[str, tuple[str, ...]]
    identifying: tuple[str, ...]
    removed: tuple[str, str]
    removes_groups: bool = False
    separator: str = ","


PLATFORMS: Mapping[str, Platform] = {
    "shopify": Platform(
        "Shopify",
        {
            "group_id": ("Handle", "URL handle"), "title": ("Title",), "description": ("Body (HTML)", "Description"),
            "brand": ("Vendor",), "category": ("Type", "Product Category"), "sku": ("Variant SKU", "SKU"),
            "price": ("Variant Price", "Price"), "gtin": ("Variant Barcode", "Barcode"),
            "image": ("Image Src", "Product image URL"),
        },
        ("group_id", "title", "sku"),
        ("Status", "archived"),
        removes_groups=True,
    ),
    "woocommerce": Platform(
        "WooCommerce",
        {
            "sku": ("SKU",), "title": ("Name",), "description": ("Description", "Short description"),
            "brand": ("Brands",), "category": ("Categories",), "price": ("Regular price", "Sale price"),
            "gtin": ("GTIN, UPC, EAN, or ISBN",), "image": ("Images",),
        },
        ("sku",),
        ("Published", "-1"),
    ),
    "akeneo": Platform(
        "Akeneo",
        {
            "sku": ("sku", "identifier"), "title": ("name", "label"), "description": ("description",),
            "brand": ("brand",), "category": ("categories",), "price": ("price",), "gtin": ("ean", "gtin"),
            "image": ("picture", "image"),
        },
        ("sku",),
        ("enabled", "0"),
        separator=";",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """What accepted proposals change.

    Attributes:
        cells: the new values by row and field.
        removed: rows of products that repeat another, which is kept.
        unwritable: accepted findings that no cell can say, such as variants and what a person has to correct.
    """

    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    unwritable: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WriteBack:
    """Two tables for a shop system, apart so that neither says anything about the products of the other.

    Attributes:
        changed: a row per product with another value.
        removed: a row per product to be taken out.
        n_lacking: products in neither, though decisions are about them: they lack what the system finds them by, or
            cannot be taken out without others.
    """

    changed: pd.DataFrame
    removed: pd.DataFrame
    n_lacking: int


def changes_of(decided: Iterable[tuple[Finding, Decision]], catalog: Catalog) -> Changes:
    """Collect what decisions change; of two values for one cell the later decision's counts."""
    changes = Changes()
    for finding, decision in sorted(decided, key=lambda pair: pair[1].when):
        rows = [catalog.row_of[sku] for sku in finding.skus if sku in catalog.row_of]
        if decision.action == "keep":
            changes.removed.update(row for row in rows if row != catalog.row_of.get(decision.keep))
        elif decision.action == "accepted" and rows and (cells := _proposed_cells(finding, rows, catalog)):
            for row, value in cells.items():
                changes.cells.setdefault(row, {})[str(finding.column)] = value
        elif decision.action in ("accepted", "variants"):
            changes.unwritable.append(finding)
    return changes


def write_back(changes: Changes, catalog: Catalog, platform: Platform, headers: Mapping[str, str]) -> WriteBack:
    """Put changes into the tables that a shop system imports.

    A column that something changes holds in all other rows what the catalog has: an import that finds a cell empty
    empties it.

    Args:
        changes: of decisions.
        catalog: the products.
        platform: the system.
        headers: of the catalog's own file by field; used where they are the system's, also with a language or a
            currency behind the name, such as ``name-en_US``.
    """

    def table(rows: list[int], names: Sequence[str]) -> pd.DataFrame:
        cells = {
            name: [changes.cells.get(row, {}).get(name, _cell(catalog.column(name).iat[row])) for row in rows]
            for name in (*platform.identifying, *(name for name in names if name not in platform.identifying))
        }
        return pd.DataFrame({_header(name, platform, headers): own for name, own in cells.items()})

    wanted = {*changes.cells} - changes.removed, _removable(changes, catalog, platform)
    changed, removed = (sorted(row for row in rows if _is_found(row, catalog, platform)) for rows in wanted)
    names = list(dict.fromkeys(name for row in changed for name in changes.cells[row]))
    out = table(removed, ()).assign(**dict([platform.removed]))
    n_lacking = len(wanted[0]) + len(changes.removed) - len(changed) - len(removed)
    return WriteBack(table(changed, names), out, n_lacking)


def as_import(table: pd.DataFrame, platform: Platform) -> bytes:
    """Write a table as the system reads it: UTF-8, every text as it is, also one that begins like a formula."""
    return table.to_csv(index=False, sep=platform.separator, lineterminator="\r\n").encode()


def _is_found(row: int, catalog: Catalog, platform: Platform) -> bool:
    return all(_cell(catalog.column(name).iat[row]) for name in platform.identifying)


def _removable(changes: Changes, catalog: Catalog, platform: Platform) -> set[int]:
    """Return the rows that the system can take out without taking out others."""
    if not platform.removes_groups:
        return changes.removed
    groups = catalog.products["group_id"].tolist()
    sizes, removed = Counter(groups), Counter(groups[row] for row in changes.removed)
    return {row for row in changes.removed if sizes[groups[row]] == removed[groups[row]]}


def _proposed_cells(finding: Finding, rows: list[int], catalog: Catalog) -> dict[int, str]:
    """Return the value that a finding proposes for its column, by row; none where it proposes no value."""
    evidence: Mapping[str, Any] = finding.evidence
    if finding.kind == "fillable":
        return {rows[0]: str(evidence["value"])}
    if finding.kind == "misfiled" and "proposed" in evidence:
        return {rows[0]: str(evidence["proposed"])}
    if finding.kind == "brand spelling":
        return dict.fromkeys(rows, str(evidence["canonical"]))
    if finding.kind == "similar categories":
        kept, merged = evidence["categories"]
        paths = catalog.products["category"]
        return dict.fromkeys((paths == merged).to_numpy().nonzero()[0].tolist(), str(kept))
    return {}


def _header(name: str, platform: Platform, headers: Mapping[str, str]) -> str:
    known, own = platform.columns.get(name, (name,)), headers.get(name, "")
    is_known = any(own.casefold().startswith(usual.casefold()) for usual in known)
    return own if is_known else known[0]


def _cell(value: Any) -> str:
    return "" if value != value else f"{value:g}" if isinstance(value, float) else str(value)
