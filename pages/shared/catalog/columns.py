"""What the columns of a file mean: guessed, shown with examples, changed by the person."""

import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.catalog import texts
from pages.shared.catalog.kinds import draw_kinds
from prodsim.catalog import MAPPED_FIELDS, PRODUCT_FIELDS, ColumnMapping, Doubt, Proposal, RawTable, header_key
from prodsim.phrases import joined
from prodsim.profiles import profile_of

NONE = "—"
COLUMN_WIDTHS = [2, 4, 1.4, 7]
FEW = 12
"""Names that fit on a line or two."""


def choose_kind(table: RawTable) -> str:
    """Draw the recognised kind of catalog, to confirm or change; return the name of the chosen one."""
    recognised = state.workspace().propose(table).profile
    return draw_kinds(f"kind {header_key(table)}", recognised)


def choose_columns(table: RawTable, kind: str) -> ColumnMapping:
    """Draw the guessed column of each field with examples, to confirm or change; return what is chosen."""
    workspace = state.workspace()
    proposal = workspace.propose(table, kind)
    if workspace.remembers(table):
        st.caption(texts.REMEMBERED())
    for note in proposal.notes:
        st.text(note)
    for doubt in proposal.doubts:
        _ask(table, doubt, kind)
    columns = [str(column) for column in table.frame.columns]
    guessed = [field for field in MAPPED_FIELDS if field in proposal.mapping or field == "title"]
    absent = profile_of(kind).absent
    rest = [field for field in MAPPED_FIELDS if field not in guessed and field not in absent]
    with st.container(border=True, gap="xsmall"):
        heads = (texts.FIELD(), texts.COLUMN(), texts.CONFIDENCE(), texts.EXAMPLES())
        for text, place in zip(heads, st.columns(COLUMN_WIDTHS), strict=True):
            place.caption(text)
        chosen = {field: _choose_column(table, columns, field, proposal) for field in guessed}
    if rest:
        lacking = [field for field in rest if field in PRODUCT_FIELDS] or rest  # few files have a column of sale prices
        names = joined(shared.MAPPED_FIELD_NAMES[field]() for field in lacking)
        with (
            st.expander(texts.NO_COLUMN_FOR(fields=names), icon=":material/help:"),
            st.container(gap="xsmall"),
        ):
            chosen |= {field: _choose_column(table, columns, field, proposal) for field in rest}
    mapping = {field: chosen[field] for field in MAPPED_FIELDS if chosen.get(field, NONE) != NONE}
    _show_attributes([column for column in columns if column not in mapping.values()])
    return mapping


def _ask(table: RawTable, doubt: Doubt, kind: str) -> None:
    """Draw the columns that may all be the field, each with examples; what is chosen stands in the table below."""
    key = _key_of_column(table, doubt.field, kind)

    def take() -> None:
        st.session_state[key] = st.session_state[f"doubt {key}"]

    with st.container(border=True):
        st.radio(
            texts.WHICH_COLUMN(field=shared.MAPPED_FIELD_NAMES[doubt.field]()),
            doubt.columns,
            captions=[_examples(table, column) for column in doubt.columns],
            key=f"doubt {key}",
            on_change=take,
        )


def _choose_column(table: RawTable, columns: list[str], field: str, proposal: Proposal) -> str:
    guess, sure = proposal.mapping.get(field), proposal.confidence.get(field)
    name, choice, confidence, examples = st.columns(COLUMN_WIDTHS, vertical_alignment="center")
    name.markdown(shared.MAPPED_FIELD_NAMES[field](), help=texts.MEANINGS[field]())
    options = [NONE, *columns]
    chosen = choice.selectbox(
        field,
        options,
        index=options.index(guess) if guess in options else 0,
        key=_key_of_column(table, field, proposal.profile),
        label_visibility="collapsed",
    )
    if chosen == guess and sure is not None:
        confidence.badge(
            texts.CONFIDENCE_SHARE(share=sure), color="green" if sure >= 0.8 else "orange" if sure >= 0.5 else "red"
        )
    elif chosen != NONE:
        confidence.badge(texts.YOURS(), color="blue")
    if chosen != NONE:
        examples.text(_examples(table, chosen))
    return chosen


def _key_of_column(table: RawTable, field: str, kind: str) -> str:
    """Return the key of the choice of a field's column, which begins anew where the kind of catalog changes."""
    return f"column {header_key(table)} {kind} {field}"


def _show_attributes(rest: list[str]) -> None:
    if not rest:
        return
    count, names = texts.N_ATTRIBUTES(len(rest)), joined(rest)
    if len(rest) <= FEW:
        st.text(texts.ATTRIBUTES(count=count, columns=names))
        return
    with st.expander(count, icon=":material/sell:"):
        st.text(names)


def _examples(table: RawTable, column: str) -> str:
    """Return three different values in one line, each as far as it goes."""
    values = table.frame[column]
    different = values[values.str.strip() != ""].drop_duplicates().head(3)
    return "  |  ".join(" ".join(value.split())[:48] for value in different) or texts.EMPTY_COLUMN()
