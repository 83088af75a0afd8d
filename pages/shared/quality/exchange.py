"""Handing over: decisions and the report to take along, and decisions that are brought from elsewhere."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.shared.download import XLSX, Download, draw_downloads
from pages.shared.frame import errors_shown
from pages.shared.quality.checks import Checked
from pages.shared.quality.finding_card import ACTIONS, Found
from prodsim.output.export import findings_table, to_csv, to_xlsx
from prodsim.output.report import Reported, report_page
from prodsim.records import Records
from prodsim.workspace import OpenCatalog
from prodsim.workspace.imports import DecisionsFile, DecisionsPreview, preview_decisions, read_decisions_file

TAKEN, ROUND, HELD = "decisions taken in", "decisions import", "decisions held"
FORMATS = ("csv", "tsv", "xlsx", "json", "parquet")
"""Of tables that are read; CSV and XLSX are written."""


def offer_exports(opened: OpenCatalog, records: Records, checked: Checked, found: Sequence[Found]) -> None:
    """What was decided and found as tables, and everything as one page, to take along; each is made when asked for."""
    name = opened.name
    findings = lambda: findings_table(checked.report.findings, [one.state for one in found])  # noqa: E731 - when asked for
    with st.popover("Export", icon=":material/download:"):
        st.caption("What was decided: one line a product, with an action that other systems can import.")
        draw_downloads("decisions", _as_tables("Decisions", f"{name} decisions", records.decisions_table))
        st.caption("What was found: one line a finding, with what became of it.")
        draw_downloads("findings", _as_tables("Findings", f"{name} findings", findings))
        st.caption("Everything with charts, pictures and examples in one page that opens offline.")
        page = lambda: whole_page(opened, records, checked, found)  # noqa: E731 - made when asked for
        draw_downloads("report", [Download("HTML report", page, f"{name} quality.html", "text/html")])


def _as_tables(label: str, name: str, make_table: Callable[[], pd.DataFrame]) -> list[Download]:
    """A table as CSV and as XLSX."""
    return [
        Download(f"{label} as CSV", lambda: to_csv(make_table()), f"{name}.csv", "text/csv"),
        Download(f"{label} as XLSX", lambda: to_xlsx(make_table()), f"{name}.xlsx", XLSX),
    ]


def whole_page(opened: OpenCatalog, records: Records, checked: Checked, found: Sequence[Found]) -> str:
    """The report as one page."""
    report, states = checked.report, [one.state for one in found]
    return report_page(Reported.of(opened, report, report.findings, states, records))


def offer_import(records: Records, checked: Checked) -> None:
    """Bring decisions that were exported: first what the file would change, then take it in."""
    number = st.session_state.setdefault(ROUND, 0)
    with st.popover("Import", icon=":material/upload:"):
        st.caption("Decisions as they were exported, CSV or XLSX. You see what a file would change before it does.")
        file = st.file_uploader("Decisions", FORMATS, key=f"{ROUND} {number}", label_visibility="collapsed")
        if file is None:
            return
        with errors_shown():
            brought = preview_decisions(_read_once(file), records, checked.places)
            _draw_brought(brought)
            n = len(brought.incoming.new) + len(brought.incoming.older)
            arguments = (records, brought, file.name, file.getvalue())
            st.button(f"Take in {n:,}", type="primary", disabled=not n, on_click=_take_in, args=arguments)


def _read_once(file: UploadedFile) -> DecisionsFile:
    """The same of an uploaded file, at the first of many reruns."""
    held: tuple[str, DecisionsFile] | None = st.session_state.get(HELD)
    if held is None or held[0] != file.file_id:
        with _on_disk(file.name, file.getvalue()) as path:
            held = st.session_state[HELD] = file.file_id, read_decisions_file(path)
    return held[1]


def told_brought(brought: DecisionsPreview) -> list[str]:
    """What a file holds, a line for each thing to know."""
    incoming = brought.incoming
    actions = Counter(ACTIONS[one.action] for one in incoming.new)
    counted = ", ".join(f"{n:,} {name}" for name, n in actions.items())
    told = {
        f"{len(incoming.new):,} new: {counted}": incoming.new,
        f"{len(brought.unmatched):,} of these about what is not found now; kept for when it is": brought.unmatched,
        f"{len(incoming.known):,} already here": incoming.known,
        f"{len(incoming.older):,} older than what was decided here, which goes on to count": incoming.older,
        f"{len(brought.left_out):,} left out": brought.left_out,
    }
    return [line for line, there in told.items() if there] or ["The file holds no decision."]


def tell_taken() -> None:
    """What the last import took in, already had and left out, until the person has read it."""
    brought: DecisionsPreview | None = st.session_state.get(TAKEN)
    if brought is not None:
        with st.container(border=True):
            st.markdown(":material/task_alt: **The decisions are taken in**")
            _draw_brought(brought)
            st.button("Close", icon=":material/close:", on_click=st.session_state.pop, args=(TAKEN, None))


def _draw_brought(brought: DecisionsPreview) -> None:
    st.text("\n".join(told_brought(brought)))
    if brought.left_out:
        why = [(one.line, one.what) for one in brought.left_out]
        table = pd.DataFrame(why, columns=["line", "why"])
        st.dataframe(table, hide_index=True, height=min(200, 40 + 36 * len(table)), alt="Left out")


def _take_in(records: Records, brought: DecisionsPreview, name: str, data: bytes) -> None:
    with errors_shown(), _on_disk(name, data) as path:
        records.import_decisions(path)
        st.session_state[TAKEN] = brought
        st.session_state.pop(HELD, None)
        st.session_state[ROUND] += 1  # another key empties the place for files


@contextmanager
def _on_disk(name: str, data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"decisions{Path(name).suffix}"
        path.write_bytes(data)
        yield path
