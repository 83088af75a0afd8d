"""What surrounds every page: navigation, catalog picker, running jobs, errors."""

import logging
import re
import uuid
from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path

import streamlit as st

from pages.shared import access, link, state, texts
from pages.shared.cards import CARD_STYLE
from pages.shared.language import KIND, LANGUAGE, language_tag, reader_words, settle_language, words_of_streamlit
from pages.shared.memory import share_arenas
from pages.shared.views import draw_views
from prodsim.artifacts import storage_error
from prodsim.errors import ProdsimError
from prodsim.jobs import Job, JobState
from prodsim.phrases import languages, read_language_from, retold
from prodsim.profiles import profile_of
from prodsim.progress import duration
from prodsim.quality import CHECKS
from prodsim.roles import actor, read_actor_from

log = logging.getLogger("prodsim.pages")
ICON = (  # drawn here: a browser would fetch a material or emoji icon from Google's servers
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="#0f766e">'
    '<circle cx="12" cy="12" r="5"/><circle cx="4" cy="5" r="2.6"/><circle cx="20" cy="6" r="2.6"/>'
    '<circle cx="7" cy="21" r="2.6"/></svg>'
)
_is_framed: ContextVar[bool] = ContextVar("is_framed", default=False)

_STYLE = """<style>
.stMainBlockContainer{padding:2.6rem 2.2rem 3rem}
.stButtonGroup button[data-selected="true"]{color:inherit!important}
</style>"""
"""Beside the theme, which has no option for it: without the first rule a laptop's first screen is half empty, without
the second one the chosen segment of a dark page is written in the colour of its own edge and hard to read."""
_PREPARE_DOCUMENT = """
export default ({ parentElement, data }) => {
  parentElement.closest(".stElementContainer").style.display = "none";
  document.documentElement.lang = data;
  if (document.head.querySelector("meta[name=referrer]")) return;
  const policy = Object.assign(document.createElement("meta"), { name: "referrer", content: "no-referrer" });
  document.head.append(policy);
};
"""
"""The language is said for screen readers, hyphens and fonts. Pictures come from the shops' servers, which must not
learn this address; tables draw theirs without attributes."""
_prepare_document = st.components.v2.component(
    "prodsim_document", html="<span></span>", js=_PREPARE_DOCUMENT, isolate_styles=False
)
OVERVIEW_NAME = "overview"
BEGUN = "session begun"
"""Whether the address that a session began with was looked at."""
NOT_HERE = "catalog not here"
"""A catalog that the link names and that is not there, and the one that is open instead."""


def run() -> None:
    """Draw the frame, then the chosen page inside an error boundary."""
    share_arenas()
    read_language_from(reader_words)
    read_actor_from(access.actor_here)
    settle_language()
    st.set_page_config(page_title="prodsim", page_icon=ICON, layout="wide")
    is_admitted = access.is_admitted()
    page = st.navigation(
        {
            "": [
                st.Page(
                    "pages/overview.py", title=texts.OVERVIEW(), icon=":material/dashboard:", url_path="", default=True
                ),
                st.Page(_lead_to_overview, title=texts.OVERVIEW(), url_path=OVERVIEW_NAME, visibility="hidden"),
            ],
            texts.FIND(): [
                st.Page("pages/search.py", title=texts.SEARCH(), icon=":material/search:"),
                st.Page("pages/map.py", title=texts.MAP(), icon=":material/scatter_plot:"),
                st.Page("pages/ask.py", title=texts.ASK(), icon=":material/forum:"),
                st.Page("pages/recommend.py", title=texts.RECOMMEND(), icon=":material/shopping_bag:"),
            ],
            texts.IMPROVE(): [
                st.Page("pages/quality.py", title=texts.QUALITY(), icon=":material/fact_check:"),
                st.Page("pages/match.py", title=texts.MATCH(), icon=":material/join_inner:"),
                st.Page("pages/compare.py", title=texts.COMPARE(), icon=":material/compare_arrows:"),
                st.Page("pages/adapt.py", title=texts.ADAPT(), icon=":material/model_training:"),
            ],
            texts.SET_UP(): [
                st.Page("pages/catalog.py", title=texts.CATALOG(), icon=":material/inventory_2:"),
                st.Page("pages/settings.py", title=texts.SETTINGS(), icon=":material/tune:"),
            ],
        },
        position="sidebar" if is_admitted else "hidden",  # either way, a link to a page keeps its address
    )
    is_first = not st.session_state.get(BEGUN)
    st.session_state[BEGUN] = True
    if page.url_path == OVERVIEW_NAME:
        page.run()
    if is_first and not page.url_path:
        _lead_search_links_on()
    st.html(_STYLE + CARD_STYLE + words_of_streamlit())
    _prepare_document(key="document", data=language_tag())
    if not is_admitted:
        with errors_shown():
            access.draw_entrance()
        return
    with errors_shown():
        _open_first_sample()
        with st.sidebar:
            _catalog_picker()
            with errors_shown():  # without the views, people still stop their jobs and log out
                draw_views(page.url_path)
            _jobs()
            access.draw_person()
    token = _is_framed.set(True)
    try:
        with errors_shown():
            page.run()
    finally:
        _is_framed.reset(token)


