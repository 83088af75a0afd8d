"""The thesauri and taxonomies of the workspace: what is there, a file more, one less."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.background import PATIENCE_S, answered, ask
from pages.shared.frame import as_written, errors_shown
from pages.shared.permission import permitted
from pages.shared.settings import texts
from prodsim.artifacts import safe_file_name
from prodsim.knowledge import BUILT_IN, Taxonomy, Thesaurus, built_in, read_knowledge
from prodsim.workspace import OpenCatalog
from prodsim.workspace.knowledge import KnowledgeFile, add_knowledge, knowledge_files, notes_on, remove_knowledge
from prodsim.workspace.knowledge_trial import KnowledgeTrial, describe_trial, try_knowledge

WIDTHS = [3, 6, 2]
"""Of a line: name, what it holds, what can be done."""
UPLOAD = "knowledge file"
ROUND = "knowledge files added"
GIVEN, TRIAL = "knowledge file given", "knowledge trial"
"""What was uploaded and waits for a decision, and the place of what it would change."""


def show_knowledge() -> None:
    """Draw what the workspace knows, with a way to add a file and to remove each."""
    st.subheader(texts.KNOWLEDGE(), anchor=False)
    st.caption(texts.KNOWLEDGE_WHY())
    with st.container(border=True, gap="xsmall"):
        name, holds, _ = st.columns(WIDTHS, vertical_alignment="center")
        name.text(BUILT_IN())
        holds.text(texts.BUILT_IN_ENTRIES(n=len(built_in().concepts)))
        with errors_shown():
            for file in knowledge_files(state.workspace().layout):
                _show_file(file)
    with errors_shown():
        _offer_file()


def _show_file(file: KnowledgeFile) -> None:
    name, holds, remove = st.columns(WIDTHS, vertical_alignment="center")
    name.text(file.name)
    entries = texts.THESAURUS_ENTRIES if file.holds == "thesaurus" else texts.TAXONOMY_ENTRIES
    holds.text(entries(n=file.entries))
    key = f"remove knowledge {file.name}"
    if remove.button(shared.DELETE(), key=key, icon=":material/delete:", **permitted("save")):
        remove_knowledge(state.workspace().layout, file.name)
        st.rerun()


def _offer_file() -> None:
    """Draw the upload, or what was uploaded with what it would change, to be used or left; the field is empty again."""
    if st.session_state.get(GIVEN) is not None:
        _decide(*st.session_state[GIVEN])
        return
    number = st.session_state.setdefault(ROUND, 0)
    given = st.file_uploader(
        texts.ADD_KNOWLEDGE(),
        key=f"{UPLOAD} {number}",
        **permitted("save", help=texts.ADD_KNOWLEDGE_HELP()),
    )
    if given is None:
        return
    with _as_file(given.name, given.getvalue()) as path:
        read = read_knowledge(path)  # one that cannot be used is refused at once
    st.session_state[GIVEN] = given.name, given.getvalue(), read
    st.session_state[ROUND] = number + 1
    st.rerun()


def _decide(name: str, content: bytes, read: Thesaurus | Taxonomy) -> None:
    """Draw what a file would change in the open catalog, and what to do with it."""
    with st.container(border=True):
        st.markdown(f"**{as_written(read.source)}**")
        info = state.current()
        opened = None if info is None else state.open_catalog(info.name)
        for note in notes_on(read, opened):
            st.text(note)
        if isinstance(read, Thesaurus) and opened is not None:
            _show_trial(opened, read, content)
        with st.container(horizontal=True):
            if st.button(texts.USE_KNOWLEDGE(), type="primary", icon=":material/check:", **permitted("save")):
                with _as_file(name, content) as path:
                    add_knowledge(state.workspace().layout, path)
                _forget()
            st.button(texts.LEAVE_KNOWLEDGE(), icon=":material/close:", on_click=st.session_state.pop, args=(GIVEN,))


def _show_trial(opened: OpenCatalog, read: Thesaurus, content: bytes) -> None:
    """Draw what the file would change in searches; asking the catalog's own queries takes seconds."""
    question = (opened.name, opened.info.built, hashlib.sha256(content).hexdigest())
    ask(TRIAL, question, texts.TRYING(), lambda job: try_knowledge(opened, read, job))
    trial: KnowledgeTrial | None = answered(TRIAL, question, 80, PATIENCE_S)
    if trial is not None:
        st.caption(texts.MEASURED_ON(catalog=as_written(opened.name)))
        for sentence in describe_trial(trial):
            st.text(sentence)


def _forget() -> None:
    st.session_state.pop(GIVEN, None)
    st.rerun()


@contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    """Give the path of an uploaded file for as long as a block runs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe_file_name(name)
        path.write_bytes(content)
        yield path
