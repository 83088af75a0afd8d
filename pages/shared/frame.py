"""What surrounds every page: navigation, catalog picker, running jobs, errors."""

import logging
import re
import uuid
from contextvars import ContextVar

import streamlit as st

from pages.shared import state
from pages.shared.cards import STYLE as CARD_STYLE
from prodsim.errors import ProdsimError
from prodsim.jobs import JobState
from prodsim.quality import CHECKS

log = logging.getLogger("prodsim.pages")
ICON = (  # drawn here: a browser would fetch a material or emoji icon from Google's servers
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="#0f766e">'
    '<circle cx="12" cy="12" r="5"/><circle cx="4" cy="5" r="2.6"/><circle cx="20" cy="6" r="2.6"/>'
    '<circle cx="7" cy="21" r="2.6"/></svg>'
)
_is_framed: ContextVar[bool] = ContextVar("is_framed", default=False)

_LESS_PADDING = "<style>.stMainBlockContainer{padding:2.6rem 2.2rem 3rem}</style>"
"""The one style rule beside the theme, which has no option for it: without it a laptop's first screen is half empty."""

STEP_NAMES = {
    "read": "Reading the file",
    "encode": "Encoding texts",
    "index": "Indexing vectors",
    "words": "Indexing words",
    "graph": "Finding all neighbours",
    "map": "Drawing the map (the first one of a day compiles for a minute)",
    "describe": "Encoding descriptions (the catalog can be used already)",
    "learn": "Learning from judgements",
    "search": "Searching",
    "shoppers alike": "Finding shoppers alike",
    "products in common": "Finding what shoppers have in common",
    "weights": "Weighing the sources on products kept back",
    "peers": "Training what one would use instead",
    "measure": "Recommending to each shopper",
    "recall": "Comparing with an exact search",
    "pairs": "Finding pairs to learn from",
    "counterexamples": "Finding what must be told apart",
    "estimate": "Trying two batches",
    **{check.name: check.title for check in CHECKS},
}


def run() -> None:
    """Draw the frame, then the chosen page inside an error boundary."""
    st.set_page_config(page_title="prodsim", page_icon=ICON, layout="wide")
    page = st.navigation(
        {
            "Find": [
                st.Page("pages/search.py", title="Search", icon=":material/search:", default=True),
                st.Page("pages/map.py", title="Map", icon=":material/scatter_plot:"),
                st.Page("pages/ask.py", title="Ask", icon=":material/forum:"),
                st.Page("pages/recommend.py", title="Recommend", icon=":material/shopping_bag:"),
            ],
            "Improve": [
                st.Page("pages/quality.py", title="Quality", icon=":material/fact_check:"),
                st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
                st.Page("pages/adapt.py", title="Adapt", icon=":material/model_training:"),
            ],
            "Set up": [
                st.Page("pages/catalog.py", title="Catalog", icon=":material/inventory_2:"),
                st.Page("pages/settings.py", title="Settings", icon=":material/tune:"),
            ],
        }
    )
    st.html(_LESS_PADDING + CARD_STYLE)
    with errors_shown():
        _open_first_sample()
        with st.sidebar:
            _catalog_picker()
            _jobs()
    token = _is_framed.set(True)
    try:
        with errors_shown():
            page.run()
    finally:
        _is_framed.reset(token)


_MARKED = re.compile(r"[\\`*_\[\]$~<>#]|:(?=[\w/+-]+[:\[])")
"""What Streamlit's Markdown reads as more than a letter."""


class errors_shown:
    """A block whose errors are shown: what and fix, or for a surprise an apology with the log's number."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Show what a person can act on; Streamlit's own control flow passes."""
        if isinstance(error, ProdsimError):
            show_error(error)
            return True
        if error is None or not isinstance(error, Exception) or type(error).__module__.startswith("streamlit."):
            return False
        number = uuid.uuid4().hex[:8]
        log.error("page failed, number %s", number, exc_info=error)
        st.error(f"Something unexpected went wrong. The server's log has it under {number}.", icon=":material/error:")
        return True


def show_error(error: ProdsimError) -> None:
    """A box with what is wrong and how to mend it, as plain text."""
    with st.container(border=True):
        st.markdown(":red[:material/error:] **This did not work**")
        st.text(error.what)
        st.text(error.fix)


def as_written(text: str) -> str:
    """A text of a catalog or a person for where Streamlit reads Markdown, so that it shows as it is."""
    return _MARKED.sub(r"\\\g<0>", text)


def title(name: str, what_for: str) -> None:
    """A page's heading with one line of what it is for; the first thing a page calls."""
    if not _is_framed.get():
        # Until `st.navigation` ran once in a server, a link to a page makes Streamlit run the file in pages/ bare.
        run()
        st.stop()
    st.title(name, anchor=False)
    st.caption(what_for)


def _open_first_sample() -> None:
    """On the very first start the English sample is built, so that there is something to see."""
    sample = state.SAMPLES[0]
    is_new = not state.workspace().catalogs() and not state.workspace().problems() and not state.job_runner().jobs()
    if is_new and sample.request.path.is_file():
        state.start_build(sample.request)


def _catalog_picker() -> None:
    infos = {info.name: info for info in state.workspace().catalogs()}
    if not infos:
        return
    if st.session_state.get(state.WANTED_KEY) in infos:
        st.session_state[state.CATALOG_KEY] = st.session_state.pop(state.WANTED_KEY)
    if st.session_state.get(state.CATALOG_KEY) not in infos:
        st.session_state.pop(state.CATALOG_KEY, None)
    chosen = st.selectbox(
        "Catalog",
        list(infos),
        key=state.CATALOG_KEY,
        bind="query-params",
    )
    info = infos[chosen]
    built = info.built[:16].replace("T", " ")
    building = " · being updated" if any(job.title == chosen for job in state.active_jobs()) else ""
    st.caption(f"{info.products:,} products · {info.encoder} · built {built} UTC{building}")


def _jobs() -> None:
    """The running jobs; polls only while there are some."""
    is_active = bool(state.active_jobs())

    @st.fragment(run_every=1.0 if is_active else None)
    def panel() -> None:
        jobs = [job for job in state.job_runner().jobs()]
        for job in jobs:
            if job.state.is_active:
                draw_job(job.state)
                st.button("Cancel", key=f"cancel {job.state.key}", on_click=job.cancel, icon=":material/stop_circle:")
        searchable = len(state.workspace().catalogs())
        ended = sum(not job.state.is_active for job in jobs)
        seen = st.session_state.setdefault("jobs_seen", (searchable, ended))
        if seen != (searchable, ended):
            st.session_state["jobs_seen"] = (searchable, ended)
            st.rerun(scope="app")

    panel()
    for job in state.job_runner().jobs():
        if job.state.status == "failed" and job.state.error is not None:
            show_error(job.state.error)


def draw_job(job: JobState) -> None:
    """A job's bar with what it does, its rate and the time left."""
    st.text(job.title)
    st.progress(job.fraction, text=STEP_NAMES.get(job.step, "Waiting for another job"))
    if job.total:
        left = "" if job.left_s is None else f" · {_duration(job.left_s)} left"
        st.caption(f"{job.done:,} of {job.total:,} {job.unit} · {job.rate:,.0f} a second{left}")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
