"""Bringing a file: choose it, and see what was read of it."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.catalog import file_cache
from pages.shared.download import download_table
from prodsim.catalog import RawTable, ReadFacts, ReadOptions

PATH = "catalog_path"
GUESS = "guess"
ENCODINGS = (GUESS, "utf-8", "gb18030", "utf-16", "windows-1252")
SEPARATORS = {GUESS: None, "comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
KINDS = "CSV, TSV, XLSX, JSON, JSON lines or Parquet; plain, gzipped or in a zip"


def ask_source() -> Path | None:
    """An uploaded file, a path on this machine, or a sample; the file's path once one is chosen."""
    chosen = st.session_state.get(PATH)
    if chosen:
        _chosen_file(Path(chosen))
        return Path(chosen)
    upload, server, sample = st.columns([2, 2, 2])
    with upload.container(border=True, height="stretch"):
        _ask_upload()
    with server.container(border=True, height="stretch"):
        typed = st.text_input("A path on the server", placeholder="/data/catalog.csv", key="typed_path").strip()
        st.button("Read it", on_click=_choose, args=(typed,), disabled=not typed, icon=":material/folder_open:")
        st.caption("For large files: nothing is uploaded or copied.")
    with sample.container(border=True, height="stretch"):
        st.text("A sample, built with one click")
        for each in state.SAMPLES:
            label = f"Build {each.name}"
            st.button(
                label, on_click=state.start_build, args=(each.request,), icon=":material/auto_awesome:", width="stretch"
            )
    return None


def ask_reading(path: Path) -> ReadOptions:
    """How the file is to be read; everything is guessed until the person chooses otherwise."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        members, _ = file_cache.parts(path, None)
        member = _ask_part("File in the zip", members, "the largest")
        _, sheets = file_cache.parts(path, member)
        sheet = _ask_part("Sheet", sheets, "the first with rows")
        if sheets:
            return ReadOptions(None, None, sheet, member)
        encoding = st.selectbox("Encoding", ENCODINGS, width=180, key=f"encoding {path}")
        separator = st.selectbox("Separator", SEPARATORS, width=180, key=f"separator {path}")
    return ReadOptions(None if encoding == GUESS else encoding, SEPARATORS[separator], sheet, member)


def show_reading(table: RawTable) -> None:
    """What was read and how, and the lines left out."""
    facts = table.facts
    st.text(_how_read(facts, len(table.frame.columns)))
    for note in facts.notes:
        st.text(note)
    if not facts.bad_lines:
        return
    bad = pd.DataFrame([(b.line, b.reason, b.text) for b in facts.bad_lines], columns=["line", "reason", "text"])
    with st.expander(f"{len(bad):,} lines cannot be read and are kept out", icon=":material/warning:", expanded=True):
        st.dataframe(bad, hide_index=True, height=min(240, 40 + 36 * len(bad)), alt="Lines kept out")
        download_table("Download the list", bad, f"{facts.name}-bad-lines.csv")


def forget_file() -> None:
    """Begin again with another file."""
    st.session_state.pop(PATH, None)


def _ask_upload() -> None:
    upload = st.file_uploader(
        "Drop a catalog here",
        key=f"upload {st.session_state.setdefault('uploads', 0)}",
        help=f"{KINDS}. It stays on this machine.",
    )
    if upload is not None:
        _choose(str(state.workspace().keep_upload(upload.name, upload)))
        st.session_state["uploads"] += 1  # another key drops the widget's copy of the file
        st.rerun()


def _choose(path: str) -> None:
    st.session_state[PATH] = path


def _chosen_file(path: Path) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        size = f" · {path.stat().st_size / 1e6:,.1f} MB" if path.is_file() else ""
        st.text(f"{path.name}{size}", width="stretch")
        st.button("Another file", on_click=forget_file, icon=":material/undo:")


def _ask_part(label: str, names: tuple[str, ...], guess: str) -> str | None:
    """The chosen one, or ``None`` for the guess; asks only where there is a choice."""
    if len(names) < 2:
        return None
    options = [GUESS, *names]
    chosen = st.selectbox(label, options, format_func=lambda name: guess if name == GUESS else name, width=260)
    return None if chosen == GUESS else chosen


def _how_read(facts: ReadFacts, n_columns: int) -> str:
    separator = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}.get(facts.separator or "")
    told = [
        f"{facts.n_rows:,} rows and {n_columns:,} columns",
        facts.format,
        facts.encoding,
        facts.separator and f"separated by {separator or repr(facts.separator)}",
        facts.sheet and f"sheet {facts.sheet}",
        facts.member and f"{facts.member} in the zip",
    ]
    return " · ".join(str(part) for part in told if part)
