"""Export decisions, findings and the report; import decisions, after what they would change was shown."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.shared import texts as shared
from pages.shared.checks import CheckResults, ReviewItem
from pages.shared.download import XLSX, Download, draw_downloads
from pages.shared.frame import errors_shown
from pages.shared.permission import permitted
from pages.shared.quality import texts
from pages.shared.reports import offer_reports
from pages.shared.upload_formats import FORMATS, on_disk
from prodsim.output.export import findings_table, to_csv, to_xlsx
from prodsim.output.report import N_ACTIONS
from prodsim.output.write_back import PLATFORMS, as_import, changes_of, write_back
from prodsim.phrases import Text, joined, retold
from prodsim.records import Records
from prodsim.workspace import OpenCatalog
from prodsim.workspace.imports import DecisionsFile, DecisionsPreview, preview_decisions, read_decisions_file

LAST_IMPORT, IMPORT_NUMBER, READ_FILE = "decisions imported", "decisions import", "decisions read"


def offer_exports(opened: OpenCatalog, records: Records, results: CheckResults, items: Sequence[ReviewItem]) -> None:
    """Draw buttons for the decisions and findings as tables and for the report; each is made when it is pressed."""
    name = opened.name
    states = [item.state for item in items]
    with st.popover(shared.EXPORT(), icon=":material/download:"):
        st.caption(texts.DECISIONS_HELP())
        decisions = (texts.DECISIONS_CSV, texts.DECISIONS_XLSX)
        draw_downloads("decisions", _tables(decisions, texts.DECISIONS_FILE(catalog=name), records.decisions_table))
        st.caption(texts.FINDINGS_HELP())
        findings = (texts.FINDINGS_CSV, texts.FINDINGS_XLSX)
        make_findings = lambda: findings_table(results.report.findings, states)  # noqa: E731 - made when pressed
        draw_downloads("findings", _tables(findings, texts.FINDINGS_FILE(catalog=name), make_findings))
        _offer_write_back(opened, items)
        offer_reports(opened, records, results, items)


def _offer_write_back(opened: OpenCatalog, items: Sequence[ReviewItem]) -> None:
    """Draw the files with which a shop system does what was decided, and how many decisions none can hold."""
    decided = [(item.finding, item.decision) for item in items if item.decision and item.state == "decided"]
    changes = changes_of(decided, opened.catalog)
    if not (changes.cells or changes.removed):
        return
    name = st.selectbox(
        texts.WRITE_BACK(),
        list(PLATFORMS),
        format_func=lambda name: PLATFORMS[name].title,
        help=texts.WRITE_BACK_HELP(),
    )
    platform = PLATFORMS[name]
    back = write_back(changes, opened.catalog, platform, opened.info.mapping)
    tables = {"changed": back.changed, "take out": back.removed}
    downloads = [
        Download(
            texts.WRITE_BACK_FILES[which](len(table)),
            partial(as_import, table, platform),
            f"{opened.name} {platform.title} {which}.csv",
            "text/csv",
        )
        for which, table in tables.items()
        if len(table)
    ]
    draw_downloads("write back", downloads)
    if back.n_lacking:
        st.caption(texts.N_LACKING(back.n_lacking, system=platform.title))
    if changes.unwritable:
        st.caption(texts.N_BY_HAND(len(changes.unwritable)))


def _tables(labels: tuple[Text, Text], name: str, make_table: Callable[[], pd.DataFrame]) -> list[Download]:
    """Return the downloads of a table as CSV and as XLSX."""
    as_csv, as_xlsx = labels
    return [
        Download(as_csv(), lambda: to_csv(make_table()), f"{name}.csv", "text/csv"),
        Download(as_xlsx(), lambda: to_xlsx(make_table()), f"{name}.xlsx", XLSX),
    ]


def offer_import(records: Records, results: CheckResults) -> None:
    """Draw the upload of exported decisions: first what the file would change, then a button that imports it."""
    number = st.session_state.setdefault(IMPORT_NUMBER, 0)
    with st.popover(shared.IMPORT(), icon=":material/upload:"):
        st.caption(texts.IMPORT_HELP())
        key = f"{IMPORT_NUMBER} {number}"
        file = st.file_uploader(texts.DECISIONS(), FORMATS, key=key, label_visibility="collapsed")
        if file is None:
            return
        with errors_shown():
            preview = preview_decisions(_read_once(file), records, results.places)
            _draw_preview(preview)
            n = len(preview.incoming.new) + len(preview.incoming.older)
            arguments = (records, preview, file.name, file.getvalue())
            st.button(
                texts.IMPORT_N(n), key="import", type="primary", on_click=_import, args=arguments,
                **permitted("decide", is_off=not n),
            )  # fmt: skip


def _read_once(file: UploadedFile) -> DecisionsFile:
    """Return the decisions of an uploaded file, which is read at the first of many reruns."""
    held: tuple[str, DecisionsFile] | None = st.session_state.get(READ_FILE)
    if held is None or held[0] != file.file_id:
        with on_disk(file.name, file.getvalue()) as path:
            held = st.session_state[READ_FILE] = file.file_id, read_decisions_file(path)
    return held[1]


def describe_import(preview: DecisionsPreview) -> list[str]:
    """Say what a file contains, in a line for each kind of decision."""
    incoming = preview.incoming
    counts = Counter(decision.action for decision in incoming.new)
    actions = joined(N_ACTIONS[action](n=n) for action, n in counts.items())
    lines = {
        texts.N_NEW(len(incoming.new), actions=actions): incoming.new,
        texts.N_NOT_PRESENT(len(preview.unmatched)): preview.unmatched,
        texts.N_KNOWN(n=len(incoming.known)): incoming.known,
        texts.N_OLDER(n=len(incoming.older)): incoming.older,
        texts.N_LEFT_OUT(n=len(preview.left_out)): preview.left_out,
    }
    return [line for line, counted in lines.items() if counted] or [texts.NO_DECISIONS()]


def show_imported() -> None:
    """Draw what the last import added, already had and left out, until the person closes it."""
    preview: DecisionsPreview | None = st.session_state.get(LAST_IMPORT)
    if preview is not None:
        with st.container(border=True):
            st.markdown(f":material/task_alt: **{texts.IMPORTED()}**")
            _draw_preview(preview)
            st.button(shared.CLOSE(), icon=":material/close:", on_click=st.session_state.pop, args=(LAST_IMPORT, None))


def _draw_preview(preview: DecisionsPreview) -> None:
    st.text("\n".join(describe_import(preview)))
    if preview.left_out:
        table = pd.DataFrame(
            [(finding.line, retold(finding.what)) for finding in preview.left_out], columns=["line", "why"]
        )
        labels = {"line": shared.LINE(), "why": shared.REASON()}
        height = min(200, 40 + 36 * len(table))
        st.dataframe(table, hide_index=True, height=height, alt=texts.LEFT_OUT(), column_config=labels)


def _import(records: Records, preview: DecisionsPreview, name: str, data: bytes) -> None:
    with errors_shown(), on_disk(name, data) as path:
        records.import_decisions(path)
        st.session_state[LAST_IMPORT] = preview
        st.session_state.pop(READ_FILE, None)
        st.session_state[IMPORT_NUMBER] += 1  # another key empties the place for files
