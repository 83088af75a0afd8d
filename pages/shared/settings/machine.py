"""What prodsim runs on: encoders, storage, device, privacy, versions."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared import texts as shared
from pages.shared.delete_catalog import offer_delete
from pages.shared.download import DOWNLOAD, Download, draw_downloads
from pages.shared.frame import errors_shown
from pages.shared.permission import permitted
from pages.shared.settings import texts
from prodsim.doctor import Diagnosis
from prodsim.encoders import ENCODERS, EncoderSpec
from prodsim.roles import require_role
from prodsim.settings import Settings
from prodsim.workspace import remove_uploads

STORAGE_WIDTHS = [3, 6, 2, 2]
"""Of a line of the storage: name, what it is, size, what can be done."""
WRAPPED_PX = 64
"""Height of a row of the encoders: what one is good for takes up to three lines."""


def show_encoders(diagnosis: Diagnosis) -> None:
    """Draw the encoders: what each reads, its size and licence, and whether it is installed."""
    st.subheader(texts.ENCODERS(), anchor=False)
    rows = [_row(spec, spec.name not in diagnosis.missing) for spec in ENCODERS]
    for model in diagnosis.models:
        rows.append({"name": model.name, "good": texts.IN_MODEL_CACHE(), "mb": model.size_mb, "here": True})
    columns = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        row_height=WRAPPED_PX,
        alt=texts.ENCODERS(),
        column_config={
            "name": columns.TextColumn(shared.NAME(), width=115),
            "good": columns.TextColumn(texts.GOOD_FOR(), width=285),
            "reads": columns.TextColumn(texts.READS(), width=95),
            "dim": columns.NumberColumn(shared.DIMENSIONS(), help=texts.DIMENSIONS_HELP(), width=95),
            "tokens": columns.TextColumn(texts.TOKENS(), help=texts.TOKENS_HELP(), width=70),
            "mb": columns.NumberColumn(texts.MEGABYTES(), help=texts.MEGABYTES_HELP(), format="%d", width=55),
            "licence": columns.TextColumn(texts.LICENCE(), width=95),
            "here": columns.CheckboxColumn(texts.INSTALLED(), help=texts.INSTALLED_HELP(), width=80),
        },
    )
    st.text(texts.DEFAULT_ENCODER(encoder=diagnosis.encoder))
    st.caption(texts.OTHER_ENCODERS())


def show_storage(diagnosis: Diagnosis) -> None:
    """Draw what each catalog takes, with a way to delete it, and what all of them share."""
    st.subheader(texts.STORAGE(), anchor=False)
    use = state.workspace().storage()
    n_products = {info.name: info.products for info in state.workspace().catalogs()}
    st.text(texts.STORAGE_TOTAL(size_mb=use.total, home=diagnosis.home, free_gb=diagnosis.free_gb))
    with st.container(border=True, gap="xsmall"):
        for name, size_mb in use.catalogs.items():
            label, products, size, delete = st.columns(STORAGE_WIDTHS, vertical_alignment="center")
            label.text(name)
            products.text(shared.N_PRODUCTS(n_products[name]) if name in n_products else texts.NOT_FINISHED())
            size.text(texts.SIZE(size_mb=size_mb))
            with delete:
                offer_delete(name)
        _show_shared(texts.VECTORS(), texts.VECTORS_WHY(), use.vectors)
        _show_shared(texts.MODELS(), texts.MODELS_WHY(), use.models)
        _show_shared(texts.ADAPTED_ENCODERS(), texts.ADAPTED_ENCODERS_WHY(), use.adapted)
        with _show_shared(texts.UPLOADS(), texts.UPLOADS_WHY(), use.uploads):
            _offer_cleaning()


def show_device(diagnosis: Diagnosis) -> None:
    """Draw where models run, and why."""
    st.subheader(texts.DEVICE(), anchor=False)
    facts = [texts.SYSTEM(diagnosis.cores, system=diagnosis.system), ", ".join(diagnosis.cpu_features)]
    if diagnosis.memory_gb:
        facts.append(texts.SYSTEM_MEMORY(memory_gb=diagnosis.memory_gb))
    st.text(diagnosis.device)
    st.text(" · ".join(filter(None, facts)))
    st.caption(texts.DEVICE_HELP())


def show_privacy(settings: Settings) -> None:
    """Draw what leaves the machine: nothing."""
    st.subheader(texts.PRIVACY(), anchor=False)
    st.text(texts.PRIVACY_LINE())
    st.text(texts.DOWNLOADS_ALLOWED() if settings.allow_download else texts.DOWNLOADS_REFUSED())


def show_versions(diagnosis: Diagnosis) -> None:
    """Draw packages and their versions, with a way to take everything on this page along."""
    st.subheader(texts.VERSIONS(), anchor=False)
    rows = [(name, version or texts.NOT_INSTALLED()) for name, version in diagnosis.versions.items()]
    table = pd.DataFrame(rows, columns=[texts.PACKAGE(), texts.VERSION()])
    st.dataframe(table, hide_index=True, height=320, alt=texts.VERSIONS())
    report = Download(
        texts.BUG_REPORT(), diagnosis.as_text, "prodsim-doctor.txt", "text/plain", DOWNLOAD, texts.BUG_REPORT_HELP()
    )
    draw_downloads("bug report", [report], "content")


def _row(spec: EncoderSpec, is_here: bool) -> dict[str, object]:
    return {
        "name": spec.name,
        "good": spec.summary(),
        "reads": spec.languages(),
        "dim": spec.dim,
        "tokens": f"{spec.max_tokens:,}" if spec.max_tokens else texts.ALL_TOKENS(),
        "mb": spec.size_mb,
        "licence": spec.licence,
        "here": is_here,
    }


def _show_shared(name: str, why: str, size_mb: float) -> "st.delta_generator.DeltaGenerator":
    """Draw a line of the storage that all catalogs share; return the place for what can be done about it."""
    label, what, size, action = st.columns(STORAGE_WIDTHS, vertical_alignment="center")
    label.text(name)
    what.caption(why)
    size.text(texts.SIZE(size_mb=size_mb))
    return action


def _offer_cleaning() -> None:
    unused = state.workspace().unused_uploads()
    is_off = not unused or bool(state.active_jobs())
    with st.popover(texts.CLEAN_UP(), icon=":material/cleaning_services:", **permitted("delete", is_off=is_off)):
        st.text(texts.UNUSED_UPLOADS(len(unused)))
        st.button(texts.DELETE_UPLOADS(), type="primary", on_click=_remove, args=(unused,))


def _remove(unused: list[Path]) -> None:
    """Delete uploaded files that nothing needs."""
    with errors_shown():
        require_role("delete")
        remove_uploads(unused)
