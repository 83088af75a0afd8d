"""What is done with several cards at once: put on the shortlist, compared side by side, exported."""

from functools import partial

import streamlit as st

from pages.shared import texts
from pages.shared.grid import BulkAction
from pages.shared.product_link import close_product
from pages.shared.results import offer_files
from pages.shared.shortlist import current_shortlist, draw_comparison, put_on_shortlist
from prodsim.output.export import products_table
from prodsim.roles import why_not
from prodsim.workspace import OpenCatalog

COMPARED, EXPORTED = "chosen compared", "chosen exported"


def bulk_actions(opened: OpenCatalog) -> tuple[BulkAction, ...]:
    """Return what can be done with the chosen cards of a catalog."""
    name = current_shortlist(opened)
    return (
        BulkAction(
            ":material/bookmark:",
            texts.PUT_ON(name=name),
            partial(put_on_shortlist, opened.name, name),
            why_not("save"),
        ),
        BulkAction(":material/view_column:", texts.COMPARE_SHORTLIST(), partial(_open, COMPARED)),
        BulkAction(":material/download:", texts.EXPORT(), partial(_open, EXPORTED)),
    )


def show_chosen(opened: OpenCatalog) -> None:
    """Open the comparison or the export of the chosen cards, once after it was pressed."""
    for key, title, draw in (
        (COMPARED, texts.COMPARE_SHORTLIST, draw_comparison),
        (EXPORTED, texts.EXPORT, _draw_export),
    ):
        skus = [sku for sku in st.session_state.pop(key, ()) if sku in opened.catalog.row_of]
        if skus:
            # made here, so that the title is in the reader's language
            st.dialog(title(), width="large" if key == COMPARED else "small")(draw)(opened, skus)


def _open(key: str, skus: list[str]) -> None:
    close_product()  # two dialogs cannot be open
    st.session_state[key] = skus


def _draw_export(opened: OpenCatalog, skus: list[str]) -> None:
    """Draw the files of the products."""
    rows = [opened.catalog.row_of[sku] for sku in skus]
    chosen = texts.N_CHOSEN(n=f"{len(rows):,}")
    st.caption(chosen)
    offer_files(texts.CHOSEN_FILE(catalog=opened.name), lambda: products_table(opened.catalog, rows), chosen)
