"""Shortlists: products put aside from any card, with notes, compared side by side, exported, taken back."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

import pandas as pd
import streamlit as st

from pages.shared import state, texts
from pages.shared.download import download_table
from pages.shared.frame import as_written, errors_shown
from pages.shared.grid import Action
from pages.shared.permission import permitted
from pages.shared.side_by_side import SIDE_BY_SIDE_STYLE, compared_fields, side_by_side_html
from prodsim.output.export import products_table
from prodsim.records import Shortlisted
from prodsim.roles import why_not
from prodsim.workspace import OpenCatalog

NAME, KEPT, SESSION = "shortlist", "shortlist kept", "shortlist session"
MOST_COMPARED = 6
MAX_NOTE = 1_000


def shortlist_marker(opened: OpenCatalog) -> Callable[[str], Action]:
    """Return what makes the button of a SKU's card that puts it on the current shortlist, or takes it off."""
    name, why = current_shortlist(opened), why_not("save")
    listed = {each.sku for each in _lists(opened).get(name, ())}

    def mark(sku: str) -> Action:
        is_on = sku in listed
        label = texts.TAKE_OFF(name=name) if is_on else texts.PUT_ON(name=name)
        change = partial(_change, opened.name, name, is_on=not is_on)
        return Action(":material/bookmark:", label, change, place="corner", is_pressed=is_on, why_off=why)

    return mark


def draw_shortlist(opened: OpenCatalog) -> None:
    """Draw the current shortlist in the sidebar, and open the comparison of its products where that was pressed."""
    name, lists = current_shortlist(opened), _lists(opened)
    listed = lists.get(name, ())
    with st.sidebar, st.container(horizontal=True):
        with st.popover(texts.SHORTLIST_COUNT(len(listed)), icon=":material/bookmark:", key="shortlists"):
            _draw_list(opened, name, lists)
        # not inside of the popover, which would stay open over the comparison
        is_pressed = len(listed) > 1 and st.button(
            texts.COMPARE_SHORTLIST(),
            icon=":material/view_column:",
            help=texts.COMPARE_SHORTLIST_HELP(n=MOST_COMPARED),
        )
    if is_pressed:
        skus = [each.sku for each in listed if each.sku in opened.catalog.row_of]
        st.dialog(as_written(name), width="large")(draw_comparison)(opened, skus)


def _draw_list(opened: OpenCatalog, name: str, lists: Mapping[str, Sequence[Shortlisted]]) -> None:
    """Draw the choice of the list, its products with their notes, undo and export."""
    st.session_state[NAME] = name
    options = list(dict.fromkeys([*lists, name]))
    st.selectbox(
        texts.SHORTLIST(), options, key=NAME, accept_new_options=True, help=texts.NEW_SHORTLIST(), on_change=_keep
    )
    listed = lists.get(name, ())
    for each in listed:
        _draw_entry(opened, name, each)
    if not listed:
        st.caption(texts.EMPTY_SHORTLIST())
    st.button(
        texts.UNDO(), on_click=_undo, args=(opened.name,), icon=":material/undo:",
        **permitted("save"),
    )  # fmt: skip
    if listed:
        download_table(texts.EXPORT(), _table(opened, listed), f"{name}.csv")


def _draw_entry(opened: OpenCatalog, name: str, each: Shortlisted) -> None:
    """Draw a product of the list with its note; one that the catalog no longer has stays, and says so."""
    row = opened.catalog.row_of.get(each.sku)
    title = texts.NO_LONGER_HERE() if row is None else str(opened.catalog.products["title"].iat[row])
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(as_written(texts.CHIP(title=title, sku=each.sku)), width="stretch")
        st.button(
            ":material/close:",
            key=f"off {name} {each.sku}",
            **permitted("save", help=texts.TAKE_OFF(name=name)),
            type="tertiary",
            on_click=partial(_change, opened.name, name, each.sku, is_on=False),
        )
    key = f"note {name} {each.sku} {each.when}"
    st.text_input(
        texts.SHORTLIST_NOTE(),
        each.note,
        MAX_NOTE,
        key=key,
        placeholder=texts.SHORTLIST_NOTE(),
        label_visibility="collapsed",
        on_change=_note,
        args=(opened.name, name, each.sku, key),
        **permitted("save"),
    )


def draw_comparison(opened: OpenCatalog, skus: Sequence[str]) -> None:
    """Draw up to six of the products side by side."""
    titles = dict(zip(skus, _titles(opened, skus), strict=True))
    chosen = st.multiselect(
        texts.COMPARED_PRODUCTS(),
        skus,
        skus[:MOST_COMPARED],
        format_func=lambda sku: texts.CHIP(title=titles[sku][:52], sku=sku),
        max_selections=MOST_COMPARED,
    )
    if chosen:
        products = opened.catalog.products.iloc[[opened.catalog.row_of[sku] for sku in chosen]]
        bases = [Path(opened.info.base)] * len(products)
        compared = side_by_side_html(products, compared_fields(opened.catalog), bases)
        st.html(f"{SIDE_BY_SIDE_STYLE}{compared}")


def _titles(opened: OpenCatalog, skus: Sequence[str]) -> list[str]:
    titles = opened.catalog.products["title"]
    return [str(title) for title in titles.iloc[[opened.catalog.row_of[sku] for sku in skus]]]


def _table(opened: OpenCatalog, listed: Sequence[Shortlisted]) -> pd.DataFrame:
    """Return the list as it is exported: note and who wrote it, then the product; without what the catalog lacks."""
    here = [each for each in listed if each.sku in opened.catalog.row_of]
    products = products_table(opened.catalog, [opened.catalog.row_of[each.sku] for each in here])
    products.insert(0, "note", [each.note for each in here], allow_duplicates=True)
    return products


def _lists(opened: OpenCatalog) -> dict[str, tuple[Shortlisted, ...]]:
    return state.workspace().records(opened.name).shortlists()


def current_shortlist(opened: OpenCatalog) -> str:
    """Return the name of the shortlist in use: the one chosen here, else the first, else a name to begin with."""
    return str(st.session_state.get(KEPT) or next(iter(_lists(opened)), texts.SHORTLIST()))


def put_on_shortlist(catalog: str, name: str, skus: Sequence[str]) -> None:
    """Put products on a shortlist, as one step of *Undo*; what is there already keeps its note."""
    with errors_shown():
        records = state.workspace().records(catalog)
        listed = {each.sku for each in records.shortlists().get(name, ())}
        new = [sku for sku in skus if sku not in listed]
        if new:
            records.shortlist(name, new, session=_session())
        st.toast(as_written(texts.N_PUT_ON(len(new), name=name)), icon=":material/bookmark:")


def _change(catalog: str, name: str, sku: str, *, is_on: bool) -> None:
    with errors_shown():
        records = state.workspace().records(catalog)
        change = records.shortlist if is_on else records.take_off_shortlist
        change(name, [sku], session=_session())


def _note(catalog: str, name: str, sku: str, key: str) -> None:
    with errors_shown():
        note = st.session_state[key].strip()
        state.workspace().records(catalog).shortlist(name, [sku], note=note, session=_session())


def _undo(catalog: str) -> None:
    with errors_shown():
        if not state.workspace().records(catalog).undo_shortlist(session=_session()):
            st.toast(texts.NOTHING_TO_UNDO())


def _keep() -> None:
    """Keep the list that was chosen, since a page switch drops a widget's own state."""
    st.session_state[KEPT] = st.session_state[NAME]


def _session() -> str:
    """Return what tells this browser tab's changes from others', so that undo takes back its own alone."""
    return str(st.session_state.setdefault(SESSION, uuid4().hex))