def _lead_to_overview() -> None:
    """Open Overview: as the first page it has no name in the address, but people type one, and bookmarks have it."""
    st.switch_page("pages/overview.py", query_params=_linked())


def _lead_search_links_on() -> None:
    """Open Search where a link to the first page says more than the catalog: Search was the first page before 0.3.0.

    Only the address that a session begins with is such a link: who goes back to it in the browser is leaving Search.
    """
    linked = _linked()
    if linked.keys() - {state.CATALOG_KEY, LANGUAGE}:
        st.switch_page("pages/search.py", query_params=linked)


def _linked() -> dict[str, list[str]]:
    """Return all that the link says, to take it to another page."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


_MARKDOWN = re.compile(r"[\\`*_\[\]$~<>#]|:(?=[\w/+-]+[:\[])")
"""What Streamlit's Markdown reads as more than a letter."""


class errors_shown:
    """A block whose errors are shown: what is wrong and how to mend it; a surprise with its number in the log."""

    def __enter__(self) -> None:
        """Prepare nothing."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Show what a person can act on; Streamlit's own control flow passes."""
        if isinstance(error, ProdsimError):
            show_error(error)
            return True
        if isinstance(error, OSError) and error.filename:
            log.error("page failed", exc_info=error)
            show_error(storage_error(Path(), error))
            return True
        if error is None or not isinstance(error, Exception) or type(error).__module__.startswith("streamlit."):
            return False
        number = uuid.uuid4().hex[:8]
        log.error("page failed, number %s", number, exc_info=error)
        st.error(texts.UNEXPECTED_ERROR(number=number), icon=":material/error:")
        return True


def show_error(error: ProdsimError) -> None:
    """Draw a box with what is wrong and how to mend it, as plain text."""
    with st.container(border=True):
        st.markdown(f":red[:material/error:] **{texts.ERROR()}**")
        st.text(retold(error.what))
        st.text(retold(error.fix))


def as_written(text: str) -> str:
    """Return a text of a catalog or a person such that Streamlit, which reads Markdown, shows it as it is."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def title(name: str, purpose: str) -> None:
    """Draw a page's heading with one line of what it is for; a page calls this first."""
    if not _is_framed.get():
        # Until `st.navigation` ran once in a server, a link to a page makes Streamlit run the file in pages/ bare.
        run()
        st.stop()
    st.title(name, anchor=False)
    st.caption(purpose)
    link.put_notes_into(st.container())
    link.say_if_unusable(LANGUAGE, languages())


def _open_first_sample() -> None:
    """Build the English sample on the very first start, so that there is something to see."""
    sample = state.SAMPLES[0]
    is_new = not state.workspace().catalogs() and not state.workspace().problems() and not state.job_runner().jobs()
    if is_new and sample.request.path.is_file() and actor().may("build"):
        state.start_build(sample.request)


