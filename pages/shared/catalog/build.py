"""Building: the preview, the choices, the button; builds that run, and builds that were stopped."""

from collections import Counter
from pathlib import Path

import streamlit as st

from pages.shared import frame, state
from pages.shared.cards import draw_card
from pages.shared.catalog import file_cache
from pages.shared.catalog.upload import forget_file
from prodsim.catalog import ColumnMapping, RawTable, ReadOptions
from prodsim.doctor import local_models
from prodsim.encoders import AUTO, ENCODERS
from prodsim.errors import ProdsimError
from prodsim.index import Metric
from prodsim.jobs import JobState
from prodsim.workspace import BUILD_SHARES, BuildRequest, build_key, estimate_build, exact_mapping, is_build_key
from prodsim.workspace.removal import discard_build

PREVIEWED = 5
TAB = "catalog_tab"
HERE, NEW = "This catalog", "Bring a file"
AWAITED = "catalog_awaited"
"""A catalog whose build was started here; shown once the build has ended."""


def show_preview(path: Path, options: ReadOptions, mapping: ColumnMapping) -> None:
    """The products as they will look, and how many imperfections the file has."""
    catalog = file_cache.products(path, options, mapping)
    with st.grid("auto", min_column_width=150, gap="small"):
        for row in range(min(PREVIEWED, len(catalog))):
            with st.container():
                draw_card(catalog.products.iloc[row], path.parent)
    kinds = Counter(finding.kind for finding in catalog.findings)
    found = [f"{count:,} × {kind}" for kind, count in kinds.most_common()]
    st.text(" · ".join([f"{len(catalog):,} products", *found]))
    if found:
        st.caption("Every finding is listed with its line, and the rule that was applied, once the catalog is built.")


def offer_build(path: Path, table: RawTable, options: ReadOptions, mapping: ColumnMapping) -> None:
    """Name, encoder and metric, what changes, an estimate, and the button."""
    catalog = file_cache.products(path, options, mapping)
    is_chinese = file_cache.summary(path, options, mapping).is_chinese
    name, encoder, metric = _ask_choices(path, is_chinese)
    request = BuildRequest(path, name, exact_mapping(mapping), options, encoder, metric)
    state.workspace().layout.catalog(request.catalog_name)  # a name that cannot be one is refused before the button
    if any(info.name == request.catalog_name for info in state.workspace().catalogs()):
        _tell_changes(request)
    likely = ("e5-multilingual" if is_chinese else "minilm") if encoder == AUTO else encoder
    estimate = estimate_build(len(catalog), likely)
    minutes = max(1, round(estimate.seconds / 60))
    st.text(
        f"About {minutes:,} {'minute' if minutes == 1 else 'minutes'} and {estimate.size_mb:,.0f} MB on a laptop "
        "without a GPU. Texts encoded before are taken from the store."
    )
    st.button("Build", type="primary", icon=":material/play_arrow:", on_click=_build, args=(table, mapping, request))


def show_builds() -> None:
    """Builds that wait or run, with their steps; then those that were stopped, to go on with or to give up."""
    active = [job for job in state.active_jobs() if is_build_key(job.key)]
    for job in active:
        _watch(job.key)
    titles = {job.title for job in active}
    if st.session_state.get(AWAITED, "") in {info.name for info in state.workspace().catalogs()} - titles:
        st.session_state[TAB] = HERE
        del st.session_state[AWAITED]
    for name, request in state.workspace().unfinished().items():
        if name not in titles:
            _offer_to_continue(name, request)


def _ask_choices(path: Path, is_chinese: bool) -> tuple[str, str, Metric]:
    labels = {AUTO: "auto: minilm if it can read the texts, else e5-multilingual"}
    labels |= {spec.name: f"{spec.name}: reads {spec.languages}{_size(spec.size_mb)}" for spec in ENCODERS}
    labels |= {model.name: f"{model.name}: on this machine{_size(model.size_mb)}" for model in local_models()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name of the catalog", value=path.name.split(".")[0][:100], key=f"name {path}")
        encoder = st.selectbox(
            "Encoder",
            list(labels),
            format_func=lambda known: labels.get(known, known),
            key=f"encoder {path}",
            accept_new_options=True,
            help="What turns texts into vectors. Any sentence-transformers model works, by name or folder: type it.",
        )
        metric = st.selectbox(
            "Closeness",
            state.METRICS,
            format_func=lambda m: state.METRICS[m],
            help="How vectors are compared. Cosine is what the encoders were made for.",
        )
    if is_chinese and encoder == "minilm":
        st.warning(
            "Many titles are Chinese, which minilm hardly reads; auto, e5-multilingual and lsa do.",
            icon=":material/translate:",
        )
    elif is_chinese and encoder in (AUTO, "e5-multilingual"):
        st.caption("Many titles are Chinese: e5-multilingual also finds across languages; lsa is many times quicker.")
    return name.strip(), encoder, metric


def _size(size_mb: float) -> str:
    return f", {size_mb:,.0f} MB" if size_mb else ""


def _tell_changes(request: BuildRequest) -> None:
    found = file_cache.changes(request.catalog_name, request.path, request.options, request.mapping)
    with st.container(border=True):
        st.text(f"{request.catalog_name} exists and will be updated; only new and changed texts are encoded.")
        with st.container(horizontal=True):
            st.badge(f"{len(found.new):,} new", color="green")
            st.badge(f"{len(found.changed):,} changed", color="orange")
            st.badge(f"{len(found.gone):,} gone", color="red")
            st.badge(f"{found.n_same:,} as before", color="gray")
        if found.new_columns or found.gone_columns:
            st.text(_columns_told("New columns", found.new_columns) + _columns_told("Gone columns", found.gone_columns))


def _columns_told(label: str, names: tuple[str, ...]) -> str:
    return f"{label}: {', '.join(names)}. " if names else ""


def _build(table: RawTable, mapping: ColumnMapping, request: BuildRequest) -> None:
    state.workspace().confirm(table, mapping)
    state.start_build(request)
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
            st.button("Cancel", key=f"stop {key}", on_click=job.cancel, icon=":material/stop_circle:")

    panel()


def _draw_steps(job: JobState) -> None:
    with st.container(horizontal=True, gap="small"):
        for step in BUILD_SHARES:
            if step == job.step:
                st.badge(step, icon=":material/hourglass_top:", color="blue")
            elif step in job.steps:
                st.badge(f"{step} {job.steps[step]:,.0f} s", icon=":material/check:", color="green")
            else:
                st.badge(step, color="gray")


def _offer_to_continue(name: str, request: BuildRequest) -> None:
    job = state.job_runner().find(build_key(name))
    error = job.state.error if job is not None and job.state.status == "failed" else None
    with st.container(border=True):
        st.text(f"The build of {name} {'failed' if error else 'was stopped'}. What is finished is kept.")
        if error:
            _draw_reason(error)
        with st.container(horizontal=True):
            st.button(
                "Try again" if error else "Continue",
                key=f"continue {name}",
                type="primary",
                icon=":material/play_arrow:",
                on_click=state.start_build,
                args=(request,),
            )
            st.button(
                "Give it up",
                key=f"discard {name}",
                icon=":material/delete:",
                on_click=discard_build,
                args=(state.workspace(), name),
                help="Forgets this build. A catalog that was finished before stays as it was.",
            )


def _draw_reason(error: ProdsimError) -> None:
    st.text(error.what)
    st.text(error.fix)
