"""What the pages share: the workspace, the jobs, the open catalog. All caches live here."""

import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from prodsim.errors import ProdsimError, QueryError
from prodsim.index import Metric
from prodsim.jobs import JobRunner, JobState
from prodsim.settings import Settings
from prodsim.similarity import Setting
from prodsim.workspace import BUILD_SHARES, BuildRequest, CatalogInfo, OpenCatalog, Workspace

ROOT = Path(__file__).resolve().parents[2]
CATALOG_KEY = "catalog"
METRICS: dict[Metric, str] = {"cosine": "cosine", "ip": "inner product", "l2": "Euclidean"}
"""How vectors are compared, and what a person calls it."""
WANTED_KEY = "catalog_wanted"
"""A catalog this person started to build; chosen for them as soon as it can be opened."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A catalog that ships with prodsim."""

    name: str
    file: str
    encoder: str

    @property
    def request(self) -> BuildRequest:
        """How it is built."""
        return BuildRequest(ROOT / "sample_data" / self.file, name=self.name, encoder=self.encoder)


SAMPLES = (
    Sample("Outdoor and home (sample)", "outdoor.csv", "minilm"),
    Sample("美妆家居 (sample)", "beauty_zh.csv", "lsa"),
)


def workspace() -> Workspace:
    """The one workspace of this server."""
    settings = Settings.from_environment()
    return _workspace(hash(settings), settings)


def job_runner() -> JobRunner:
    """The one job runner of this server; jobs outlive reloads and are seen from every tab."""
    return _job_runner(str(Settings.from_environment().home))


def open_catalog(name: str) -> OpenCatalog:
    """The catalog as it is now, with its default setting; opened once per build and default, and shared.

    A default that cannot be used is passed over; ``require_catalog`` tells it.
    """
    info = workspace().info(name)
    return _opened(info, _default(info)[0])


def current() -> CatalogInfo | None:
    """What the chosen catalog consists of; ``None`` when there is none yet."""
    infos = {info.name: info for info in workspace().catalogs()}
    return infos.get(st.session_state.get(CATALOG_KEY, ""), next(iter(infos.values()), None))


def require_catalog() -> OpenCatalog:
    """The chosen catalog, opened; without one, say what to do and end the page."""
    info = current()
    if info is None:
        _no_catalog_yet()
        st.stop()
    default, problem = _default(info)
    if problem:
        _default_is_not_used(problem)
    return _opened(info, default)


def map_is_missing(info: CatalogInfo) -> None:
    """Say why there is no map yet and what to do."""
    if any(job.key == f"build {info.name}" for job in active_jobs()):
        st.info("The map is being drawn; searching works already.", icon=":material/hourglass_top:")
        st.skeleton(height=420)
        return
    st.info("This catalog has no map: its build was stopped before.", icon=":material/scatter_plot:")
    st.page_link("pages/catalog.py", label="Go on with the build", icon=":material/play_arrow:")


def start_build(request: BuildRequest) -> None:
    """Build in the background; the same catalog asked twice is one job."""
    name = request.catalog_name
    st.session_state[WANTED_KEY] = name
    job_runner().submit(f"build {name}", name, lambda job: workspace().build(request, job), BUILD_SHARES)


def active_jobs() -> list[JobState]:
    """Jobs that wait or run."""
    return [job.state for job in job_runner().jobs() if job.state.is_active]


def _opened(info: CatalogInfo, default: Setting | None) -> OpenCatalog:
    artifacts = tuple(sorted(info.artifacts.values()))
    return _open_catalog(str(workspace().settings.home), info.name, info.built, artifacts, default)


def _default(info: CatalogInfo) -> tuple[Setting | None, ProdsimError | None]:
    """The catalog's default setting, ``None`` for its own; its own also where the default cannot be used, and why."""
    try:
        return workspace().records(info.name).default_setting(), None
    except QueryError as problem:
        metric = next(metric for metric in METRICS if metric == info.metric)
        return Setting(info.weights, metric), problem


def _default_is_not_used(problem: ProdsimError) -> None:
    with st.container(border=True):
        st.markdown(":orange[:material/warning:] **Overall is used, because this catalog's default setting cannot be**")
        st.text(problem.what)
        st.text(problem.fix)


def _no_catalog_yet() -> None:
    if active_jobs():
        st.info(
            "The catalog is being built. It can be searched before the map is ready.", icon=":material/hourglass_top:"
        )
        return
    st.info("There is no catalog yet. Open a sample, or bring your own file.", icon=":material/inventory_2:")
    with st.container(horizontal=True):
        for sample in SAMPLES:
            st.button(
                f"Open {sample.name}", on_click=start_build, args=(sample.request,), icon=":material/auto_awesome:"
            )
        st.page_link("pages/catalog.py", label="Upload a file", icon=":material/upload:")


@st.cache_resource(max_entries=4)
def _workspace(key: int, _settings: Settings) -> Workspace:
    """Kept by ``key`` alone: Streamlit would take a millisecond to hash the settings, and pages ask a dozen times."""
    return Workspace(_settings)


@st.cache_resource(max_entries=4)
def _job_runner(home: str) -> JobRunner:
    return JobRunner()


@st.cache_resource(max_entries=4, show_spinner=False)
def _open_catalog(home: str, name: str, built: str, artifacts: tuple[str, ...], default: Setting | None) -> OpenCatalog:
    opened = workspace().open(name, default)
    threading.Thread(target=_warm_up, args=(opened,), daemon=True).start()
    return opened


def _warm_up(opened: OpenCatalog) -> None:
    """Make the first search quick; what goes wrong here, that search will tell."""
    with contextlib.suppress(ProdsimError):
        opened.warm_up()
