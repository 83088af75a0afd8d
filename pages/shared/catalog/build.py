"""Build a catalog: the preview, the choices, the button; builds that run, and builds that were stopped."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

import streamlit as st

from pages.shared import frame, state
from pages.shared import texts as shared
from pages.shared.cards import draw_card
from pages.shared.catalog import file_cache, texts
from pages.shared.catalog.source import chosen_origin, suggested_name
from pages.shared.catalog.upload import forget_file
from pages.shared.changes import show_changes
from pages.shared.permission import permitted
from pages.shared.server_paths import check_model
from prodsim.catalog import ColumnMapping, RawTable, ReadOptions
from prodsim.doctor import local_models
from prodsim.encoders import AUTO_ENCODER, ENCODERS, ENGLISH, name_languages
from prodsim.errors import MissingPackage
from prodsim.extras import require
from prodsim.index import Metric
from prodsim.jobs import JobState
from prodsim.phrases import retold
from prodsim.progress import duration
from prodsim.quality import kind_title
from prodsim.workspace import (
    BUILD_SHARES,
    BuildRequest,
    CatalogInfo,
    build_key,
    estimate_build,
    exact_mapping,
    is_build_key,
)
from prodsim.workspace.removal import discard_build

PREVIEWED = 5
TAB = "catalog_tab"
HERE, NEW = "This catalog", "Bring a file"
"""What is shown below the builds, as the link says it in every language."""
AWAITED = "catalog_awaited"
"""A catalog whose build was started here; shown once the build has ended."""


def show_preview(path: Path, options: ReadOptions, mapping: ColumnMapping) -> None:
    """Draw the products as they will look, and how many imperfections the file has."""
    catalog = file_cache.products(path, options, mapping)
    with st.grid("auto", min_column_width=150, gap="small"):
        for row in range(min(PREVIEWED, len(catalog))):
            with st.container():
                draw_card(catalog.products.iloc[row], path.parent)
    kinds = Counter(finding.kind for finding in catalog.findings)
    counts = [texts.KIND_TIMES(n=count, kind=kind_title(kind)) for kind, count in kinds.most_common()]
    st.text(" · ".join([shared.N_PRODUCTS(len(catalog)), *counts]))
    if counts:
        st.caption(texts.FINDINGS_LATER())


def offer_build(path: Path, table: RawTable, options: ReadOptions, mapping: ColumnMapping, kind: str) -> None:
    """Draw name, encoder and metric, what changes, an estimate, and the button."""
    catalog = file_cache.products(path, options, mapping)
    languages = file_cache.languages(path, options, mapping)
    name, encoder, metric = _choose(path, languages)
    request = BuildRequest(
        path, name, exact_mapping(mapping), options, encoder, metric, origin=chosen_origin(path), profile=kind
    )
    state.workspace().layout.catalog(request.catalog_name)  # a name that cannot be one is refused before the button
    present = next((info for info in state.workspace().catalogs() if info.name == request.catalog_name), None)
    if any(catalog.products["image"]):
        request = replace(request, read_pictures=_ask_lettering(path, present))
    if present is not None:
        _show_changes(request)
    likely = ("minilm" if set(languages) <= {ENGLISH} else "e5-multilingual") if encoder == AUTO_ENCODER else encoder
    estimate = estimate_build(len(catalog), likely)
    st.text(texts.ESTIMATE(duration=duration(estimate.seconds), size_mb=estimate.size_mb))
    arguments = (table, mapping, request)
    st.button(
        texts.BUILD(), type="primary", icon=":material/play_arrow:", on_click=_build, args=arguments,
        **permitted("build"),
    )  # fmt: skip


def show_builds() -> None:
    """Draw builds that wait or run, with their steps; then those that were stopped, to continue or to discard."""
    shown = [job.state for job in state.shown_jobs()]
    for job in shown:
        if job.is_active and is_build_key(job.key):
            _watch(job.key)
    titles = {job.title for job in state.active_jobs() if is_build_key(job.key)}
    if st.session_state.get(AWAITED, "") in {info.name for info in state.workspace().catalogs()} - titles:
        st.session_state[TAB] = HERE
        del st.session_state[AWAITED]
    for name, request in state.workspace().unfinished().items():
        if name not in titles and request.is_shown:
            _offer_to_continue(name, request)


def _choose(path: Path, languages: Mapping[str, float]) -> tuple[str, str, Metric]:
    labels = _encoder_labels()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(texts.CATALOG_NAME(), value=suggested_name(path), key=f"name {path}")
        encoder = st.selectbox(
            shared.ENCODER(),
            list(labels),
            format_func=lambda known: labels.get(known, known),
            key=f"encoder {path}",
            accept_new_options=True,
            help=texts.ENCODER_HELP(),
        )
        metric = st.selectbox(
            shared.METRIC(),
            get_args(Metric),
            format_func=lambda each: shared.METRIC_NAMES[each](),
            help=texts.METRIC_HELP(),
        )
    if not set(languages) <= {ENGLISH}:
        if encoder == "minilm":
            st.warning(texts.FOREIGN_MINILM(languages=name_languages(languages)), icon=":material/translate:")
        elif encoder in (AUTO_ENCODER, "e5-multilingual"):
            st.caption(texts.FOREIGN_E5(languages=name_languages(languages)))
    check_model(encoder)
    return name.strip(), encoder, metric


def _ask_lettering(path: Path, present: CatalogInfo | None) -> bool:
    """Draw whether the text on pictures is read; at first as in the catalog that will be updated."""
    absent = None
    try:
        require("ocr")
    except MissingPackage as error:
        absent = f"{error.what} {error.fix}"
    key = f"lettering {path} {present.name if present else ''}"
    return st.toggle(
        texts.READ_PICTURES(), present is not None and present.read_pictures, key=key, disabled=absent is not None,
        help=absent or texts.READ_PICTURES_HELP(),
    )  # fmt: skip


def _encoder_labels() -> dict[str, str]:
    """Return each encoder that can be chosen, with what it reads and its size."""
    labels = {AUTO_ENCODER: texts.AUTO()}
    for spec in ENCODERS:
        label = texts.ENCODER_READS_SIZE if spec.size_mb else texts.ENCODER_READS
        labels[spec.name] = label(encoder=spec.name, languages=spec.languages(), size_mb=spec.size_mb)
    for model in local_models():
        labels[model.name] = texts.ENCODER_LOCAL(encoder=model.name, size_mb=model.size_mb)
    return labels


def _show_changes(request: BuildRequest) -> None:
    changes = file_cache.changes(request.catalog_name, request.path, request.options, request.mapping)
    with st.container(border=True):
        st.text(texts.WILL_UPDATE(catalog=request.catalog_name))
        show_changes(changes)


def _build(table: RawTable, mapping: ColumnMapping, request: BuildRequest) -> None:
    state.workspace().confirm(table, mapping)
    if state.begin_build(request):
        st.session_state[AWAITED] = request.catalog_name
        forget_file()


def _watch(key: str) -> None:
    @st.fragment(run_every=1.0)
    def panel() -> None:
        job = state.job_runner().find(key)
        if job is None or not job.state.is_active:
            return  # the sidebar notices the end and runs the page again
        with st.container(border=True):
            frame.draw_job(job.state)
            _draw_steps(job.state)
            st.button(shared.STOP(), key=f"stop {key}", on_click=job.cancel, icon=":material/stop_circle:")

    panel()


def _draw_steps(job: JobState) -> None:
    with st.container(horizontal=True, gap="small"):
        for step in BUILD_SHARES:
            name = texts.STEP_NAMES[step]()
            if step == job.step:
                st.badge(name, icon=":material/hourglass_top:", color="blue")
            elif step in job.steps:
                st.badge(texts.STEP_TOOK(step=name, seconds=job.steps[step]), icon=":material/check:", color="green")
            else:
                st.badge(name, color="gray")


def _offer_to_continue(name: str, request: BuildRequest) -> None:
    job = state.job_runner().find(build_key(name))
    error = job.state.error if job is not None and job.is_shown and job.state.status == "failed" else None
    with st.container(border=True):
        st.text((texts.BUILD_FAILED if error else texts.BUILD_STOPPED)(catalog=name))
        if error:
            st.text(retold(error.what))
            st.text(retold(error.fix))
        with st.container(horizontal=True):
            st.button(
                (texts.TRY_AGAIN if error else shared.CONTINUE)(),
                key=f"continue {name}",
                type="primary",
                icon=":material/play_arrow:",
                on_click=state.start_build,
                args=(request,),
                **permitted("build"),
            )
            st.button(
                shared.DISCARD(),
                key=f"discard {name}",
                icon=":material/delete:",
                on_click=_discard,
                args=(name,),
                **permitted("build", help=texts.DISCARD_HELP()),
            )


def _discard(name: str) -> None:
    with frame.errors_shown():
        discard_build(state.workspace(), name)
