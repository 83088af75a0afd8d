"""Which column of a file holds which field of a product: the fields, and a proposal."""

from collections.abc import Mapping
from dataclasses import dataclass

from prodsim.artifacts import fingerprint
from prodsim.catalog.facts import RawTable
from prodsim.profiles import PRODUCTS

PRODUCT_FIELDS = (
    "sku", "title", "description", "brand", "category", "price", "currency", "image", "url", "gtin", "mpn",
    "availability", "group_id",
)  # fmt: skip
"""The fields with a meaning of their own, in the order in which they are shown; every other column is an attribute."""

MAPPED_FIELDS = (*PRODUCT_FIELDS, "sale_price")
"""What columns are mapped to: the fields, and the price that counts where a row has one above 0, else ``price``."""

ColumnMapping = Mapping[str, str]
"""A name of ``MAPPED_FIELDS`` to a column name; a column in no field is an attribute, a field may be absent."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field for which several columns are nearly equally good: the columns, the proposed one first."""

    field: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guessed mapping.

    Attributes:
        mapping: field to column.
        confidence: for each field of the mapping how sure the guess is, in (0, 1].
        doubts: fields that a person should decide, in the order of ``DOUBTED``.
        notes: sentences about choices that a person may want to change.
        profile: the kind of catalog; see ``prodsim.profiles``.
    """

    mapping: ColumnMapping
    confidence: Mapping[str, float]
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    profile: str = PRODUCTS


def header_key(table: RawTable) -> str:
    """Return a key that is the same for files with the same columns in the same order, read in the same language."""
    columns = [str(column) for column in table.frame.columns]
    return fingerprint("header", columns, table.facts.locale) if table.facts.locale else fingerprint("header", columns)
