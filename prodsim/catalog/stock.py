"""The availability of a catalog's products: what their cells say, and whether what is sold out can still be ordered."""

import pandas as pd

from prodsim.catalog import fields
from prodsim.catalog.chunks import change_column
from prodsim.catalog.mapping import PRODUCT_FIELDS, ColumnMapping
from prodsim.catalog.names import plain_name
from prodsim.catalog.options import ROW_TERMS
from prodsim.catalog.row_kinds import COLUMNS
from prodsim.findings import Finding
from prodsim.phrases import Plural

STILL_SOLD = Plural(
    "{n:,} product without stock can still be ordered ({column}: {values}); it counts as preorder.",
    "{n:,} products without stock can still be ordered ({column}: {values}); they count as preorder.",
)
NOT_COUNTED = Plural(
    "The shop does not count the stock of {n:,} product ({column} is empty); it counts as in stock.",
    "The shop does not count the stock of {n:,} products ({column} is empty); they count as in stock.",
)


_SOLD_ALL_THE_SAME = {
    "sold_without_stock": ("preorder", STILL_SOLD),
    "sold_when_out_of_stock": ("preorder", STILL_SOLD),
    "stock_counted_by": ("in stock", NOT_COUNTED),
}
"""Role of a column in ``row_terms.toml`` to the state that it makes of no pieces, and what is said of it."""


def read_availability(frame: pd.DataFrame, mapping: ColumnMapping, findings: list[Finding]) -> None:
    """Read whether products are in stock, in place.

    A product with no pieces is no longer out of stock where another column says that the shop goes on selling it
    (``preorder``) or does not count its pieces (``in stock``). A yes or no, such as "In stock?", has taken that into
    account already.
    """
    change_column(frame, "availability", fields.availability)
    if _is_yes_or_no(mapping.get("availability", "")):
        return
    for column in map(str, frame.columns):
        role = next((role for role in _SOLD_ALL_THE_SAME if plain_name(column) in COLUMNS[role]), None)
        if role and column not in PRODUCT_FIELDS:
            _change_sold_out(frame, column, role, findings)


def _change_sold_out(frame: pd.DataFrame, column: str, role: str, findings: list[Finding]) -> None:
    """Change the state of the products without stock that a column says are sold all the same, in place."""
    cells = frame[column].str.strip()
    changed = (frame["availability"] == "out of stock") & cells.str.casefold().isin(ROW_TERMS["stock"][role])
    if changed.any():
        state, sentence = _SOLD_ALL_THE_SAME[role]
        frame["availability"] = frame["availability"].mask(changed, state)
        what = sentence(int(changed.sum()), column=column, values=", ".join(sorted(set(cells[changed]))[:3]))
        findings.append(Finding("reading", what, identity=f"sold without stock by {column}"))


def _is_yes_or_no(column: str) -> bool:
    return "?" in column or plain_name(column) in COLUMNS["stock_flag"]
