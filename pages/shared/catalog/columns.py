"""What the columns of a file mean: guessed, shown with examples, changed by the person."""

import streamlit as st

from pages.shared import state
from prodsim.catalog import FIELDS, ColumnMapping, Proposal, RawTable, header_key

NONE = "—"
MEANINGS = {
    "sku": "Names the product; one line each. Leading zeros are kept.",
    "title": "What the product is called; compared before all else.",
    "description": "Longer text; stands in where titles are very short.",
    "brand": "Maker or shop.",
    "category": "A path such as Kitchen > Mugs, or one word.",
    "price": "Any usual way of writing: 1.299,00 €, ¥1,299, $12.99–$15.",
    "currency": "Where the price itself does not tell it.",
    "image": "Web address of a picture, or its place beside the file.",
    "url": "The product's page.",
    "gtin": "EAN, UPC or ISBN; an equal one is an exact match.",
    "mpn": "The maker's model number; an equal one is an exact match.",
    "availability": "In stock, out of stock, or a number of pieces.",
    "group_id": "What variants of one product share.",
}
WIDTHS = [2, 4, 1.4, 7]
FEW = 12
"""Names that fit on a line or two."""


def ask_columns(table: RawTable) -> ColumnMapping:
    """The guessed column of each field with examples, to confirm or change; returns what is chosen."""
    workspace = state.workspace()
    proposal = workspace.propose(table)
    if workspace.remembers(table):
        st.caption("The columns are as you confirmed them for a file with the same header.")
    columns = [str(column) for column in table.frame.columns]
    guessed = [field for field in FIELDS if field in proposal.mapping or field == "title"]
    rest = [field for field in FIELDS if field not in guessed]
    with st.container(border=True, gap="xsmall"):
        heads = ("Field", "Column of the file", "How sure", "Examples")
        for text, place in zip(heads, st.columns(WIDTHS), strict=True):
            place.caption(text)
        chosen = {field: _ask_column(table, columns, field, proposal) for field in guessed}
    if rest:
        names = ", ".join(field.replace("_", " ") for field in rest)
        with st.expander(f"No column was found for {names}", icon=":material/help:"), st.container(gap="xsmall"):
            chosen |= {field: _ask_column(table, columns, field, proposal) for field in rest}
    mapping = {field: chosen[field] for field in FIELDS if chosen[field] != NONE}
    _tell_attributes([column for column in columns if column not in mapping.values()])
    return mapping


def _ask_column(table: RawTable, columns: list[str], field: str, proposal: Proposal) -> str:
    guess, sure = proposal.mapping.get(field), proposal.confidence.get(field)
    name, choice, confidence, examples = st.columns(WIDTHS, vertical_alignment="center")
    name.markdown(field.replace("_", " "), help=MEANINGS[field])
    options = [NONE, *columns]
    chosen = choice.selectbox(
        field,
        options,
        index=options.index(guess) if guess in options else 0,
        key=f"column {header_key(table)} {field}",
        label_visibility="collapsed",
    )
    if chosen == guess and sure is not None:
        confidence.badge(f"{sure:.0%}", color="green" if sure >= 0.8 else "orange" if sure >= 0.5 else "red")
    elif chosen != NONE:
        confidence.badge("yours", color="blue")
    if chosen != NONE:
        examples.text(_examples(table, chosen))
    return chosen


def _tell_attributes(rest: list[str]) -> None:
    if not rest:
        return
    told = f"{len(rest):,} other columns become attributes to filter by"
    if len(rest) <= FEW:
        st.text(f"{told}: {', '.join(rest)}")
        return
    with st.expander(told, icon=":material/sell:"):
        st.text(", ".join(rest))


def _examples(table: RawTable, column: str) -> str:
    """Three different values, on one line each as far as it goes."""
    values = table.frame[column]
    different = values[values.str.strip() != ""].drop_duplicates().head(3)
    return "  |  ".join(" ".join(value.split())[:48] for value in different) or "every cell is empty"
