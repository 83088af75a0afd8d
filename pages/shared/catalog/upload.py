"""Upload a file: choose it, and see what was read of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.catalog import file_cache, texts
from pages.shared.catalog.source import choose_typed_path, offer_sources, show_origin
from pages.shared.download import download_table
from pages.shared.permission import permitted
from prodsim.catalog import ColumnMapping, EncodingReading, RawTable, ReadFacts, ReadOptions, count_groups
from prodsim.phrases import Plural, retold

PATH = "catalog_path"
GUESS = "guess"
ENCODINGS = (
    GUESS, "utf-8", "utf-16", "gb18030", "big5", "cp932", "euc-jp", "cp949", "windows-1250", "windows-1251",
    "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
    "iso-8859-2", "koi8-r", "cp866", "mac-roman",
)  # fmt: skip
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
            texts.READ_FILE(),
            on_click=_choose_typed,
            args=(typed,),
            icon=":material/folder_open:",
            **permitted("build", is_off=not typed),
        )
        st.caption(texts.SERVER_PATH_HELP())
    with sample.container(border=True, height="stretch"):
        st.text(texts.SAMPLES())
        for each in state.SAMPLES:
            label = texts.BUILD_SAMPLE(sample=each.name)
            st.button(
                label,
                on_click=state.start_build,
                args=(each.request,),
                icon=":material/auto_awesome:",
                width="stretch",
                **permitted("build"),
            )
    fetched = offer_sources()
    if fetched is not None:
        _choose(str(fetched))
        st.rerun()
    return None


def choose_reading(path: Path) -> ReadOptions:
    """Draw how the file is read, and return it; everything is guessed until the person chooses otherwise."""
    options = _choose_format(path)
    locales = file_cache.read(path, options).facts.locales
    if len(locales) < 2:
        return options
    return replace(options, locale=_choose_part(texts.LOCALE(), locales, texts.AUTOMATIC()))


def show_headline(path: Path, options: ReadOptions, mapping: ColumnMapping) -> None:
    """Draw in one line what the file is: whose export, its products and variants, where the price comes from."""
    facts, catalog = file_cache.read(path, options).facts, file_cache.products(path, options, mapping)
    parts = [
        texts.EXPORT_OF(platform=facts.platform) if facts.platform else "",
        (facts.encoding or facts.format).upper(),
        _counted(count_groups(catalog), len(catalog)),
        texts.PRICE_FROM(column=mapping["price"]) if "price" in mapping else "",
        texts.READ_IN(locale=facts.locale) if facts.locale else "",
    ]
    with st.container(border=True, gap="xsmall"):
        st.text(" · ".join(filter(None, parts)))
        for finding in catalog.findings:
            if finding.kind == "reading":
                st.text(retold(finding.what))


def _counted(groups: int, variants: int) -> str:
    products = shared.N_PRODUCTS(groups)
    return products if variants == groups else texts.PRODUCTS_IN_VARIANTS(products=products, variants=variants)


def _choose_format(path: Path) -> ReadOptions:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        members, _ = file_cache.parts(path, None)
        member = _choose_part(texts.FILE_IN_ZIP(), members, texts.LARGEST())
        _, sheets = file_cache.parts(path, member)
        sheet = _choose_part(texts.SHEET(), sheets, texts.FIRST_WITH_ROWS())
        if sheets:
            return ReadOptions(None, None, sheet, member)
        encoding = st.selectbox(
            texts.ENCODING(),
            ENCODINGS,
            format_func=_encoding_label,
            width=180,
            key=f"encoding {path}",
            accept_new_options=True,
        )
        separator = st.selectbox(
            texts.SEPARATOR(), SEPARATOR_CHOICES, format_func=_separator_label, width=180, key=f"separator {path}"
        )
    return ReadOptions(
        None if encoding == GUESS else encoding, None if separator == GUESS else separator, sheet, member
    )


def show_reading(path: Path, table: RawTable) -> None:
    """Draw how the file was read, the readings of a doubtful encoding, and the lines left out or repaired."""
    facts = table.facts
    st.text(_how_read(facts, len(table.frame.columns)))
    if len(facts.readings) > 1:
        _offer_readings(path, facts.readings)
    bad = [(line.line, line.reason, line.text) for line in facts.bad_lines]
    repaired = [(line.line, line.repair, line.text) for line in facts.repaired]
    _show_lines(texts.BAD_LINES, shared.REASON(), texts.DOWNLOAD_BAD_LINES(), bad, f"{facts.name}-bad-lines.csv")
    _show_lines(
        texts.REPAIRED_LINES, texts.REPAIR(), texts.DOWNLOAD_REPAIRED(), repaired, f"{facts.name}-repaired-lines.csv"
    )


def _show_lines(title: Plural, what: str, download: str, lines: list[tuple[int, str, str]], name: str) -> None:
    if not lines:
        return
    table = pd.DataFrame(lines, columns=[shared.LINE(), what, texts.LINE_TEXT()])
    label = title(len(table))
    with st.expander(label, icon=":material/warning:"):
        st.dataframe(table, hide_index=True, height=min(240, 40 + 36 * len(table)), alt=label)
        download_table(download, table, name)


def _offer_readings(path: Path, readings: Sequence[EncodingReading]) -> None:
    """Draw the likeliest readings side by side, each with a button that takes it."""
    st.warning(texts.DOUBTFUL_ENCODING(), icon=":material/translate:")
    for reading, place in zip(readings, st.columns(len(readings)), strict=True):
        with place.container(border=True):
            st.text(reading.example)
            st.button(
                texts.READ_IN_ENCODING(encoding=reading.encoding),
                key=f"read as {reading.encoding}",
                on_click=_take_encoding,
                args=(path, reading.encoding),
                width="stretch",
            )


def _take_encoding(path: Path, encoding: str) -> None:
    st.session_state[f"encoding {path}"] = encoding


def forget_file() -> None:
    """Begin again with another file."""
    st.session_state.pop(PATH, None)
    file_cache.forget()


def _upload() -> None:
    upload = st.file_uploader(
        texts.DROP_HERE(),
        key=f"upload {st.session_state.setdefault('uploads', 0)}",
        **permitted("build", help=texts.UPLOAD_HELP(limit=st.get_option("server.maxUploadSize"))),
    )
    if upload is not None:
        _choose(str(state.workspace().keep_upload(upload.name, upload)))
        st.session_state["uploads"] += 1  # another key drops the widget's copy of the file
        st.rerun()


def _choose(path: str) -> None:
    st.session_state[PATH] = path


def _choose_typed(text: str) -> None:
    """Choose a path on the server; a folder or a pattern means its newest file."""
    path = choose_typed_path(text)
    if path is not None:
        _choose(str(path))


def _label(path: Path) -> str:
    """Return a file's name and size; a folder's name alone."""
    if not path.is_file():
        return path.name
    size = path.stat().st_size
    small, large = texts.SMALL_FILE_SIZE, texts.FILE_SIZE
    return small(file=path.name, size_kb=size / 1e3) if size < 1e6 else large(file=path.name, size_mb=size / 1e6)


def _show_chosen(path: Path) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(_label(path), width="stretch")
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
