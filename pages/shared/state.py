"""What the pages share: the workspace, the jobs, the open catalog. All caches live here."""

import contextlib
import gc
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

import streamlit as st

from pages.shared import texts
from pages.shared.permission import permitted
from prodsim.catalog import CatalogSummary, summarise
from prodsim.errors import ProdsimError, QueryError
from prodsim.findings import Finding
from prodsim.index import Metric
from prodsim.jobs import Job, JobRunner, JobState
from prodsim.output.health import concerned
from prodsim.phrases import retold
from prodsim.records import Records
from prodsim.search import Families
from prodsim.settings import Settings
from prodsim.similarity import Setting
from prodsim.workspace import BUILD_SHARES, BuildRequest, CatalogInfo, OpenCatalog, Workspace, build_key
from prodsim.workspace.families import families_of, families_version
from prodsim.workspace.recorded_checks import waiting_findings

ROOT = Path(__file__).resolve().parents[2]
CATALOG_KEY = "catalog"
METRIC_LINKS: dict[Metric, str] = {"cosine": "cosine", "ip": "inner product", "l2": "Euclidean"}
"""How vectors are compared, and its name in links; ``texts.METRIC_NAMES`` has the labels."""
WANTED_KEY = "catalog_wanted"
"""A catalog this person started to build; chosen for them as soon as it can be opened."""
_in_use: WeakValueDictionary[Hashable, OpenCatalog] = WeakValueDictionary()
"""Every catalog that some session still shows: one that had to make room is not opened a second time beside itself."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A catalog that ships with prodsim."""

    name: str
    file: str
    encoder: str

    @property
    def request(self) -> BuildRequest:
        """Return how it is built."""
        return BuildRequest(ROOT / "sample_data" / self.file, name=self.name, encoder=self.encoder)


SAMPLES = (
    Sample("Outdoor and home (sample)", "outdoor.csv", "minilm"),
    Sample("美妆家居 (sample)", "beauty_zh.csv", "lsa"),
)


def workspace() -> Workspace:
    """Return the one workspace of this server."""
    settings = Settings.from_environment()
    return _workspace(hash(settings), settings)


def job_runner() -> JobRunner:
    """Return the one job runner of this server; jobs outlive reloads and are seen from every tab."""
    return _job_runner(str(Settings.from_environment().home))


def open_catalog(name: str) -> OpenCatalog:
    """Open a catalog as it is now, with its default setting; once per build and default, and shared.

    A default that cannot be used is ignored; ``require_catalog`` shows why.
    """
    info = workspace().info(name)
    return _opened(info, _default(info)[0])


def summary_of(opened: OpenCatalog) -> CatalogSummary:
    """Return what an open catalog holds, in numbers."""
    return _summary_of(str(workspace().settings.home), opened.name, opened.info.artifacts["catalog"], opened)


def current() -> CatalogInfo | None:
    """Return what the chosen catalog consists of; ``None`` when there is none yet."""
    infos = {info.name: info for info in workspace().catalogs()}
    return infos.get(st.session_state.get(CATALOG_KEY, ""), next(iter(infos.values()), None))


def require_catalog() -> OpenCatalog:
    """Open the chosen catalog; without one, show what to do and end the page."""
    info = current()
    if info is None:
        _no_catalog_yet()
        st.stop()
    default, problem = _default(info)
    if problem:
        _default_is_not_used(problem)
    return _opened(info, default)


def families(opened: OpenCatalog) -> Families:
    """Return which products of a catalog are variants of one; shared until a check or a decision changes them."""
    records = workspace().records(opened.name)
    return _families(str(workspace().settings.home), families_version(opened, records), opened, records)


def open_findings(opened: OpenCatalog, sku: str) -> list[Finding]:
    """Return what earlier checks found about a product and nobody has decided yet, surest first; shared."""
    records = workspace().records(opened.name)
    decided = tuple((each.key, each.action, each.when) for each in records.decisions().values())
    home = str(workspace().settings.home)
    return _open_findings(home, (opened.name, opened.info.built, opened.changed, decided), opened, records).get(sku, [])


def map_is_missing(info: CatalogInfo) -> None:
    """Show why there is no map yet and what to do."""
    if is_building(info.name):
        st.info(texts.MAP_IS_DRAWN(), icon=":material/hourglass_top:")
        st.skeleton(height=420)
        return
    st.info(texts.NO_MAP(), icon=":material/scatter_plot:")
    st.page_link("pages/catalog.py", label=texts.CONTINUE_BUILD(), icon=":material/play_arrow:")


def start_build(request: BuildRequest) -> None:
    """Build in the background, where a button is pressed; see ``begin_build``."""
    begin_build(request)


