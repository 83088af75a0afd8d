"""The events of a catalog's shoppers: what is kept, adding a file, exporting and erasing a shopper, deleting all."""

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.download import download_table
from pages.shared.frame import errors_shown
from pages.shared.histories import forget_histories, shoppers_of
from pages.shared.permission import permitted
from pages.shared.recommend import texts
from pages.shared.upload_formats import FORMATS
from prodsim.catalog import read_table
from prodsim.phrases import retold
from prodsim.recommend import EVENT_FIELDS, UNKNOWN_SHOPPER, Histories, propose_fields, shown_count
from prodsim.shipped import sample_path
from prodsim.workspace import OpenCatalog
from prodsim.workspace.shoppers import Shoppers

EVENTS_KEY = "events"


def draw_events(opened: OpenCatalog, histories: Histories | None) -> None:
    """Draw what is kept, and the ways to add a file, to export or erase a shopper, and to delete all."""
    shoppers = shoppers_of(opened)
    if histories is not None:
        st.text(texts.KEPT(len(histories.events), shoppers=shown_count(histories.n_users)))
        for finding in histories.findings:
            st.text(retold(finding.what))
    st.caption(texts.HASHED())
    sample = sample_path("outdoor_histories.csv")
    if histories is None and opened.name == state.SAMPLES[0].name and sample.is_file():
        st.button(
            texts.USE_SAMPLE(), on_click=_keep, args=(opened, sample, {}), icon=":material/auto_awesome:",
            **permitted("save"),
        )  # fmt: skip
    _upload(opened)
    if histories is not None:
        _draw_shopper(shoppers, histories)


def _upload(opened: OpenCatalog) -> None:
    uploaded = st.file_uploader(
        texts.UPLOAD_EVENTS(),
        FORMATS,
        key=f"{EVENTS_KEY} {st.session_state.setdefault(EVENTS_KEY, 0)}",
        **permitted("save"),
    )
    if uploaded is not None:
        with tempfile.TemporaryDirectory() as folder, errors_shown():
            path = Path(folder) / Path(uploaded.name).name
            path.write_bytes(uploaded.getbuffer())
            _confirm(opened, path, uploaded.file_id)


def _draw_shopper(shoppers: Shoppers, histories: Histories) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        user = st.text_input(texts.PERSON(), key="person").strip()
        if user and len(events := histories.of(shoppers.pseudonym(user))):
            download_table(texts.EXPORT_PERSON(), events.drop(columns=["user", "basket"]), "person.csv")
            st.button(
                texts.ERASE(), on_click=_erase, args=(shoppers, user), icon=":material/person_remove:",
                **permitted("save"),
            )  # fmt: skip
        elif user:
            st.text(UNKNOWN_SHOPPER())
        st.space("stretch")
        st.button(
            texts.DELETE_ALL(), on_click=_remove, args=(shoppers,), icon=":material/delete:",
            **permitted("save"),
        )  # fmt: skip


def _confirm(opened: OpenCatalog, path: Path, file_id: str) -> None:
    """Draw which column is what, guessed, and a button that reads the file so."""
    key = f"columns of {file_id}"
    if key not in st.session_state:
        st.session_state[key] = [str(column) for column in read_table(path).frame.columns]
    columns: list[str] = st.session_state[key]
    guess = propose_fields(columns)
    chosen: dict[str, str] = {}
    with st.container(horizontal=True):
        for field in EVENT_FIELDS:
            index = columns.index(guess[field]) if field in guess else None
            key = f"column {field} of {file_id}"  # another file begins with its own guess
            label = texts.EVENT_FIELD_NAMES[field]()
            column = st.selectbox(label, columns, index, key=key, placeholder=shared.NONE(), width=130)
            chosen[field] = column or ""
    if st.button(texts.READ_AND_KEEP(), type="primary", icon=":material/play_arrow:"):
        with errors_shown(), st.spinner(texts.READING()):
            shoppers = shoppers_of(opened)
            shoppers.keep(shoppers.read(path, opened, chosen))
            _forget_file()
            st.rerun()


def _keep(opened: OpenCatalog, path: Path, mapping: dict[str, str]) -> None:
    with errors_shown():
        shoppers = shoppers_of(opened)
        shoppers.keep(shoppers.read(path, opened, mapping))


def _erase(shoppers: Shoppers, user: str) -> None:
    with errors_shown():
        shoppers.erase(user)
        _forget_all()
    st.session_state["person"] = ""


def _remove(shoppers: Shoppers) -> None:
    with errors_shown():
        shoppers.remove()
        _forget_all()


def _forget_file() -> None:
    """Put another uploader in place of the one whose file has plain ids."""
    st.session_state[EVENTS_KEY] = st.session_state.get(EVENTS_KEY, 0) + 1


def _forget_all() -> None:
    """Clear every cache: what was erased must not stay in memory."""
    _forget_file()
    forget_histories()
    events_per_shopper.clear()
    st.session_state.pop("asked learned", None)


@st.cache_resource(max_entries=4, show_spinner=False)
def events_per_shopper(version: str, _histories: Histories) -> "pd.Series[int]":
    """Return events per shopper, most first."""
    return _histories.events["user"].value_counts()
