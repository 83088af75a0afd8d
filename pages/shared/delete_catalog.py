"""Delete a catalog, after a second question."""

import streamlit as st

from pages.shared import state, texts
from pages.shared.frame import errors_shown
from pages.shared.permission import permitted
from prodsim.workspace.removal import remove_catalog


def offer_delete(name: str) -> None:
    """Draw a button that asks once more before the catalog is deleted."""
    with st.popover(texts.DELETE(), icon=":material/delete:", **permitted("delete", is_off=state.is_building(name))):
        st.text(texts.DELETE_CATALOG_WARNING(catalog=name))
        st.button(
            texts.DELETE_CATALOG(),
            type="primary",
            key=f"delete {name}",
            on_click=_delete,
            args=(name,),
        )


def _delete(name: str) -> None:
    with errors_shown():
        remove_catalog(state.workspace(), name)
