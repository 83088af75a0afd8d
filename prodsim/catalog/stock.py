"""The availability of a catalog's products: what their cells say, and whether what is sold out can still be ordered."""

import re

import pandas as pd

from prodsim.catalog import fields
from prodsim.catalog.chunks import change_column, one_by_one
from prodsim.catalog.mapping import PRODUCT_FIELDS, ColumnMapping
from prodsim.catalog.options import ROW_TERMS
from prodsim.catalog.plain_names import plain_name
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
ELSEWHERE = Plural(
    "{n:,} product without stock in “{column}” has some in “{other}”; it counts as in stock.",
    "{n:,} products without stock in “{column}” have some in “{other}”; they count as in stock.",
)
MIN_WORDS = 3
"""Words of a name from which on a column called the same but for one holds the same of another place."""
_COUNT = re.compile(r"\s*0*[1-9]\d*(?:[.,]0+)?\s*")

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
    change_column(frame, "availability", one_by_one(fields.availability))
    _count_other_places(frame, mapping.get("availability", ""), findings)
    if _is_yes_or_no(mapping.get("availability", "")):
        return
    for column in map(str, frame.columns):
        role = next((role for role in _SOLD_ALL_THE_SAME if plain_name(column) in COLUMNS[role]), None)
        if role and column not in PRODUCT_FIELDS:
            _change_sold_out(frame, column, role, findings)


def _count_other_places(frame: pd.DataFrame, counted: str, findings: list[Finding]) -> None:
    """Let what is in stock at another place count, in place: columns called alike but for the word of the place."""
    words = plain_name(counted).split()
    for column in map(str, frame.columns):
        own = plain_name(column).split()
        if len(words) < MIN_WORDS or len(own) != len(words) or sum(map(str.__ne__, own, words)) != 1:
            continue
        pieces = frame[column].where(frame["availability"] == "out of stock", "")
        changed = pieces.map({cell: bool(_COUNT.fullmatch(cell)) for cell in pieces.unique()}).to_numpy(bool)
        if changed.any():
            frame["availability"] = frame["availability"].mask(changed, "in stock")
            what = ELSEWHERE(int(changed.sum()), column=counted, other=column)
            findings.append(Finding("reading", what, identity=f"in stock by {column}"))


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
