"""Where a catalog comes from: fetch it from an address or a database, see its source, refresh it from there."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pandas as pd
import streamlit as st

from pages.shared import background, state
from pages.shared import texts as shared
from pages.shared.catalog import texts
from pages.shared.changes import show_changes
from pages.shared.download import download_table
from pages.shared.frame import as_written, show_error
from pages.shared.permission import permitted
from pages.shared.server_paths import readable_folders
from prodsim.catalog import CatalogChanges
from prodsim.errors import CatalogError, ProdsimError
from prodsim.jobs import Job
from prodsim.sources import Fetched, FetchRules, File, Folder, Origin, TypedSource, read_source
from prodsim.workspace import CatalogInfo, build_key
from prodsim.workspace.refresh import REFRESH_SHARES, RefreshReport, refresh_catalog
from prodsim.workspace.request import origin_of
from prodsim.workspace.uploads import UPLOADS_FOLDER

PLACE = "fetch source"
TYPED, WANTED, CHOSEN = "typed_source", "wanted_source", "chosen_source"
"""What was typed wrong, what is being fetched, and what was fetched."""
N_NAMED = 1_000
"""SKUs that the table of changes shows at most; the download has all."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was fetched: the file, and the source that it is from."""

    fetched: Fetched
    advice: str


def offer_sources() -> Path | None:
    """Draw the choice of an address or of a database; return the file's path once one is fetched."""
    address, database = st.columns(2)
    with address.container(border=True, height="stretch"):
        url = st.text_input(texts.ADDRESS(), placeholder=texts.ADDRESS_EXAMPLE(), key="typed_address")
        st.button(
            texts.FETCH(), key="fetch address", icon=":material/cloud_download:", on_click=_type, args=(url, ""),
            **permitted("build", is_off=not url.strip()),
        )  # fmt: skip
        st.caption(texts.ADDRESS_HELP())
    with database.container(border=True, height="stretch"):
        server, wanted = st.columns([3, 2])
        url = server.text_input(texts.DATABASE(), placeholder=texts.DATABASE_EXAMPLE(), key="typed_database")
        query = wanted.text_input(texts.QUERY(), placeholder=texts.QUERY_EXAMPLE(), key="typed_query")
        st.button(
            texts.FETCH(), key="fetch database", icon=":material/database:", on_click=_type, args=(url, query),
            **permitted("build", is_off=not (url.strip() and query.strip())),
        )  # fmt: skip
        st.caption(texts.DATABASE_HELP())
    return _fetched()


def chosen_origin(path: Path) -> Origin | None:
    """Return where a file was fetched from; ``None`` for one that was uploaded or chosen on the server."""
    chosen = _chosen(path)
    return chosen.fetched.origin if chosen else None


def suggested_name(path: Path) -> str:
    """Return what a catalog of this file is called where the person does not say otherwise."""
    chosen = _chosen(path)
    return (chosen.fetched.catalog_name if chosen else "") or path.name.split(".")[0][:100]


def show_origin(path: Path) -> None:
    """Draw where the chosen file was fetched from, and what to do about secrets that were typed."""
    chosen = _chosen(path)
    if chosen is None:
        return
    st.caption(texts.FETCHED_FROM(source=as_written(chosen.fetched.source.label)))
    if chosen.advice:
        st.info(as_written(chosen.advice), icon=":material/key:")


def choose_typed_path(text: str) -> Path | None:
    """Return the file that a path on the server means, of a folder or a pattern its newest; ``None`` after an error.

    The error is shown where those of addresses are.
    """
    st.session_state.pop(TYPED, None)
    try:
        source = read_source(text).source
        if isinstance(source, File):
            FetchRules(folders=readable_folders()).check_path(source.path)
            return source.path
        if isinstance(source, Folder):
            fetched = state.workspace().fetch(source, folders=readable_folders())
            st.session_state[CHOSEN] = Chosen(fetched, "")
            return fetched.path
        raise CatalogError(texts.IS_NO_PATH(), texts.FETCH_AS_ADDRESS())
    except ProdsimError as error:
        st.session_state[TYPED] = error
        return None


