"""What an upload changes, in a few words."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import texts
from prodsim.catalog import CatalogChanges
from prodsim.phrases import joined


def show_changes(changes: CatalogChanges) -> None:
    """Draw how many products are new, edited and gone, and which fields were edited."""
    with st.container(horizontal=True):
        st.badge(texts.N_NEW(n=len(changes.new)), color="green")
        st.badge(texts.N_EDITED(n=len(changes.changed)), color="orange")
        st.badge(texts.N_GONE(n=len(changes.gone)), color="red")
        st.badge(texts.N_UNCHANGED(n=changes.n_same), color="gray")
    if changes.fields:
        st.text(texts.EDITED_FIELDS(fields=_by_field(changes.fields)))
    if changes.new_columns:
        st.text(texts.NEW_COLUMNS(columns=joined(changes.new_columns)))
    if changes.gone_columns:
        st.text(texts.GONE_COLUMNS(columns=joined(changes.gone_columns)))


def _by_field(fields: Mapping[str, int]) -> str:
    names = {field: texts.MAPPED_FIELD_NAMES[field]() for field in fields if field in texts.MAPPED_FIELD_NAMES}
    return joined(texts.FIELD_TIMES(field=names.get(field, field), n=n) for field, n in fields.items())
