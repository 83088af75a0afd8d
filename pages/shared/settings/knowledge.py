"""The thesauri and taxonomies of the workspace: what is there, a file more, one less."""

import tempfile
from pathlib import Path

import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.frame import errors_shown
from pages.shared.settings import texts
from prodsim.artifacts import safe_file_name
from prodsim.knowledge import BUILT_IN, built_in, read_knowledge
from prodsim.workspace.knowledge import KnowledgeFile, add_knowledge, knowledge_files, notes_on, remove_knowledge

WIDTHS = [3, 6, 2]
"""Of a line: name, what it holds, what can be done."""
UPLOAD = "knowledge file"
ROUND = "knowledge files added"


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
    if remove.button(shared.DELETE(), key=f"remove knowledge {file.name}", icon=":material/delete:"):
        remove_knowledge(state.workspace().layout, file.name)
        st.rerun()


def _offer_file() -> None:
    """Draw the upload; what was just added is said below it, and the field is empty again."""
    number = st.session_state.setdefault(ROUND, 0)
    given = st.file_uploader(texts.ADD_KNOWLEDGE(), key=f"{UPLOAD} {number}", help=texts.ADD_KNOWLEDGE_HELP())
    for note in st.session_state.pop(f"{UPLOAD} notes", ()):
        st.text(note)
    if given is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe_file_name(given.name)
        path.write_bytes(given.getvalue())
        added = add_knowledge(state.workspace().layout, path)
        notes = notes_on(read_knowledge(path), None)
    st.session_state[f"{UPLOAD} notes"] = [texts.KNOWLEDGE_ADDED(name=added.name), *notes]
    st.session_state[ROUND] = number + 1
    st.rerun()