def _catalog_picker() -> None:
    """Draw the choice of the catalog, and a line on it."""
    infos = {info.name: info for info in state.workspace().catalogs()}
    if not infos:
        return
    if st.session_state.get(state.WANTED_KEY) in infos:
        st.session_state[state.CATALOG_KEY] = st.session_state.pop(state.WANTED_KEY)
    linked = st.query_params.get(state.CATALOG_KEY, "")
    if linked and linked not in infos:
        st.session_state[state.CATALOG_KEY] = _meant_catalog(linked, infos)
    if st.session_state.get(state.CATALOG_KEY) not in infos:
        st.session_state.pop(state.CATALOG_KEY, None)
    chosen = st.selectbox(texts.CATALOG(), list(infos), key=state.CATALOG_KEY, bind="query-params")
    info = infos[chosen]
    st.session_state[KIND] = profile_of(info.profile).name
    built = info.built[:16].replace("T", " ").replace("-", "\N{NON-BREAKING HYPHEN}")  # a date stays on its line
    line = texts.CATALOG_LINE_UPDATING if state.workspace().is_being_built(chosen) else texts.CATALOG_LINE
    st.caption(line(products=texts.N_PRODUCTS(info.products), encoder=info.encoder, when=built))
    missing, instead = st.session_state.get(NOT_HERE, ("", ""))
    if missing and instead in ("", chosen):
        st.session_state[NOT_HERE] = missing, chosen
        st.caption(as_written(texts.CATALOG_NOT_HERE(catalog=missing)))


def _meant_catalog(linked: str, names: Iterable[str]) -> str | None:
    """Return the catalog that a link means which names none exactly; where there is none, keep that to show it."""
    link.take_out(state.CATALOG_KEY)
    meant = next((name for name in names if name.casefold() == linked.casefold()), None)
    st.session_state[NOT_HERE] = ("" if meant else linked, "")
    return meant


def _jobs() -> None:
    """Draw the running jobs of this person, polling only while there are some, and why others of theirs failed."""
    is_active = any(job.state.is_active for job in state.shown_jobs())

    @st.fragment(run_every=1.0 if is_active else None)
    def panel() -> None:
        jobs = state.shown_jobs()
        for job in jobs:
            if job.state.is_active:
                draw_job(job.state)
                key = f"cancel {job.state.key}"
                st.button(texts.STOP(), key=key, on_click=_cancel, args=(job,), icon=":material/stop_circle:")
        n_active = sum(job.state.is_active for job in jobs)
        now = len(state.workspace().catalogs()), len(jobs) - n_active, n_active > 0
        if st.session_state.setdefault("jobs_seen", now) != now:
            st.session_state["jobs_seen"] = now
            st.rerun(scope="app")

    panel()
    for job in state.shown_jobs():
        if job.state.status == "failed" and job.state.error is not None:
            show_error(job.state.error)


def _cancel(job: Job) -> None:
    with errors_shown():
        job.cancel()


def draw_job(job: JobState) -> None:
    """Draw a job's bar with what it does, its rate and the time left."""
    st.text(retold(job.title))
    st.progress(job.fraction, text=as_written(retold(job.waits_for)) or step_name(job.step))
    if job.total:
        line = texts.JOB_PROGRESS if job.left_s is None else texts.JOB_PROGRESS_LEFT
        left = duration(job.left_s or 0.0)
        st.caption(line(done=job.done, total=job.total, unit=unit_name(job.unit), rate=job.rate, left=left))


def step_name(step: str) -> str:
    """Return what a job does in a step; the title of a check where the step is one, and an unknown step as it is."""
    if not step:
        return texts.WAITING_FOR_JOB()
    if step in texts.STEPS:
        return texts.STEPS[step]()
    return next((check.title() for check in CHECKS if check.name == step), step)


def unit_name(unit: str) -> str:
    """Return what a job counts in a step."""
    return texts.UNITS[unit]() if unit in texts.UNITS else unit
