"""Which column of a file holds which field of a product."""

from collections.abc import Mapping
from dataclasses import dataclass

from prodsim.catalog.facts import RawTable

FIELDS = (
    "sku",
    "title",
    "description",
    "brand",
    "category",
    "price",
    "currency",
    "image",
    "url",
    "gtin",
    "mpn",
    "availability",
    "group_id",
)
"""The fields with a meaning of their own; every other column is an attribute."""

ColumnMapping = Mapping[str, str]
"""Field to column name; a column in no field is an attribute, a field may be absent."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guessed mapping: for each field its column and how sure the guess is, in (0, 1]."""

    mapping: ColumnMapping
    confidence: Mapping[str, float]


def propose_columns(table: RawTable) -> Proposal:
    """Guess the fields from the columns' names and contents."""
    mapping = {field: field for field in FIELDS if field in table.frame}
    return Proposal(mapping, dict.fromkeys(mapping, 1.0))