def _type(url: str, query: str) -> None:
    st.session_state.pop(TYPED, None)
    try:
        typed = read_source(url, query)
    except ProdsimError as error:
        st.session_state[TYPED] = error
        return
    st.session_state[WANTED] = question = uuid4().hex  # not what was typed, which may hold a password
    folders = readable_folders()
    background.ask_anew(PLACE, question, texts.FETCHING(), lambda job: _fetch(typed, folders, job))


def _fetch(typed: TypedSource, folders: tuple[Path, ...], job: Job) -> Chosen:
    return Chosen(
        state.workspace().fetch(typed.source, job, secrets=typed.secrets, folders=folders),
        typed.advice,
    )


def _fetched() -> Path | None:
    """Draw the progress of what is being fetched, or why it failed; return the path once it is there."""
    if TYPED in st.session_state:
        show_error(st.session_state[TYPED])
        return None
    wanted = st.session_state.get(WANTED)
    chosen: Chosen | None = background.answered(PLACE, wanted, height=80) if wanted else None
    if chosen is None:
        return None
    st.session_state[CHOSEN] = chosen
    del st.session_state[WANTED]
    return chosen.fetched.path


def _chosen(path: Path) -> Chosen | None:
    chosen: Chosen | None = st.session_state.get(CHOSEN)
    return chosen if chosen is not None and chosen.fetched.path == path else None


def show_source(info: CatalogInfo) -> None:
    """Draw where a catalog comes from and when it was fetched, the button that refreshes it, and what that changed."""
    origin = origin_of(info)
    with st.container(border=True):
        words, button = st.columns([7, 1.2], vertical_alignment="center")
        with words.container(gap="xsmall"):
            for line in _source_lines(origin, info):
                st.text(line)
        button.button(
            texts.REFRESH(), key="refresh", icon=":material/refresh:", on_click=_refresh, args=(info.name,),
            **permitted("build", is_off=state.is_building(info.name), help=texts.REFRESH_HELP()), width="stretch",
        )  # fmt: skip
        job = state.job_runner().find(build_key(info.name))
        report = job.state.result if job is not None and job.state.status == "done" else None
        if isinstance(report, RefreshReport):
            _show_report(info.name, report)


def _source_lines(origin: Origin, info: CatalogInfo) -> list[str]:
    if isinstance(origin.source, File) and _is_upload(origin.source.path):
        return [texts.FROM_UPLOAD(file=info.source)]
    details = [
        texts.NEWEST_FILE(file=info.source) if isinstance(origin.source, Folder) else "",
        texts.CHECKED_AT(when=origin.facts.checked[:16].replace("T", " ")) if origin.facts else "",
    ]
    return [line for line in (texts.FROM_SOURCE(source=origin.source.label), " · ".join(filter(None, details))) if line]


def _is_upload(path: Path) -> bool:
    return path.parent.parent == (state.workspace().settings.home / UPLOADS_FOLDER).resolve()


def _refresh(name: str) -> None:
    state.job_runner().submit(
        build_key(name), name, lambda job: refresh_catalog(state.workspace(), name, job), REFRESH_SHARES
    )


def _show_report(name: str, report: RefreshReport) -> None:
    changes = report.changes
    if changes is None:
        st.text(texts.REFRESHED_UNKNOWN())
    elif changes.is_empty:
        st.text(texts.REFRESHED_SAME())
    else:
        show_changes(changes)
        _list_changes(name, changes)


def _list_changes(name: str, changes: CatalogChanges) -> None:
    kinds = {"new": changes.new, "edited": changes.changed, "gone": changes.gone}
    rows = [(kind, sku) for kind, skus in kinds.items() for sku in skus]
    if not rows:
        return
    table = pd.DataFrame(rows, columns=["change", "sku"])
    title = texts.WHICH_CHANGED()
    with st.expander(title, icon=":material/list:"):
        shown = table.assign(change=[texts.CHANGES[kind]() for kind in table["change"]]).head(N_NAMED)
        st.dataframe(
            shown,
            hide_index=True,
            height=min(320, 40 + 36 * len(shown)),
            alt=title,
            column_config={"change": texts.CHANGE(), "sku": shared.SKU()},
        )
        if len(table) > N_NAMED:
            st.caption(texts.FIRST_OF(n=N_NAMED, total=len(table)))
        download_table(texts.DOWNLOAD_CHANGES(), table, f"{name}-changes.csv")