def begin_build(request: BuildRequest) -> bool:
    """Build in the background; the same catalog twice is one job.

    Returns:
        Whether it was started: what somebody else builds under this name is another file, perhaps, and goes on.
    """
    name = request.catalog_name
    job = job_runner().find(build_key(name))
    if job is not None and job.state.is_active and not job.is_shown:
        st.toast(texts.BUILT_BY_OTHERS(name=name), icon=":material/error:")
        return False
    st.session_state[WANTED_KEY] = name
    job_runner().submit(build_key(name), name, lambda job: workspace().build(request, job), BUILD_SHARES)
    return True


def active_jobs() -> list[JobState]:
    """Return the jobs that wait or run."""
    return [job.state for job in job_runner().jobs() if job.state.is_active]


def is_building(name: str) -> bool:
    """Return whether a build of the catalog of this name waits or runs."""
    return any(job.key == build_key(name) for job in active_jobs())


def shown_jobs() -> list[Job]:
    """Return the jobs of who uses this session, or for an admin everybody's, oldest first."""
    return [job for job in job_runner().jobs() if job.is_shown]


def _opened(info: CatalogInfo, default: Setting | None) -> OpenCatalog:
    artifacts = tuple(sorted(info.artifacts.values()))
    return _open_catalog(str(workspace().settings.home), info.name, info.built, artifacts, default, info.profile)


def _default(info: CatalogInfo) -> tuple[Setting | None, ProdsimError | None]:
    """Return the default setting, ``None`` for the catalog's own; where it cannot be used, its own and the reason."""
    try:
        return workspace().records(info.name).default_setting(), None
    except QueryError as problem:
        metric = next(metric for metric in METRIC_LINKS if metric == info.metric)
        return Setting(info.weights, metric), problem


def _default_is_not_used(problem: ProdsimError) -> None:
    with st.container(border=True):
        st.markdown(f":orange[:material/warning:] **{texts.DEFAULT_SETTING_UNUSABLE()}**")
        st.text(retold(problem.what))
        st.text(retold(problem.fix))


def _no_catalog_yet() -> None:
    if active_jobs():
        st.info(texts.CATALOG_IS_BUILT(), icon=":material/hourglass_top:")
        return
    st.info(texts.NO_CATALOG(), icon=":material/inventory_2:")
    with st.container(horizontal=True):
        for sample in SAMPLES:
            st.button(
                texts.OPEN_SAMPLE(sample=sample.name),
                on_click=start_build,
                args=(sample.request,),
                icon=":material/auto_awesome:",
                **permitted("build"),
            )
        st.page_link("pages/catalog.py", label=texts.ADD_CATALOG(), icon=":material/upload:")


@st.cache_resource(max_entries=4)
def _workspace(key: int, _settings: Settings) -> Workspace:
    """Return a workspace kept by ``key`` alone: to hash the settings would take Streamlit a millisecond a call."""
    return Workspace(_settings)


@st.cache_resource(max_entries=4)
def _job_runner(home: str) -> JobRunner:
    return JobRunner()


@st.cache_resource(max_entries=8, show_spinner=False)
def _families(home: str, version: Hashable, _opened: OpenCatalog, _records: Records) -> Families:
    return families_of(_opened, _records)


@st.cache_resource(max_entries=4, show_spinner=False)
def _open_findings(home: str, version: Hashable, _opened: OpenCatalog, _records: Records) -> dict[str, list[Finding]]:
    of_product: dict[str, list[Finding]] = {}
    for finding in waiting_findings(_opened, _records):
        for sku in concerned(finding):
            of_product.setdefault(sku, []).append(finding)
    return of_product


@st.cache_resource(max_entries=Settings.from_environment().open_catalogs, show_spinner=False)
def _open_catalog(
    home: str, name: str, built: str, artifacts: tuple[str, ...], default: Setting | None, profile: str
) -> OpenCatalog:
    key = (home, name, built, artifacts, default, profile)
    opened = _in_use.get(key)
    if opened is None:
        opened = _in_use[key] = workspace().open(name, default)
        threading.Thread(target=_warm_up, args=(opened,), daemon=True).start()
    return opened


def _warm_up(opened: OpenCatalog) -> None:
    """Make the first search quick; what goes wrong here goes wrong again in that search, which shows it."""
    with contextlib.suppress(ProdsimError):
        opened.warm_up()
    gc.collect()  # the catalog that had to go refers to itself, and would stay in memory until Python looks by itself


@st.cache_resource(max_entries=8, show_spinner=False)
def _summary_of(home: str, name: str, artifact: str, _opened: OpenCatalog) -> CatalogSummary:
    return summarise(_opened.catalog)
