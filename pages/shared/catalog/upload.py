"""Upload a file: choose it, and see what was read of it."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.catalog import file_cache, texts
from pages.shared.catalog.source import choose_typed_path, offer_sources, show_origin
from pages.shared.download import download_table
from prodsim.catalog import RawTable, ReadFacts, ReadOptions
from prodsim.errors import ProdsimError

PATH = "catalog_path"
GUESS = "guess"
ENCODINGS = (GUESS, "utf-8", "gb18030", "utf-16", "windows-1252")
SEPARATOR_CHOICES = (GUESS, *texts.SEPARATOR_NAMES)


def choose_file() -> Path | None:
    """Draw an upload, a path on this machine, and the samples; return the file's path once one is chosen."""
    chosen = st.session_state.get(PATH)
    if chosen:
        _show_chosen(Path(chosen))
        return Path(chosen)
    upload, server, sample = st.columns([2, 2, 2])
    with upload.container(border=True, height="stretch"):
        _upload()
    with server.container(border=True, height="stretch"):
        typed = st.text_input(texts.SERVER_PATH(), placeholder=texts.SERVER_PATH_EXAMPLE(), key="typed_path").strip()
        st.button(
            texts.READ_FILE(), on_click=_choose_typed, args=(typed,), disabled=not typed, icon=":material/folder_open:"
        )
        st.caption(texts.SERVER_PATH_HELP())
    with sample.container(border=True, height="stretch"):
        st.text(texts.SAMPLES())
        for each in state.SAMPLES:
            label = texts.BUILD_SAMPLE(sample=each.name)
            st.button(
                label, on_click=state.start_build, args=(each.request,), icon=":material/auto_awesome:", width="stretch"
            )
    fetched = offer_sources()
    if fetched is not None:
        _choose(str(fetched))
        st.rerun()
    return None


def choose_reading(path: Path) -> ReadOptions:
    """Draw how the file is read, and return it; everything is guessed until the person chooses otherwise."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        members, _ = file_cache.parts(path, None)
        member = _choose_part(texts.FILE_IN_ZIP(), members, texts.LARGEST())
        _, sheets = file_cache.parts(path, member)
        sheet = _choose_part(texts.SHEET(), sheets, texts.FIRST_WITH_ROWS())
        if sheets:
            return ReadOptions(None, None, sheet, member)
        encoding = st.selectbox(
            texts.ENCODING(), ENCODINGS, format_func=_encoding_label, width=180, key=f"encoding {path}"
        )
        separator = st.selectbox(
            texts.SEPARATOR(), SEPARATOR_CHOICES, format_func=_separator_label, width=180, key=f"separator {path}"
        )
    return ReadOptions(
        None if encoding == GUESS else encoding, None if separator == GUESS else separator, sheet, member
    )


def show_reading(table: RawTable) -> None:
    """Draw what was read and how, and the lines left out."""
    facts = table.facts
    st.text(_how_read(facts, len(table.frame.columns)))
    for note in facts.notes:
        st.text(note)
    if not facts.bad_lines:
        return
    bad = pd.DataFrame(
        [(b.line, b.reason, b.text) for b in facts.bad_lines],
        columns=[shared.LINE(), shared.REASON(), texts.LINE_TEXT()],
    )
    title = texts.BAD_LINES(len(bad))
    with st.expander(title, icon=":material/warning:", expanded=True):
        st.dataframe(bad, hide_index=True, height=min(240, 40 + 36 * len(bad)), alt=title)
        download_table(texts.DOWNLOAD_BAD_LINES(), bad, f"{facts.name}-bad-lines.csv")


def forget_file() -> None:
    """Begin again with another file."""
    st.session_state.pop(PATH, None)


def _upload() -> None:
    upload = st.file_uploader(
        texts.DROP_HERE(),
        key=f"upload {st.session_state.setdefault('uploads', 0)}",
        help=texts.UPLOAD_HELP(),
    )
    if upload is not None:
        _choose(str(state.workspace().keep_upload(upload.name, upload)))
        st.session_state["uploads"] += 1  # another key drops the widget's copy of the file
        st.rerun()


def _choose(path: str) -> None:
    st.session_state[PATH] = path


def _choose_typed(text: str) -> None:
    """Choose a path on the server; a folder or a pattern means its newest file."""
    try:
        _choose(str(choose_typed_path(text) or text))
    except ProdsimError:
        _choose(text)  # reading it says what is wrong


def _show_chosen(path: Path) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        size_mb = path.stat().st_size / 1e6 if path.is_file() else None
        label = path.name if size_mb is None else texts.FILE_SIZE(file=path.name, size_mb=size_mb)
        st.text(label, width="stretch")
        st.button(texts.ANOTHER_FILE(), on_click=forget_file, icon=":material/undo:")
    show_origin(path)


def _choose_part(label: str, names: tuple[str, ...], guess: str) -> str | None:
    """Return the chosen one, or ``None`` for the guess; drawn only where there is a choice."""
    if len(names) < 2:
        return None
    options = [GUESS, *names]
    chosen = st.selectbox(label, options, format_func=lambda name: guess if name == GUESS else name, width=260)
    return None if chosen == GUESS else chosen


def _encoding_label(encoding: str) -> str:
    return texts.AUTOMATIC() if encoding == GUESS else encoding


def _separator_label(separator: str) -> str:
    return texts.AUTOMATIC() if separator == GUESS else texts.SEPARATOR_NAMES[separator]()


def _how_read(facts: ReadFacts, n_columns: int) -> str:
    separator = facts.separator or ""
    name = texts.SEPARATOR_NAMES[separator]() if separator in texts.SEPARATOR_NAMES else repr(separator)
    parts = [
        texts.ROWS(facts.n_rows),
        texts.N_COLUMNS(n_columns),
        facts.format,
        facts.encoding,
        separator and texts.SEPARATED_BY(separator=name),
        facts.sheet and texts.SHEET_NAMED(sheet=facts.sheet),
        facts.member and texts.MEMBER(file=facts.member),
    ]
    return " · ".join(str(part) for part in parts if part)
