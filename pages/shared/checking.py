"""Checking: running the checks, how healthy the catalog is in numbers, and what is taken along."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, cast, get_args

import streamlit as st

from pages.shared.deciding import COMPARED, Found, concerned
from pages.shared.waiting import PATIENCE_S, answered, ask, is_asked
from prodsim.charts import bars_figure, thresholds_figure
from prodsim.export import to_csv, to_xlsx
from prodsim.findings import Finding
from prodsim.jobs import Job
from prodsim.quality import CHECKS, Level
from prodsim.quality.levels import Thresholds
from prodsim.quality.matches import match_products
from prodsim.records import CheckSummary, Decision, Records, finding_key, states_of
from prodsim.report import Reported, report_page, worst_categories
from prodsim.workspace import CheckReport, OpenCatalog

Work: TypeAlias = Callable[[Job], CheckReport]

PLACE, SCORES = "checks", "scores"
CHOSEN = "found"
"""Name of the chosen tile in the link."""
SECONDS_PER_PRODUCT = 120 / 100_000
"""At most, on two cores."""
MOST_CATEGORIES = 8
TILE_HELP = "Below: share of the products, findings still to decide, and how many more than after the upload before."
SCORES_HELP = "How close each product is to its closest other, next to random pairs, and where the threshold lies."
LEVEL_HELP = "Strict gives few and sure findings, loose many and less sure ones. Each level keeps its own findings."


@dataclass(frozen=True, slots=True)
class Tile:
    """What one number of the page's first row counts.

    Attributes:
        name: in the link.
        title: for the screen.
        what_for: one sentence.
        kinds: of the findings counted.
    """

    name: str
    title: str
    what_for: str
    kinds: tuple[str, ...]


def _tiles() -> tuple[Tile, ...]:
    """One per check; kinds that ask for other decisions have one each."""
    alone = [
        Tile(kind, kind.capitalize(), one.what_for, (kind,)) for one in CHECKS for kind in one.kinds if kind in COMPARED
    ]
    rest = [(one, tuple(kind for kind in one.kinds if kind not in COMPARED)) for one in CHECKS]
    return (*alone, *(Tile(one.name, one.title, one.what_for, kinds) for one, kinds in rest if kinds))


TILES = _tiles()


def ask_level() -> Level:
    """How much it takes to be found."""
    levels = get_args(Level)
    chosen = st.segmented_control(
        "Found is what is",
        levels,
        key="level",
        bind="query-params",
        default="usual",
        required=True,
        help=LEVEL_HELP,
        label_visibility="collapsed",
    )
    return cast("Level", chosen)


def checked(opened: OpenCatalog, records: Records, level: Level) -> CheckReport | None:
    """What was found; None, with what can be done about it, while there is nothing to show."""
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level)
    work = lambda job: check(opened, records, level, job)  # noqa: E731 - runs as a job
    if is_checked(opened, records, level):
        ask(PLACE, question, "Checks", work)
    report: CheckReport | None = answered(PLACE, question, 420, PATIENCE_S)
    if report is None and not is_asked(PLACE, question):
        _offer_checks(opened, records.summaries(level), question, work)
    return report


def check(opened: OpenCatalog, records: Records, level: Level, job: Job) -> CheckReport:
    """The work behind it; what was found before is only read."""
    report = opened.check(level=level, progress=job)
    if [one.version for one in records.summaries(level)][-1:] != [report.version]:
        records.keep_summary(report.summary)
    return report


def is_checked(opened: OpenCatalog, records: Records, level: Level) -> bool:
    """Whether the catalog as it is now was checked at that level."""
    return any(one.version == opened.info.artifacts["catalog"] for one in records.summaries(level))


def with_decisions(
    findings: Sequence[Finding], decisions: Mapping[str, Decision], opened: OpenCatalog
) -> tuple[Found, ...]:
    """Each finding with its key, state and decision."""
    keyed = [(finding_key(finding), finding) for finding in findings]
    about = [(key, finding) for key, finding in keyed if key in decisions]
    states = states_of([finding for _, finding in about], decisions, opened.catalog)
    known = dict(zip((key for key, _ in about), states, strict=True))
    return tuple(Found(finding, key, known.get(key, "open"), decisions.get(key)) for key, finding in keyed)


def draw_tiles(opened: OpenCatalog, found: Sequence[Found], change: Mapping[str, int]) -> Tile:
    """A number for each kind of trouble; gives the one that was clicked, else the first with something to decide."""
    chosen = chosen_tile(found)
    with st.grid(min_column_width=140):
        for tile in TILES:
            own = [one for one in found if one.finding.kind in tile.kinds]
            with st.container(gap="xxsmall"):
                _draw_tile(tile, own, tile == chosen)
                st.caption(told_tile(own, len(opened.catalog), sum(change.get(kind, 0) for kind in tile.kinds)))
    return chosen


def told_tile(own: Sequence[Found], n_products: int, change: int) -> str:
    """The share of products concerned, how many findings wait, and how many more there are than an upload ago."""
    if not own:
        return f"none{f' · {change:+,}' if change else ''}"
    n_open = sum(one.state != "decided" for one in own)
    n_concerned = len({sku for one in own for sku in concerned(one.finding)})
    return f"{n_concerned / n_products:.1%} · {n_open:,} open{f' · {change:+,}' if change else ''}"


def chosen_tile(found: Sequence[Found]) -> Tile:
    """The tile that the link names; else the first with something to decide."""
    named = {tile.name: tile for tile in TILES}
    waiting = {one.finding.kind for one in found if one.state != "decided"}
    first = next((tile for tile in TILES if waiting & {*tile.kinds}), TILES[0])
    return named.get(st.query_params.get(CHOSEN, ""), first)


def change_since_last(summaries: Sequence[CheckSummary]) -> dict[str, int]:
    """By how much the number of findings of each kind grew since the upload before; empty for the first one."""
    if len(summaries) < 2:
        return {}
    before, now = summaries[-2].counts, summaries[-1].counts
    return {kind: n - before[kind] for kind, n in now.items() if kind in before}


def draw_worst(opened: OpenCatalog, found: Sequence[Found]) -> None:
    """The categories with most trouble."""
    table = worst_categories(opened.catalog, troubles(found)).head(MOST_CATEGORIES)
    if len(table):
        told = [f"{n:,} of {of:,}" for n, of in zip(table["found"], table["products"], strict=True)]
        figure = bars_figure(table["category"].tolist(), table["severity"].tolist(), told, "Worst categories")
        st.plotly_chart(figure, key="worst", config={"displayModeBar": False}, alt="Worst categories")
        st.caption("By the mean severity of what was found of their products; what is no problem is left out.")


def troubles(found: Sequence[Found]) -> list[Finding]:
    """The findings that were not dismissed, each about the products concerned only."""
    real = [one.finding for one in found if one.decision is None or one.decision.action != "dismissed"]
    return [replace(finding, skus=tuple(concerned(finding))) for finding in real]


def draw_scores(opened: OpenCatalog, level: Level) -> None:
    """On demand, how close products are to their closest one and by chance, and what each level's threshold finds."""
    question = (opened.name, tuple(sorted(opened.info.artifacts.values())), level)
    st.button(
        "Show the scores", icon=":material/bar_chart:", on_click=ask, key="scores", width="stretch",
        args=(SCORES, question, "Scores", lambda job: _thresholds(opened, level, job)), help=SCORES_HELP,
    )  # fmt: skip
    thresholds: Thresholds | None = answered(SCORES, question, 220)
    if thresholds is None:
        return
    figure = thresholds_figure(thresholds, level)
    st.plotly_chart(figure, key="threshold", config={"displayModeBar": False}, alt="Scores and threshold")
    counts = (f"{name} {thresholds.pairs_from(value):,}" for name, value in thresholds.of_level.items())
    st.caption(f"Pairs from the threshold on: {', '.join(counts)}. {thresholds.reason}")


