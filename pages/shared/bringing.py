"""Bringing a file: choose it, see what was read, confirm the columns, build."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.cards import draw_card
from prodsim.catalog import FIELDS, ColumnMapping, RawTable, ReadOptions, make_catalog, read_table
from prodsim.encoders import ENCODERS
from prodsim.errors import CatalogError
from prodsim.index import Metric
from prodsim.workspace import BuildRequest

PATH = "catalog_path"
NONE = "—"
ENCODINGS = ["guess", "utf-8", "gb18030", "utf-16", "windows-1252"]
SEPARATORS = {"guess": None, "comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
METRICS: dict[Metric, str] = {"cosine": "cosine", "ip": "inner product", "l2": "Euclidean"}
TEXTS_PER_S = 400
"""A cautious rate of the default encoder on a laptop, for the estimate before anything was measured."""


def ask_source() -> Path | None:
    """An uploaded file, a path on this machine, or a sample; the file's path once one is chosen."""
    upload = st.file_uploader(
        "Drop a catalog here",
        key=f"upload {st.session_state.setdefault('uploads', 0)}",
        help="CSV, TSV, XLSX, JSON, JSON lines or Parquet; plain, gzipped or in a zip. It stays on this machine.",
    )
    if upload is not None:
        st.session_state[PATH] = str(state.workspace().keep_upload(upload.name, upload))
        st.session_state["uploads"] += 1  # another key drops the widget's copy of the file
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Or a path on this machine", placeholder="/data/catalog.csv", key="typed_path")
        st.button(
            "Read it",
            on_click=lambda: st.session_state.update({PATH: typed.strip()}),
            disabled=not (typed or "").strip(),
        )
    with st.container(horizontal=True):
        for sample in state.SAMPLES:
            st.button(
                f"Build {sample.name}",
                on_click=state.start_build,
                args=(sample.request,),
                icon=":material/auto_awesome:",
            )
    chosen = st.session_state.get(PATH)
    return Path(chosen) if chosen else None


def show_reading(path: Path) -> ReadOptions:
    """What was read and how, with the lines left out and the means to overrule; returns the options chosen."""
    st.subheader("What we read", anchor=False)
    st.text(path.name)
    options = _ask_options()
    facts = read_table(path, options).facts
    if len(facts.sheets) > 1:
        options = replace(
            options, sheet=st.selectbox("Sheet", facts.sheets, index=facts.sheets.index(facts.sheet or facts.sheets[0]))
        )
    if len(facts.members) > 1:
        options = replace(
            options,
            member=st.selectbox("File in the zip", facts.members, index=facts.members.index(facts.member or "")),
        )
    facts = read_table(path, options).facts
    told = [
        f"{facts.n_rows:,} rows",
        facts.format,
        facts.encoding,
        facts.separator and f"separated by {facts.separator!r}",
    ]
    st.text(" · ".join(str(part) for part in told if part))
    for note in facts.notes:
        st.text(note)
    if facts.bad_lines:
        bad = pd.DataFrame([(b.line, b.reason, b.text) for b in facts.bad_lines], columns=["line", "reason", "text"])
        with st.expander(f"{len(bad):,} lines are kept out", icon=":material/warning:"):
            st.dataframe(bad, hide_index=True, height=220, alt="Lines kept out")
            st.download_button(
                "Download the list", bad.to_csv(index=False), f"{path.stem}-bad-lines.csv", on_click="ignore"
            )
    return options


def ask_columns(table: RawTable) -> ColumnMapping:
    """The guessed column of each field with examples, to confirm or change."""
    st.subheader("What the columns mean", anchor=False)
    proposal = state.workspace().propose(table)
    columns = [str(column) for column in table.frame.columns]
    rows = [
        {
            "field": field,
            "column": proposal.mapping.get(field, NONE),
            "sure": proposal.confidence.get(field),
            "examples": _examples(table, proposal.mapping.get(field)),
        }
        for field in FIELDS
    ]
    edited = st.data_editor(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height=38 + 35 * len(rows),
        disabled=["field", "sure", "examples"],
        key=f"columns {table.facts.name} {len(columns)} {table.facts.sheet}",
        column_config={
            "field": st.column_config.TextColumn("Field"),
            "column": st.column_config.SelectboxColumn("Column of the file", options=[NONE, *columns], required=True),
            "sure": st.column_config.ProgressColumn("How sure", min_value=0, max_value=1, format="percent"),
            "examples": st.column_config.TextColumn("Examples", width="large"),
        },
    )
    mapping = {field: column for field, column in zip(edited["field"], edited["column"], strict=True) if column != NONE}
    rest = [column for column in columns if column not in mapping.values()]
    if rest:
        st.caption("The other columns are attributes to filter by.")
        st.text(", ".join(rest[:40]) + (f" and {len(rest) - 40:,} more" if len(rest) > 40 else ""))
    return mapping


def offer_build(path: Path, table: RawTable, mapping: ColumnMapping, options: ReadOptions) -> None:
    """A preview of five products, the name and the encoder, an estimate, and the button."""
    preview = replace(table, frame=table.frame.iloc[:50], lines=table.lines[:50])
    try:
        products = make_catalog(replace(preview, facts=replace(preview.facts, bad_lines=())), mapping).products
    except CatalogError as error:
        st.text(f"{error.what} {error.fix}")
        return
    st.subheader("How products will look", anchor=False)
    with st.grid("auto", min_column_width=200, gap="small"):
        for row in range(min(5, len(products))):
            with st.container():
                draw_card(products.iloc[row], path.parent)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name of the catalog", value=path.name.split(".")[0], max_chars=100)
        names = [spec.name for spec in ENCODERS]
        summaries = {spec.name: f"{spec.name}: reads {spec.languages}" for spec in ENCODERS}
        chinese = products["title"].str.contains(r"[\u3400-\u9fff]", regex=True).mean() > 0.3
        index = names.index("lsa") if chinese else 0
        encoder = st.selectbox(
            "Encoder", names, index=index, format_func=lambda n: summaries[n], key=f"encoder {path.name}"
        )
        metric = st.selectbox(
            "Closeness",
            METRICS,
            format_func=lambda m: METRICS[m],
        )
    seconds = 15 + len(table.frame) / (TEXTS_PER_S if encoder == "minilm" else 20 * TEXTS_PER_S)
    size_mb = 5 + len(table.frame) * 0.006
    st.caption(f"About {seconds / 60:,.1f} minutes and {size_mb:,.0f} MB on a laptop; texts encoded before are reused.")
    if st.button("Build", type="primary", icon=":material/play_arrow:"):
        state.workspace().confirm(table, mapping)
        unused = {field: "" for field in FIELDS if field not in mapping}
        request = BuildRequest(path, name.strip(), {**unused, **mapping}, options, encoder, metric)
        state.workspace().folder(request.catalog_name)  # a name that cannot be one is refused here, not in the job
        state.start_build(request)
        del st.session_state[PATH]
        st.rerun()


def _ask_options() -> ReadOptions:
    with st.container(horizontal=True):
        encoding = st.selectbox("Encoding", ENCODINGS, width=180)
        separator = st.selectbox("Separator", list(SEPARATORS), width=180)
    return ReadOptions(None if encoding == "guess" else encoding, SEPARATORS[separator])


def _examples(table: RawTable, column: str | None) -> str:
    if column is None:
        return ""
    values = table.frame[column]
    return " | ".join(value[:60] for value in values[values != ""].drop_duplicates().head(3))