def offer_exports(opened: OpenCatalog, records: Records, report: CheckReport, found: Sequence[Found]) -> None:
    """What was decided as a table, and everything as one page, to take along; each is made when asked for."""
    name, page = opened.name, lambda: whole_page(opened, records, report, found)
    with st.popover("Export", icon=":material/download:"):
        st.caption("What was decided: one line a product, with an action that other systems can import.")
        for kind, write in (("CSV", to_csv), ("XLSX", to_xlsx)):
            make = lambda write=write: write(records.decisions_table())  # noqa: E731 - made when asked for
            label = f"Decisions as {kind}"
            st.download_button(label, make, f"{name} decisions.{kind.lower()}", on_click="ignore", width="stretch")
        st.caption("Everything with charts, pictures and examples in one page that opens offline.")
        label, file_name = "HTML report", f"{name} quality.html"
        st.download_button(label, page, file_name, "text/html", on_click="ignore", width="stretch")


def whole_page(opened: OpenCatalog, records: Records, report: CheckReport, found: Sequence[Found]) -> str:
    """The report as one page."""
    states, base = [one.state for one in found], Path(opened.info.base)
    decisions, trend = records.decisions(), records.summaries(report.level)
    about = Reported(
        opened.name, opened.catalog, report.findings, states, report.kinds, report.level, base, decisions, trend
    )
    return report_page(about)


def _thresholds(opened: OpenCatalog, level: Level, job: Job) -> Thresholds:
    job.step("duplicates", len(opened.catalog), "products")
    return match_products(opened.subject(level), job).thresholds


def _draw_tile(tile: Tile, own: Sequence[Found], is_chosen: bool) -> None:
    st.button(
        f"**{len(own):,}** {tile.title}",
        key=f"tile {tile.name}",
        on_click=st.query_params.__setitem__,
        args=(CHOSEN, tile.name),
        type="primary" if is_chosen else "secondary",
        width="stretch",
        help=f"{tile.what_for} {TILE_HELP}",
    )


def _offer_checks(opened: OpenCatalog, earlier: Sequence[CheckSummary], question: Hashable, work: Work) -> None:
    """A button that starts the checks, with the time they take."""
    seconds = max(2.0, SECONDS_PER_PRODUCT * len(opened.catalog))
    takes = f"about {seconds:.0f} seconds" if seconds < 90 else f"about {seconds / 60:.0f} minutes"
    told = "The catalog has changed since it was checked." if earlier else "The catalog is not checked yet."
    st.info(f"{told} Checking takes {takes}; what was decided stays decided.", icon=":material/fact_check:")
    label = "Check again" if earlier else "Check the catalog"
    arguments = (PLACE, question, "Checks", work)
    st.button(label, type="primary", icon=":material/play_arrow:", on_click=ask, args=arguments)
